"""`gaps`: what the latest forecast run says of every region's care area, as far as `views.guards` lets it be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_gap import gap_of, guarded_gap
from lagesbild.views.free_capacity import whole_free
from lagesbild.views.guards import Guard, pair_guards
from lagesbild.views.published_tables.model import Asked, Column, Kind, Origin, PublishedTable, made, text
from lagesbild.views.published_tables.places import AREA, REGION
from lagesbild.views.published_tables.span import Span, span
from lagesbild.views.told_run import HIDDEN, ToldRun
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import Waits


def _measure(name: str, title: str, kind: Kind, unit: str, definition: str, decimals: int | None = None) -> Column:
    return Column(name, title, kind, "measure", unit, definition, decimals)


COLUMNS: Final = (
    Column("run_id", "Prognoskörning", role="key"),
    REGION,
    AREA,
    Column("target_share", "Gräns", "share", "key", "andel 0–1", "Den andel inom vårdgarantin som gapet bedöms mot."),
    Column("until", "Uppgifter till och med", "month"),
    Column(
        "status",
        "Läge",
        definition="open = öppet, expected = väntas, watch = bevakas, none = inget gap. Tomt = inte bedömt, se Orsak.",
    ),
    Column("opens_period", "Öppnar", "month", definition="Månad då gapet öppnar, eller öppnade."),
    Column("opens_lo", "Öppnar tidigast", "month", definition="Åtta utfall av tio ligger mellan tidigast och senast."),
    Column("opens_hi", "Öppnar senast", "month"),
    Column("target_period", "Målmånad", "month", definition="Månad då målet ska vara nått med de extra åtgärderna."),
    Column("seasonal_only", "Bara säsong", definition="Under gränsen bara på sommaren; bedöms inte som gap."),
    *(
        _measure(
            f"probability_{n}m",
            f"Sannolikhet {n} månader",
            "probability",
            "andel 0–1",
            "Att gapet öppnar senast då; 1 när det är öppet.",
        )
        for n in (3, 6, 12)
    ),
    _measure(
        "load",
        "Belastning",
        "number",
        "kvot",
        "Nytillkomna utom övriga avslut, delat med kapacitet, senaste tolv månaderna.",
    ),
    _measure(
        "extra_per_week_to_stabilise",
        "Fler i veckan för balans",
        "number",
        "åtgärder i veckan",
        "Så många fler att kön inte växer.",
        1,
    ),
    _measure(
        "extra_per_week_to_target",
        "Fler i veckan för målet",
        "number",
        "åtgärder i veckan",
        "Så många fler att åtta utfall av tio når målet.",
        1,
    ),
    _measure(
        "extra_per_week_to_target_50",
        "Fler i veckan, jämn chans",
        "number",
        "åtgärder i veckan",
        "Så många fler att hälften av utfallen når målet.",
        1,
    ),
    _measure("expected_wait_days", "Förväntad väntetid", "days", "dagar", "För den som ställs i kö nu."),
    _measure("limit_used", "Del av gränsen", "share", "andel", "Förväntad väntetid delad med vårdgarantins gräns.", 2),
    _measure("brokerable_share", "Andel som kan förmedlas", "share", "andel 0–1", "Kan få vård i annan region.", 2),
    _measure(
        "free_per_month",
        "Ledigt i månaden",
        "count",
        "åtgärder",
        "Kapacitet som inte är bokad eller behövs, avrundat nedåt till hela åtgärder.",
    ),
    Column("reason", "Orsak", definition="Varför gapet bedöms som det gör."),
)
_GUARDED: Final = {  # which field of the guard lets a number be told
    "load": ("load",),
    "extra_per_week_to_stabilise": ("amounts", "load"),
    "extra_per_week_to_target": ("amounts",),
    "extra_per_week_to_target_50": ("amounts",),
    "expected_wait_days": ("wait",),
    "limit_used": ("wait",),
    "free_per_month": ("wait",),
}


def gaps_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Every target and every pair of the run, flagged or not. Months do not choose among gaps: they are of the run."""
    about = span(source, asked)
    run = None if about is None else latest_run(about)
    if about is None or run is None:
        return _table(pd.DataFrame(), {}, None, viewer)
    told = ToldRun(about.source, run, viewer)
    rows = _asked_rows(about, asked, told)
    waits = read_waits(
        about.source,
        Selection(care_area=about.codes[0] if len(about.codes) == 1 else "", month=run.until),
        viewer,
        about.codes,
    )
    if waits is None or rows.empty:
        return _table(rows, {}, run, viewer)
    untold = told.untold(about.codes)
    guards = {pair: _stricter(guard, waits, *pair) for pair, guard in pair_guards(about.source, waits, viewer).items()}
    return _table(rows, guards, run, viewer, untold)


