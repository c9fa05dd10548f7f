"""Who was treated where in one care area, month by month: what everything on `/utomlansvard` is computed from.

One reading of one care area. The numbers here are exact: each view protects what it shows for its viewer. Home regions
count everybody who lives there, wherever treated; a flow that is in no row is zero where the register is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break, Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import area_twin
from lagesbild.views.flow_windows import OVERLAP
from lagesbild.views.sliding_twin import ASSUMED

HISTORY_MONTHS: Final = 72  # six years up to the chosen month: enough for a month profile
REGISTERS: Final = ("patient",)  # how the register behind the flows is named in `reporting`


@dataclass(frozen=True)
class Travel:
    """`moved` is float (months, home, treating), NaN = not reported or hidden at the source (then `hidden`); the
    diagonal is NaN. `performed` (`performed_other` in the twin, see `domain.twin`) and `wait_days` are float (months,
    regions): the region's own production and its median wait. `register` is `moved` of all months there are, also those
    before and after, with a small number where the source hid one: what may be shown of a window must not hang on which
    month is looked at (see `domain.window_twin`); `before` is how many of them come before `months`. `current` is the
    same as it is known now, when an earlier state is asked for.
    `early`: the months in which a figure is provisional or a region's register not closed.
    `population` is float (regions,) of `population_year`. `gone` maps region code to the months of the last window in
    which nothing is known of what was done there.
    """

    area: CareArea
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    end: Month
    moved: np.ndarray
    hidden: np.ndarray
    performed: np.ndarray
    performed_other: np.ndarray
    wait_days: np.ndarray
    early: tuple[Month, ...]
    gone: Mapping[str, tuple[Month, ...]]
    population: np.ndarray
    population_year: int | None
    breaks: tuple[Break, ...]
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool
    register: np.ndarray
    before: int
    current: Travel | None = None

    @property
    def at(self) -> int:
        """Index of `end` in `months`."""
        return self.end - self.months[0]

    @property
    def first(self) -> Month:
        """First month of the window that is shown."""
        return self.end - OVERLAP

    def provisional_to(self, end: Month) -> tuple[Month, ...]:
        """The provisional months of the twelve that end with `end`."""
        return tuple(m for m in self.early if end - OVERLAP <= m <= end)

    @property
    def provisional(self) -> tuple[Month, ...]:
        """Those of the window that is shown."""
        return self.provisional_to(self.end)

    @property
    def whole(self) -> bool:
        """Whether there are twelve months to sum."""
        return self.at >= OVERLAP

    @cached_property
    def groups(self) -> Mapping[str, tuple[int, ...]]:
        """Healthcare regions and the places of their regions, in the order of the data; a region's first one counts."""
        out: dict[str, list[int]] = {}
        for k, r in enumerate(self.regions):
            if r.healthcare_region:
                out.setdefault(r.healthcare_region, []).append(k)
        return {name: tuple(places) for name, places in out.items()}

    @cached_property
    def ever(self) -> np.ndarray:
        """Which flows have been of anybody in any of the months, bool (home, treating); asked by every window."""
        return np.asarray(((np.nan_to_num(self.moved) > 0) | self.hidden).any(axis=0))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each region's code stands in the arrays."""
        return {r.code: k for k, r in enumerate(self.regions)}


