"""Where does a region stand among the others? Its share beside every other region's, one care area at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Point:
    """A region's share in the last month (fraction, in whole per cent when `coarse`). `to_all`: rounded, as it stands
    on everybody's page; NaN of a reader's own region that others do not see."""

    region: Region
    share: float
    coarse: bool
    provisional: bool
    to_all: float


@dataclass(frozen=True)
class Standing:
    """`points`: regions whose share may be shown, highest first; `own` is the region's, None when it has none
    (`state` says why). `country`: NaN when unknown, in whole per cent when `country_coarse`. `place`: one more than how
    many have a higher share, as everybody sees them; `mine`: the reader's own region is placed by its exact share, and
    takes no place among others."""

    area: CareArea
    points: tuple[Point, ...]
    own: Point | None
    state: State
    country: float
    country_coarse: bool = False
    mine: bool = False

    @property
    def of(self) -> int:
        return sum(p is self.own or p.to_all == p.to_all for p in self.points)

    @property
    def place(self) -> int | None:
        """Counted on the shares as shown, so that equal ones share a place.

        A place of its own would tell which of two protected shares is the higher."""
        if self.own is None:
            return None
        own = _shown(self.own.share, self.own.coarse) if self.mine else self.own.to_all
        return 1 + sum(p.to_all > own for p in self.points if p is not self.own)

    @property
    def lowest(self) -> bool:
        return self.own is not None and self.of > 1 and self.place == self.of


def standings(waits: Waits, indices: Sequence[int], region: str) -> tuple[Standing, ...]:
    """One per care area at `indices`."""
    at = waits.region_index(region)
    out = []
    for a in indices:
        points = [
            Point(
                r,
                float(waits.shares[a, k, -1]),
                bool(waits.coarse[a, k, -1]),
                bool(waits.provisional[a, k, -1]),
                _shown(*waits.told_to_all(a, k)),
            )
            for k, r in enumerate(waits.regions)
            if not waits.state(a, k)
        ]
        points.sort(key=lambda p: (-p.share, p.region.sort_order))
        country = waits.country_shares[a, -1]
        out.append(
            Standing(
                area=waits.areas[a],
                points=tuple(points),
                own=next((p for p in points if p.region.code == region), None),
                state="missing" if at is None else waits.state(a, at),
                country=float(country) if np.isfinite(country) and len(waits.regions) > 1 else float("nan"),
                country_coarse=bool(waits.country_coarse[a, -1]),
                mine=at is not None and bool(waits.own[at]),
            )
        )
    return tuple(out)


def _shown(share: float, coarse: bool) -> float:
    """Rounded as it stands on the page."""
    return round(share, 2 if coarse else 3)
