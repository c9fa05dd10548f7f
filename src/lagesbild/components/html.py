"""Dash nodes as plain dicts. One Dash object in an answer makes the encoder walk all of it in Python (six times
slower), so nothing here ever makes one; the test page is checked to be dicts, lists, text and numbers all the way down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lagesbild.domain.periods import MONTHS_SV, MONTHS_SV_SHORT

_DAYS: Final = ("söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag")
_LOCALE: Final[dict[str, Any]] = {
    "format": {
        "days": list(_DAYS),
        "shortDays": [d[:3] for d in _DAYS],
        "months": list(MONTHS_SV),
        "shortMonths": list(MONTHS_SV_SHORT),
        "date": "%Y-%m-%d",
        "decimal": ",",
        "thousands": "\u00a0",
        "grouping": [3],
        "currency": ["", "\u00a0kr"],
    },
    "dictionary": {},
}
_OTHER_MARKUP: Final = re.compile(r"<(?!/?(?:b|br|extra)>|/span>|span style='color:[#\w(),. %]+'>)")
_CONFIG: Final[dict[str, Any]] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,  # the "share" button uploads the data to plotly.com
    "plotlyServerURL": "",
    "topojsonURL": "/assets/",  # never the CDN
    "showTips": False,  # English hints
    "doubleClick": False,
    "scrollZoom": False,
    "responsive": True,
    "locale": "sv",
    "locales": {"sv": _LOCALE},
}


def el(tag: str, children: Any = None, /, className: str = "", **props: Any) -> dict[str, Any]:  # noqa: N803
    """An HTML element, as `dash.html` would make it: `el("Div", [...], className="wrap", id="x")`.

    `children` is text, a node, None, or a list of them (nested lists are flattened, None left out). `data_x` and
    `aria_x` become `data-x` and `aria-x`; props that are None are left out.
    """
    out: dict[str, Any] = {}
    if isinstance(children, (list, tuple)):
        out["children"] = list(_flat(children))
    elif children is not None:
        out["children"] = children
    if className:
        out["className"] = className
    for name, value in props.items():
        if value is not None:
            dashed = name.startswith(("aria_", "data_"))
            out[name.replace("_", "-") if dashed else name] = value
    return {"type": tag, "namespace": "dash_html_components", "props": out}


def _flat(children: Sequence[Any]) -> Iterator[Any]:
    for child in children:
        if isinstance(child, (list, tuple)):
            yield from _flat(child)
        elif child is not None:
            yield child


def graph_config() -> dict[str, Any]:
    """The one Plotly configuration: Swedish, nothing sent anywhere, no modebar."""
    return dict(_CONFIG)


def graph(figure: Mapping[str, Any], *, height: int | str | None = None, **props: Any) -> dict[str, Any]:
    """A `dcc.Graph` of a figure dict (`data`, `layout`). `height` in pixels or as CSS. Texts hold no other markup than
    ours, see `with_our_markup`."""
    figure = {part: with_our_markup(value) for part, value in figure.items()}
    layout = figure.get("layout") or {}
    if "separators" not in layout:
        figure = {**figure, "layout": {**layout, "separators": ",\u00a0"}}
    out: dict[str, Any] = {"figure": figure, "config": graph_config(), **props}
    if height is not None:
        out["style"] = {"height": f"{height}px" if isinstance(height, int) else height}
    return {"type": "Graph", "namespace": "dash_core_components", "props": out}


def with_our_markup(node: Any) -> Any:
    """A part of a figure whose texts hold the few tags that figures are written with. Plotly reads all text as markup:
    a region called `<a href=...>` would be a link in every chart.

    >>> with_our_markup({"text": ["<b>Skåne</b><br>5", "<a href='//x'>här</a>"]})
    {'text': ['<b>Skåne</b><br>5', "&lt;a href='//x'>här&lt;/a>"]}
    """
    if isinstance(node, str):
        return _OTHER_MARKUP.sub("&lt;", node) if "<" in node else node
    if isinstance(node, dict):
        return {name: with_our_markup(value) for name, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [with_our_markup(value) for value in node]
    if getattr(getattr(node, "dtype", None), "kind", "") == "O":  # an array of texts
        return [with_our_markup(value) for value in node.tolist()]
    return node


def hidden(text: str) -> dict[str, Any]:
    """Words for screen readers only."""
    return el("Span", text, className="vh")


def grid_row(cells: list[dict[str, Any]], heading: str, look: str = "") -> dict[str, Any]:
    """A row whose cells say what they are: on a phone it is laid out as two lines, which takes a table's own meaning
    away in some browsers."""
    for cell in cells:
        cell["props"]["role"] = heading if cell["type"] == "Th" else "cell"
    return el("Tr", cells, className=look, role="row")
