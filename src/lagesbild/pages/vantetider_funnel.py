"""Figure 3 of the wait page: which regions differ from the country by more than their size explains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.funnel import Z95, Z998
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word
from lagesbild.figures.funnel import HEIGHT, funnel_plot
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_region
from lagesbild.pages.waits_text import NB, group_words, named, source_line, within
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_funnel import Point, WaitFunnel
from lagesbild.views.waits import Waits

_PLACE = {
    "inside": "innanför gränserna",
    "between": "mellan 95 och 99,8\u00a0%: värt att undersöka",
    "outside": "utanför 99,8\u00a0%: säkerställd skillnad",
}


def funnel_card(
    waits: Waits, area: int, found: WaitFunnel, context: PageContext, country: str, group: Group | None = None
) -> FigureCard:
    """Points, limits and the sentence that says how many chance alone would put outside. All regions are drawn, because
    they set the limits; those of a `group` are marked, and the title is about them."""
    marked = {context.selection.region} | {r.code for r in (group.regions if group else ())}
    centre = found.funnel.centre
    measure = f"Andel som väntat {within(waits.usual_days(area))}"
    figure = drawn(
        funnel_plot,
        _points(found, context, marked),
        _limits(found),
        centre=centre,
        centre_name=country,
        measure=measure,
        theme=context.theme,
    )
    riket = "riket" if country == "Riket" else country
    return FigureCard(
        id="tratt",
        title=_title(found, group),
        summary=(
            f"Små regioner varierar mer av slump. Mellan 95 och 99,8{NB}%: värt att undersöka. "
            f"Utanför 99,8{NB}%: säkerställd skillnad mot {riket}."
            + (f" Regionerna i {group_words(group.name)} är markerade." if group else "")
        ),
        table=_table(found, marked, context, waits),
        source=f"{_about(found)} {source_line(waits, area=area)}",
        graphic=figure,
        graphic_height=HEIGHT,
        graphic_label=f"Trattdiagram: {measure.lower()} mot antal väntande, per region",
        span=7,
    )


def _points(found: WaitFunnel, context: PageContext, marked: set[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": p.region.short_name,
                "waiting": p.waiting,
                "share": p.share,
                "judgement": p.judgement(found.funnel.centre),
                "place": p.place,
                "chosen": p.region.code in marked,
                "href": to_region(p.region.code, context.selection),
            }
            for p in found.points
        ]
    )


def _limits(found: WaitFunnel) -> pd.DataFrame:
    sizes = [p.waiting for p in found.points]
    first, last = min(sizes) * 0.8, max(sizes) * 1.25
    grid = np.exp(np.linspace(np.log(first), np.log(last), 40))
    lo95, hi95 = found.limits(grid, Z95)
    lo998, hi998 = found.limits(grid, Z998)
    return pd.DataFrame({"waiting": grid, "lo95": lo95, "hi95": hi95, "lo998": lo998, "hi998": hi998})


def _title(found: WaitFunnel, group: Group | None) -> str:
    far, near = (_of(found.at(place), group) for place in ("outside", "between"))
    where = f" i {group_words(group.name)}" if group else ""
    if far and near:
        return f"{_names(far)} ligger utanför 99,8-procentsgränsen, {_names(near)} utanför 95"
    if far:
        return f"{_names(far)} ligger utanför 99,8-procentsgränsen"
    if near:
        return f"{_names(near)} ligger utanför 95-procentsgränsen, ingen{where} utanför 99,8"
    if group is not None and not _of(found.points, group):
        return f"Ingen region{where} kan jämföras"
    return f"Ingen region{where} skiljer sig från de andra mer än slumpen kan förklara"


def _of(points: tuple[Point, ...], group: Group | None) -> tuple[Point, ...]:
    return tuple(p for p in points if group is None or p.region in group.regions)


def _names(points: tuple[Point, ...]) -> str:
    return named([p.region.short_name for p in points])


def _about(found: WaitFunnel) -> str:
    parts = ["Trattdiagram."]
    phi = found.funnel.phi
    if phi > 1:
        parts.append(
            "Regionerna skiljer sig mer åt än ren slump, därför är gränserna breddade "
            f"{decimal(found.funnel.widening)} gånger "
            f"(φ = {decimal(phi)}, de yttersta tio procenten i var ände begränsade)."
        )
    n = found.expected_outside
    expected = "ingen" if n == 0 else number_word(n)
    parts.append(f"Av {count(len(found.points))} regioner väntas {expected} utanför 95{NB}% av ren slump.")
    parts.append("Namn står där de får plats; alla regioner finns i tabellen.")
    if found.not_drawn:
        names = join_and([r.short_name for r in found.not_drawn])
        parts.append(f"{capital(names)} visas inte: små tal är skyddade.")
    return " ".join(parts)


def _table(found: WaitFunnel, marked: set[str], context: PageContext, waits: Waits) -> Table:
    columns = (
        Column("region", "Region"),
        Column("waiting", "Väntar, antal", "count"),
        Column("within_limit_share", "Andel inom gränsen", "share"),
        Column("limit_low_95", "Nedre gräns 95\u00a0%", "share"),
        Column("limit_high_95", "Övre gräns 95\u00a0%", "share"),
        Column("position", "Läge"),
    )
    rows = []
    for p in sorted(found.points, key=lambda x: x.share):
        low, high = found.limits(np.array([p.waiting]))
        rows.append(
            Row(
                (p.region.short_name, p.waiting, p.share, float(low[0]), float(high[0]), _PLACE[p.place]),
                emphasis="chosen" if p.region.code in marked else "",
                href=to_region(p.region.code, context.selection),
            )
        )
    return Table(
        f"Regionernas andel mot gränserna i trattdiagrammet, {waits.end.sv}",
        columns,
        tuple(rows),
        sorted_by="within_limit_share",
        period=str(waits.end),
    )
