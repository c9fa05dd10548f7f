"""`/rapporter`: choose kind, subject, period and sections; see the pages; take them as PDF, PPTX, XLSX or HTML.

The form is the filter: every choice is in the address, so a link gives the same briefing. What takes time (setting the
pages, looking up what was saved) is asked for by `assets/67_briefing.js` when the form stands there.
"""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.finder import finder, offered
from lagesbild.components.html import el
from lagesbild.components.model import Aside, Filter, Page, PageContent
from lagesbild.domain.briefing import KINDS, MOST_COMMENT, SECTIONS, contents, contents_in
from lagesbild.domain.selection import PARAMETERS, Selection, to_query
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import filters
from lagesbild.pages.rapporter_preview import preview_aside, saved_aside

PATH: Final = "/rapporter"
FORMS: Final = (
    ("pdf", "PDF", "taggad, A4"),
    ("pptx", "PPTX", "redigerbara diagram"),
    ("xlsx", "XLSX", "alla tal"),
    ("html", "HTML", "för e-post"),
)
_OTHER: Final = {"region": PARAMETERS["healthcare_region"], "healthcare_region": PARAMETERS["region"]}
_FIELDS: Final = ("care_area", "healthcare_region", "region", "first", "month", "target", "as_of")


def build(context: PageContext) -> PageContent:
    """The form and the preview."""
    selection = context.selection
    form = Aside("nytt-underlag", "Nytt underlag", "", _form(context, selection), span=5)
    return PageContent(
        kicker="Rapporter",
        sentences=("Välj mall, urval och innehåll, och ta med underlaget som fil.",),
        more="Förhandsvisningen är den fil du får. Källa, uttag och skyddade tal följer alltid med.",
        sections=(form, preview_aside(), saved_aside()),
        notes=_notes(selection),
        title="Rapporter",
    )


def _notes(selection: Selection) -> tuple[str, ...]:
    if selection.kind == "region" and not selection.region:
        return ("Mallen En region gäller en region. Välj en i urvalet; tills dess gäller underlaget hela landet.",)
    if selection.kind == "bedomning" and not selection.care_area:
        return ("Mallen Nytt vårdområde gäller ett vårdområde. Välj ett i urvalet.",)
    return ()


def _form(context: PageContext, selection: Selection) -> Any:
    return el(
        "Form",
        [
            _kinds(selection),
            el("Fieldset", [el("Legend", "Urval"), el("Div", _fields(context), className="bf-fields")]),
            _contents(selection),
            _checks(),
            _files(selection),
        ],
        id="briefing",
        className="bf",
        data_query=to_query(selection),
        aria_label="Nytt underlag",
    )


def _address(selection: Selection, **changes: Any) -> str:
    query = to_query(selection.with_(saved="", **changes))
    return f"{PATH}?{query}" if query else PATH


def _kinds(selection: Selection) -> Any:
    rows = []
    for kind in KINDS.values():
        box = el(
            "Input",
            type="radio",
            name="mall",
            id=f"mall-{kind.id}",
            checked=kind.id == selection.kind,
            data_go=_address(selection, kind=kind.id, contents=""),
        )
        words = el("Span", [el("B", kind.name), " ", el("Span", kind.what)])
        rows.append(el("Label", [box, words], className="bf-row", htmlFor=f"mall-{kind.id}"))
    return el("Fieldset", [el("Legend", "Mall"), *rows])


def _fields(context: PageContext) -> list[Any]:
    return [_field(f) for f in filters(context, _FIELDS)]


def _field(f: Filter) -> Any:
    name = f"filter-{f.name.replace('_', '-')}"
    options = [el("Option", o.label, value=o.value, selected=o.value == f.value) for o in offered(f)]
    # a saved briefing's comments are about what was chosen then
    clears = " ".join(c for c in (_OTHER.get(f.name, ""), PARAMETERS["saved"]) if c)
    select = el(
        "Select",
        options,
        id=name,
        data_param=PARAMETERS[f.name],
        data_value=f.value,
        data_clears=clears,
        className="bf-s",
    )
    return el("Div", [el("Label", f.label, htmlFor=name), select, finder(f, name)], className="bf-f")


