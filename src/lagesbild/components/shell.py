"""What surrounds every page: skip link, status strip, header with menu, footer. Page names and addresses are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.markup import settled
from lagesbild.domain.person import ROLE_SV, Person


@dataclass(frozen=True)
class Status:
    """What the status strip says. Texts are ready to show; an empty one is left out."""

    synthetic: str = ""  # what is invented, when something is
    until: str = ""  # last month of data, "oktober 2026"
    as_of: str = ""  # when the figures were recorded
    coverage: str = ""  # "20 av 21 regioner"
    coverage_href: str = ""
    historic: bool = False  # an earlier state of the data is shown
    version: str = ""
    nothing: bool = False  # no figure is shown, to whom may not see any


NO_FIGURES: Final = Status(nothing=True)


def skip_link() -> dict[str, Any]:
    return el("A", "Hoppa till innehållet", href="#main", className="skip")


def who(person: Person, token: str, *, login: bool) -> dict[str, Any]:
    """Who is logged in and as what, and the way out; for nobody the way in, where there is one.

    `token`: what the form must bring to be believed, empty where somebody else than us keeps people logged in.
    """
    if not person.subject:
        way: Any = el("A", "Logga in", href="/logga-in", className="btn") if login else None
        return el("Div", [el("Span", "Inte inloggad"), way], className="who")
    role = ROLE_SV[person.role] + (f" {person.region}" if person.region else "")
    out = el(
        "Form",
        [
            el("Input", type="hidden", name="token", value=token),
            el("Button", "Logga ut", type="submit", className="btn"),
        ],
        action="/logga-ut",
        method="post",
    )
    named = el("Span", [el("B", person.name), f", {role}"])
    inside = el("Div", [named, out if token else None], className="who")
    whole: dict[str, Any] = settled(inside)  # the browser's own form, out of reach of scripts
    return whole


def header(nav: Any, who: Any = None) -> dict[str, Any]:
    """Name, menu and the button for light or dark. `nav` is the container that menu links are put in; `who`: is logged
    in, where people log in."""
    menu = el(
        "Button",
        [
            el("Span", [icon("menu"), "Meny"], className="when-closed"),
            el("Span", [icon("close"), "Stäng"], className="when-open"),
        ],
        type="button",
        className="menu",
        id="menu-button",
        aria_expanded="false",
        aria_controls="nav",
    )
    theme = el(
        "Button",
        [icon("theme"), el("Span", "Mörkt läge", className="to-dark"), el("Span", "Ljust läge", className="to-light")],
        type="button",
        className="btn theme",
        id="theme-button",
    )
    return el(
        "Header",
        el("Div", [el("A", "Lägesbild", href="/", className="word"), nav, who, theme, menu], className="wrap"),
        className="top",
        id="top",
    )


def nav_links(pages: Sequence[tuple[str, str]], path: str) -> list[dict[str, Any]]:
    """Links for (address, name) pairs, the one to `path` marked."""
    return [el("A", name, href=to, aria_current="page" if to.partition("?")[0] == path else None) for to, name in pages]


def status_strip(status: Status) -> dict[str, Any]:
    """Synthetic mark, how far the data reach, when it was taken, which regions count. Never hidden."""
    left: list[Any] = []
    if status.synthetic:
        left = [el("Span", "Syntetiska data", className="syn"), status.synthetic]
    elif status.nothing:
        left = ["Inga uppgifter visas."]
    right: list[Any] = []
    if status.until:
        right += ["Data till och med ", el("B", status.until), ". "]
    if status.as_of:
        # a figure's own source line tells when its numbers were taken out; this is when anything last came in
        told = f"Uttag {status.as_of}. " if status.historic else f"Senast uppdaterad {status.as_of}. "
        right += [el("B", "Tidigare läge. ") if status.historic else None, told]
    if status.coverage:
        link = el("A", status.coverage, href=status.coverage_href) if status.coverage_href else status.coverage
        right += [link, " ingår."]
    return el("Div", [el("Span", left), el("Span", right)], className="wrap")


def footer(links: Sequence[tuple[str, str]], version: str) -> dict[str, Any]:
    """Links that every page has, and the data version."""
    shown = el("Span", f"Dataversion {version}" if version else "")
    return el("Div", [el("Span", [el("A", name, href=to) for to, name in links]), shown], className="wrap")
