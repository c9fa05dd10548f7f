"""In-cell graphics without Plotly: a line in the text colour, bars and ranges as CSS boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.line_drawing import line_drawing

_WIDTH: Final = 100  # of the drawing's own coordinates; the line is stretched to the cell


def spark(
    values: Sequence[float | None],
    *,
    band: tuple[float, float] | None = None,
    judgement: str = "noise",
    span: float | None = None,
    width: int | None = 84,
    height: int = 22,
    stroke: float = 1.35,
) -> dict[str, Any]:
    """A line of `values` (oldest first, None = missing and left open) on the grey band of normal variation.

    `span` is the extent of the axis in the values' unit, centred on what is shown, so that cells can share a scale;
    without it the line fills the height. `width` None = the whole container. Hidden from screen readers: say it in
    words beside. An empty series gives an empty box of the same size.
    """
    present = [v for v in values if v is not None and not math.isnan(v)]
    style: dict[str, Any] = {"height": f"{height}px"} | ({"width": f"{width}px"} if width else {})
    if not present:
        return el("Span", className="spark", style=style, aria_hidden="true")
    shown = present + list(band or ())
    middle, extent = (max(shown) + min(shown)) / 2, span or (max(shown) - min(shown)) or 1.0
    low = middle - extent / 2

    def y(value: float) -> float:
        share = min(1.0, max(0.0, (value - low) / extent))
        return round(height - 3 - share * (height - 6), 1)

    parts: list[dict[str, Any]] = []
    if band:
        top, bottom = y(max(band)), y(min(band))
        parts.append(
            el("Span", className="spark-band", style={"top": f"{top}px", "height": f"{max(1.0, bottom - top):.1f}px"})
        )
    parts.append(line_drawing(_path(values, y), _WIDTH, height, stroke, "spark-line"))
    last = values[-1]
    if last is not None and not math.isnan(last):
        parts.append(el("Span", className="spark-dot", style={"top": f"{y(last)}px"}))
    return el("Span", parts, className=f"spark spark-{judgement or 'noise'}", style=style, aria_hidden="true")


def _path(values: Sequence[float | None], y: Any) -> str:
    steps = max(1, len(values) - 1)
    path, pen = [], "M"
    for i, v in enumerate(values):
        if v is None or math.isnan(v):
            pen = "M"
            continue
        path.append(f"{pen}{i * _WIDTH / steps:.1f} {y(v):g}")
        pen = "L"
    return "".join(path)


def bar(parts: Sequence[tuple[float, str]], *, tick: float | None = None, width: int | None = None) -> dict[str, Any]:
    """A horizontal bar from zero. `parts` are (fraction 0-1 of the width, kind), kind one of series, context, worse,
    noise, hatch, level-1..level-5; `tick` marks a place on it. Hidden from screen readers: the number stands beside."""
    boxes = [
        el("Span", className=f"bar-part bar-{kind}", style={"width": f"{min(1.0, max(0.0, share)):.2%}"})
        for share, kind in parts
    ]
    if tick is not None:
        boxes.append(el("Span", className="bar-tick", style={"left": f"{tick:.2%}"}))
    style = {"width": f"{width}px"} if width else None
    return el("Span", boxes, className="bar", style=style, aria_hidden="true")


def range_mark(low: float, middle: float, high: float, *, kind: str = "worse", filled: bool = True) -> dict[str, Any]:
    """A line from `low` to `high` with a diamond at `middle`, all fractions 0-1 of the width."""
    low, middle, high = (min(1.0, max(0.0, x)) for x in (low, middle, high))
    return el(
        "Span",
        [
            el("Span", className="range-line", style={"left": f"{low:.2%}", "width": f"{high - low:.2%}"}),
            el("Span", className="range-mark" + ("" if filled else " open"), style={"left": f"{middle:.2%}"}),
        ],
        className=f"range range-{kind}",
        aria_hidden="true",
    )
