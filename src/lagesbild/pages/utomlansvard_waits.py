"""Figure 3 of `/utomlansvard`: how long those treated had waited, where the largest flows start and where they go."""

from __future__ import annotations

from typing import Any

from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.swedish import capital, count, number_word
from lagesbild.figures.dumbbell import Pair, dumbbell, dumbbell_height
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_region
from lagesbild.pages.phrases import noun, persons
from lagesbild.pages.travel_text import chosen, chosen_group, covered, travel_source, window
from lagesbild.pages.waits_text import group_words, how_many, named
from lagesbild.views.out_of_region import FlowMatrix
from lagesbild.views.waits_at_both_ends import BothEnds, Ends


def waits_card(matrix: FlowMatrix, found: BothEnds, context: PageContext) -> FigureCard:
    pairs = [
        Pair(
            f"{r.flow.home.short_name} till {r.flow.treating.short_name}, {persons(r.flow.persons or 0)}",
            r.home_days,
            r.treating_days,
            to_region(r.flow.home.code, context.selection),
        )
        for r in found.rows
    ]
    region, group = chosen(matrix, context), chosen_group(matrix, context)
    place = region.short_name if region else group_words(group) if group else ""
    whose = f" till eller från {place}" if place else ""
    shown = " som visas" if covered(matrix) else ""
    many, n = noun(matrix.travel.area), len(found.rows)
    largest = f"det största flödet{shown}" if n == 1 else f"de {number_word(n)} största flödena{shown}"
    return FigureCard(
        id="vantan",
        title=_title(found),
        summary=(
            f"Medianväntetid i dagar för genomförda {many}, {largest}{whose}. "
            "Ring: hemregionen. Punkt: den utförande regionen."
        ),
        table=_table(matrix, found, context),
        source=f"{_method(found)} {travel_source(matrix.travel)}",
        graphic=drawn(
            dumbbell,
            pairs,
            hollow="hemregion",
            filled="utförande region",
            limit=found.limit,
            limit_text=f"Vårdgaranti, {count(found.limit)} dagar",
            theme=context.theme,
        ),
        graphic_height=dumbbell_height(len(pairs)),
        graphic_label="Medianväntetid för opererade i hemregionen och i den utförande regionen, de största flödena",
        span=6,
    )


def _title(found: BothEnds) -> str:
    n = len(found.compared)
    if not n:
        return "Väntan kan inte jämföras för de största flödena"
    if found.shorter == n:
        return "Väntan är kortare i den utförande regionen" + (f" i alla {number_word(n)} flödena" if n > 1 else "")
    if found.shorter == 0:
        return "Väntan är inte kortare i den utförande regionen i något av flödena"
    return (
        f"Väntan är kortare i den utförande regionen i {number_word(found.shorter)} av {how_many(n, 'flöde', 'flöden')}"
    )


def _method(found: BothEnds) -> str:
    text = (
        "Medianen gäller alla opererade som regionen redovisar, inte dem som ännu väntar och inte just dem som reste. "
        "Årets tal är månadernas medianer, vägda med antal genomförda."
    )
    few = {r.flow.home.short_name: r.home_months for r in found.rows if 0 < r.home_months < 12}
    few |= {r.flow.treating.short_name: r.treating_months for r in found.rows if 0 < r.treating_months < 12}
    if few:
        told = [f"{name} ({how_many(n, 'månad', 'månader')})" for name, n in few.items()]
        text += f" Färre än tolv månader: {named(told)}."
    return text


def _table(matrix: FlowMatrix, found: BothEnds, context: PageContext) -> Table:
    columns = (
        Column("flow", "Från och till"),
        Column("performed", "Personer", "count"),
        Column("home_wait_days_median", "Hemregion, dagar", "days"),
        Column("treating_wait_days_median", "Utförande region, dagar", "days"),
        Column("difference_days", "Skillnad, dagar", "signed"),
    )
    rows = tuple(_row(r, context) for r in found.rows)
    caption = f"{capital(window(matrix))}: medianväntetid för genomförda i båda ändar av de största flödena"
    return Table(caption, columns, rows, sorted_by="performed")


def _row(r: Ends, context: PageContext) -> Row:
    days: list[Any] = [r.home_days, r.treating_days]
    gap = None if r.difference is None else round(r.treating_days or 0) - round(r.home_days or 0)
    name = f"{r.flow.home.short_name} till {r.flow.treating.short_name}"
    return Row((name, r.flow.persons, *days, gap), href=to_region(r.flow.home.code, context.selection))