def _contents(selection: Selection) -> Any:
    """The sections in order, with what can be added below; a comment to each."""
    kind = KINDS[selection.kind]
    chosen = contents(selection.kind, contents_in(selection.contents) if selection.contents else ())
    rest = tuple(s for s in kind.offered if s not in chosen)
    rows = [_section(selection, s, chosen) for s in chosen] + [_section(selection, s, chosen) for s in rest]
    note = el(
        "P",
        "Kommentarer följer med när underlaget är sparat. Skriv inget som pekar ut en enskild person.",
        className="src",
    )
    return el("Fieldset", [el("Legend", "Innehåll, i ordning"), *rows, note])


def _section(selection: Selection, id_: str, chosen: tuple[str, ...]) -> Any:
    kind = SECTIONS[id_]
    there = id_ in chosen
    toggled = tuple(s for s in chosen if s != id_) if there else (*chosen[:-1], id_, chosen[-1])
    box = el(
        "Input",
        type="checkbox",
        id=f"del-{id_}",
        checked=there,
        disabled=kind.fixed,
        data_go=None if kind.fixed else _with(selection, toggled),
    )
    words = el("Span", [el("B", kind.name), " ", el("Span", kind.what)])
    label = el("Label", [box, words], htmlFor=f"del-{id_}", className="bf-row")
    if not there:
        return el("Div", label, className="bf-sec")
    parts = [el("Div", [label, *_moves(selection, id_, chosen)], className="bf-line")]
    area = el(
        "Textarea",
        "",
        id=f"kommentar-{id_}",
        name=id_,
        rows=4,
        maxLength=MOST_COMMENT,
        aria_label=f"Kommentar till {kind.name}",
        className="bf-t",
    )
    parts.append(el("Details", [el("Summary", ["Kommentar", el("Span", f" till {kind.name}", className="vh")]), area]))
    return el("Div", parts, className="bf-sec")


def _moves(selection: Selection, id_: str, chosen: tuple[str, ...]) -> list[Any]:
    """Up and down, where there is somewhere to go: the first and the last stay."""
    if SECTIONS[id_].fixed:
        return [el("Span", "krävs alltid", className="bf-must")]
    at = chosen.index(id_)
    out = []
    for step, sign, word in ((-1, "↑", "upp"), (1, "↓", "ned")):
        to = at + step
        free = 0 < to < len(chosen) - 1
        order = list(chosen)
        if free:
            order[at], order[to] = order[to], order[at]
        out.append(
            el(
                "Button",
                sign,
                type="button",
                id=f"{word}-{id_}",
                className="bf-m",
                disabled=not free,
                aria_label=f"Flytta {word}: {SECTIONS[id_].name}",
                data_go=_with(selection, tuple(order)) if free else None,
            )
        )
    return out


def _with(selection: Selection, sections: tuple[str, ...]) -> str:
    own = KINDS[selection.kind].sections
    return _address(selection, contents="" if sections == own else ".".join(sections))


def _checks() -> Any:
    return el(
        "Div",
        [
            el("H3", "Kontroll före nedladdning", className="sub"),
            el("Ul", el("Li", "Underlaget görs …"), id="bf-checks", className="bf-checks"),
        ],
    )


def _files(selection: Selection) -> Any:
    query = to_query(selection)
    links = [
        el(
            "A",
            [el("B", f"Ladda ner {name}"), el("Span", f" {what}")],
            href=f"{PATH}/underlag.{form}" + (f"?{query}" if query else ""),
            className="pri" if form == "pdf" else "btn",
            id=f"fil-{form}",
            download="",
        )
        for form, name, what in FORMS
    ]
    save = el("Button", "Spara underlaget med kommentarer", type="button", id="bf-save", className="btn")
    copy = el("Button", "Kopiera länk", type="button", id="copy-link", className="btn")
    return el(
        "Div",
        [
            el("H3", "Ta med", className="sub"),
            el("Div", links, className="bf-files"),
            el("P", [save, copy], className="bf-save"),
            el("P", "", id="bf-said", className="src", role="status"),
        ],
    )


PAGE: Final = Page(path=PATH, name="Rapporter", filters=(), build=build, order=80)
