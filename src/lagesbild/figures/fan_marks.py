"""What is marked in a fan chart beside the fan: the month a gap opens, and points at the ends of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lagesbild.domain.periods import Month


@dataclass(frozen=True)
class GapMark:
    """The month a gap opens and the span of 80 % of the outcomes, drawn through every panel."""

    month: Month
    low: Month | None
    high: Month | None
    text: str
    more: str = ""


def gap_lines(
    gap: GapMark, height: int, first_top: int, bottom: int, c: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A rust line through all panels, its range above the first, and the words over it, towards the left."""
    plot = height - first_top - bottom
    line = {"color": c["worse"], "width": 1.5}
    x = gap.month.first_day.isoformat()
    lift = 14 / plot
    shapes: list[dict[str, Any]] = [
        {"type": "line", "xref": "x", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1 + lift, "line": line}
    ]
    end = gap.month
    if gap.low and gap.high and gap.high > gap.low:
        end = gap.high
        lo, hi = gap.low.first_day.isoformat(), gap.high.first_day.isoformat()
        span = {"type": "line", "xref": "x", "yref": "paper", "line": line}
        shapes.append({**span, "x0": lo, "x1": hi, "y0": 1 + lift, "y1": 1 + lift})
        shapes += [{**span, "x0": v, "x1": v, "y0": 1 + lift * 0.7, "y1": 1 + lift * 1.3} for v in (lo, hi)]
    more = f"<br><span style='color:{c['ink-2']}'>{gap.more}</span>" if gap.more else ""
    words = {
        "text": f"<b>{gap.text}</b>{more}",
        "x": end.first_day.isoformat(),
        "xanchor": "right",
        "yref": "paper",
        "y": 1,
        "yshift": 20,
        "yanchor": "bottom",
        "align": "right",
        "showarrow": False,
        "bgcolor": c["bg"],
        "font": {"size": 13, "color": c["ink"]},
    }
    return shapes, [words]


def dot(x: str, y: float, fill: str, edge: str, axis: dict[str, str]) -> dict[str, Any]:
    """A point on a line, filled or open."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": {"size": 8, "color": fill, "line": {"color": edge, "width": 2}},
        "hoverinfo": "skip",
        "cliponaxis": False,
        **axis,
    }
