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
from lagesbild.domain.disclosure import coarse_share, conceal_rows
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break, Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.wait_reporting import about_waits, excluded_months, reasons_missing

HISTORY_MONTHS: Final = 72  # six years: enough for a month profile, little enough to read at once
BAND_ENDS: Final = (30, 60, 90, 120, 180, 365)  # last day of each wait band but the open one
COLUMNS: Final = ("waiting", "within_limit", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical")
State = Literal["", "missing", "suppressed", "excluded", "empty"]


@dataclass(frozen=True)
class Waits:
    """`values[column]` is float (areas, regions, months), NaN = not reported; `regions` are the leaf regions.

    `provisional`, `hidden` (suppressed at the source) and `coarse` (counts concealed from this viewer, so shares in
    whole per cent only) are bool of the same shape; `excluded` is bool (regions, months). `days` is int (areas,
    regions): the guarantee's limit at the end of the last month. `reasons` says why a region's last month is missing
    or excluded.
    `published` holds the rows of aggregate regions (the source's own national figures), never mixed with the others.
    """

    areas: tuple[CareArea, ...]
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    values: Mapping[str, np.ndarray]
    provisional: np.ndarray
    hidden: np.ndarray
    coarse: np.ndarray
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
    threshold: int = 5  # below which counts are small for this viewer

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
    def country(self) -> Mapping[str, np.ndarray]:
        """Sums over the regions counted in the last month, by column; float (areas, months), NaN where none is.

        A month in which one of them is missing is the sum of the others: shares stay comparable, counts do not.
        """
        use = self.counted & self.counted[:, :, -1:]
        out = {}
        for column in COLUMNS:
            cells = np.where(use, self.values[column], np.nan)
            total = np.nansum(cells, axis=1)
            # a column that a counted region lacks has no sum
            whole = (np.isfinite(cells) == use).all(axis=1) & use.any(axis=1)
            out[column] = np.where(whole, total, np.nan)
        return out

    @cached_property
    def exact_shares(self) -> np.ndarray:
        """Share waiting within the limit, to judge by and never to show; float (areas, regions, months)."""
        return _ratio(self.values["within_limit"], self.values["waiting"])

    @cached_property
    def shares(self) -> np.ndarray:
        """The same as this viewer may see it."""
        hidden = coarse_share(self.exact_shares, self.values["waiting"], self.threshold)
        return np.where(self.coarse, hidden, self.exact_shares)

    @cached_property
    def country_shares(self) -> np.ndarray:
        """The same for the country; float (areas, months)."""
        return _ratio(self.country["within_limit"], self.country["waiting"])

    def state(self, area: int, region: int) -> State:
        """How the region's last month is shown: "" as a number."""
        if self.excluded[region, -1]:
            return "excluded"
        if np.isfinite(self.shares[area, region, -1]):
            return ""
        if self.hidden[area, region, -1] or self.coarse[area, region, -1]:
            return "suppressed"
        return "empty" if self.values["waiting"][area, region, -1] == 0 else "missing"

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


def read_waits(source: Source, selection: Selection, viewer: Viewer, some: tuple[str, ...] = ()) -> Waits | None:
    """All leaf regions and the chosen care area, else `some`, else all they report, up to the chosen month. None when
    none does."""
    latest = source.latest_month()
    end = selection.month or latest
    if end is None:
        return None
    everyone = source.regions()
    leaves = leaf_regions(everyone)
    areas_asked = (selection.care_area,) if selection.care_area else some
    query = Query(care_areas=areas_asked, first=end - (HISTORY_MONTHS - 1), last=end, as_of=selection.as_of)
    rows = source.facts("waits", query)
    own = rows[rows["region"].isin([r.code for r in leaves])]
    reported = set(own["care_area"].unique())
    areas = [a for a in sorted(source.care_areas(), key=_area_order) if a.code in reported]
    if own.empty or not areas:
        return None
    first = max(end - (HISTORY_MONTHS - 1), Month.of(own["period"].min()))
    months = months_between(first, end)
    place = _places(own, areas, leaves, months)
    shape = (len(areas), len(leaves), len(months))
    values = {c: _cube(own[c].to_numpy(float), place, shape) for c in COLUMNS}
    limits = source.guarantee_limits()
    days = np.array([[limit_days(a, r.code, end, limits) for r in leaves] for a in areas])
    values["within_limit"] = _filled_within(values, days)
    told = about_waits(source.facts("reporting", Query(first=months[0], last=end, as_of=selection.as_of)))
    breaks = tuple(source.breaks())
    return Waits(
        areas=tuple(areas),
        regions=tuple(leaves),
        months=tuple(months),
        values=values,
        provisional=_flags((own["value_status"] == "provisional").to_numpy(bool), place, shape),
        hidden=_flags(_hidden_at_source(own), place, shape),
        coarse=_coarse(values, viewer),
        excluded=excluded_months(told, leaves, months),
        days=days,
        reasons=reasons_missing(told, leaves, end, breaks),
        breaks=breaks,
        published=rows[rows["region"].isin([r.code for r in aggregate_regions(everyone)])],
        all_areas=tuple(sorted(source.care_areas(), key=_area_order)),
        all_regions=tuple(everyone),
        sources=tuple(sorted(set(own["source"]))),
        recorded_at=own["recorded_at"].max(),
        synthetic=bool(own["synthetic"].astype(bool).any()),
        threshold=viewer.threshold,
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


def _hidden_at_source(rows: pd.DataFrame) -> np.ndarray:
    """Rows whose number waiting or within the limit was given as `<n`."""
    told = rows["suppressed"]
    return np.array([isinstance(d, dict) and bool({"waiting", "within_limit"} & d.keys()) for d in told], bool)


def _filled_within(values: Mapping[str, np.ndarray], days: np.ndarray) -> np.ndarray:
    """`within_limit`, from the wait bands where it is not reported and the limit is the end of a band."""
    out = values["within_limit"].copy()
    bands = np.cumsum(np.stack([values[b] for b in WAIT_BANDS[:-1]]), axis=0)
    for k, end in enumerate(BAND_ENDS):
        use = np.isnan(out) & (days == end)[:, :, None]
        out[use] = bands[k][use]
    return out


def _coarse(values: Mapping[str, np.ndarray], viewer: Viewer) -> np.ndarray:
    """Regions whose counts this viewer must not see, month by month; bool (areas, regions, months)."""
    within, waiting = values["within_limit"], values["waiting"]
    parts = np.stack([within, waiting - within])
    out = np.zeros(waiting.shape, bool)
    small = (parts > 0) & (parts < viewer.threshold)
    for a, m in np.argwhere(small.any(axis=(0, 2))):
        out[a, :, m] = conceal_rows(parts[:, a, :, m].T, viewer)
    return out


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=np.nan_to_num(whole) > 0)
    return out
