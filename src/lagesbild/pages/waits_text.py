"""Swedish that the overview and the wait page share: limits, coverage, footnotes and where the figures come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from lagesbild.components.model import Special
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word, percent, points
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import MOST_NAMED, small, source_text
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import State, Waits

NB: Final = "\u00a0"
EXCLUDED_NOTE: Final = "Patientvald och medicinskt orsakad väntan är borträknad"
STATE_WORDS: Final = {"suppressed": "skyddat", "excluded": "utesluten", "missing": "saknas", "empty": "ingen väntar"}


def readable_waits(
    context: PageContext, some: Callable[[Selection, Month], tuple[str, ...]] | None = None
) -> Waits | None:
    """The waits of the selection; None when no region reports them, never those of another care area in their place.

    `some` says which care areas to read when none is chosen, given the last month; () means all of them.
    """
    selection = context.selection
    end = selection.month or context.source.latest_month()
    areas = some(selection, end) if some and end and not selection.care_area else ()
    # neither region nor provider is in it: choosing another reads nothing anew
    key = ("waits", selection.care_area, areas, end)
    return context.keep(key, lambda: read_waits(context.source, selection, context.viewer, areas))


def within(days: int) -> str:
    """`högst 90 dagar`"""
    return f"högst {count(days)} dagar"


def one_limit(waits: Waits, area: int, regions: Sequence[Region] | None = None) -> bool:
    """Whether all the regions (every one of the waits unless told) count from the same number of days."""
    codes = None if regions is None else {r.code for r in regions}
    mine = {int(waits.days[area, k]) for k, r in enumerate(waits.regions) if codes is None or r.code in codes}
    return len(mine) < 2


def within_whole(waits: Waits, area: int, regions: Sequence[Region] | None = None) -> str:
    """What a sum of regions is the share of: `högst 90 dagar`, or `inom vårdgarantin` when some have a limit of their
    own, whose patients count from that."""
    return within(waits.usual_days(area)) if one_limit(waits, area, regions) else "inom vårdgarantin"


def over_whole(waits: Waits, area: int, regions: Sequence[Region] | None = None) -> str:
    """The others: `över 90 dagar`, or `över sin gräns`."""
    same = one_limit(waits, area, regions)
    return f"över {count(waits.usual_days(area))} dagar" if same else "över sin gräns"


def other_limits(waits: Waits, areas: Sequence[int], group: Group | None = None) -> str:
    """`Halland räknas mot sin egen gräns, 60 dagar.`; empty when all (or all of the group) have the same."""
    found: dict[int, list[str]] = {}
    for k, region in enumerate(waits.regions):
        if group is not None and region not in group.regions:
            continue
        own = {int(waits.days[a, k]) for a in areas if int(waits.days[a, k]) != waits.usual_days(a)}
        for days in own:
            found.setdefault(days, []).append(region.short_name)
    texts = [
        f"{join_and(names)} räknas mot {'sin' if len(names) == 1 else 'sina'} "
        f"{'egen gräns' if len(names) == 1 else 'egna gränser'}, {count(days)} dagar."
        for days, names in found.items()
    ]
    return " ".join(texts)


def group_words(name: str) -> str:
    """`sjukvårdsregion Stockholm`: a healthcare region in a sentence, where its name alone may be a region's too."""
    return name if "region" in name.lower() else f"sjukvårdsregion {name}"


def coverage(waits: Waits, area: int | None = None, group: Group | None = None) -> str:
    """`20 av 21 regioner.`; empty with one region."""
    if len(waits.regions) < 2:
        return ""
    if group is not None:
        n = len(group.regions)
        return f"{count(len(group.counted))} av {count(n)} {'region' if n == 1 else 'regioner'}."
    return f"{count(waits.covered(area))} av {count(len(waits.regions))} regioner."


def who_is_in(waits: Waits, area: int, group: Group | None = None) -> str:
    """`20 av 21 regioner ingår: Örebro saknas. Norrbotten och Värmland är preliminära.`, of the country or a group.

    A region whose small counts are protected is in the whole, and only has no number of its own.
    """
    if len(waits.regions) < 2:
        return ""
    text = f"{coverage(waits, area, group)[:-1]} {f'i {group_words(group.name)} ' if group else ''}ingår"
    absent: dict[State, list[str]] = {}
    protected = []
    mine = [(k, r) for k, r in enumerate(waits.regions) if group is None or r in group.regions]
    for k, region in mine:
        state = waits.state(area, k)
        if state == "suppressed" and waits.counted[area, k, -1]:
            protected.append(region.short_name)
        elif state:
            absent.setdefault(state, []).append(region.short_name)
    told = [f"{named(names)} {_state_words(state, len(names))}" for state, names in absent.items()]
    text = f"{text}: {join_and(told)}." if told else f"{text}."
    if protected:
        alone = "för sig" if len(protected) == 1 else "var för sig"
        text = f"{text} {named(protected)} ingår men visas inte {alone}: små tal är skyddade."
    early = [r.short_name for k, r in mine if waits.provisional[area, k, -1] and not waits.state(area, k)]
    if not early:
        return text
    return f"{text} {named(early)} är {'preliminär' if len(early) == 1 else 'preliminära'}."


