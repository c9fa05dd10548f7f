"""The waits of the care areas that stand side by side on a page. Which ones is decided before any of them is read, so
that a page with three of three hundred costs what three cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.care import aggregate_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.pages.context import PageContext
from lagesbild.pages.waits_text import readable_waits
from lagesbild.views.first_flags import FirstFlags, first_flags, flagged_areas
from lagesbild.views.wait_reading import HISTORY_MONTHS
from lagesbild.views.waits import Waits

MOST_AREAS: Final = 3  # with more, those with most flags


@dataclass(frozen=True)
class SideBySide:
    """`waits` of the care areas shown (all of `waits.areas`), None when nothing is reported; `left_out` others report
    too. `flags`: theirs in all regions, and the first ones and how many in all care areas of the selection."""

    waits: Waits | None
    left_out: int
    flags: FirstFlags | None


def side_by_side(context: PageContext, region: str = "", *, most_flags_in: str = "") -> SideBySide:
    """The chosen care area, else the few with most flags (in the region `most_flags_in` when it is given), in their own
    order. The flags that are listed and counted are those of `region` when it is given."""
    left_out = 0

    def some(selection: Selection, end: Month) -> tuple[str, ...]:
        nonlocal left_out
        reported, published = _reported(context, selection, end)
        if len(reported) <= MOST_AREAS:
            return ()
        left_out = len(reported) - MOST_AREAS
        where = (most_flags_in,) if most_flags_in else tuple(r.code for r in context.regions)
        flagged = context.keep(
            ("flagged areas", selection.target, end, where),
            lambda: flagged_areas(context.source, selection, end, where, context.viewer),
        )
        chosen = sorted(reported, key=lambda code: -flagged.get(code, 0))[:MOST_AREAS]
        return (*chosen, *published)

    waits = readable_waits(context, some)
    return SideBySide(waits, left_out, _flags(context, waits, region) if waits else None)


def only_first(context: PageContext) -> Callable[[Selection, Month], tuple[str, ...]]:
    """For `readable_waits` on a page about one care area: the first that regions report, when none is chosen."""
    return lambda selection, end: _reported(context, selection, end)[0][:1]


def _reported(context: PageContext, selection: Selection, end: Month) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the care areas that regions report, in order, and of those that only the country itself publishes."""
    source = context.source

    def codes(regions: tuple[str, ...], areas: tuple[str, ...]) -> frozenset[str]:
        first = end - (HISTORY_MONTHS - 1)
        query = Query(regions=regions, care_areas=areas, first=first, last=end, as_of=selection.as_of)
        return source.distinct("waits", "care_area", query) if regions else frozenset()

    own = codes(tuple(r.code for r in context.regions), ())
    # only of the others: that a whole has nothing of 300 care areas took 0.1 s to find out
    rest = tuple(a.code for a in context.care_areas if a.code not in own)
    published = codes(tuple(r.code for r in aggregate_regions(source.regions())), rest) if rest else frozenset()
    return tuple(a.code for a in context.care_areas if a.code in own), tuple(sorted(published))


def _flags(context: PageContext, waits: Waits, region: str) -> FirstFlags | None:
    selection, read = context.selection, tuple(a.code for a in waits.areas)

    def make() -> FirstFlags | None:
        order = {r.code: k for k, r in enumerate(context.regions)}
        return first_flags(
            context.source, selection, waits.end, order, context.viewer, waits.hidden_pairs, read, region
        )

    return context.keep(("flags", selection.care_area, selection.target, waits.end, read, region), make)
