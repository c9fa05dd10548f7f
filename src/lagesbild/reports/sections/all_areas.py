"""What a briefing of all care areas says of something that pages tell one care area at a time: a row for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.swedish import join_and, small
from lagesbild.reports.about import sentences
from lagesbild.reports.document import Block, Prose
from lagesbild.reports.from_card import figure, number
from lagesbild.reports.looking import Reader, Seen
from lagesbild.reports.sections.waits import MOST_AREAS
from lagesbild.views.reported import reported_by_regions

CARE_AREA = Column("care_area", "Vårdområde")


@dataclass(frozen=True)
class Part:
    """Of the card `id` the row that `pick` gives, its columns `only`."""

    id: str
    pick: Callable[[Table], Row | None]
    only: tuple[str, ...]

    def found(self, page: Seen) -> tuple[FigureCard, Row] | None:
        card = page.card(self.id)
        row = self.pick(card.table) if card is not None else None
        return None if card is None or row is None else (card, row)

    def places(self, card: FigureCard) -> list[int]:
        names = [c.name for c in card.table.columns]
        return [names.index(name) for name in self.only]


def row_for_each(
    reader: Reader,
    path: str,
    parts: Sequence[Part],
    *,
    id_: str,
    title: str,
    summary: Callable[[FigureCard], str],
    finding: Callable[[Table], str] = lambda _: "",
    beside: str = "",
) -> Block | None:
    """A table with a row of each care area that regions report: the parts of its page at `path` beside each other. What
    the cards say of who is in the numbers stands below, but for sentences that begin with `beside`, which are about
    more than the row. `summary` is made of the first card; `finding` of the table, and is its title where it is not
    empty. None when no care area has the first part; a sentence when there are more care areas than pages to ask."""
    areas = [a for a in reader.source.care_areas() if reported_by_regions(reader.then, a.code)]
    if len(areas) > MOST_AREAS:
        return Prose((f"{title} visas för ett vårdområde i taget: de {len(areas)} vårdområdena är för många här.",))
    seen = {a.name: [part.found(reader.page(path, care_area=a.code)) for part in parts] for a in areas}
    seen = {name: found for name, found in seen.items() if found[0] is not None}
    if not seen:
        return None
    shown = [next((f[k] for f in seen.values() if f[k] is not None), None) for k in range(len(parts))]
    kept = [(part, card) for part, one in zip(parts, shown, strict=True) if one is not None for card in (one[0],)]
    first = kept[0][1]
    table = Table(
        caption=title,
        columns=(CARE_AREA, *(card.table.columns[i] for part, card in kept for i in part.places(card))),
        rows=tuple(
            Row((name, *chain.from_iterable(_cells(part, by_id.get(part.id)) for part, _ in kept)))
            for name, by_id in ((n, {p.id: f for p, f in zip(parts, found, strict=True)}) for n, found in seen.items())
        ),
        period=first.table.period,
    )
    source = next((s for s in sentences(first.source) if s.startswith("Källa")), first.source)
    made = FigureCard(id_, finding(table) or title, summary(first), table, source, mark=first.mark)
    return replace(
        figure(made, table_shown=True), footnotes=tuple(_notes(seen, ("Källa", beside) if beside else ("Källa",)))
    )


def largest(table: Table, column: str) -> tuple[str, float] | None:
    """The care area with the largest number, by its name as it stands in a sentence, and the number. None unless all
    are known, alone in being so large, and there are several: of a hidden one nobody is to be told that it is less."""
    k = [c.name for c in table.columns].index(column)
    known = [(number(row.cells[k]), small(str(row.cells[0]))) for row in table.rows]
    found = sorted(((n, name) for n, name in known if n is not None), reverse=True)
    if len(found) < len(known) or len(found) < 2 or found[0][0] == found[1][0]:
        return None
    return found[0][1], found[0][0]


def _cells(part: Part, found: tuple[FigureCard, Row] | None) -> list[Any]:
    if found is None:
        return [Special("missing")] * len(part.only)
    card, row = found
    return [row.cells[i] for i in part.places(card)]


def _notes(seen: dict[str, list[tuple[FigureCard, Row] | None]], without: tuple[str, ...]) -> list[str]:
    """What the cards say of their figures, each sentence once, with the care areas that it is about unless it is about
    all."""
    said: dict[str, list[str]] = {}
    for name, found in seen.items():
        told = [s for one in found if one is not None for s in sentences(one[0].source) if not s.startswith(without)]
        for sentence in dict.fromkeys(told):
            said.setdefault(sentence, []).append(name)
    return [s if len(names) == len(seen) else f"{join_and(names)}: {s}" for s, names in said.items()]
