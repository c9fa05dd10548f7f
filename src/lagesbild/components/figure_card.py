"""A figure as it stands on the page: title, summary, tools, graphic or table, footnotes and source."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el, graph
from lagesbild.components.icons import icon
from lagesbild.components.model import Aside, FigureCard
from lagesbild.components.table import Sorting, table_node

FILES = (("csv", "CSV", "för Excel: semikolon och decimalkomma"), ("xlsx", "XLSX", "tabell och en flik om uppgifterna"))
PICTURES = (("png", "PNG", "bild för presentation"), ("svg", "SVG", "bild som går att redigera"))


def figure_card(
    card: FigureCard, *, download: str, query: str = "", threshold: int = 5, sorting: Sorting | None = None
) -> dict[str, Any]:
    """`download` is the address the files start with (`/ladda-ner/vantetider`), `query` the page's query string,
    `sorting` what makes the table's headings order it.

    The table replaces the graphic in place; when there is no graphic the table stands alone.
    """
    drawn = _graphic(card)
    title_id = f"{card.id}-title"
    parts: list[Any] = [
        el(
            "Div",
            [
                el("H2", card.title, id=title_id),
                el(
                    "Div",
                    [_toggle(card) if drawn else None, _downloads(card, download, query, threshold)],
                    className="fig-t",
                ),
            ],
            className="fig-h",
        ),
    ]
    if card.summary:
        parts.append(el("P", card.summary, className="sum", id=f"{card.id}-sum"))
    if card.mark:
        parts.append(_mark(card))
    if drawn:
        shown = [card.legend, drawn] if card.legend is not None else [drawn]
        parts.append(el("Div", shown, className="graphic", id=f"{card.id}-graphic"))
    table = table_node(card.table, figure=card.id, sorting=sorting)
    parts.append(el("Div", table, className="as-table" if drawn else "as-table only", id=f"{card.id}-table"))
    parts += [el("P", note, className="src") for note in card.footnotes]
    parts.append(el("P", card.source, className="src"))
    first = " o1" if card.phone_first else ""
    return el("Figure", parts, className=f"fig c{card.span}{first}", id=card.id, aria_labelledby=title_id)


def aside(section: Aside) -> dict[str, Any]:
    """A section without figure tools."""
    first = " o1" if section.phone_first else ""
    parts: list[Any] = [el("Div", el("H2", section.title, id=f"{section.id}-title"), className="fig-h")]
    if section.summary:
        parts.append(el("P", section.summary, className="sum"))
    parts.append(el("Div", section.body))
    return el(
        "Section", parts, className=f"fig c{section.span}{first}", id=section.id, aria_labelledby=f"{section.id}-title"
    )


def state_box(title: str, text: str, action: Any = None) -> dict[str, Any]:
    """What stands where a figure would: empty, too short, failed. Says why and offers one way on."""
    parts = [el("P", el("B", title)), el("P", text)]
    if action is not None:
        parts.append(el("P", action))
    return el("Div", parts, className="state")


def _graphic(card: FigureCard) -> dict[str, Any] | None:
    if card.graphic is None:
        return None
    if isinstance(card.graphic, dict) and "data" in card.graphic and "layout" in card.graphic:
        chart = graph(card.graphic, height=card.graphic_height, className="chart", id=f"{card.id}-chart")
        described = f"{card.id}-sum" if card.summary else None
        label = card.graphic_label or card.title
        return el("Div", chart, role="img", aria_label=label, aria_describedby=described)
    return el("Div", card.graphic)


def _mark(card: FigureCard) -> dict[str, Any]:
    if card.mark == "real":
        return el("P", el("Span", card.mark_text or "Verkliga tal", className="real"), className="mark")
    return el("P", el("Span", card.mark_text or "Syntetiska data", className="syn"), className="mark")


def _toggle(card: FigureCard) -> dict[str, Any]:
    """Both labels are in the page and CSS shows one, so that nothing React drew is changed under it."""
    to_table = el("Span", [icon("table"), "Visa som tabell"], className="to-table")
    to_chart = el("Span", [icon("chart"), "Visa som diagram"], className="to-chart")
    return el("Button", [to_table, to_chart], type="button", className="btn toggle", aria_controls=f"{card.id}-table")


def _downloads(card: FigureCard, download: str, query: str, threshold: int) -> dict[str, Any]:
    tail = f"?{query.removeprefix('?')}" if query.removeprefix("?") else ""
    items = [
        el("Li", el("A", [el("B", name), el("Span", what)], href=f"{download}/{card.id}.{kind}{tail}", download=""))
        for kind, name, what in FILES
    ]
    if isinstance(card.graphic, dict) and "data" in card.graphic:
        items += [
            el("Li", el("Button", [el("B", name), el("Span", what)], type="button", data_picture=kind))
            for kind, name, what in PICTURES
        ]
    panel = [
        el("Ul", items),
        el("P", f"Urval, källa och uttag följer med. Tal under {threshold} är skyddade även i filen."),
    ]
    menu = f"{card.id}-files"
    button = el(
        "Button",
        [icon("download"), "Ladda ner", el("Span", f": {card.title}", className="vh")],
        type="button",
        className="btn dl-open",
        aria_expanded="false",
        aria_controls=menu,
    )
    return el("Span", [button, el("Div", panel, className="dlp", id=menu)], className="dl")
