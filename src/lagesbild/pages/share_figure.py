"""The key figure of a care area's share within the limit, in a region or the country: level, judgement, two years."""

from __future__ import annotations

import math
from typing import Final

from lagesbild.components.model import KeyFigure
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import count, points, signed
from lagesbild.domain.xmr import WINDOW
from lagesbild.pages.links import to_page
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import STATE_WORDS, share_number, within, within_whole, year_change
from lagesbild.views.signals import Signal, sum_state
from lagesbild.views.status_matrix import StatusMatrix
from lagesbild.views.waits import State

LEAST_SPAN: Final = 0.07


def signal_of(matrix: StatusMatrix, area: CareArea, region: Region | None) -> Signal:
    return matrix.cells[area.code][region.code].signal if region else matrix.country[area.code]


def untold(matrix: StatusMatrix, region: Region) -> str:
    """Why none of a region's shares is shown, in a sentence; empty when one is. Not that they are too few to judge: a
    month that is not there says nothing of how many there are."""
    states = {matrix.cells[a.code][region.code].state for a in matrix.areas}
    if "" in states:
        return ""
    if states <= {"suppressed"}:
        return f"Andelen i {region.name} visas inte: små tal är skyddade."
    if states <= {"missing"}:
        return f"{region.name} har inte rapporterat väntande för {matrix.waits.end.sv}."
    return f"{region.name} har inga andelar som kan visas för {matrix.waits.end.sv}."


def share_figure(
    matrix: StatusMatrix, area: CareArea, region: Region | None, country: str, selection: Selection
) -> KeyFigure:
    waits = matrix.waits
    k = waits.area_index(area.code)
    found = signal_of(matrix, area, region)
    cell = matrix.cells[area.code][region.code] if region else None
    limit = within_whole(waits, k) if region is None else within(int(waits.days[k, waits.regions.index(region)]))
    where = region.short_name if region else small(country) if country == "Riket" else country
    state = cell.state if cell is not None else sum_state(found.share, coarse=found.coarse)
    first = waits.end - (min(WINDOW, len(waits.months)) - 1)
    return KeyFigure(
        name=area.name,
        what=f"har väntat {limit}, {where}",
        value=STATE_WORDS[state] if state else share_number(found.share, coarse=found.coarse),
        unit="" if state else "%",
        judgement="" if state else found.judgement,
        change=gone_words(state, waits.end) if state else signal_change(found),
        spark=found.spark,
        band=found.band,
        span=signal_span(found),
        first_label=first.sv_short,
        last_label=waits.end.sv_short,
        href=to_page("/vantetider", selection.with_(care_area=area.code, region=region.code if region else "")),
    )


def gone_words(state: State, end: Month) -> str:
    """What stands beside the word that takes a share's place: the word says that there is none, so not again that it
    cannot be judged.

    >>> gone_words("missing", Month(2026, 10)), gone_words("empty", Month(2026, 10))
    ('Bedöms när oktober 2026 är rapporterad.', '')
    """
    return {
        "suppressed": "Små tal är skyddade.",
        "missing": f"Bedöms när {end.sv} är rapporterad.",
        "excluded": "Uteslutna månader bedöms inte.",
    }.get(state, "")


def signal_span(found: Signal) -> float:
    """At least seven points from bottom to top, so that noise looks like noise."""
    known = [v for v in (*found.spark, *(found.band or ())) if v is not None]
    return max(LEAST_SPAN, max(known) - min(known)) if known else LEAST_SPAN


def signal_change(found: Signal) -> str:
    """The change in a year, only where the rules call it one; where it points the other way than the judgement, what
    the judgement rests on stands beside it. Noise says what is normal."""
    if found.judgement == "short":
        return f"Det finns {count(found.observed)} månader. Bedömning kräver 24."
    if found.judgement == "noise":
        return normal_text(found.band)
    sign = 1 if found.judgement == "better" else -1
    if found.band and (found.year_change or 0) * sign <= 0:
        away = found.line[-1] - sum(found.band) / 2
        year = year_change(found.year_change, coarse=found.change_coarse)
        if away * sign <= 0:  # it rests on a row of months, not on the last one
            return f"{year}; bedömt mot två års normala variation" if year else year
        return (f"{year}, men {signed(away * 100, 1)}" if year else points(away * 100)) + " mot det normala"
    return year_change(found.year_change, coarse=found.change_coarse)


def normal_text(band: tuple[float, float] | None) -> str:
    """`normalt 91–95 %`: in whole per cent, outwards, so that what is inside the limits is inside the text."""
    if band is None:
        return ""
    low, high = max(0, math.floor(band[0] * 100)), min(100, math.ceil(band[1] * 100))
    return f"normalt {low}\u00a0%" if low == high else f"normalt {low}–{high}\u00a0%"
