"""Which regions differ from the country by more than their size explains?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.funnel import Z95, Funnel, Place, funnel
from lagesbild.views.wait_ranking import Ranking


@dataclass(frozen=True)
class Point:
    """A region in the funnel: `waiting` persons, `share` within the limit, where it stands."""

    region: Region
    waiting: float
    share: float
    place: Place

    def judgement(self, centre: float) -> str:
        """better or worse outside the 99.8 % limits, else noise."""
        if self.place != "outside":
            return "noise"
        return "better" if self.share > centre else "worse"


@dataclass(frozen=True)
class WaitFunnel:
    """`points` are regions whose counts may be shown; `not_drawn` the others. `expected_outside`: how many of them
    chance alone puts outside the 95 % limits, rounded. A reader's own region that everybody else does not see is a
    point beside limits that the others have set."""

    points: tuple[Point, ...]
    not_drawn: tuple[Region, ...]
    funnel: Funnel

    def at(self, *places: Place) -> tuple[Point, ...]:
        return tuple(sorted((p for p in self.points if p.place in places), key=lambda p: p.share))

    @property
    def expected_outside(self) -> int:
        return round(len(self.funnel.z) * 0.05)

    def limits(self, sizes: np.ndarray, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
        """Limits cut at 0 and 1."""
        low, high = self.funnel.limits(sizes, z)
        return np.clip(low, 0, 1), np.clip(high, 0, 1)


def wait_funnel(ranking: Ranking) -> WaitFunnel | None:
    """None when too few regions can be drawn or the country's share is 0 or 1.

    Regions with a limit of their own are compared too: the share within its own limit is what each is asked for.
    """
    country = ranking.country
    shown = [r for r in ranking.regions if r.waiting is not None and not r.coarse]
    if country is None:
        return None
    limits = [r for r in shown if r.to_all]
    shares, sizes = (np.array(x, float) for x in ([r.share for r in limits], [r.waiting for r in limits]))
    found = funnel(shares, sizes, country.share)
    if found is None:
        return None
    points = tuple(
        Point(r.region, r.waiting, r.share, found.place_of(r.share, r.waiting))
        for r in shown
        if r.region is not None and r.waiting
    )
    hidden = tuple(r.region for r in ranking.regions if r not in shown and r.region is not None)
    return WaitFunnel(points, hidden, found)
