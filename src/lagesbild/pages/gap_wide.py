"""The list of gaps on wide screens: a table whose headings order it, with a sentence under each row."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.flag import flag
from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.status_cell import level_cell
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.swedish import percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_cells import (
    HORIZON,
    absent_word,
    forecast_address,
    line_cell,
    line_span,
    load_cell,
    near_text,
    need_cell,
    probability_cell,
    timeline,
)
from lagesbild.pages.gap_numbers import GROUPS
from lagesbild.pages.gap_why import UNIT_WORDS, why_line
from lagesbild.pages.links import to_area
from lagesbild.pages.phrases import noun
from lagesbild.views.gap_list import GapList
from lagesbild.views.gap_order import REVERSED, falling, turned
from lagesbild.views.gap_series import Series

PATH: Final = "/kapacitetsgap"
_COLUMNS: Final = 9


def order_address(selection: Selection, order: str) -> str:
    """The same list in another order."""
    query = to_query(selection.with_(order=order))
    return f"{PATH}?{query}" if query else PATH


def unit_word(found: GapList) -> str:
    return UNIT_WORDS[found.unit]


def share_cell(s: Series) -> Any:
    if s.share is None:
        return el("Span", absent_word(s), className="st")
    return level_cell(s.share, coarse=s.coarse)


def months_row(found: GapList) -> Any:
    """The initials of the twelve months ahead, over or under the timelines."""
    letters = [el("Span", (found.run.until + k).name[0]) for k in range(1, HORIZON + 1)]
    return el("Div", letters, className="mon", aria_hidden="true")


def group_name(status: str, title: str, what: str) -> list[Any]:
    drawn = el("Span", className=f"flag flag-{status}", aria_hidden="true")
    return [drawn, title, el("Span", what, className="why")]


def wide(found: GapList, context: PageContext) -> Any:
    """Grouped by status in the default order, else flat with the flag in each row, so that the column can be read."""
    span, most = line_span(found), max((s.amount(found.unit) or 0 for s in found.flagged), default=0)
    body: list[Any] = []
    if context.selection.order:
        for s in found.listed:
            body += _rows(s, found, most, span, context.selection, flat=True)
    else:
        for status, title, what in GROUPS:
            members = [s for s in found.listed if s.gap.status == status]
            if members:
                name = el("Th", group_name(status, title, what), colSpan=_COLUMNS, scope="rowgroup")
                body.append(el("Tr", name, className="grp"))
            for s in members:
                body += _rows(s, found, most, span, context.selection, flat=False)
    table = el(
        "Table",
        [
            el("Caption", "Flaggor för kapacitetsgap. Rubriker som är länkar ordnar tabellen.", className="vh"),
            el("Thead", el("Tr", _heads(found, context.selection))),
            el("Tbody", body),
        ],
        className="gt",
    )
    box = el("Div", table, className="scroll", role="region", aria_label="Flaggor för kapacitetsgap", tabIndex=0)
    return el("Div", box, className="gap-wide")


def _heads(found: GapList, selection: Selection) -> list[Any]:
    first, last = found.run.until + 1, found.run.until + HORIZON
    area = noun([s.care_area for s in found.flagged])
    titles = (
        ("region", "Region"),
        ("vardomrade", "Vårdområde"),
        ("andel", "Andel inom gränsen, %"),
        ("", "24 månader"),
        ("manad", f"Gapet öppnar, {first.sv}–{last.sv}"),
        ("sannolikhet", "Sannolikhet inom 12 månader"),
        ("belastning", "Belastning: inflöde delat med kapacitet"),
        ("behov", f"Fler {area} i {unit_word(found)} för {percent(found.target, 0)}"),
        ("", "Ledigt i närheten, i månaden"),
    )
    return [_head(name, title, found, selection) for name, title in titles]


def _head(name: str, title: str, found: GapList, selection: Selection) -> Any:
    if not name:
        return el("Th", title, scope="col")
    chosen = selection.order.removesuffix(REVERSED) == name
    to = turned(selection.order) if chosen else name
    sort = ("descending" if falling(selection.order) else "ascending") if chosen else None
    drawn = el("Span", icon("chev"), className=f"sort-{sort}") if sort else None
    link = el(
        "A",
        [title, drawn],
        href=order_address(selection, to),
        id=f"ordna-{name}",
        className="sort set" if chosen else "sort",
    )
    months = months_row(found) if name == "manad" else None
    return el("Th", [link, months], scope="col", aria_sort=sort)


def _rows(s: Series, found: GapList, most: int, span: float, selection: Selection, *, flat: bool) -> list[Any]:
    """The series' numbers, and under them why it is flagged."""
    link = el("A", s.region.short_name, href=forecast_address(s, selection))
    prel = el("Span", " prel.", className="prel") if s.provisional else None
    numbers = el(
        "Tr",
        [
            el("Th", [flag(s.gap.status), link] if flat else link, scope="row"),
            el("Td", el("A", s.care_area.short, href=to_area(s.care_area.code, selection.with_(region="")))),
            el("Td", [share_cell(s), prel]),
            el("Td", line_cell(s, span)),
            el("Td", timeline(s, found), className="tlc"),
            el("Td", probability_cell(s)),
            el("Td", load_cell(s, found)),
            el("Td", need_cell(s, found.unit, most)),
            el("Td", near_text(s), className="free"),
        ],
        className="nums",
    )
    near = el("Span", f" Ledigt i närheten: {near_text(s)}.", className="near-words")
    why = el("Td", [*why_line(s, found, status=flat), near], colSpan=_COLUMNS)
    return [numbers, el("Tr", why, className="why-row")]