def _state_words(state: State, n: int) -> str:
    match state:
        case "excluded":
            return "är utesluten" if n == 1 else "är uteslutna"
        case "suppressed":
            return "är skyddad" if n == 1 else "är skyddade"
        case "empty":
            return "har ingen som väntar"
        case _:
            return "saknas"


def named(names: Sequence[str]) -> str:
    """Names in a row; when there are many the first ones and how many more."""
    if len(names) <= MOST_NAMED + 1:
        return join_and(list(names))
    return join_and([*names[:MOST_NAMED], f"{count(len(names) - MOST_NAMED)} till"])


def source_line(
    waits: Waits,
    *,
    excluded: float | None = None,
    area: int | None = None,
    with_excluded: bool = True,
    group: Group | None = None,
) -> str:
    """The last line of a figure: what is left out, source, as-of, regions counted (of the country or a group)."""
    parts = []
    if with_excluded:
        parts.append(f"{EXCLUDED_NOTE}{f': {count(excluded)} personer' if excluded else ''}.")
    assert waits.recorded_at is not None  # there are rows
    parts.append(source_text(waits.sources, waits.recorded_at, synthetic=waits.synthetic))
    parts.append(coverage(waits, area, group))
    return " ".join(p for p in parts if p)


def split_regions(regions: Sequence[Region]) -> list[tuple[Region, str]]:
    """Regions that belong to two healthcare regions, and the sentence that says so."""
    out = []
    for r in regions:
        if r.healthcare_region_secondary:
            both = join_and([r.healthcare_region, r.healthcare_region_secondary])
            ending = "" if "region" in both.lower() else " sjukvårdsregionen"
            out.append((r, f"{r.short_name} delas mellan {both}{ending}."))
    return out


def year_change(change: float | None, *, coarse: bool = False) -> str:
    """`+2,2 procentenheter på ett år`; empty when there is no month to compare with."""
    return "" if change is None else f"{points(change * 100, 0 if coarse else 1)} på ett år"


def share_text(share: float, *, coarse: bool = False) -> str:
    """`88,2 %`, or `88 %` when the counts behind are hidden."""
    return percent(share, 0 if coarse else 1)


def share_number(share: float, *, coarse: bool = False) -> str:
    return decimal(share * 100, 0 if coarse else 1)


def told_share(share: float, *, coarse: bool) -> Any:
    """A table cell for a share without a state of its own: the fraction, text in whole per cent, protected, or missing.

    A sum's share in whole per cent is never the number 0.81: that would be read as 81.0 %, when 80.7 is the truth."""
    if np.isfinite(share):
        return share_text(share, coarse=True) if coarse else float(share)
    return Special("secondary") if coarse else Special("missing")


def share_cell(share: float, state: State, *, coarse: bool, reason: str = "") -> Any:
    """A table cell: the fraction, text in whole per cent, or why there is none."""
    if state:
        return special(state, reason, coarse=coarse)
    return share_text(share, coarse=True) if coarse else share


def special(state: State, reason: str = "", *, coarse: bool = False) -> Special:
    """How a region without a number is shown in a table. `coarse`: hidden here, not given as `<n` by the source."""
    if state == "suppressed" and coarse:
        return Special("secondary", reason=reason)
    match state:
        case "suppressed" | "excluded":
            return Special(state, reason=reason)
        case "empty":
            return Special("short", "ingen väntar")
        case _:
            return Special("missing", reason=reason)


def how_many(n: int, one: str, many: str) -> str:
    """`två regioner`, `en region`, `13 regioner`.

    >>> how_many(1, "region", "regioner"), how_many(13, "region", "regioner")
    ('en region', '13 regioner')
    """
    return f"{number_word(n)} {one if n == 1 else many}"


def short(area: CareArea) -> str:
    """The care area's short name inside a sentence."""
    return small(area.short)


def start(text: str) -> str:
    return capital(text)
