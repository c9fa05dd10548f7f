"""A figure as it stands on the page: title, summary, tools, graphic or table, footnotes and source."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el, graph
from lagesbild.components.icons import icon
from lagesbild.components.model import Aside, FigureCard, NotDrawn
from lagesbild.components.table import Sorting, table_node

MACHINE = "form=maskin"
# format, what the query begins with, name, what the file is for
FILES = (
    ("csv", "", "CSV", "för Excel: semikolon och decimalkomma"),
    ("csv", MACHINE, "CSV", "för program: engelska kolumnnamn, decimalpunkt"),
    ("xlsx", "", "XLSX", "tabell och en flik om uppgifterna"),
)
PICTURES = (("png", "PNG", "bild för presentation"), ("svg", "SVG", "bild som går att redigera"))


def figure_card(
    card: FigureCard,
    *,
    download: str,
    query: str = "",
    protected: str = "",
    sorting: Sorting | None = None,
    file_name: str = "",
) -> dict[str, Any]:
    """`download` is the address the files start with (`/ladda-ner/vantetider`), `query` the page's query string,
    `sorting` what makes the table's headings order it, `protected` which small counts are, `file_name` what pictures
    are called without ending.

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
                    [_toggle(card) if drawn else None, _downloads(card, download, query, protected)],
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
        legend = None if isinstance(card.graphic, NotDrawn) else card.legend
        shown = [legend, drawn] if legend is not None else [drawn]
        parts.append(el("Div", shown, className="graphic", id=f"{card.id}-graphic"))
    table = table_node(card.table, figure=card.id, sorting=sorting)
    parts.append(el("Div", table, className="as-table" if drawn else "as-table only", id=f"{card.id}-table"))
    parts += [el("P", note, className="src") for note in card.footnotes]
    parts.append(el("P", card.source, className="src"))
    first = " o1" if card.phone_first else ""
    return el(
        "Figure",
        parts,
        className=f"fig c{card.span}{first}",
        id=card.id,
        aria_labelledby=title_id,
        data_span=str(card.span),
        data_file=file_name or f"lagesbild-{card.id}",
    )


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
    """What stands where a figure would: empty, too short, failed. Says why and offers one way on. `title` may be empty
    where a heading over it says the same."""
    parts = [el("P", el("B", title)) if title else None, el("P", text)]
    if action is not None:
        parts.append(el("P", action))
    return el("Div", parts, className="state")


def _graphic(card: FigureCard) -> dict[str, Any] | None:
    if card.graphic is None:
        return None
    if isinstance(card.graphic, NotDrawn):
        logged = f"Felet är loggat med nummer {card.graphic.number}." if card.graphic.number else ""
        return state_box("Diagrammet kunde inte ritas. Tabellen fungerar.", logged)
    if isinstance(card.graphic, dict) and "data" in card.graphic and "layout" in card.graphic:
        chart = graph(card.graphic, height=card.graphic_height, className="chart", id=f"{card.id}-chart")
        described = f"{card.id}-sum" if card.summary else None
        label = card.graphic_label or card.title
        # the height stands here too: until Plotly has come there is nothing that has one, and the page would jump
        room = {"minHeight": f"{card.graphic_height}px"}
        return el("Div", chart, role="img", aria_label=label, aria_describedby=described, style=room)
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


def _downloads(card: FigureCard, download: str, query: str, protected: str) -> dict[str, Any]:
    own = query.removeprefix("?")
    items = []
    for kind, form, name, what in FILES:
        tail = "&".join(q for q in (form, own) if q)
        address = f"{download}/{card.id}.{kind}" + (f"?{tail}" if tail else "")
        items.append(el("Li", el("A", [el("B", name), el("Span", what)], href=address, download="")))
    items += [
        el("Li", el("Button", [el("B", name), el("Span", what)], type="button", data_picture=kind))
        for kind, name, what in PICTURES
    ]
    panel = [
        el("Ul", items),
        el(
            "P",
            "Urval, källa och uttag följer med, i filen för program som kolumner: koder, period och källa. "
            f"{protected} Så även i filen."
            if protected
            else "Filen skyddar det som sidan skyddar.",
        ),
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
