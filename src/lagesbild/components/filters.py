"""The filter bar: native selects in a form. On a phone one line with "Ändra" that opens the same fields as a sheet.

Values live in the URL: `assets/50_url.js` writes it when a select changes (in the sheet first at "Visa"). Each select
carries its current value in `data-value`, from which the script sets it after every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from lagesbild.components.finder import finder, offered
from lagesbild.components.html import el
from lagesbild.components.icons import icon
from lagesbild.components.model import Filter, Option
from lagesbild.domain.selection import PARAMETERS
from lagesbild.domain.swedish import small

ALL: Final = "Alla"  # the label of a choice that leaves nothing out
_LINE: Final = ("care_area", "region", "healthcare_region", "provider", "month")
_CLEARS: Final = {  # a provider belongs to a region, and a region to a healthcare region: another one starts without
    "region": ("provider", "healthcare_region"),
    "healthcare_region": ("provider", "region"),
}


def filter_bar(filters: Sequence[Filter], *, path: str, line: str = "") -> dict[str, Any] | None:
    """The form, or None for a page without choices. `line` is the selection as one line, for phones."""
    if not filters:
        return None
    fields = [_field(f) for f in filters]
    changed = any(f.changed and not f.root for f in filters)
    clear = el(
        "A",
        [icon("close"), "Rensa urval"],
        href=path,
        className="btn clear" if changed else "btn clear idle",
        id="clear",
    )
    copy = el("Button", [icon("link"), "Kopiera länk"], type="button", className="btn", id="copy-link")
    pick = el(
        "Button",
        [
            el("Span", [el("Span", "Urval"), el("B", line or selection_line(filters))]),
            el("Span", "Ändra", className="btn"),
        ],
        type="button",
        className="pick",
        id="pick",
        aria_expanded="false",
        aria_controls="fields",
    )
    head = el(
        "Div",
        [
            el("H2", "Urval", id="sheet-title"),
            el("Button", [icon("close"), "Stäng"], type="button", className="btn", id="sheet-close"),
        ],
        className="sheet-h",
    )
    apply = el("Button", "Visa", type="button", className="pri", id="sheet-apply")
    foot = el("Div", [apply, clear, copy], className="acts")
    sheet = el("Div", [head, *fields, foot], className="fields", id="fields")
    return el(
        "Form",
        [el("Div", className="scrim", id="scrim"), el("Div", [pick, sheet], className="wrap")],
        className="filter",
        aria_label="Urval",
        id="filter-form",
        data_selection=selection_text(filters),
    )


def selection_line(filters: Sequence[Filter]) -> str:
    """What is chosen in one line: "Knäprotes, Gävleborg, januari 2024". What it is about, where and when always; other
    fields when they are changed, with their names. A bare "Alla" says nothing alone and is left out."""
    parts: list[str] = []
    for f in sorted(filters, key=lambda f: _LINE.index(f.name) if f.name in _LINE else len(_LINE)):
        option = _chosen(f)
        text = option.short or option.label
        if (
            text == ALL
            or not (f.changed or f.name in _LINE)
            or (not f.changed and f.name == "region" and _inside(filters))
        ):
            continue
        if f.name not in _LINE:
            text = f"{small(f.label)} {text}"
        parts.append(small(text) if parts and not f.changed else text)
    return ", ".join(parts) or ALL


def _inside(filters: Sequence[Filter]) -> bool:
    """Whether a healthcare region is shown, so that "the whole country" would be wrong."""
    return any(f.name == "healthcare_region" and f.changed for f in filters)


def selection_text(filters: Sequence[Filter]) -> str:
    """Every field with its value, for files, pictures and paper: "Vårdområde: Knäprotesoperation. Region: Alla."."""
    return " ".join(f"{f.label}: {_chosen(f).label.rstrip('.')}." for f in filters)


def _chosen(f: Filter) -> Option:
    found = next((o for o in f.options if o.value == f.value), None)
    return found or (f.options[0] if f.options else Option("", "saknas"))


def _field(f: Filter) -> dict[str, Any]:
    name = f"filter-{f.name.replace('_', '-')}"
    options: list[Any] = []
    for group, members in groupby(offered(f), key=lambda o: o.group):
        nodes = [_option(o, f.value) for o in members]
        options += [el("Optgroup", nodes, label=group)] if group else nodes
    clears = " ".join(PARAMETERS[n] for n in _CLEARS.get(f.name, ()))
    select = el(
        "Select",
        options,
        id=name,
        data_param=PARAMETERS[f.name],
        data_value=_chosen(f).value,
        data_clears=clears or None,
        data_root=f.root or None,
        data_away=f.away if f.root else None,
    )
    # The chosen text gives the field its width, so that the bar is as tight as its words
    shown = el("B", _chosen(f).label, aria_hidden="true")
    label = el("Label", f.label, htmlFor=name)
    return el(
        "Div",
        [label, el("Div", [shown, select, icon("chev")], className="pickbox"), finder(f, name)],
        className="sel set" if f.changed else "sel",
    )


def _option(option: Option, chosen: str) -> dict[str, Any]:
    text = f"{option.label}, {option.hint}" if option.hint else option.label
    return el("Option", text, value=option.value, selected=option.value == chosen)
