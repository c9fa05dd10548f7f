"""The twin of one care area: stock, inflow and outflow of every region, month by month.

Added, performed and removed make a sheet of their own each month; what their balance must give is how much more the
twin's stock grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.stock_twin import assumed_stock
from lagesbild.views.twins import excluded_twin, flow_twin
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import Waits

FLOWS: Final = ("added", "performed", "removed_other")
EXCLUDED: Final = ("excluded_patient_choice", "excluded_medical")


@dataclass(frozen=True)
class AreaTwin:
    """Differences of all leaf regions, float (regions, months) by column, and what they are differences of. `lost`:
    where a number waiting stands for one that the source hid and that nothing else tells."""

    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    counts: Mapping[str, np.ndarray]
    differences: Mapping[str, np.ndarray]
    withheld: Mapping[str, np.ndarray]
    lost: Mapping[str, np.ndarray] = field(default_factory=dict)


def area_twin(source: Source, selection: Selection, first: Month, viewer: Viewer) -> AreaTwin:
    """All leaf regions of the selection's care area from `first` to its month."""
    last, area = selection.month, selection.care_area
    assert last is not None
    regions = tuple(leaf_regions(source.regions()))
    waits = read_waits(source, selection, viewer, history=last - first + 1)
    query = Query(tuple(r.code for r in regions), (area,), "", first, last, selection.as_of)
    current = getattr(source, "current", None)  # see `waits.read_waits`: what is hidden now was hidden then
    now = None if current is None else area_twin(current, selection.with_(as_of=None), first, viewer)
    steady = reporting_now(source, regions, (area,), selection)[area]
    return made_twin(regions, waits, 0, source.facts("production", query), first, last, viewer, steady, now)


def reporting_now(
    source: Source, regions: tuple[Region, ...], areas: Sequence[str], selection: Selection
) -> dict[str, np.ndarray]:
    """By care area, whether each region has production in the last month there is; whatever month is chosen."""
    latest = source.latest_month()
    rows = source.facts(
        "production", Query(tuple(r.code for r in regions), tuple(areas), "", latest, latest, selection.as_of)
    )
    told = set(zip(rows["care_area"], rows["region"], strict=True))
    return {a: np.array([(a, r.code) in told for r in regions], bool) for a in areas}


def made_twin(
    regions: tuple[Region, ...],
    waits: Waits | None,
    area: int,
    production: pd.DataFrame,
    first: Month,
    last: Month,
    viewer: Viewer,
    steady: np.ndarray,
    now: AreaTwin | None = None,
) -> AreaTwin:
    """The same from what is read: the care area at index `area` of `waits`, and its rows of `production`."""
    months = tuple(first + k for k in range(last - first + 1))
    shape = (len(regions), len(months))
    counts, withheld = cubes(production, FLOWS, {r.code: k for k, r in enumerate(regions)}, months, "region")
    stock = _stock(waits, area, months, shape)
    differences = {c: np.zeros(shape) for c in (*FLOWS, *EXCLUDED)} | dict(stock.differences)
    for t in range(1, len(months)):
        made = np.column_stack([counts[c][:, t] for c in FLOWS])
        joined = np.isfinite(stock.counts["waiting"][:, t - 1 : t + 1]).all(axis=1) & np.isfinite(made[:, :2]).all(
            axis=1
        )
        change = differences["waiting"][:, t] - differences["waiting"][:, t - 1]
        must = None
        if now is not None:
            must = np.column_stack([now.differences[c][:, t] != 0 for c in FLOWS])
        found = flow_twin(made, change, joined, steady, regions, viewer.threshold, must)
        for k, column in enumerate(FLOWS):
            differences[column][:, t] = found[:, k]
    # the excluded are shown for the last month only
    left = [stock.counts[c][:, -1] for c in EXCLUDED]
    counted = np.ones(len(regions), bool) if waits is None else waits.counted[area, :, -1]
    out = excluded_twin(left[0], left[1], regions, counted, viewer.threshold)
    for k, column in enumerate(EXCLUDED):
        differences[column][:, -1] = out[:, k]
    withheld = withheld | dict(stock.withheld)
    return AreaTwin(regions, months, counts | dict(stock.counts), differences, withheld, stock.lost)


def cubes(
    rows: pd.DataFrame, columns: tuple[str, ...], places: Mapping[str, int], months: tuple[Month, ...], key: str
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Columns by place and month, with a small number where the source hid one; and where it did."""
    shape = (len(places), len(months))
    at = rows[key].map(places).to_numpy(int)
    when = (rows["period"].dt.year * 12 + rows["period"].dt.month - 1 - months[0].ordinal).to_numpy(int)
    told = [(k, d) for k, d in enumerate(rows["suppressed"]) if isinstance(d, dict)]
    counts, withheld = {}, {}
    for column in columns:
        given = np.zeros(len(rows), bool)
        given[[k for k, d in told if column in d]] = True
        values = rows[column].to_numpy(float)
        values = np.where(given & np.isnan(values), 2.0, values)
        counts[column], withheld[column] = np.full(shape, np.nan), np.zeros(shape, bool)
        counts[column][at, when] = values
        withheld[column][at, when] = given
    return counts, withheld


def _stock(waits: Waits | None, area: int, months: tuple[Month, ...], shape: tuple[int, int]) -> AreaTwin:
    """Waits and their twin, placed among `months`; nothing where none are reported."""
    columns = ("waiting", "within_limit", *EXCLUDED)
    counts = {c: np.full(shape, np.nan) for c in columns}
    differences = {c: np.zeros(shape) for c in columns}
    withheld = {c: np.zeros(shape, bool) for c in columns}
    lost = {c: np.zeros(shape, bool) for c in columns}
    if waits is not None:
        early = max(0, months[0] - waits.months[0])  # months read before the first that is asked for
        at = slice(waits.months[early] - months[0], waits.end - months[0] + 1)
        within, waiting = (x[area, :, early:] for x in assumed_stock(waits.values, waits.hidden))
        counts["within_limit"][:, at], counts["waiting"][:, at] = within, waiting
        for column, was in (("within_limit", within), ("waiting", waiting)):
            differences[column][:, at] = np.nan_to_num(waits.others[column][area, :, early:] - was)
        for column in columns:
            withheld[column][:, at] = waits.withheld[column][area, :, early:]
            lost[column][:, at] = withheld[column][:, at] & np.isnan(waits.values[column][area, :, early:])
        for column in EXCLUDED:
            hidden = withheld[column][:, at]
            counts[column][:, at] = np.where(hidden, 2.0, waits.values[column][area, :, early:])
    return AreaTwin((), months, counts, differences, withheld, lost)
