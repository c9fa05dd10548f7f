"""A chart as inline SVG, for HTML that is sent or kept: the same drawing as in the PDF.

Each colour is written twice: as an attribute, for mail programs, and as the page's token with that colour behind it, so
that a page with a dark theme is dark here too.
"""

from __future__ import annotations

from html import escape
from typing import Final

from lagesbild.reports.charts import Chart
from lagesbild.reports.colors import color, neighbours
from lagesbild.reports.fonts import FAMILY, one_line
from lagesbild.reports.geometry import draw
from lagesbild.reports.primitives import Area, Dot, Drawing, Item, Place, Rect, Text

WIDTH: Final = 520.0


def svg(chart: Chart, width: float = WIDTH) -> str:
    """The chart as an `<svg>` element, `width` points wide unless its surroundings are narrower, named by its
    alternative text."""
    return drawing_svg(draw(chart, width))


def drawing_svg(drawing: Drawing) -> str:
    """A drawing as an `<svg>` element."""
    w, h = _n(drawing.width), _n(drawing.height)
    body = "".join(_item(i) for i in drawing.items)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        f'aria-label="{escape(one_line(drawing.alt))}" style="max-width:100%;height:auto" '
        f"font-family=\"'{FAMILY} Variable','{FAMILY}',Arial,sans-serif\">{body}</svg>"
    )


def _n(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")


def _paint(what: str, name: str) -> str:
    """`what` is fill or stroke."""
    near = neighbours(name)
    if near is None:
        value = f"var(--lb-{name},{color(name)})"
    else:  # between two steps of the scale
        low, high, share = near
        value = f"color-mix(in srgb,var(--lb-{high},{color(high)}) {share:.0%},var(--lb-{low},{color(low)}))"
    return f'{what}="{color(name)}" style="{what}:{value}"'


def _points(places: tuple[Place, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in places)


def _item(item: Item) -> str:
    if isinstance(item, Text):
        weight = ' font-weight="600"' if item.bold else ""
        return (
            f'<text x="{_n(item.x)}" y="{_n(item.y)}" font-size="{_n(item.size)}" text-anchor="{item.anchor}"{weight} '
            f"{_paint('fill', item.color)}>{escape(one_line(item.text))}</text>"
        )
    if isinstance(item, Rect):
        dash = ' stroke-dasharray="2 2"' if item.dashed else ""
        paint = _paint("fill", item.fill) if item.fill else f'fill="none" stroke-width="0.7"{dash} '
        if not item.fill:
            paint += _paint("stroke", item.stroke)
        return f'<rect x="{_n(item.x)}" y="{_n(item.y)}" width="{_n(item.width)}" height="{_n(item.height)}" {paint}/>'
    if isinstance(item, Area):
        return f'<polygon points="{_points(item.places)}" {_paint("fill", item.fill)}/>'
    if isinstance(item, Dot):
        place = f'cx="{_n(item.x)}" cy="{_n(item.y)}" r="{_n(item.radius)}"'
        if item.open:
            inside = f"<circle {place} {_paint('fill', 'bg')}/>"
            return inside + f'<circle {place} fill="none" stroke-width="1.2" {_paint("stroke", item.color)}/>'
        return f"<circle {place} {_paint('fill', item.color)}/>"
    dash = f' stroke-dasharray="{" ".join(_n(d) for d in item.dash)}"' if item.dash else ""
    return (
        f'<polyline points="{_points(item.places)}" fill="none" stroke-width="{_n(item.width)}" '
        f'stroke-linejoin="round"{dash} {_paint("stroke", item.color)}/>'
    )
