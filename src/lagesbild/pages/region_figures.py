"""The key figures of a region's page: each care area's share, who waits, and the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.html import el
from lagesbild.components.model import KeyFigure
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.swedish import capital, count, decimal, number_word
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page
from lagesbild.pages.overview_flags import that_can
from lagesbild.pages.phrases import persons
from lagesbild.pages.place_parts import PER_TEXT, flag_rows
from lagesbild.pages.share_figure import share_figure
from lagesbild.views.flags import Flags
from lagesbild.views.population import Population
from lagesbild.views.region_numbers import AreaNumbers, total
from lagesbild.views.status_matrix import StatusMatrix


def key_figures(
    matrix: StatusMatrix,
    region: Region,
    country: str,
    numbers: Sequence[AreaNumbers],
    found: Flags | None,
    people: Population | None,
    areas: dict[str, CareArea],
    context: PageContext,
) -> tuple[KeyFigure, ...]:
    out = [share_figure(matrix, area, region, country, context.selection) for area in matrix.areas]
    out.append(_waiting(numbers, region, people))
    if found is not None:
        out.append(_gaps(found, areas, region, context))
    return tuple(out)


def _waiting(numbers: Sequence[AreaNumbers], region: Region, people: Population | None) -> KeyFigure:
    waiting, over = total([n.waiting for n in numbers]), total([n.over for n in numbers])
    many = len(numbers)
    which = (
        numbers[0].area.short if many == 1 else f"{'båda' if many == 2 else f'alla {number_word(many)}'} vårdområden"
    )
    guarded = any(n.waiting.state in ("suppressed", "secondary") for n in numbers)
    value = "skyddat" if guarded else "saknas"
    unit = "antal"
    if waiting is not None:
        value = count(waiting)
        rate = people.per_100_000(waiting, region.code) if people else None
        if people is not None:
            value, unit = decimal(rate), PER_TEXT
    limits = {n.limit_days for n in numbers}
    limit = f"över {count(limits.pop())} dagar" if len(limits) == 1 else "över gränsen"
    long = None if over is None or people is None else people.per_100_000(over, region.code)
    change = "" if over is None else f"{persons(over) if long is None else decimal(long)} har väntat {limit}"
    return KeyFigure("Väntande", f"{which}, {unit}", value, change=change)


def _gaps(found: Flags, areas: dict[str, CareArea], region: Region, context: PageContext) -> KeyFigure:
    urgent = found.count("open", "expected")
    judged = found.judged
    base = context.selection.with_(region=region.code, compare="")
    names = {f.care_area: areas[f.care_area].short for f in found.flags if f.care_area in areas}
    hrefs = {a: to_page("/prognos", base.with_(care_area=a)) for a in names}
    body: Any = flag_rows(found, names, hrefs) or f"Ingen flagga{that_can(found)} vid gränsen."
    if (rest := found.count(*FLAGGED) - len(found.flags)) > 0:
        body = [*body, el("P", f"{capital(number_word(rest))} till.", className="src")]
    return KeyFigure(
        name="Kapacitetsgap",
        what="vårdområden där ett är öppet eller väntas",
        value=count(urgent) if judged else "–",
        unit=f"av {count(judged)}" if judged else "",
        body=body if judged else "Kan inte bedömas.",
        href=to_page("/kapacitetsgap", base),
    )
