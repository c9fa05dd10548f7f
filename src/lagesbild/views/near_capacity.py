"""Where is there room for a patient of a care area, near a region: free capacity and waits, for the brokering service.

Nothing is worked out here: free capacity and expected wait are those of `published_tables.gaps`, who waits is the last
month of `published_tables.waits`, and who is named follows the rule of `views.free_capacity.nearest_free`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.care import Provider, Region, leaf_regions
from lagesbild.domain.source import Source
from lagesbild.domain.targets import DEFAULT_TARGET
from lagesbild.domain.viewer import Viewer
from lagesbild.views.free_capacity import NEAR_KM, distance_km
from lagesbild.views.published_tables import Asked, Column, PublishedTable, published_table
from lagesbild.views.published_tables.model import Origin, made, text
from lagesbild.views.published_tables.places import AREA, REGION

Order = Literal["expected_wait", "distance", "capacity"]
_ORDERS: Final[Mapping[Order, tuple[str, bool]]] = {
    "expected_wait": ("expected_wait_days", True),
    "distance": ("distance_km", True),
    "capacity": ("free_per_month", False),
}
_WAITS: Final = ("waiting", "within_limit_share", "waited_days_p50")
COLUMNS: Final = (
    AREA,
    REGION,
    Column("region_name", "Regionens namn"),
    Column("status", "Läge", definition="Regionens eget gap: expected = väntas, watch = bevakas, none = inget."),
    Column("until", "Uppgifter till och med", "month", definition="Sista månaden som prognosen har sett."),
    Column(
        "free_per_month",
        "Ledigt i månaden",
        "count",
        "measure",
        "åtgärder",
        "Kapacitet som inte är bokad eller behövs, avrundat nedåt till hela åtgärder.",
    ),
    Column("expected_wait_days", "Förväntad väntetid", "days", "measure", "dagar", "För den som ställs i kö där nu."),
    Column(
        "distance_km",
        "Avstånd",
        "number",
        "measure",
        "kilometer",
        "Fågelvägen längs storcirkeln; saknas när någon av platserna inte har koordinater.",
        0,
    ),
    Column("period", "Väntande i månaden", "month", definition="Månaden som väntande gäller."),
    Column("waiting", "Väntar", "count", "measure", "personer", "Väntande där vid månadens slut."),
    Column(
        "within_limit_share", "Andel inom gränsen", "share", "measure", "andel 0–1", "Inom gränsen av dem som väntar."
    ),
    Column(
        "waited_days_p50", "Hälften har väntat högst", "days", "measure", "dagar", "Beräknat ur väntetidsintervallen."
    ),
)


@dataclass(frozen=True)
class Near:
    """`table`: the regions named, in order. `unknown` regions have no free capacity told, or none that the run judged;
    `without_place` of those named have no distance, `far` lie further away than asked for."""

    table: PublishedTable
    unknown: int
    without_place: int
    far: int


def near_capacity(
    source: Source,
    care_area: str,
    home: str,
    viewer: Viewer,
    *,
    order: Order = "expected_wait",
    most_km: float = NEAR_KM,
    provider: str = "",
    as_of: datetime | None = None,
) -> Near:
    """Regions with at least one free operation a month, that are not under the target themselves, at most `most_km`
    away from `home` (or from one of its providers, when it has a place). What decides the order may be missing or
    hidden: such regions stand last. Those that are told the same stand by the other two numbers, then by code."""
    regions = {r.code: r for r in leaf_regions(source.regions()) if r.code != home}
    start = _start(source, home, provider)
    judged = published_table("gaps", source, Asked((), (care_area,), as_of=as_of), viewer)
    gaps = judged.frame
    gaps = gaps[np.isclose(gaps["target_share"].to_numpy(float), DEFAULT_TARGET / 100)]
    gaps = gaps[gaps["region"].isin(list(regions))]
    unjudged = len(regions) - gaps["region"].nunique()
    gaps = gaps[gaps["status"] != "open"]
    km = {c: distance_km(start, r) if start is not None else None for c, r in regions.items()}
    free = gaps[gaps["free_per_month"].to_numpy(float) >= 1]
    close = free[[km[c] is None or (km[c] or 0.0) <= most_km for c in free["region"]]]
    told, recorded = _waits(source, care_area, viewer, as_of)
    rows = [_row(dict(row), regions[str(row["region"])], km, told) for row in close.to_dict("records")]
    rows.sort(key=lambda r: (_place(r, order), *(_place(r, o) for o in _ORDERS), r["region"]))
    moments = [m for m in (judged.recorded_at, recorded) if m is not None]
    return Near(
        table=_table(rows, care_area, viewer, Origin((), max(moments, default=None), False)),
        unknown=int(gaps["free_per_month"].isna().sum()) + unjudged,
        without_place=sum(km[r["region"]] is None for r in rows),
        far=len(free) - len(close),
    )


def _place(row: Mapping[str, Any], order: Order) -> tuple[bool, float]:
    """Where a row stands in an order, least first; what is not known last."""
    column, rising = _ORDERS[order]
    value = row[column]
    return (True, 0.0) if np.isnan(value) else (False, value if rising else -value)


def _start(source: Source, home: str, provider: str) -> Region | Provider | None:
    """What distances are measured from."""
    if provider:
        return next((p for p in source.providers() if p.code == provider), None)
    return next((r for r in source.regions() if r.code == home), None)


def _waits(
    source: Source, care_area: str, viewer: Viewer, as_of: datetime | None
) -> tuple[dict[str, dict[str, Any]], datetime | None]:
    """The row of the last month, by region, and when the newest of them became known."""
    latest = source.latest_month(as_of)
    if latest is None:
        return {}, None
    asked = Asked((), (care_area,), first=latest, last=latest, as_of=as_of)
    table = published_table("waits", source, asked, viewer)
    rows = table.frame[table.frame["level"] == "region"]
    told = {str(r["region"]): {str(k): v for k, v in r.items()} for r in rows.to_dict("records")}
    return told, table.recorded_at


def _row(
    gap: dict[Any, Any], region: Region, km: Mapping[str, float | None], told: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    away = km[region.code]
    now = told.get(region.code, {})
    return {
        "region": region.code,
        "region_name": region.name,
        "status": gap["status"],
        "until": gap["until"],
        "period": now.get("period", pd.NaT),
        "free_per_month": float(gap["free_per_month"]),
        "free_per_month_state": gap["free_per_month_state"],
        "expected_wait_days": float(gap["expected_wait_days"]),
        "expected_wait_days_state": gap["expected_wait_days_state"],
        "distance_km": np.nan if away is None else float(round(away)),
        "distance_km_state": "missing" if away is None else "",
        **{c: float(now.get(c, np.nan)) for c in _WAITS},
        **{f"{c}_state": now.get(f"{c}_state", "missing") for c in _WAITS},
    }


def _table(rows: list[dict[str, Any]], care_area: str, viewer: Viewer, origin: Origin) -> PublishedTable:
    given: dict[str, Any] = {"care_area": text([care_area] * len(rows))}
    states: dict[str, Any] = {}
    for c in COLUMNS[1:]:
        values = [r[c.name] for r in rows]
        if c.kind == "month":
            given[c.name] = pd.to_datetime(pd.Series(values, dtype=object)).to_numpy("datetime64[s]")
        else:
            given[c.name] = text(values) if c.kind == "text" else np.array(values, float)
        if c.role == "measure":
            states[c.name] = np.array([r[c.state_column] for r in rows], object)
    return made("free-capacity", "Ledig kapacitet i närheten", COLUMNS, given, states, viewer, origin)
