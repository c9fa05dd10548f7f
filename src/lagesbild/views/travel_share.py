"""How large a part of each region's treated is treated elsewhere, over time, and is a change more than noise?

The lines are twelve-month shares, the same sums as the matrix shows: a year has no season, and no month alone is told
of. The judgement is made on months, seasonally adjusted, as everywhere else: a sliding sum cannot be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State
from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.window_twin import WINDOW
from lagesbild.domain.xmr import recent
from lagesbild.views.out_of_region import FlowMatrix
from lagesbild.views.travel import Travel

SHOWN: Final = 36  # windows, oldest first
Way = Literal["up", "down", "noise", "short"]
_NOBODY: Final = "\0"  # matches no region: a region's own break is not the country's
_WAYS: Final[dict[str, Way]] = {"better": "up", "worse": "down", "noise": "noise", "short": "short"}


@dataclass(frozen=True, eq=False)
class ShareLine:
    """`region` None is the country, or the healthcare region `group`. `shares` float (windows,): fraction treated
    elsewhere in the twelve months to each month, NaN where hidden or missing; `state` of the last one. `way` is the
    judgement: neither is better or worse. `year_change` against the window a year before, in fractions, None when
    either is not shown."""

    region: Region | None
    shares: np.ndarray
    state: State
    way: Way
    year_change: float | None
    group: str = ""

    @property
    def last(self) -> float | None:
        return None if self.state else float(self.shares[-1])


@dataclass(frozen=True)
class ShareTrend:
    """The country first when there are several regions; `groups` are the healthcare regions, each as the sum over its
    home regions. `counted` are those in the country's line, `left_out` those whose share cannot be counted: production,
    or what was done in a region they send to, is missing in some month."""

    months: tuple[Month, ...]
    lines: tuple[ShareLine, ...]
    groups: tuple[ShareLine, ...]
    counted: tuple[Region, ...]
    left_out: tuple[Region, ...]

    @property
    def regions(self) -> tuple[ShareLine, ...]:
        return tuple(x for x in self.lines if x.region is not None)

    @property
    def country(self) -> ShareLine | None:
        return next((x for x in self.lines if x.region is None), None)

    def group(self, name: str) -> ShareLine | None:
        return next((x for x in self.groups if name and x.group == name), None)

    def inside(self, name: str) -> tuple[ShareLine, ...]:
        """The regions of a healthcare region; all of them for ""."""
        return tuple(x for x in self.regions if x.region and name in ("", x.region.healthcare_region))

    def going(self, way: Way) -> tuple[ShareLine, ...]:
        """Regions whose last month is a signal that way, the largest change of the year first."""
        found = [x for x in self.regions if x.way == way and not x.state]
        return tuple(sorted(found, key=lambda x: -abs(x.year_change or 0.0)))

    @property
    def highest(self) -> ShareLine | None:
        shown = [x for x in self.regions if x.last is not None]
        return max(shown, key=lambda x: x.last or 0.0) if shown else None


def travel_share(matrices: list[FlowMatrix]) -> ShareTrend | None:
    """From the windows of `flow_matrices`, oldest first. None when no region has production to share by."""
    if not matrices:
        return None
    now = matrices[-1]
    travel, regions = now.travel, now.regions
    out, seen, made = _monthly(now)
    lines = []
    for k, region in enumerate(regions):
        shares = np.array([_nan(m.share(region.code)) for m in matrices])
        exact = _ratio(seen[:, k], made[:, k])
        lines.append(ShareLine(region, shares, now.share_state(region.code), *_judged(travel, exact, region, shares)))
    if not any(m.share(r.code, to_all=True) is not None for m in matrices for r in regions):
        return None  # a figure of many regions is there for one who sees the own alone when it is there for everybody
    counted = now.with_share
    if len(regions) > 1:
        lines.insert(0, _sum(matrices, counted, out, made))
    groups = tuple(_sum(matrices, now.with_share_in(name), out, made, name) for name in travel.groups)
    left_out = tuple(r for r in regions if r not in counted and now.state("out", r.code) != "missing")
    return ShareTrend(tuple(m.end for m in matrices), tuple(lines), groups, counted, left_out)


def _sum(
    matrices: list[FlowMatrix], counted: tuple[Region, ...], out: np.ndarray, made: np.ndarray, group: str = ""
) -> ShareLine:
    """The line of the regions that are `counted` in the last window."""
    now = matrices[-1]
    places = [k for k, r in enumerate(now.regions) if r in counted]
    shares = np.array([_counted_share(m, counted) for m in matrices])
    told = np.isfinite(out[:, places]) & np.isfinite(made[:, places])
    exact = _ratio(*(np.where(told, v[:, places], 0.0).sum(axis=1) for v in (out, made)))
    return ShareLine(None, shares, now.state_of(counted), *_judged(now.travel, exact, None, shares), group)


def _monthly(matrix: FlowMatrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Treated elsewhere, the same with every month of the viewer's own region, and all treated, float (months to `end`,
    regions).

    Only what was done in regions that have reported throughout the shown years is counted, so that no month differs
    because somebody began or stopped reporting. A month that is another in a twin is left out of the judgement.
    """
    travel = matrix.travel
    stop = travel.at + 1
    moved, hidden = travel.moved[:stop], travel.hidden[:stop]
    recent_ones = slice(max(0, stop - SHOWN), stop)
    steady = np.isfinite(moved[recent_ones]) | hidden[recent_ones]
    use = steady.any(axis=1).all(axis=0)
    known = np.where(np.isfinite(moved) & use, moved, 0.0).sum(axis=2)
    some = (np.isfinite(moved) & use).any(axis=2) & ~(hidden & use).any(axis=2)
    own = np.array(matrix.viewer.mine(r.code for r in matrix.regions), bool)
    seen = np.where(some & own, known, np.nan)
    for month, home in matrix.unsteady(use):
        some[month, home] = False
    out = np.where(some, known, np.nan)
    # judged half way to the twin, as everywhere else
    return out, np.where(own, seen, out), (travel.performed[:stop] + travel.performed_other[:stop]) / 2


def _counted_share(matrix: FlowMatrix, regions: tuple[Region, ...]) -> float:
    """Share of the regions that count in the last window; one that lacks an earlier window is left out of that."""
    return _nan(matrix.share_of([r for r in matrix.with_share if r in regions]))


def _judged(travel: Travel, exact: np.ndarray, region: Region | None, shown: np.ndarray) -> tuple[Way, float | None]:
    code = region.code if region else _NOBODY
    months = travel.months[: travel.at + 1]
    mine = [b for b in travel.breaks if b.region in ("", code) and b.care_area in ("", travel.area.code)]
    masked = exact.copy()
    for b in mine:
        if b.kind == "mask":
            masked[[b.first <= m and (b.last is None or m <= b.last) for m in months]] = np.nan
    starts = [i for i, m in enumerate(months) if any(b.kind != "mask" and b.first == m for b in mine)]
    flat = adjust(masked, months[0], month_profile(masked, months[0]))
    change = shown[-1] - shown[-1 - WINDOW] if len(shown) > WINDOW else np.nan
    way = _WAYS[recent(flat, rebase_at=starts).judgement]
    return way, None if np.isnan(change) else float(change)


def _nan(value: float | None) -> float:
    return np.nan if value is None else value


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    out = np.full(part.shape, np.nan)
    np.divide(part, whole, out=out, where=np.isfinite(part) & (np.nan_to_num(whole) > 0))
    return out
