"""Two waits on one line: where patients come from (ring) and where they are treated (dot), with the guarantee's limit.

The name of each row stands over its line, so that the chart is as readable on a phone as on a desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.domain.swedish import count
from lagesbild.figures.theme import Theme, colors, figure

_ROW: Final = 46
_TOP, _BOTTOM, _SIDE = 30, 30, 10
_STEP: Final = 30


@dataclass(frozen=True)
class Pair:
    """`hollow` and `filled` in days, None when not known; `href` is where a click leads."""

    name: str
    hollow: float | None
    filled: float | None
    href: str = ""


def dumbbell_height(rows: int) -> int:
    return _TOP + _BOTTOM + rows * _ROW


def dumbbell(
    pairs: Sequence[Pair], *, hollow: str, filled: str, limit: int, limit_text: str, theme: Theme
) -> dict[str, Any]:
    """Rows from the top. `hollow` and `filled` name the marks, beside the first row that has both."""
    c = colors(theme)
    known = [v for p in pairs for v in (p.hollow, p.filled) if v is not None]
    most = max([*known, limit * 1.1])
    high = _STEP * -(-int(most) // _STEP)
    data: list[dict[str, Any]] = []
    for k, p in enumerate(pairs):
        if p.hollow is not None and p.filled is not None:
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": [p.hollow, p.filled],
                    "y": [k, k],
                    "line": {"color": c["context"], "width": 1.5},
                    "hoverinfo": "skip",
                }
            )
    for name, values, open_ in (
        (hollow, [p.hollow for p in pairs], True),
        (filled, [p.filled for p in pairs], False),
    ):
        at = [(k, v) for k, v in enumerate(values) if v is not None]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(v, 1) for _, v in at],
                "y": [k for k, _ in at],
                "name": name,
                "marker": {
                    "size": 11,
                    "color": c["bg"] if open_ else c["series"],
                    "line": {"color": c["series"], "width": 2},
                },
                "text": [f"{pairs[k].name}<br>{name}: {count(v)} dagar" for k, v in at],
                "customdata": [[pairs[k].href] for k, _ in at],
                "hovertemplate": "%{text}<extra></extra>",
                "cliponaxis": False,
            }
        )
    ticks = list(range(0, high + 1, _STEP if high <= 8 * _STEP else 2 * _STEP))
    layout = {
        "margin": {"l": _SIDE, "r": _SIDE + 8, "t": _TOP, "b": _BOTTOM},
        "hovermode": "closest",
        "xaxis": {
            "range": [0, high],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [count(t) for t in ticks],
            "showgrid": True,
            "gridcolor": c["grid"],
            "zeroline": True,
            "zerolinecolor": c["line-strong"],
            "fixedrange": True,
        },
        "yaxis": {"range": [len(pairs) - 0.45, -0.75], "visible": False, "fixedrange": True, "rangemode": "normal"},
        "shapes": [
            {
                "type": "line",
                "x0": limit,
                "x1": limit,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": c["limit"], "width": 1.25},
            }
        ],
        "annotations": [
            {
                "text": limit_text,
                "x": limit,
                "xanchor": "right" if limit > high * 0.6 else "center",
                "xshift": 4 if limit > high * 0.6 else 0,
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": 4,
                "showarrow": False,
                "font": {"size": 13, "color": c["ink"]},
            },
            *(_row_name(p.name, k, c["ink"], c["bg"]) for k, p in enumerate(pairs)),
            *_mark_names(pairs, hollow, filled, high, c["ink-2"]),
        ],
    }
    return figure(data, layout, theme=theme)


def _row_name(text: str, row: int, ink: str, ground: str) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": 2,
        "y": row,
        "yanchor": "bottom",
        "yshift": 7,
        "showarrow": False,
        "bgcolor": ground,
        "borderpad": 0,
        "font": {"size": 14, "color": ink},
    }


def _mark_names(pairs: Sequence[Pair], hollow: str, filled: str, high: float, ink: str) -> list[dict[str, Any]]:
    """What ring and dot mean, beside the marks of the first row that has both, each on its own side."""
    for row, p in enumerate(pairs):
        if p.hollow is None or p.filled is None:
            continue
        left, right = ((p.hollow, hollow), (p.filled, filled))
        if left[0] > right[0]:
            left, right = right, left
        out = []
        for (value, name), side in ((left, "right"), (right, "left")):
            out.append(
                {
                    "text": name,
                    "x": value,
                    "xanchor": side,
                    "xshift": -9 if side == "right" else 9,
                    "y": row,
                    "yanchor": "middle",
                    "showarrow": False,
                    "font": {"size": 13, "color": ink},
                }
            )
        return out
    return []
