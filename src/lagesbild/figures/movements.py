"""Two snapshots side by side: a ring for a month as it was then, a dot for it now, a disc for the newest month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.domain.swedish import decimal, points
from lagesbild.figures.parts import nice_range
from lagesbild.figures.theme import Theme, colors, figure

_ROW: Final = 104  # words above and below the marks: beside them they lay under the marks on a phone
_TOP, _BOTTOM, _SIDE = 12, 34, 14


@dataclass(frozen=True)
class Step:
    """Shares in per cent. `then` as the earlier snapshot has its last month, `now` the same month in the later, `last`
    the later's own last month, whose name is `last_month`."""

    name: str
    then: float
    now: float
    last: float
    last_month: str


def movements_height(rows: int) -> int:
    return _TOP + _BOTTOM + rows * _ROW


def movements(steps: Sequence[Step], *, theme: Theme) -> dict[str, Any]:
    """Rows from the top: the revision dotted above, the new months solid below. Never judged: no colour but the one."""
    c = colors(theme)
    values = [v for s in steps for v in (s.then, s.now, s.last)]
    low, high, ticks = nice_range(values)
    room = (high - low) * 0.04
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for k, s in enumerate(steps):
        up, down = k, k + 0.18
        data += [
            _line([s.then, s.now], [up, up], c["context"], "dot"),
            _line([s.now, s.now, s.last], [up, down, down], c["series"], "solid"),
            _mark(s.then, up, c["bg"], c["ink"], 11, f"{s.name}, då: {decimal(s.then)} %"),
            _mark(s.now, up, c["ink"], c["ink"], 7, f"{s.name}, samma månad nu: {decimal(s.now)} %"),
            _mark(s.last, down, c["series"], c["series"], 11, f"{s.name}, {s.last_month}: {decimal(s.last)} %"),
        ]
        annotations += [
            _words(k - 0.42, f"<b>{s.name}</b>", c["ink"]),
            _words(k - 0.22, f"{decimal(s.then)} blev {decimal(s.now)}: {points(s.now - s.then)}", c["ink-2"]),
            _words(k + 0.38, f"{decimal(s.last)} i {s.last_month}: {points(s.last - s.now)}", c["ink-2"]),
        ]
    layout = {
        "margin": {"l": _SIDE, "r": _SIDE, "t": _TOP, "b": _BOTTOM},
        "showlegend": False,
        "annotations": annotations,
        "xaxis": {
            "range": [low - room, high + room],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [decimal(t) for t in ticks],
            "showgrid": True,
            "gridcolor": c["grid"],
            "fixedrange": True,
        },
        "yaxis": {"range": [len(steps) - 0.5, -0.62], "visible": False, "fixedrange": True},
    }
    return figure(data, layout, theme=theme)


def _line(x: list[float], y: list[float], color: str, dash: str) -> dict[str, Any]:
    line = {"color": color, "width": 1.8, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _mark(x: float, y: float, fill: str, edge: str, size: int, text: str) -> dict[str, Any]:
    marker = {"size": size, "color": fill, "line": {"color": edge, "width": 2}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": marker,
        "text": [text],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _words(y: float, text: str, color: str) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 0,
        "y": y,
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "font": {"color": color, "size": 13},
    }