def _stricter(guard: Guard, waits: Waits, region: str, care_area: str) -> Guard:
    """Amounts with a decimal tell a person more than the whole operations of the pages do: here they are told only
    where the last month is known and its share told exactly, not where it is in whole per cent."""
    r = waits.region_index(region)
    at = None if r is None else (waits.area_index(care_area), r, -1)
    told = at is not None and bool(np.isfinite(waits.shares[at])) and not waits.coarse[at]
    return replace(guard, amounts=guard.amounts and told)


def latest_run(about: Span) -> Run | None:
    """The newest run that was known at the moment asked for."""
    runs = about.source.runs("forecast")
    return runs[0] if runs else None


def _asked_rows(about: Span, asked: Asked, told: ToldRun) -> pd.DataFrame:
    leaves = [r.code for r in leaf_regions(about.source.regions())]
    areas = about.codes or tuple(a.code for a in about.source.care_areas())
    rows = told.gaps(about.codes)
    wanted = [c for c in leaves if not asked.regions or c in asked.regions]
    return rows[rows["region"].isin(wanted) & rows["care_area"].isin(areas)].reset_index(drop=True)


def _table(
    rows: pd.DataFrame,
    guards: dict[tuple[str, str], Guard],
    run: Run | None,
    viewer: Viewer,
    untold: frozenset[tuple[str, str]] = frozenset(),
) -> PublishedTable:
    columns: dict[str, list[Any]] = {c.name: [] for c in COLUMNS}
    states: dict[str, list[str]] = {c.name: [] for c in COLUMNS if c.role == "measure"}
    for row in rows.to_dict("records"):
        guard = guards.get((str(row["region"]), str(row["care_area"])), Guard())
        until = None if run is None else run.until.first_day
        values = row | {"until": until, "status": _status(row)} | _guarded(row, guard, viewer)
        for name, held in columns.items():
            held.append(values[name])
        hidden = HIDDEN if (str(row["region"]), str(row["care_area"])) in untold else ()
        for name, told in states.items():
            told.append("secondary" if name in hidden else _state(row[name], values[name]))
    given: dict[str, Any] = dict(columns)
    for c in COLUMNS:
        if c.kind == "month":
            given[c.name] = pd.to_datetime(pd.Series(columns[c.name], dtype=object)).to_numpy("datetime64[s]")
        elif c.kind == "text" and c.name != "seasonal_only":
            given[c.name] = text(["" if v is None or pd.isna(v) else str(v) for v in columns[c.name]])
    given["seasonal_only"] = np.array(columns["seasonal_only"], bool)
    given["target_share"] = np.array(columns["target_share"], float)
    for name in states:
        given[name] = [np.nan if v is None or pd.isna(v) else float(v) for v in columns[name]]
    # as on the pages, for every viewer: nobody is promised an operation that there is only a part of
    given["free_per_month"] = [whole_free(n) for n in given["free_per_month"]]
    known = None if run is None else run.data_as_of
    return made("gaps", "Kapacitetsgap", COLUMNS, given, states, viewer, Origin((), known, False))


def _status(row: dict[Any, Any]) -> str:
    """Nothing where the run has not judged: "none" would be read as that there is no gap."""
    return "" if row["status"] == "none" and pd.isna(row["probability_12m"]) else str(row["status"])


def _guarded(row: dict[Any, Any], guard: Guard, viewer: Viewer) -> dict[str, Any]:
    """The numbers without those that follow from hidden counts."""
    if viewer.role == "exact":
        return {}
    gap = guarded_gap(gap_of(pd.Series(row)), guard, viewer)
    hidden = {c: None for c, needs in _GUARDED.items() if not all(getattr(guard, n) for n in needs)}
    return {"brokerable_share": gap.brokerable_share} | hidden


def _state(value: Any, shown: Any) -> str:
    if value is None or pd.isna(value):
        return "missing"
    return "secondary" if shown is None or pd.isna(shown) else ""
