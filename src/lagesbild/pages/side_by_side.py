"""The waits of the care areas that stand side by side on a page. Which ones is decided before any of them is read, so
that a page with three of three hundred costs what three cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.care import aggregate_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.pages.context import PageContext
from lagesbild.pages.waits_text import readable_waits
from lagesbild.views.flags import Flags, flags
from lagesbild.views.wait_reading import HISTORY_MONTHS
from lagesbild.views.waits import Waits

MOST_AREAS: Final = 3  # with more, those with most flags


@dataclass(frozen=True)
class SideBySide:
    """`waits` of the care areas shown (all of `waits.areas`), None when nothing is reported; `left_out` others report
    too. `found`: the flags of all regions and care areas of the selection."""

    waits: Waits | None
    left_out: int
    found: Flags | None


def side_by_side(context: PageContext, region: str = "") -> SideBySide:
    """The chosen care area, else the few with most flags (in `region` when it is given), in their own order."""
    left_out = 0

    def some(selection: Selection, end: Month) -> tuple[str, ...]:
        nonlocal left_out
        reported, published = _reported(context, selection, end)
        if len(reported) <= MOST_AREAS:
            return ()
        left_out = len(reported) - MOST_AREAS
        found = _flags(context, selection, end, None)
        mine = found.in_region(region) if found and region else found
        urgent = Counter(f.care_area for f in mine.flags) if mine else Counter[str]()
        chosen = sorted(reported, key=lambda code: -urgent[code])[:MOST_AREAS]
        return (*chosen, *published)

    waits = readable_waits(context, some)
    found = _flags(context, context.selection, waits.end, waits) if waits else None
    return SideBySide(waits, left_out, found)


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


def _protected(waits: Waits, context: PageContext) -> frozenset[tuple[str, str]]:
    """Pairs of which a flag may say no more than that it is there: those whose share is hidden, and those of care areas
    that are not read here, of which nobody knows (but whoever may see all of them)."""
    read = {a.code for a in waits.areas}
    unread = [a.code for a in context.care_areas if a.code not in read]
    hidden = [r.code for r in context.regions if context.viewer.of(r.code).role != "exact"]
    return waits.hidden_pairs | {(r, a) for a in unread for r in hidden}


def _flags(context: PageContext, selection: Selection, end: Month, waits: Waits | None) -> Flags | None:
    """The flags; without `waits` as they are, to choose by and not to show."""

    def make() -> Flags | None:
        order = {r.code: k for k, r in enumerate(context.regions)}
        protected = _protected(waits, context) if waits else frozenset[tuple[str, str]]()
        return flags(context.source, selection, end, order, context.viewer, protected)

    read = None if waits is None else tuple(a.code for a in waits.areas)
    return context.keep(("flags", selection.care_area, selection.target, end, read), make)
