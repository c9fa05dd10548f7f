"""On `/rapporter`: where the pages are seen, and what has been saved. Filled by assets/67_briefing.js."""

from __future__ import annotations

from lagesbild.components.html import el
from lagesbild.components.model import Aside


def preview_aside() -> Aside:
    """One page at a time, as in the PDF."""
    tools = el(
        "Div",
        [
            el("Button", "Föregående", type="button", id="bf-prev", className="btn", disabled=True),
            el("Span", "Sida –", id="bf-page", role="status"),
            el("Button", "Nästa", type="button", id="bf-next", className="btn", disabled=True),
        ],
        className="bf-nav",
    )
    sheet = el(
        "Div",
        [
            el("P", "Sidorna sätts …", id="bf-wait", className="bf-wait"),
            el("Img", id="bf-img", alt="", hidden=True, width=827, height=1169),
        ],
        className="bf-sheet",
    )
    note = el(
        "P",
        [
            "Bilden är samma sida som i PDF-filen. Samma innehåll som text: ",
            el("A", "öppna som webbsida", id="bf-web", href="/rapporter/underlag.html?visa", target="_blank"),
            ". I PPTX är diagrammen redigerbara.",
        ],
        className="src",
    )
    return Aside("forhandsvisning", "Förhandsvisning", "", [tools, sheet, note], span=7)


def saved_aside() -> Aside:
    """What was saved last: the same address gives the same briefing, also when the data have changed since."""
    table = el(
        "Table",
        [
            el("Caption", "Senast sparade underlag", className="vh"),
            el(
                "Thead",
                el("Tr", [el("Th", t, scope="col") for t in ("Underlag", "Sparat", "Dataversion", "Med dagens tal")]),
            ),
            el("Tbody", el("Tr", el("Td", "Hämtar …", colSpan=4)), id="bf-saved"),
        ],
        className="bf-saved",
    )
    body = el("Div", table, className="scroll", role="region", aria_label="Senast sparade underlag", tabIndex=0)
    told = "Ett sparat underlag visar talen som de var då. Skapa igen: samma val, nya data."
    return Aside("sparade", "Senast sparade", told, body, span=12)
