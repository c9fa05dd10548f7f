"""How long those treated had waited, where the largest flows start and where they go.

The medians are the regions' own, over all they report as treated: they are not the waits of those who travelled, which
no register tells. A year's figure is the mean of the months' medians, weighted by how many were treated.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.disclosure import is_small
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flow_windows import OVERLAP
from lagesbild.views.out_of_region import Flow, FlowMatrix

FLOWS: Final = 7
LEAST_MONTHS: Final = 6  # of the twelve: with fewer a year's wait would be that of a season


@dataclass(frozen=True)
class Ends:
    """Days waited at either end, None when not known; `months` that each rests on (of twelve)."""

    flow: Flow
    home_days: float | None
    treating_days: float | None
    home_months: int
    treating_months: int

    @property
    def difference(self) -> float | None:
        """Days shorter (negative) or longer in the treating region."""
        if self.home_days is None or self.treating_days is None:
            return None
        return self.treating_days - self.home_days


@dataclass(frozen=True)
class BothEnds:
    """The largest shown flows, of the whole country or of some regions; `limit` is the usual guarantee, in days."""

    rows: tuple[Ends, ...]
    limit: int

    @property
    def compared(self) -> tuple[Ends, ...]:
        return tuple(r for r in self.rows if r.difference is not None)

    @property
    def shorter(self) -> int:
        """Flows to a region with a shorter wait, as shown in whole days."""
        return sum(round(r.treating_days or 0) < round(r.home_days or 0) for r in self.compared)

    @property
    def longer(self) -> int:
        return sum(round(r.treating_days or 0) > round(r.home_days or 0) for r in self.compared)


def waits_at_both_ends(
    matrix: FlowMatrix, source: Source, regions: Collection[str] = (), *, flows: int = FLOWS
) -> BothEnds | None:
    """Of the flows from or to any of `regions`, when any is told. None when no wait is known at any end."""
    # the viewer's own flows that others do not see take nobody's place, except where the page is about the region
    about_own = matrix.viewer.own in regions
    told = matrix.flows() if about_own else matrix.told_to_all
    mine = [f for f in told if not regions or {f.home.code, f.treating.code} & set(regions)]
    largest = [f for f in mine if f.persons is not None][:flows]
    days, months = _days(matrix, matrix.viewer)
    known = days if about_own else _days(matrix, matrix.viewer.everybody)[0]
    rows = []
    for f in largest:
        a, b = (matrix.travel.place[r.code] for r in (f.home, f.treating))
        rows.append(Ends(f, days[a], days[b], months[a], months[b]))
    if not any(known[matrix.travel.place[r.code]] is not None for f in largest for r in (f.home, f.treating)):
        return None
    limits = source.guarantee_limits()
    each = [limit_days(matrix.travel.area, r.code, matrix.end, limits) for r in matrix.regions]
    found, times = np.unique(each, return_counts=True)
    return BothEnds(tuple(rows), int(found[times.argmax()]))


def _days(matrix: FlowMatrix, viewer: Viewer) -> tuple[list[float | None], list[int]]:
    travel = matrix.travel
    last = matrix.end - travel.months[0]
    window = slice(last - OVERLAP, last + 1)
    made, days = travel.performed[window], travel.wait_days[window]
    # a month whose count is hidden has no weight that may be told
    own = np.array(viewer.mine(r.code for r in matrix.regions), bool)
    same = (made == travel.performed_other[window]) | (viewer.role == "exact") | own
    told = np.isfinite(made) & np.isfinite(days) & (made > 0) & same
    out: list[float | None] = []
    for k, region in enumerate(matrix.regions):
        use = told[:, k]
        treated = float(made[use, k].sum())
        few = int(use.sum()) < LEAST_MONTHS or is_small(treated, viewer.of(region.code))
        out.append(None if few else float(np.average(days[use, k], weights=made[use, k])))
    return out, [int(n) for n in told.sum(axis=0)]
