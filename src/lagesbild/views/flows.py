"""Inflow, production, waiting and capacity of one care area, month by month, in a region, healthcare region or the
country.

Everything `/produktion` shows is computed from this one reading, so that its figures can never contradict each other.
The numbers here are exact: each view protects what it shows for its viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region, aggregate_regions, leaf_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.registers import register_of
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flow_twin import Others, twin_of_flows

Frame = TypeVar("Frame", pd.Series, pd.DataFrame)
HISTORY_MONTHS: Final = 72  # six years: enough for a month profile, little enough to read at once
WINDOW_MONTHS: Final = 24  # what the balance shows, and what a region must have reported to be counted in the country
_PUBLIC: Final = Viewer()
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "waits": ("waiting", "within_limit", "excluded_patient_choice", "excluded_medical"),
    "production": ("added", "performed", "removed_other", "planned"),
    "capacity": ("capacity", "committed"),
}


@dataclass(frozen=True)
class Flows:
    """`by_region[column]` has months (datetime64) down and region codes across, NaN where not reported; `others` the
    same in the twin (see `domain.twin`; of the excluded the last month only), and `withheld` which the source hid.

    `counted` are the regions that are added up, `left_out` those that could not be. `end` is the last month for which
    both waiting and production exist. `region` is None for the country; `published` says that the figures are an
    aggregate region's own, not our sum. `provisional` holds the months in which some counted row is provisional.

    `group` is the healthcare region that is added up, `beside` the codes that are in each of the others' sums: a sum of
    one is what the country has more than the others, so a small one is protected in all of them.
    """

    care_area: CareArea
    region: Region | None
    provider: Provider | None
    end: Month
    counted: tuple[Region, ...]
    left_out: tuple[Region, ...]
    by_region: Mapping[str, pd.DataFrame]
    others: Mapping[str, pd.DataFrame]
    withheld: Mapping[str, pd.DataFrame]
    provisional: frozenset[Month]
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool
    published: bool
    group: str = ""
    beside: tuple[tuple[str, ...], ...] = ()
    # sums by the codes in them: what is made of this for a part of it (`dataclasses.replace`) shares them
    early: frozenset[tuple[str, Month]] = frozenset()  # region and month of each provisional row
    asked: Month | None = None  # the month that was asked for: `end` is earlier where nothing is reported for it
    worked_out: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], Frame]) -> Frame:
        """What `make` gives, made once: a page asks for the same sums a hundred times. Nobody can change the next
        one's."""
        if key not in self.worked_out:
            self.worked_out[key] = make()
        found: Frame = self.worked_out[key].copy(deep=False)
        return found

    def seen_by(self, viewer: Viewer) -> Viewer:
        """As whom a viewer sees these flows: the own region's, and its providers', as they are."""
        return viewer if self.region is None or self.published else viewer.of(self.region.code)

    def total(self, column: str, regions: Sequence[str] | None = None) -> pd.Series:
        """Sum over `regions` (default: the counted ones) by month; NaN where any of them is missing."""
        codes = self._codes(regions)
        return self.once(("total", column, codes), lambda: _sum(self.by_region[column], column, codes))

    def other_total(self, column: str, regions: Sequence[str] | None = None) -> pd.Series:
        """The same sum in the twin."""
        codes, there = self._codes(regions), self.others.get(column, self.by_region[column])
        return self.once(("other", column, codes), lambda: _sum(there, column, codes))

    def _codes(self, regions: Sequence[str] | None) -> tuple[str, ...]:
        return tuple(r.code for r in self.counted) if regions is None else tuple(regions)

    @property
    def ended(self) -> bool:
        """Whether they stop before the month that was asked for; published totals end when they were published."""
        return self.asked is not None and self.end < self.asked and not self.published

    def months(self, last: int) -> list[Month]:
        """The last `last` months."""
        return [Month.of(p) for p in self.by_region["waiting"].index[-last:]]

    def complete(self, columns: Sequence[str], months: int) -> tuple[Region, ...]:
        """Counted regions that have every one of `columns` in each of the last `months` months."""
        return tuple(r for r in self.counted if self._whole(r.code, columns, months))

    def complete_beside(self, columns: Sequence[str], months: int) -> tuple[tuple[str, ...], ...]:
        """The same of each of the other healthcare regions, as codes."""
        return tuple(tuple(c for c in codes if self._whole(c, columns, months)) for codes in self.beside)

    def _whole(self, code: str, columns: Sequence[str], months: int) -> bool:
        return all(bool(self.by_region[c][code].iloc[-months:].notna().all()) for c in columns)


def _sum(frame: pd.DataFrame, column: str, codes: tuple[str, ...]) -> pd.Series:
    if not codes:
        return pd.Series(np.nan, index=frame.index, name=column)
    return frame[list(codes)].sum(axis=1, skipna=False).rename(column)


