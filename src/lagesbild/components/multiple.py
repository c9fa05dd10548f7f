"""Small multiples in HTML: one line in focus on the grey lines of all, in the theme's colours.

Twenty panels as Plotly axes would be slow to draw and could not flow into two columns on a phone; these are boxes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.line_drawing import line_drawing, mask

_WIDTH: Final = 150  # of the drawing's own coordinates; stretched to the box
_HEIGHT: Final = 84
_EDGE: Final = 4  # kept free above and below


def all_lines(series: Sequence[Sequence[float | None]], low: float, high: float) -> str:
    """CSS value for `--all` on the container: thin lines of every series, drawn once and used by every panel."""
    return mask("".join(_path(s, low, high) for s in series), _WIDTH, _HEIGHT, 0.7)


def line_panel(
    values: Sequence[float | None], low: float, high: float, *, limit: float | None, judgement: str = "noise"
) -> dict[str, Any]:
    """One panel: grey lines (`--all`), the limit where it is inside the axis, the own line and its last point.

    Values outside `low`..`high` are drawn at the edge. Hidden from screen readers: say it in words beside.
    """
    parts = [el("Span", className="all")]
    if limit is not None and low <= limit <= high:
        parts.append(el("Span", className="lim", style={"top": f"{_y(limit, low, high) / _HEIGHT:.1%}"}))
    if any(v is not None for v in values):
        parts.append(line_drawing(_path(values, low, high), _WIDTH, _HEIGHT, 2.0, "own"))
    last = values[-1] if values else None
    if last is not None:
        parts.append(el("Span", className="dot", style={"top": f"{_y(last, low, high) / _HEIGHT:.1%}"}))
    tone = judgement if judgement in ("better", "worse") else ""
    return el("Div", parts, className=f"panel-line {tone}".strip(), aria_hidden="true")


def plain(values: Iterable[float]) -> list[float | None]:
    """Numbers with None for NaN."""
    return [None if math.isnan(v) else float(v) for v in values]


def _y(value: float, low: float, high: float) -> float:
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return round(_HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE), 1)


def _path(values: Sequence[float | None], low: float, high: float) -> str:
    steps = max(1, len(values) - 1)
    out, pen = [], "M"
    for i, v in enumerate(values):
        if v is None:
            pen = "M"
            continue
        out.append(f"{pen}{round(i * _WIDTH / steps)} {_y(v, low, high):g}")
        pen = "L"
    return "".join(out)
