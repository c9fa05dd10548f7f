"""What did the country's own published shares look like? Real figures, as published, never joined to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source


@dataclass(frozen=True)
class PublishedShares:
    """`frame`: columns period, care_area (code), share (fraction); one region's own figures, months as published."""

    region: Region
    areas: tuple[CareArea, ...]
    frame: pd.DataFrame
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool

    @cached_property
    def wide(self) -> pd.DataFrame:
        """A row a month, a column a care area (its short name); NaN where nothing is published."""
        return pd.DataFrame({a.short: self._of(a) for a in self.areas})

    def _of(self, area: CareArea) -> pd.Series:
        """Shares of a care area by month, from its first to its last; NaN for months in between that are not there."""
        mine = self.frame[self.frame["care_area"] == area.code].set_index("period")["share"]
        return mine.reindex(pd.date_range(mine.index.min(), mine.index.max(), freq="MS"))


def published_places(source: Source, as_of: datetime | None) -> tuple[str, ...]:
    """Codes of the regions that have published shares of their own, the one with most months first."""
    return tuple(map(str, source.facts("published-shares", Query(as_of=as_of))["region"].value_counts().index))


def published_shares(source: Source, selection: Selection) -> PublishedShares | None:
    """Of the chosen region when it has some, else of the one with most months. None when there are none."""
    places = published_places(source, selection.as_of)
    if not places:
        return None
    code = selection.region if selection.region in places else places[0]
    rows = source.facts("published-shares", Query(as_of=selection.as_of))
    regions = {r.code: r for r in source.regions()}
    if code not in regions:
        return None
    rows = rows[rows["region"] == code].sort_values(["care_area", "period"])
    areas = [a for a in source.care_areas() if a.code in set(rows["care_area"])]
    frame = rows[["period", "care_area"]].assign(share=rows["within_limit_pct"] / 100).reset_index(drop=True)
    return PublishedShares(
        region=regions[code],
        areas=tuple(sorted(areas, key=lambda a: (a.sort_order, a.code))),
        frame=frame,
        sources=tuple(sorted(set(rows["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
    )
