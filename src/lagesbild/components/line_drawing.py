"""A line as SVG in the page, in the colour of the text around it, stretched to its box.

Not as a mask: each address of one is a document of its own to the browser, 1.5 ms of a change of filter, and a page has
two dozen lines (docs/speed.md). What many elements share is still one (`mask`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from lagesbild.components.html import el


def line_drawing(path: str, width: float, height: float, stroke: float, name: str) -> dict[str, Any]:
    """`path`: SVG path data in a drawing of `width` x `height`; `stroke`: the line's width on the screen, pixels;
    `name`: the CSS class that places it."""
    line = el("Path", d=path, **_pen("currentColor", stroke))
    return el("Svg", line, className=name, viewBox=f"0 0 {width:g} {height:g}", preserveAspectRatio="none")


def mask(path: str, width: float, height: float, stroke: float) -> str:
    """CSS value of a mask image, for a drawing that many elements show."""
    pen = "".join(f" {k}='{v}'" for k, v in _pen("#000", stroke).items())
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {height:g}' preserveAspectRatio='none'>"
        f"<path d='{path}'{pen}/></svg>"
    )
    return f'url("data:image/svg+xml,{quote(svg, safe=" =:/,;-")}")'.replace("%27", "'")


def _pen(color: str, stroke: float) -> dict[str, str]:
    return {
        "fill": "none",
        "stroke": color,
        "stroke-width": f"{stroke:g}",
        "stroke-linejoin": "round",
        "vector-effect": "non-scaling-stroke",
    }
