"""Which care areas and months a table is of, and the data as they were at the moment asked for."""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.earlier import source_at
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.source import Source
from lagesbild.views.published_tables.model import HISTORY_MONTHS, Asked


@dataclass(frozen=True)
class Span:
    """`source` knows nothing said after the moment asked for; `areas` are the care areas asked for (none = all)."""

    source: Source
    regions: tuple[Region, ...]
    areas: tuple[CareArea, ...]
    first: Month
    last: Month

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(months_between(self.first, self.last))

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the care areas asked for; none = all."""
        return tuple(a.code for a in self.areas)


def span(source: Source, asked: Asked) -> Span | None:
    """None when there are no data, no such care area, or no month between the first and the last."""
    then = source_at(source, asked.as_of)
    latest = then.latest_month()
    last = asked.last or latest
    if last is None:
        return None
    first = asked.first or last - (HISTORY_MONTHS - 1)
    known = sorted(then.care_areas(), key=lambda a: (a.sort_order, a.code))
    areas = tuple(a for a in known if a.code in asked.care_areas)
    if first > last or (asked.care_areas and not areas):
        return None
    return Span(then, tuple(leaf_regions(then.regions())), areas, first, last)
