"""The key figures of a care area's page: share, waiting, performed, expected wait and gaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lagesbild.components.model import KeyFigure
from lagesbild.domain.care import CareArea
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word
from lagesbild.domain.xmr import WINDOW
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page
from lagesbild.pages.overview_flags import that_can
from lagesbild.pages.phrases import month_range, persons
from lagesbild.pages.place_parts import PER_TEXT
from lagesbild.pages.share_figure import gone_words, signal_change, signal_span
from lagesbild.pages.waits_text import STATE_WORDS, over_whole, share_number, within_whole
from lagesbild.views.area_regions import AreaRegions
from lagesbild.views.balance import Balance
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.flags import Flags
from lagesbild.views.flows import Flows
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.population import Population
from lagesbild.views.signals import Signal, country_signal, sum_state
from lagesbild.views.wait_counts import Counts
from lagesbild.views.waits import Waits


def key_figures(
    waits: Waits,
    k: int,
    area: CareArea,
    counts: Counts,
    group: Group | None,
    shown: AreaRegions,
    made: tuple[Flows, Balance] | None,
    found: Flags | None,
    people: Population | None,
    where: str,
    context: PageContext,
) -> tuple[KeyFigure, ...]:
    codes = [
        r.code for r in (group.counted if group else waits.regions) if counts.values[r.code, "waiting"] is not None
    ]
    waiting, over = (
        (group.waiting, group.over)
        if group
        else tuple(cell_count(counts.values[COUNTRY, c], counts.states[COUNTRY, c]) for c in ("waiting", "over"))
    )
    out = [
        _share(waits, k, group, where),
        _count(
            "Väntande",
            f"{where}, {waits.end.sv}",
            waiting,
            people,
            codes,
            _over(over, over_whole(waits, k, group.counted if group else None), people, codes),
        ),
    ]
    if made is not None and made[1].performed is not None:
        balanced, told = made
        what = f"{where}, {month_range(balanced.end - (told.year_months - 1), balanced.end)}"
        mine = [r.code for r in balanced.counted]
        out.append(_count("Genomförda", what, CellCount(told.performed, ""), people, mine, ""))
    out.append(_wait(shown))
    if found is not None:
        urgent = found.of("open", "expected")
        n = len(urgent)
        out.append(
            KeyFigure(
                name="Kapacitetsgap",
                what="regioner där ett är öppet eller väntas",
                value=count(n) if found.judged else "–",
                unit=f"av {count(found.judged)}" if found.judged else "",
                change=_gap_words(found) if found.judged else "Kan inte bedömas.",
                href=to_page("/kapacitetsgap", context.selection.with_(care_area=area.code, region="")),
            )
        )
    return tuple(out)


def _gap_words(found: Flags) -> str:
    words = (("open", "öppet", "öppna"), ("expected", "väntas", "väntas"), ("watch", "bevakas", "bevakas"))
    told = []
    for status, one, many in words:
        n = len(found.of(status))
        if n:
            told.append(f"{'ett' if n == 1 else number_word(n)} {one if n == 1 else many}")
    return capital(join_and(told)) if told else f"Inga flaggor{that_can(found)}"


def _share(waits: Waits, k: int, group: Group | None, where: str) -> KeyFigure:
    found = signal_of(waits, k, group)
    share = group.share if group else (float(found.share) if np.isfinite(found.share) else None)
    coarse = group is not None and group.coarse
    first = waits.end - (min(WINDOW, len(waits.months)) - 1)
    state = sum_state(np.nan if share is None else share, coarse=coarse)
    return KeyFigure(
        name="Andel inom gränsen",
        what=f"har väntat {within_whole(waits, k, group.counted if group else None)}, {where}",
        value=STATE_WORDS[state] if share is None else share_number(share, coarse=coarse),
        unit="" if share is None else "%",
        judgement="" if share is None else found.judgement,
        change=gone_words(state, waits.end) if share is None else signal_change(found),
        spark=found.spark,
        band=found.band,
        span=signal_span(found),
        first_label=first.sv_short,
        last_label=waits.end.sv_short,
    )


def _over(over: CellCount, limit: str, people: Population | None, codes: Sequence[str]) -> str:
    if over.value is None:
        return ""
    rate = people.per_100_000(over.value, *codes) if people else None
    return f"{persons(over.value) if rate is None else decimal(rate)} har väntat {limit}"


def _count(
    name: str, what: str, cell: CellCount, people: Population | None, codes: Sequence[str], change: str
) -> KeyFigure:
    value, unit = count(cell.value) if cell.value is not None else "", ""
    if cell.value is None:
        value = "skyddat" if cell.state in ("suppressed", "secondary") else "saknas"
    elif people is not None:
        rate = people.per_100_000(cell.value, *codes)
        value, what = ("saknas" if rate is None else decimal(rate)), f"{what}, {PER_TEXT}"
    return KeyFigure(name, what, value, unit, change=change)


def _wait(found: AreaRegions) -> KeyFigure:
    """The span over regions: a middle of middles would be nobody's wait."""
    days = [(r.expected_wait_days, r.region.short_name) for r in found.regions if r.expected_wait_days and r.region]
    if not days:
        return KeyFigure("Förväntad väntetid", "för den som ställs i kö nu", "saknas")
    low, high = min(days), max(days)
    text = decimal(low[0], 0) if len(days) == 1 else f"{decimal(low[0], 0)}–{decimal(high[0], 0)}"
    change = low[1] if len(days) == 1 else f"Kortast i {low[1]}, längst i {high[1]}"
    return KeyFigure("Förväntad väntetid", "för den som ställs i kö nu, per region", text, "dagar", change=change)


def signal_of(waits: Waits, area: int, group: Group | None) -> Signal:
    return country_signal(waits, area) if group is None else group.signal
