"""`forecasts`: the latest run's forecasts with their bands, without those that may repeat a hidden count."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.disclosure import COARSE_DECIMALS, agreed_share
from lagesbild.domain.source import COUNTRY, Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import WINDOW_MONTHS
from lagesbild.views.forecast_fan import SHARE, FanGuard, fan_guard
from lagesbild.views.published_tables.balance_cells import balance_states
from lagesbild.views.published_tables.flow_cube import FlowCube, read_flows
from lagesbild.views.published_tables.gaps import latest_run
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, made, text
from lagesbild.views.published_tables.places import AREA, PERIOD, REGION
from lagesbild.views.published_tables.span import Span, span
from lagesbild.views.small_counts import BALANCE
from lagesbild.views.told_run import ToldRun

_BANDS: Final = {
    "mean": "Medelvärde",
    "p50": "Median",
    "lo50": "50 %, nedre",
    "hi50": "50 %, övre",
    "lo80": "80 %, nedre",
    "hi80": "80 %, övre",
    "lo95": "95 %, nedre",
    "hi95": "95 %, övre",
}
_BETWEEN: Final = "Så många utfall av hundra ligger mellan nedre och övre."
_DECIMALS: Final = 3  # shares; other measures are whole numbers on the pages
COLUMNS: Final = (
    Column("run_id", "Prognoskörning", role="key"),
    REGION,
    AREA,
    Column(
        "measure",
        "Mått",
        role="key",
        definition="waiting = väntande, within_limit_share = andel inom gränsen, added = nytillkomna, "
        "performed = genomförda, expected_wait_days = förväntad väntetid i dagar.",
    ),
    PERIOD,
    Column("horizon", "Månader framåt", "count"),
    Column("until", "Uppgifter till och med", "month"),
    *(
        Column(n, t, "number", "measure", "som måttet", _BETWEEN, _DECIMALS)
        if n not in ("mean", "p50")
        else Column(n, t, "number", "measure", "som måttet", "Av alla utfall.", _DECIMALS)
        for n, t in _BANDS.items()
    ),
    Column("model", "Modell"),
)
_TOTALS: Final = (*BALANCE, "within_limit")


def forecasts_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Every measure, month ahead and place of the run (COUNTRY is the sum over all regions). `asked.first` and `last`
    choose among the months ahead when they are told."""
    about = span(source, asked)
    run = None if about is None else latest_run(about)
    if about is None or run is None:
        return _table(pd.DataFrame(columns=["run_id", "region", "care_area", "measure"]), {}, None, viewer)
    rows = ToldRun(about.source, run, viewer).forecasts(regions=asked.regions, care_areas=about.codes)
    known = {COUNTRY, *(r.code for r in about.regions)}
    rows = rows[(rows["role"] == "forecast") & rows["region"].isin(known)]
    if asked.first is not None:
        rows = rows[rows["period"] >= pd.Timestamp(asked.first.first_day)]
    if asked.last is not None:
        rows = rows[rows["period"] <= pd.Timestamp(asked.last.first_day)]
    order = ["care_area", "region", "measure", "period"]
    rows = rows.sort_values(order).reset_index(drop=True)
    guards = {} if viewer.role == "exact" else _guards(about, run, set(rows["care_area"]), viewer)
    return _table(rows, guards, run, viewer)


def _guards(about: Span, run: Run, areas: set[str], viewer: Viewer) -> dict[tuple[str, str], FanGuard]:
    """What may be told of each series: by (region, care area)."""
    known = tuple(a for a in about.source.care_areas() if a.code in areas)
    then = Span(about.source, about.regions, known, run.until - (WINDOW_MONTHS - 1), run.until)
    cube = read_flows(then, viewer) if known else None
    if cube is None:
        return {}
    panel = cube.panel(("waiting",))[:, :, -1]
    out = {}
    for k, area in enumerate(cube.areas):
        for r, region in enumerate(cube.regions):
            out[region.code, area.code] = _guard(cube, k, np.array([r]), viewer, alone=True)
        if panel[k].any():
            out[COUNTRY, area.code] = _guard(cube, k, np.flatnonzero(panel[k]), viewer, alone=False)
    return out


def _guard(cube: FlowCube, area: int, members: np.ndarray, viewer: Viewer, *, alone: bool) -> FanGuard:
    """As `forecast_fan` judges a series: of the two years to the run's last month."""
    window = slice(cube.first, None)
    index = pd.DatetimeIndex([pd.Timestamp(m.first_day) for m in cube.months[window]])
    real, twin = ({c: x[c][area][members].sum(axis=0)[window] for c in _TOTALS} for x in (cube.real, cube.twin))
    withheld = {c: cube.withheld[c][area, members[0]][window] for c in _TOTALS} if alone else {}
    states = balance_states(real, twin, withheld, None, viewer)
    if alone:
        waits = cube.waits
        share, coarse = (x[area, members[0]][-len(index) :] for x in (waits.shares, waits.coarse))
    else:
        counted = (real["within_limit"], real["waiting"])
        share, coarse = agreed_share(counted, (twin["within_limit"], twin["waiting"]), viewer)
    return fan_guard(
        pd.DataFrame(real, index=index),
        pd.DataFrame(twin, index=index),
        pd.DataFrame(states, index=index),
        pd.DataFrame({"share": share, "coarse": coarse}, index=index),
        viewer,
    )


def _table(
    rows: pd.DataFrame, guards: dict[tuple[str, str], FanGuard], run: Run | None, viewer: Viewer
) -> PublishedTable:
    pairs = list(zip(rows["region"].astype(str), rows["care_area"].astype(str), strict=True))
    mine = [guards.get(pair, FanGuard()) for pair in pairs]
    measures = rows["measure"].astype(str).tolist()
    hidden = np.array([m in g.protected for g, m in zip(mine, measures, strict=True)], bool)
    coarse = np.array([g.share == "coarse" for g in mine], bool)
    share = np.array([m == SHARE for m in measures], bool)
    given: dict[str, Any] = {}
    states: dict[str, Any] = {}
    for c in COLUMNS:
        if c.role == "measure":
            values = rows[c.name].to_numpy(float) if len(rows) else np.empty(0)
            if viewer.role != "exact":
                # as many decimals as the pages show: none but for shares, whole per cent where the counts are hidden
                values = np.where(share, values, np.round(values))
                values = np.where(share & coarse, np.round(values, COARSE_DECIMALS), values)
            given[c.name] = values
            states[c.name] = np.where(hidden, "secondary", "").astype(object)
        elif c.name == "until":
            given[c.name] = np.full(len(rows), np.datetime64(run.until.first_day if run else "NaT"), "datetime64[s]")
        elif c.kind == "month":
            given[c.name] = rows[c.name].to_numpy("datetime64[s]") if len(rows) else np.empty(0, "datetime64[s]")
        elif c.kind == "text" and c.name != "run_id":
            given[c.name] = text(rows[c.name].to_numpy(object) if len(rows) else [])
        else:
            given[c.name] = rows[c.name].to_numpy(int) if len(rows) else np.empty(0, int)
    known = None if run is None else run.data_as_of
    return made("forecasts", "Prognoser", COLUMNS, given, states, viewer, Origin((), known, False))
