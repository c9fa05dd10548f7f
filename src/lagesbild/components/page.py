"""A page's content between header and footer, and the pages shown when there is nothing else to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lagesbild.components.figure_card import aside, figure_card
from lagesbild.components.html import el
from lagesbild.components.key_figure import key_figures
from lagesbild.components.model import FigureCard, PageContent
from lagesbild.components.table import Sorting


def page_body(
    content: PageContent,
    *,
    download: str,
    query: str,
    protected: str,
    sorting: Sorting | None = None,
    file_name: Callable[[FigureCard], str] = lambda card: "",
) -> list[dict[str, Any]]:
    """Notes, headline, key figures, figures and prose, in reading order. `protected`: what is said of small
    counts; `file_name`: what a figure's picture is called."""
    parts: list[dict[str, Any]] = []
    if content.notes:
        notes = [el("P", note) for note in content.notes]
        parts.append(el("Section", notes, className="notes", aria_label="Om urvalet"))
    if content.crumbs:
        parts.append(crumbs(content.crumbs))
    parts.append(headline(content.kicker, content.sentences, content.more))
    if content.key_figures:
        parts.append(key_figures(content.key_figures))
    if content.prose is not None:
        parts.append(el("Div", content.prose, className="prose"))
    if content.sections:
        cards = [
            figure_card(s, download=download, query=query, protected=protected, sorting=sorting, file_name=file_name(s))
            if isinstance(s, FigureCard)
            else aside(s)
            for s in content.sections
        ]
        parts.append(el("Div", cards, className="grid"))
    return parts


def headline(kicker: str, sentences: Sequence[str], more: str = "") -> dict[str, Any]:
    """h1 that says which page and month, then the sentences to be read aloud."""
    said: list[Any] = []
    for sentence in sentences:
        said += [el("Span", sentence), " "]
    parts = [el("H1", kicker, tabIndex=-1), el("P", said[:-1], className="say")]
    if more:
        parts.append(el("P", more, className="more"))
    return el("Div", parts, className="lead", id="lead")


def crumbs(way: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`Riket > Mellansverige > Gävleborg`: links to what the page lies inside, and where it is."""
    items = [
        el("Li", el("A", name, href=address) if address else el("Span", name, aria_current="page"))
        for name, address in way
    ]
    return el("Nav", el("Ol", items), className="crumbs", aria_label="Här är du")


def message_page(kicker: str, sentence: str, more: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """A page that only says something: not found, nothing imported, the database away, an error."""
    body = el("Div", [el("P", m) if isinstance(m, str) else m for m in more], className="prose")
    return [headline(kicker, (sentence,)), body]


def not_found(pages: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    links = el("Ul", [el("Li", el("A", name, href=path)) for path, name in pages])
    return message_page("Sidan finns inte", "Adressen leder ingenstans.", ["De sidor som finns:", links])


def no_data() -> list[dict[str, Any]]:
    """The first thing a new installation shows."""
    return message_page(
        "Inga uppgifter ännu",
        "Databasen är tom.",
        [
            "Ladda demonstrationsdata med kommandot:",
            el("Pre", "lagesbild demo"),
            "Eller importera egna filer, regioner och vårdområden först:",
            el(
                "Pre",
                "lagesbild import regions regioner.csv\nlagesbild import care-areas vardomraden.csv\n"
                "lagesbild import waits vantande.csv\nlagesbild forecast",
            ),
            "Sidan visar uppgifterna så snart de finns. Ladda om den efter importen.",
        ],
    )


def database_away() -> list[dict[str, Any]]:
    return message_page(
        "Databasen svarar inte just nu",
        "Uppgifterna kan inte hämtas.",
        ["Sidan försöker igen av sig själv och visas så snart databasen svarar. Du behöver inte göra något."],
    )


def page_error(number: str) -> list[dict[str, Any]]:
    return message_page(
        "Sidan kunde inte visas",
        "Ett fel inträffade när sidan skulle byggas.",
        [f"Felet är loggat med nummer {number}. Andra sidor fungerar.", el("P", el("A", "Till startsidan", href="/"))],
    )