def flows(
    source: Source,
    selection: Selection,
    *,
    need: Sequence[str] = ("waiting", "added", "performed"),
    viewer: Viewer = _PUBLIC,
    group: str = "",
) -> Flows | None:
    """The flows of the selection, ending with its month (default: the latest). None when nothing is reported.

    `group`: a healthcare region by its name, whose regions are added up when no region or provider is chosen.

    `need`: the columns that must exist, and that a region must have reported to be counted in the country.
    Without a chosen care area the first that leaf regions report is taken. A care area that only an aggregate region
    has (published national totals) is shown as that region's own figures.
    """
    regions = source.regions()
    area = _area(source, selection)
    provider = next((p for p in source.providers() if p.code == selection.provider), None)
    last = selection.month or source.latest_month()
    if area is None:
        return None
    chosen = selection.region or (provider.region if provider else "")
    region = next((r for r in regions if r.code == chosen), None)
    wanted = (region,) if region else tuple(leaf_regions(regions))
    members = [] if region else [r for r in wanted if group and r.healthcare_region == group]
    found = _read(source, area, wanted, provider, last, selection, need, [r.code for r in members])
    published = region is not None and region in aggregate_regions(regions)
    if found is None and region is None and not members:
        wanted = tuple(aggregate_regions(regions)[:1])
        # published totals may end long before the regions' own figures do
        found = _read(source, area, wanted, None, last, selection, need) if wanted else None
        published = True
    if found is None:
        return None
    by_region, rows, end = found
    counted = wanted if region or published else complete_panel(by_region, members or wanted, need)
    codes = [r.code for r in counted]
    if not codes:  # nobody has all that is needed: a country that publishes no inflow, say
        return None
    others = Others({}, {}) if published else twin_of_flows(source, selection, area, provider, by_region, viewer)
    used = rows[rows["region"].isin(codes)]
    early = rows[rows["value_status"] == "provisional"]
    provisional = frozenset(zip(early["region"], map(Month.of, early["period"]), strict=True))
    return Flows(
        care_area=area,
        region=region if region else (wanted[0] if published else None),
        provider=provider,
        end=end,
        counted=counted,
        left_out=tuple(r for r in members or wanted if r.code not in codes),
        by_region=by_region,
        others=others.values,
        withheld=others.withheld,
        provisional=frozenset(m for code, m in provisional if code in codes),
        sources=tuple(sorted(set(used["source"]))),
        recorded_at=used["recorded_at"].max(),
        synthetic=bool(used["synthetic"].astype(bool).any()),
        published=published,
        group=group if members else "",
        early=provisional,
        asked=last,
        beside=_beside(by_region, wanted, group, need) if members else (),
    )


def _beside(
    by_region: Mapping[str, pd.DataFrame], regions: Sequence[Region], group: str, need: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """The codes in the sums of the other healthcare regions."""
    names = dict.fromkeys(r.healthcare_region for r in regions if r.healthcare_region not in ("", group))
    theirs = [[r for r in regions if r.healthcare_region == name] for name in names]
    return tuple(tuple(r.code for r in complete_panel(by_region, mine, need)) for mine in theirs)


def _area(source: Source, selection: Selection) -> CareArea | None:
    areas = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
    if selection.care_area:
        return next((a for a in areas if a.code == selection.care_area), None)
    latest = source.latest_month()
    codes: frozenset[str] = frozenset()
    if latest is not None:
        leaves = tuple(r.code for r in leaf_regions(source.regions()))
        # a year, so that areas whose last month is late still count
        codes = source.distinct("production", "care_area", Query(regions=leaves, first=latest - 11, last=latest))
    return next((a for a in areas if a.code in codes), areas[0] if areas else None)


def _read(
    source: Source,
    area: CareArea,
    regions: Sequence[Region],
    provider: Provider | None,
    last: Month | None,
    selection: Selection,
    need: Sequence[str],
    members: Sequence[str] = (),
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, Month] | None:
    """Columns by month and region, the rows behind, and the last month; None when a needed dataset is empty. Where
    only some are added up (`members`) the months are theirs."""
    query = Query(
        regions=tuple(r.code for r in regions),
        care_areas=(area.code,),
        provider=provider.code if provider else "",
        first=last - (HISTORY_MONTHS - 1) if last else None,
        last=last,
        as_of=selection.as_of,
    )
    frames = {name: source.facts(name, query) for name in _COLUMNS}
    needed = [frames[name] for name, columns in _COLUMNS.items() if set(columns) & set(need)]
    if members:
        needed = [f[f["region"].isin(members)] for f in needed]
    if any(f.empty for f in needed):
        return None
    end = min(f["period"].max() for f in needed)
    first = max(min(f["period"].min() for f in needed), end - pd.DateOffset(months=HISTORY_MONTHS - 1))
    index = pd.date_range(first, end, freq="MS", name="period")
    codes = [r.code for r in regions]
    by_region: dict[str, pd.DataFrame] = {}
    for name, columns in _COLUMNS.items():
        wide = frames[name].set_index(["period", "region"])
        for column in columns:
            by_region[column] = wide[column].unstack("region").reindex(index=index, columns=codes).astype(float)
    _leave_out_excluded(source, query, by_region)
    about = ["period", "region", "value_status", "source", "synthetic", "recorded_at"]
    rows = pd.concat([f[about] for f in frames.values() if len(f)])
    return by_region, rows[rows["period"].between(first, end)], Month.of(end)


def _leave_out_excluded(source: Source, query: Query, by_region: Mapping[str, pd.DataFrame]) -> None:
    """Months that `reporting` excludes from a register count as not there, as they do for waits: what a region has
    been asked to send again is in no sum."""
    asked = Query(regions=query.regions, first=query.first, last=query.last, as_of=query.as_of)
    rows = source.facts("reporting", asked)
    rows = rows[rows["status"] == "excluded"]
    for register, region, period in zip(rows["register"], rows["region"], rows["period"], strict=True):
        for column in _COLUMNS.get(register_of(register), ()):
            if period in by_region[column].index and region in by_region[column]:
                by_region[column].loc[period, region] = np.nan


def complete_panel(
    by_region: Mapping[str, pd.DataFrame], regions: Sequence[Region], need: Sequence[str]
) -> tuple[Region, ...]:
    """The regions to add up: those with all of the window, so that no month differs because someone did not report.

    When nobody reaches that far, those with all of the last year, else those with the last month.
    """
    length = len(by_region["waiting"])
    for months in (min(WINDOW_MONTHS, length), min(12, length), 1):
        full = tuple(r for r in regions if all(by_region[c][r.code].iloc[-months:].notna().all() for c in need))
        if full:
            return full
    return ()
