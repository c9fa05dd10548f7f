"""Reads who waits from the facts: arrays by care area, region and month, with the twin beside (see `domain.twin`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, aggregate_regions, leaf_regions
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.stock_twin import assumed_stock, other_stock
from lagesbild.views.wait_reporting import about_waits, excluded_months, reasons_missing
from lagesbild.views.waits import BAND_ENDS, COLUMNS, Waits

HISTORY_MONTHS: Final = 72  # six years: enough for a month profile, little enough to read at once
Place = tuple[np.ndarray, np.ndarray, np.ndarray]  # care area, region and month of each row


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
    # of 3 000 care areas' limits each of the 63 look-ups of a page went through all: 15 ms
    limits = [x for x in source.guarantee_limits() if x.care_area in reported]
    days = np.array([[limit_days(a, r.code, end, limits) for r in leaves] for a in areas])
    values["within_limit"] = _filled_within(values, days)
    withheld = _withheld(own, place, shape)
    hidden = withheld["waiting"] | withheld["within_limit"]
    told = about_waits(source.facts("reporting", Query(first=months[0], last=end, as_of=selection.as_of)))
    breaks = tuple(source.breaks())
    excluded = excluded_months(told, leaves, months)
    hidden_now = _hidden_now(
        source, selection.with_(month=end), viewer, _State(areas, months, values, hidden, excluded)
    )
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


@dataclass(frozen=True)
class _State:
    """What the twins of an earlier state are made from: counts (areas, regions, months), whether the source hid one,
    and excluded months (regions, months)."""

    areas: Sequence[CareArea]
    months: Sequence[Month]
    values: Mapping[str, np.ndarray]
    hidden: np.ndarray
    excluded: np.ndarray

    def is_as(self, now: Waits, here: tuple[int, int], there: tuple[int, int]) -> bool:
        """Whether a care area's month (`here`: places of both) is the same as `there` in `now`."""
        (k, x), (at, y) = here, there
        return (
            np.array_equal(self.hidden[k, :, x], now.hidden[at, :, y])
            and np.array_equal(self.excluded[:, x], now.excluded[:, y])
            and all(
                np.array_equal(self.values[c][k, :, x], now.values[c][at, :, y], equal_nan=True)
                for c in ("within_limit", "waiting", *WAIT_BANDS)
            )
        )


def _hidden_now(source: Source, selection: Selection, viewer: Viewer, then: _State) -> np.ndarray | None:
    """Of an earlier state of the data: which counts (within the limit, over it, waiting) are hidden today, bool (areas,
    regions, months, 3). A month revised since then could be worked out from the two states side by side; one that was
    not has the same twin as today, which nothing may be asked of that today's is not. None for the data as they are."""
    current = getattr(source, "current", None)
    if current is None or viewer.role == "exact":
        return None
    codes = tuple(a.code for a in then.areas)
    now = read_waits(current, selection.with_(as_of=None), viewer, codes, history=len(then.months))
    if now is None:
        return None
    within, waiting = assumed_stock(now.values, now.hidden)
    real = np.stack([within, waiting - within, waiting], axis=-1)
    a, w = now.others["within_limit"], now.others["waiting"]
    differs = np.abs(np.stack([a, w - a, w], axis=-1) - real) > 0.5
    out = np.zeros((len(then.areas), len(now.regions), len(then.months), 3), bool)
    shared = [(x, now.months.index(m)) for x, m in enumerate(then.months) if m in now.months]
    for k, area in enumerate(then.areas):
        at = next((i for i, x in enumerate(now.areas) if x.code == area.code), None)
        if at is not None:
            for x, y in shared:
                if not then.is_as(now, (k, x), (at, y)):
                    out[k, :, x] = differs[at, :, y]
    return out
