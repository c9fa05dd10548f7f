"""The card of the list of gaps: the table of wide screens, one block per gap on phones, legend and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.flag import flag
from lagesbild.components.html import el
from lagesbild.components.model import FigureCard
from lagesbild.components.spark import range_mark
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_cells import NEAR_TEXT, forecast_address, near_text, timeline
from lagesbild.pages.gap_numbers import GROUPS, gap_data
from lagesbild.pages.gap_why import why_line
from lagesbild.pages.gap_wide import group_name, months_row, order_address, share_cell, unit_word, wide
from lagesbild.pages.phrases import noun, run_source, small
from lagesbild.views.gap_list import LISTED, GapList
from lagesbild.views.gap_order import ALL_ORDERS
from lagesbild.views.gap_series import Series

_MOST_FIRST: Final = 2  # regions that may share a first place and still be named


def gap_card(found: GapList, context: PageContext) -> FigureCard:
    area = noun([s.care_area for s in found.flagged])
    return FigureCard(
        id="gap",
        title=_title(found),
        summary=f"Ordning: {small(ALL_ORDERS[context.selection.order])}. Välj en rad för dess prognos.",
        graphic=[_back(context), _cut(found), wide(found, context), _phone(found, context), _legend(found)],
        table=gap_data(found, context.selection),
        source=_source(found, context, area),
    )


def _back(context: PageContext) -> Any:
    """The way from a column's order to the groups; nothing when they are shown."""
    selection = context.selection
    if not selection.order:
        return None
    link = el("A", "Ordna efter läge och månad", href=order_address(selection, ""), id="ordna-lage")
    return el("P", link, className="gap-back")


def _cut(found: GapList) -> Any:
    """How many there are when not all are listed, and where the others are."""
    if len(found.flagged) <= LISTED:
        return None
    text = (
        f"De första {count(LISTED)} av {count(len(found.flagged))} flaggor står i listan. "
        "Välj vårdområde, region eller läge för att se färre. CSV och XLSX har alla."
    )
    return el("P", text, className="gap-cut")


def _title(found: GapList) -> str:
    """Who is furthest under and who needs most; one name when it is the same."""
    under = [s for s in found.of("open") if s.structural is not None]
    needing = [s for s in found.flagged if s.amount("week")]
    lowest = _first(under, [-round(s.structural or 0.0, 3) for s in under])
    most = _first(needing, [s.amount(found.unit) or 0 for s in needing])
    what = noun([s.care_area for s in found.flagged])
    if len(found.flagged) == 1 and lowest:
        where = f"{lowest} ligger under gränsen"
        return f"{where} och behöver fler {what}" if most else where
    if lowest and most and lowest != most:
        return f"{lowest} ligger längst under gränsen, {most} behöver flest {what}"
    if lowest and most:
        return f"{lowest} ligger längst under gränsen och behöver flest {what}"
    if lowest:
        return f"{lowest} ligger längst under gränsen"
    if most:
        return f"{most} behöver flest {what}"
    return "Flaggor för kapacitetsgap"


def _first(series: Sequence[Series], sizes: Sequence[float]) -> str:
    """Who has the largest of `sizes`, given as they are shown: both names where two share it, nobody where more do."""
    top = [s.region.short_name for s, size in zip(series, sizes, strict=True) if size == max(sizes)]
    names = list(dict.fromkeys(top))
    return join_and(names) if len(names) <= _MOST_FIRST else ""


def _phone(found: GapList, context: PageContext) -> Any:
    if context.selection.order:
        return el("Div", _items(found.listed, found, context.selection, flat=True), className="gap-phone")
    parts: list[Any] = []
    for status, title, what in GROUPS:
        members = [s for s in found.listed if s.gap.status == status]
        if members:
            parts.append(el("H3", group_name(status, title, what), className="grp"))
            parts.append(_items(members, found, context.selection, flat=False))
    return el("Div", parts, className="gap-phone")


def _items(series: Sequence[Series], found: GapList, selection: Selection, *, flat: bool) -> Any:
    return el("Ul", [_item(s, found, selection, flat=flat) for s in series], className="gl")


def _item(s: Series, found: GapList, selection: Selection, *, flat: bool) -> Any:
    name = el("A", f"{s.care_area.short}, {s.region.short_name}", href=forecast_address(s, selection))
    named = el("Span", [flag(s.gap.status), name], className="gn") if flat else name
    head = el("P", [named, share_cell(s)], className="gh")
    why = el("P", why_line(s, found, status=flat), className="gt3")
    return el("Li", [head, timeline(s, found), months_row(found), why, el("P", _told(s, found), className="gt3")])


def _told(s: Series, found: GapList) -> list[Any]:
    gap = s.gap
    parts: list[Any] = []
    n, part = s.amount(found.unit), s.brokerable(found.unit)
    if n and s.under_one(found.unit):
        share = s.gap.brokerable_share
        parts.append(el("B", f"Färre än en till i {unit_word(found)}"))
        parts.append(f"; {percent(share, 0)} kan förmedlas. " if share is not None else ". ")
    elif n:  # that none are needed stands in the line above, with what it leaves out
        parts.append(el("B", f"{capital(number_word(n))} fler i {unit_word(found)}"))
        parts.append(f", varav {number_word(part) if part else 'ingen'} kan förmedlas. " if part is not None else ". ")
    if gap.load is not None:
        parts.append(f"Belastning {decimal(gap.load, 2)}. ")
    parts.append(f"Ledigt: {near_text(s)}.")
    return parts


def _legend(found: GapList) -> Any:
    kinds = (("expected", "worse", "väntas"), ("watch", "noise", "bevakas"))
    diamonds = [(k, word) for status, k, word in kinds if any(s.gap.opens for s in found.of(status))]
    month = "troligaste månad om gapet öppnar, och 80\u00a0% av utfallen med gap"
    marks = [
        el(
            "Span",
            [
                el("Span", range_mark(0.05, 0.5, 0.95, kind=k, filled=k == "worse"), className="sw wide"),
                f"{month} ({word})" if not i else word,
            ],
        )
        for i, (k, word) in enumerate(diamonds)
    ]
    steps = el("Span", [el("Span", className="on"), el("Span"), el("Span")], className="ls", aria_hidden="true")
    known = any(s.limit_used is not None for s in found.flagged)
    return el(
        "Div",
        [
            *marks,
            el("Span", [el("Span", className="sw one"), "belastning 1,00: kön växer till höger om linjen"]),
            el("Span", [el("Span", className="sw bar-series"), "kan förmedlas"]),
            el("Span", [el("Span", className="sw bar-hatch"), "kan inte förmedlas"]),
            el("Span", [steps, "väntan når 50, 75, 100\u00a0% av gränsen"]) if known else None,
        ],
        className="leg",
    )


def _source(found: GapList, context: PageContext, area: str) -> str:
    limit = percent(found.target, 0)
    months = {s.gap.target_month for s in found.flagged if s.gap.target_month}
    by = f" i {months.pop().sv}" if len(months) == 1 else ""
    text = (
        f"Gap: andelen under {limit} två månader i rad, säsongen borträknad. Fler {area}: det antal som ger 80\u00a0% "
        f"chans att nå eller hålla gränsen{by}, avrundat uppåt. Ledigt: kapacitet utöver det egna behovet, inom "
        f"{NEAR_TEXT}. "
    )
    if found.regions > 1:
        text += f"{count(found.judged)} av {count(found.regions)} regioner kunde bedömas. "
    return text + run_source(context.source.batches(), "waits", found.run)
