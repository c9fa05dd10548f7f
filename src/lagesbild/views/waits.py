"""Who waits, in every region and care area, month by month: the one reading that `/` and `/vantetider` compute from.

Counts here are exact and must not be shown; `within_share` is what a viewer may see of them as a share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, aggregate_regions, leaf_regions
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import agreed_share, middle_share
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break, Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.stock_twin import assumed_stock, other_stock
from lagesbild.views.wait_reporting import about_waits, excluded_months, reasons_missing

HISTORY_MONTHS: Final = 72  # six years: enough for a month profile, little enough to read at once
BAND_ENDS: Final = (30, 60, 90, 120, 180, 365)  # last day of each wait band but the open one
COLUMNS: Final = ("waiting", "within_limit", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical")
State = Literal["", "missing", "suppressed", "excluded", "empty"]


@dataclass(frozen=True)
class Waits:
    """`values[column]` is float (areas, regions, months), NaN = not reported; `regions` are the leaf regions.

    `others[column]` are the same in the twin (see `domain.twin`), for within_limit and waiting; they are the values
    themselves for a viewer with exact access. `provisional`, `withheld[column]` (suppressed at the source) and `hidden`
    (the same for either of the two) are bool of the same shape; `excluded` is bool (regions, months). `days` is int
    (areas, regions): the guarantee's limit at the end of the last month. `reasons` says why a region's last month is
    missing or excluded.
    `published` holds the rows of aggregate regions (the source's own national figures), never mixed with the others.
    """

    areas: tuple[CareArea, ...]
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    values: Mapping[str, np.ndarray]
    others: Mapping[str, np.ndarray]
    provisional: np.ndarray
    hidden: np.ndarray
    withheld: Mapping[str, np.ndarray]
    excluded: np.ndarray
    days: np.ndarray
    reasons: Mapping[str, str]
    breaks: tuple[Break, ...]
    published: pd.DataFrame
    all_areas: tuple[CareArea, ...]
    all_regions: tuple[Region, ...]
    sources: tuple[str, ...]
    recorded_at: datetime | None
    synthetic: bool
    viewer: Viewer

    @property
    def end(self) -> Month:
        return self.months[-1]

    def area_index(self, code: str) -> int:
        """Place of a care area; the first for "" or one that no region reports."""
        return next((k for k, a in enumerate(self.areas) if a.code == code), 0)

    def region_index(self, code: str) -> int | None:
        return next((k for k, r in enumerate(self.regions) if r.code == code), None)

    @cached_property
    def counted(self) -> np.ndarray:
        """Whether a region's month is in the country's sum; bool (areas, regions, months)."""
        told = np.isfinite(self.values["waiting"]) & np.isfinite(self.values["within_limit"])
        return np.asarray(told & ~self.excluded[None])

    @cached_property
    def summed(self) -> np.ndarray:
        """Which regions' months are added up: those counted then and in the last month; bool (areas, regions, months).

        A month in which one of them is missing is the sum of the others: shares stay comparable, counts do not.
        """
        return np.asarray(self.counted & self.counted[:, :, -1:])

    @cached_property
    def country(self) -> Mapping[str, np.ndarray]:
        """Sums over the regions counted in the last month, by column; float (areas, months), NaN where none is."""
        every = np.ones(len(self.regions), bool)
        return {column: self.sums(self.values[column], every) for column in COLUMNS}

    def sums(self, cells: np.ndarray, members: np.ndarray) -> np.ndarray:
        """Sums of `cells` (areas, regions, months) over those of `members` (regions,) that are added up; float (areas,
        months), NaN where none is and where one of them lacks the column."""
        use = self.summed & members[None, :, None]
        whole = (np.isfinite(cells) | ~use).all(axis=1) & use.any(axis=1)
        return np.where(whole, np.where(use, cells, 0.0).sum(axis=1), np.nan)

    @cached_property
    def exact_shares(self) -> np.ndarray:
        """Share waiting within the limit, to judge by and never to show; float (areas, regions, months).

        In the middle between the real country and its twin: half a person away at most, and so that no judgement tells
        them apart.
        """
        return middle_share(self._pair(self.values), self._pair(self.others))

    def _pair(self, cells: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return cells["within_limit"], cells["waiting"]

    @cached_property
    def _agreed(self) -> tuple[np.ndarray, np.ndarray]:
        return agreed_share(self._pair(self.values), self._pair(self.others), self.viewer)

    @property
    def shares(self) -> np.ndarray:
        """The same as this viewer may see it."""
        return self._agreed[0]

    @property
    def coarse(self) -> np.ndarray:
        """Where this viewer sees the share in whole per cent only, or not at all; bool (areas, regions, months)."""
        return self._agreed[1]

    def shares_over(self, area: int, use: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the sum over the cells in `use` (regions, months): the share as this viewer may see it, where it is in
        whole per cent or hidden, and the one to judge by; arrays (months,)."""

        def sums(cells: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
            part, whole = (np.where(use, x[area], 0.0).sum(axis=0) for x in self._pair(cells))
            return part, whole

        real, twin = sums(self.values), sums(self.others)
        return (*agreed_share(real, twin, self.viewer), middle_share(real, twin))

    @property
    def middle_waiting(self) -> np.ndarray:
        """The number waiting, half way to the twin's: to weigh and compare by, never to show."""
        return np.asarray((self.values["waiting"] + self.others["waiting"]) / 2)

    @cached_property
    def _country(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = [self.shares_over(a, self.summed[a]) for a in range(len(self.areas))]
        return tuple(np.array(x) for x in zip(*found, strict=True))  # type: ignore[return-value]

    @property
    def country_shares(self) -> np.ndarray:
        """The country's share as this viewer may see it; float (areas, months)."""
        return self._country[0]

    @property
    def country_coarse(self) -> np.ndarray:
        return self._country[1]

    @property
    def exact_country_shares(self) -> np.ndarray:
        """The same to judge by and never to show."""
        return self._country[2]

    def state(self, area: int, region: int) -> State:
        """How the region's last month is shown: "" as a number."""
        if self.excluded[region, -1]:
            return "excluded"
        if np.isfinite(self.shares[area, region, -1]):
            return ""
        if self.hidden[area, region, -1] or self.coarse[area, region, -1]:
            return "suppressed"
        return "empty" if self.values["waiting"][area, region, -1] == 0 else "missing"

    @property
    def hidden_pairs(self) -> frozenset[tuple[str, str]]:
        """(region, care area) whose share in the last month is hidden from the viewer."""
        return frozenset(
            (r.code, area.code)
            for a, area in enumerate(self.areas)
            for k, r in enumerate(self.regions)
            if self.state(a, k) == "suppressed"
        )

    def usual_days(self, area: int) -> int:
        """The limit that most regions have."""
        found, times = np.unique(self.days[area], return_counts=True)
        return int(found[times.argmax()])

    def covered(self, area: int | None = None) -> int:
        """Regions counted in the last month, in one care area or in any."""
        last = self.counted[:, :, -1]
        return int((last.any(axis=0) if area is None else last[area]).sum())

    def masked(self, values: np.ndarray, area: str, region: str) -> np.ndarray:
        """`values` (months,) without the months that dated masks leave out."""
        out = values.copy()
        for b in self.breaks:
            if b.kind == "mask" and b.region in ("", region) and b.care_area in ("", area):
                out[[b.first <= m and (b.last is None or m <= b.last) for m in self.months]] = np.nan
        return out

    def rebases(self, area: str, region: str) -> list[int]:
        """Indices of months at which a system or definition change starts a new series. "" = the country."""
        mine = {
            b.first for b in self.breaks if b.kind != "mask" and b.region in ("", region) and b.care_area in ("", area)
        }
        return [i for i, m in enumerate(self.months) if m in mine]


def read_waits(
    source: Source,
    selection: Selection,
    viewer: Viewer,
    some: tuple[str, ...] = (),
    *,
    history: int = HISTORY_MONTHS,
) -> Waits | None:
    """All leaf regions and the chosen care area, else `some`, else all they report, up to the chosen month; at most
    `history` months. None when none does."""
    latest = source.latest_month()
    end = selection.month or latest
    if end is None:
        return None
    everyone = source.regions()
    leaves = leaf_regions(everyone)
    areas_asked = (selection.care_area,) if selection.care_area else some
    query = Query(care_areas=areas_asked, first=end - (history - 1), last=end, as_of=selection.as_of)
    rows = source.facts("waits", query)
    own = rows[rows["region"].isin([r.code for r in leaves])]
    reported = set(own["care_area"].unique())
    areas = [a for a in sorted(source.care_areas(), key=_area_order) if a.code in reported]
    if own.empty or not areas:
        return None
    first = max(end - (history - 1), Month.of(own["period"].min()))
    months = months_between(first, end)
    place = _places(own, areas, leaves, months)
    shape = (len(areas), len(leaves), len(months))
    values = {c: _cube(own[c].to_numpy(float), place, shape) for c in COLUMNS}
    limits = source.guarantee_limits()
    days = np.array([[limit_days(a, r.code, end, limits) for r in leaves] for a in areas])
    values["within_limit"] = _filled_within(values, days)
    withheld = _withheld(own, place, shape)
    hidden = withheld["waiting"] | withheld["within_limit"]
    told = about_waits(source.facts("reporting", Query(first=months[0], last=end, as_of=selection.as_of)))
    breaks = tuple(source.breaks())
    hidden_now = _hidden_now(source, selection.with_(month=end), viewer, areas, months)
    excluded = excluded_months(told, leaves, months)
    return Waits(
        areas=tuple(areas),
        regions=tuple(leaves),
        months=tuple(months),
        values=values,
        others=other_stock(values, hidden, excluded, leaves, viewer, hidden_now),
        provisional=_flags((own["value_status"] == "provisional").to_numpy(bool), place, shape),
        hidden=hidden,
        withheld=withheld,
        excluded=excluded,
        days=days,
        reasons=reasons_missing(told, leaves, end, breaks),
        breaks=breaks,
        published=rows[rows["region"].isin([r.code for r in aggregate_regions(everyone)])],
        all_areas=tuple(sorted(source.care_areas(), key=_area_order)),
        all_regions=tuple(everyone),
        sources=tuple(sorted(set(own["source"]))),
        recorded_at=own["recorded_at"].max(),
        synthetic=bool(own["synthetic"].astype(bool).any()),
        viewer=viewer,
    )


def _area_order(area: CareArea) -> tuple[int, str]:
    return area.sort_order, area.code


Place = tuple[np.ndarray, np.ndarray, np.ndarray]


def _places(rows: pd.DataFrame, areas: Sequence[CareArea], regions: Sequence[Region], months: Sequence[Month]) -> Place:
    a = rows["care_area"].map({x.code: k for k, x in enumerate(areas)}).to_numpy(int)
    r = rows["region"].map({x.code: k for k, x in enumerate(regions)}).to_numpy(int)
    period = rows["period"].dt
    m = (period.year * 12 + period.month - 1 - months[0].ordinal).to_numpy(int)
    return a, r, m


def _cube(values: np.ndarray, place: Place, shape: tuple[int, int, int]) -> np.ndarray:
    out = np.full(shape, np.nan)
    out[place] = values
    return out


def _flags(values: np.ndarray, place: Place, shape: tuple[int, int, int]) -> np.ndarray:
    out = np.zeros(shape, bool)
    out[place] = values
    return out


def _withheld(rows: pd.DataFrame, place: Place, shape: tuple[int, int, int]) -> dict[str, np.ndarray]:
    """Which counts were given as `<n`, by column."""
    told = [(k, d) for k, d in enumerate(rows["suppressed"]) if isinstance(d, dict)]
    out = {}
    for column in COLUMNS:
        given = np.zeros(len(rows), bool)
        given[[k for k, d in told if column in d]] = True
        out[column] = _flags(given, place, shape)
    return out


def _filled_within(values: Mapping[str, np.ndarray], days: np.ndarray) -> np.ndarray:
    """`within_limit`, from the wait bands where it is not reported and the limit is the end of a band."""
    out = values["within_limit"].copy()
    bands = np.cumsum(np.stack([values[b] for b in WAIT_BANDS[:-1]]), axis=0)
    for k, end in enumerate(BAND_ENDS):
        use = np.isnan(out) & (days == end)[:, :, None]
        out[use] = bands[k][use]
    return out


def _hidden_now(
    source: Source, selection: Selection, viewer: Viewer, areas: Sequence[CareArea], months: Sequence[Month]
) -> np.ndarray | None:
    """Of an earlier state of the data: which counts (within the limit, over it, waiting) are hidden today, bool (areas,
    regions, months, 3). A month revised since then could be worked out from the two states side by side. None for the
    data as they are."""
    current = getattr(source, "current", None)
    if current is None or viewer.role == "exact":
        return None
    now = read_waits(current, selection.with_(as_of=None), viewer, history=len(months))
    if now is None:
        return None
    within, waiting = assumed_stock(now.values, now.hidden)
    real = np.stack([within, waiting - within, waiting], axis=-1)
    a, w = now.others["within_limit"], now.others["waiting"]
    differs = np.abs(np.stack([a, w - a, w], axis=-1) - real) > 0.5
    out = np.zeros((len(areas), len(now.regions), len(months), 3), bool)
    shared = [(x, now.months.index(m)) for x, m in enumerate(months) if m in now.months]
    for k, area in enumerate(areas):
        at = next((i for i, x in enumerate(now.areas) if x.code == area.code), None)
        if at is not None:
            for x, y in shared:
                out[k, :, x] = differs[at, :, y]
    return out
