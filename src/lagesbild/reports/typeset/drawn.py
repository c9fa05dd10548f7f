"""Drawings as data for the templates: each item a list that begins with what it is, colours as `#RRGGBB`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from lagesbild.reports.charts import Chart
from lagesbild.reports.colors import color
from lagesbild.reports.fonts import one_line
from lagesbild.reports.geometry import draw
from lagesbild.reports.primitives import Area, Dot, Drawing, Item, Rect, Stroke

_KEPT: Final = 256  # drawings: a document of two pages has eight, each in two widths and at a few heights


@lru_cache(_KEPT)
def drawn(chart: Chart, room: float, low: float) -> dict[str, Any]:
    """The chart within `room` points as data, drawn once for all arrangements it is tried in. Not to be changed."""
    return drawing_data(draw(chart, room, low))


def drawing_data(drawing: Drawing) -> dict[str, Any]:
    """A drawing as data."""
    return {
        "width": drawing.width,
        "height": drawing.height,
        "alt": one_line(drawing.alt) or "Diagram",
        "items": [_item(i) for i in drawing.items],
    }


def _item(item: Item) -> list[Any]:
    if isinstance(item, Rect):
        paint = color(item.fill) if item.fill else None
        frame = color(item.stroke) if item.stroke else None
        return ["rect", item.x, item.y, item.width, item.height, paint, frame, item.dashed]
    if isinstance(item, Stroke):
        return ["stroke", [list(p) for p in item.places], color(item.color), item.width, list(item.dash)]
    if isinstance(item, Area):
        return ["area", [list(p) for p in item.places], color(item.fill)]
    if isinstance(item, Dot):
        return ["dot", item.x, item.y, item.radius, color(item.color), item.open]
    return [
        "text", item.x, item.y, one_line(item.text), item.size, color(item.color), item.anchor, item.bold
    ]  # fmt: skip
