"""How many live in each region, in the latest year known at a month; and what a count is per 100 000 of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Source

PER: Final = 100_000


@dataclass(frozen=True)
class Population:
    """`by_region`: inhabitants by region code at the end of `year`; no year is interpolated."""

    year: int
    by_region: Mapping[str, float]

    def of(self, regions: Iterable[str]) -> float | None:
        """The sum over regions; None when one of them is not known, or none is asked for."""
        found = [self.by_region.get(r) for r in regions]
        known = [n for n in found if n is not None]
        return sum(known) if known and len(known) == len(found) else None

    def per_100_000(self, count: float | None, *regions: str) -> float | None:
        """A count in the regions, per 100 000 inhabitants; None when either is unknown.

        >>> Population(2023, {"21": 280_000.0}).per_100_000(700, "21")
        250.0
        """
        people = self.of(regions)
        return None if count is None or not people else count / people * PER


def population(source: Source, month: Month) -> Population | None:
    """The latest year up to the month's, else the earliest there is. None when nothing is known."""
    rows = source.reference("population")
    if rows.empty:
        return None
    years = sorted({int(y) for y in rows["year"]})
    year = max((y for y in years if y <= month.year), default=years[0])
    mine = rows[rows["year"].astype(int) == year]
    known = {
        str(r): float(n) for r, n in zip(mine["region"], mine["population"], strict=True) if n is not None and n == n
    }
    return Population(year, known)
