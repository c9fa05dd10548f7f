"""The published national balance: what an aggregate region reports, care areas side by side as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from lagesbild.domain.care import CareArea, Region, aggregate_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source

MONTHS: Final = 24


@dataclass(frozen=True)
class NationalBalance:
    """`frames[care area code]`: one row a month, columns period, added, performed, waiting, change (NaN in the first
    month: the month before is not in the table). All care areas have the same months, NaN where one was not published.
    `net_added`: in every step of every care area change = added - performed exactly and nothing is reported as removed,
    so `added` is what balances the account and not an independent count."""

    region: Region
    care_areas: tuple[CareArea, ...]
    frames: dict[str, pd.DataFrame]
    net_added: bool
    steps: int
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool


def national_balance(source: Source, selection: Selection) -> NationalBalance | None:
    """Figures published for a whole, never sums of ours. None when there are none. Published, so never protected.

    Of a care area that does not exist nothing is shown: it has no name, and no import takes its rows."""
    parents = aggregate_regions(source.regions())
    if not parents:
        return None
    codes = tuple(r.code for r in parents)
    production = source.facts("production", Query(regions=codes, as_of=selection.as_of))
    production = production[production["care_area"].isin([a.code for a in source.care_areas()])]
    if production.empty:
        return None
    waits = source.facts("waits", Query(regions=codes, first=None, as_of=selection.as_of))
    region = next(r for r in parents if r.code in set(production["region"]))
    production = production[production["region"] == region.code]
    rows = production.merge(
        waits.loc[waits["region"] == region.code, ["period", "care_area", "waiting"]],
        on=["period", "care_area"],
        how="left",
    )
    areas = [a for a in source.care_areas() if a.code in set(rows["care_area"])]
    areas = sorted(areas, key=lambda a: (a.sort_order, a.code))
    last = rows["period"].max()
    months = pd.date_range(
        max(rows["period"].min(), last - pd.DateOffset(months=MONTHS - 1)), last, freq="MS", name="period"
    )
    frames = {}
    exact, steps = True, 0
    for area in areas:
        frame = (
            rows[rows["care_area"] == area.code].set_index("period")[["added", "performed", "waiting"]].reindex(months)
        )
        frame["change"] = frame["waiting"].diff()
        left = (frame["change"] - frame["added"] + frame["performed"]).dropna()
        steps += len(left)
        exact = exact and len(left) > 0 and bool((left == 0).all())
        frames[area.code] = frame.reset_index()
    return NationalBalance(
        region=region,
        care_areas=tuple(areas),
        frames=frames,
        net_added=exact and bool(rows["removed_other"].isna().all()),
        steps=steps,
        sources=tuple(sorted(set(rows["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
    )