def read_travel(source: Source, selection: Selection) -> Travel | None:
    """The flows of the chosen care area (else the first one with any), up to the chosen month or the last there is.

    None when no leaf region's flows are reported.
    """
    regions = tuple(leaf_regions(source.regions()))
    area = _area(source, selection)
    if area is None or not regions:
        return None
    asked = selection.month
    codes = {r.code: k for k, r in enumerate(regions)}
    query = Query(
        care_areas=(area.code,),
        # all there is, whatever month is chosen: what may be shown of a window must not hang on it
        as_of=selection.as_of,
    )
    rows = source.facts("out-of-region", query)
    rows = rows[rows["home_region"].isin(codes) & rows["treating_region"].isin(codes)]
    if rows.empty:
        return None
    last = Month.of(rows["period"].max())
    end = min(asked, last) if asked else last
    everything = months_between(Month.of(rows["period"].min()), last)
    if end < everything[0]:
        return None
    told = _about(source.facts("reporting", Query(first=everything[0], last=last, as_of=selection.as_of)))
    moved, hidden = _cube(rows, codes, everything, told)
    register = np.where(hidden & np.isnan(moved), ASSUMED, moved)
    months = tuple(months_between(max(everything[0], end - (HISTORY_MONTHS - 1)), end))
    before = months[0] - everything[0]
    moved, hidden = (x[before : before + len(months)] for x in (moved, hidden))
    shown = pd.Timestamp(months[0].first_day), pd.Timestamp(end.first_day)
    rows, told = (x[x["period"].between(*shown)] for x in (rows, told))
    current = getattr(source, "current", None)
    made = source.facts(
        "production", Query(tuple(codes), (area.code,), first=months[0], last=end, as_of=selection.as_of)
    )
    performed, wait_days = (_by_region(made, c, codes, months) for c in ("performed", "wait_days_median"))
    people, year = _population(source, codes, end.year)
    window = [m for m in months if end - OVERLAP <= m <= end]
    return Travel(
        area=area,
        regions=regions,
        months=months,
        end=end,
        moved=moved,
        hidden=hidden,
        performed=performed,
        performed_other=performed + _more_performed(source, area, months, selection),
        wait_days=wait_days,
        early=_early(rows, told, months),
        gone=_gone(moved, hidden, regions, months, window),
        population=people,
        population_year=year,
        breaks=tuple(source.breaks()),
        sources=tuple(sorted(set(rows["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
        register=register,
        before=before,
        current=None if current is None else read_travel(current, selection.with_(as_of=None, care_area=area.code)),
    )


def _more_performed(source: Source, area: CareArea, months: tuple[Month, ...], selection: Selection) -> np.ndarray:
    """By how much performed differs in the twin; (months, regions)."""
    told = Selection(care_area=area.code, month=months[-1], as_of=selection.as_of)
    return np.asarray(area_twin(source, told, months[0] - 1, Viewer()).differences["performed"][:, 1:].T)


def _area(source: Source, selection: Selection) -> CareArea | None:
    """The chosen care area, else the first with flows in the last year; asked one by one, however many there are."""
    areas = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
    if selection.care_area:
        return next((a for a in areas if a.code == selection.care_area), None)
    latest = source.latest_month()
    first = latest - OVERLAP if latest else None
    return next((a for a in areas if len(source.facts("out-of-region", Query((), (a.code,), first=first)))), None)


def _about(told: pd.DataFrame) -> pd.DataFrame:
    """Reports about the patient register; none when no register is named so."""
    return told[told["register"].str.lower().str.startswith(REGISTERS)]


def _cube(
    rows: pd.DataFrame, codes: Mapping[str, int], months: Sequence[Month], told: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Flows and which are hidden at the source; (months, home, treating).

    Zero where nothing is told, but not reported: months without a single row, regions in no row at all, and what was
    done in a region that did not report the month (the one who treats reports).
    """
    n = len(codes)
    when = _places(rows["period"], months)
    home, treating = (rows[c].map(codes).to_numpy(int) for c in ("home_region", "treating_region"))
    moved = np.zeros((len(months), n, n))
    moved[~np.isin(np.arange(len(months)), when)] = np.nan
    for axis_places in _silent(home, treating, n):
        moved[:, axis_places, :] = np.nan
        moved[:, :, axis_places] = np.nan
    late = told[told["status"].isin(["missing", "excluded"]) & told["region"].isin(codes)]
    moved[_places(late["period"], months), :, late["region"].map(codes).to_numpy(int)] = np.nan
    moved[when, home, treating] = rows["performed"].to_numpy(float)
    moved[:, range(n), range(n)] = np.nan
    hidden = np.zeros(moved.shape, bool)
    hidden[when, home, treating] = [isinstance(d, dict) and "performed" in d for d in rows["suppressed"]]
    return moved, hidden


def _silent(home: np.ndarray, treating: np.ndarray, n: int) -> np.ndarray:
    """Regions that no row of the whole reading names."""
    return np.setdiff1d(np.arange(n), np.union1d(home, treating))


def _places(periods: pd.Series, months: Sequence[Month]) -> np.ndarray:
    return np.asarray((periods.dt.year * 12 + periods.dt.month - 1 - months[0].ordinal).to_numpy(int))


def _by_region(rows: pd.DataFrame, column: str, codes: Mapping[str, int], months: Sequence[Month]) -> np.ndarray:
    out = np.full((len(months), len(codes)), np.nan)
    out[_places(rows["period"], months), rows["region"].map(codes).to_numpy(int)] = rows[column].to_numpy(float)
    return out


def _population(source: Source, codes: Mapping[str, int], year: int) -> tuple[np.ndarray, int | None]:
    """Inhabitants in the last year up to `year` that every region has one for; NaN and None without one."""
    rows = source.reference("population")
    out = np.full(len(codes), np.nan)
    if rows.empty:
        return out, None
    rows = rows.assign(year=pd.to_numeric(rows["year"]))
    rows = rows[rows["region"].isin(codes) & (rows["year"] <= year)]
    whole = rows.groupby("year")["region"].nunique()
    years = whole.index[whole == len(codes)]
    if not len(years):
        return out, None
    last = rows[rows["year"] == years.max()]
    out[last["region"].map(codes).to_numpy(int)] = pd.to_numeric(last["population"]).to_numpy(float)
    return out, int(years.max())


def _early(rows: pd.DataFrame, told: pd.DataFrame, months: Sequence[Month]) -> tuple[Month, ...]:
    early = rows.loc[rows["value_status"] == "provisional", "period"]
    found = {Month.of(p) for p in [*early, *told.loc[told["status"] == "partial", "period"]]}
    return tuple(m for m in months if m in found)


def _gone(
    moved: np.ndarray, hidden: np.ndarray, regions: Sequence[Region], months: Sequence[Month], window: Sequence[Month]
) -> dict[str, tuple[Month, ...]]:
    nothing = (~np.isfinite(moved) & ~hidden).all(axis=1)  # (months, treating)
    places = [m - months[0] for m in window]
    out = {}
    for k, region in enumerate(regions):
        mine = tuple(months[p] for p in places if nothing[p, k])
        if mine:
            out[region.code] = mine
    return out
