"""One place's share over time on the grey lines of the others: a panel of the small multiples on a region's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import decimal
from lagesbild.figures.parts import Label, Panel, end_labels, iso, limit_line, month_axis, numbers, value_axis
from lagesbild.figures.theme import Theme, colors, figure, with_alpha

HEIGHT: Final = 260
PAPER_HEIGHT: Final = 140  # two rows of panels end where a first page of A4 does; at 260 the second was on the next
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 134, 12, 44
_MOST_TICKS: Final = 5


@dataclass(frozen=True)
class Line:
    """A named line; `kind`: own (coloured by `judgement`), country, or compared. `open_end`: the last is provisional.
    `coarse`: bool (months,), told in whole per cent; None = in tenths throughout."""

    name: str
    values: np.ndarray
    kind: str
    judgement: str = "noise"
    open_end: bool = False
    coarse: np.ndarray | None = None

    def text(self, k: int) -> str:
        """The value of month `k`, per cent, as exactly as it may be told."""
        return decimal(self.values[k] * 100, 0 if self.coarse is not None and self.coarse[k] else 1)


def share_lines(
    months: Sequence[Month],
    lines: Sequence[Line],
    others: Sequence[np.ndarray],
    *,
    low: float,
    high: float,
    target: float,
    target_text: str = "",
    theme: Theme,
) -> dict[str, Any]:
    """Shares are fractions 0-1, NaN = a gap. `low`..`high` is the axis; others' values outside it are drawn at its
    edge. `target_text` names the limit line ("" = the line alone)."""
    c = colors(theme)
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, low * 100, high * 100)
    x = iso([m.first_day for m in months])
    data = [_others(x, others, low, high, with_alpha(c["line-strong"], 0.45))] if others else []
    labels = []
    for line in lines:
        color = _color(line, c)
        data.append(_trace(x, line, color, c["bg"]))
        last = line.values[-1] if len(line.values) else np.nan
        if np.isfinite(last):
            text = f"{line.name} {line.text(-1)}"
            labels.append(Label(panel, float(last) * 100, text, color, bold=line.kind == "own"))
    shapes: list[dict[str, Any]] = []
    notes = end_labels(labels)
    if low <= target <= high:
        limit = limit_line(panel, target * 100, target_text, c["limit"], below=True)
        shapes.append(limit["shape"])
        notes += [limit["annotation"]] if target_text else []
    ticks = _ticks(low, high)
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "xaxis": {**month_axis([m.first_day for m in months], every=12)},
        "yaxis": {**value_axis(panel, ticks, [decimal(t, 0) for t in ticks], [0, 1]), "rangemode": "normal"},
        "shapes": shapes,
        "annotations": notes,
        "showlegend": False,
        "meta": {"paper": {"height": PAPER_HEIGHT, "yshift": _apart(labels)}},
    }
    return figure(data, layout, theme=theme)


def _apart(labels: Sequence[Label]) -> list[float]:
    """How far the labels are pushed apart in the lower panel that paper has (assets/75_print.js), in their order."""
    lower = Panel(_TOP, PAPER_HEIGHT - _TOP - _BOTTOM, labels[0].panel.low, labels[0].panel.high) if labels else None
    return [a["yshift"] for a in end_labels([replace(x, panel=lower) for x in labels])] if lower else []


def _color(line: Line, c: Any) -> str:
    if line.kind == "country":
        return str(c["ink"])
    if line.kind == "compared":
        return str(c["ink-2"])  # dark and dashed: in their grey it would be lost among the others
    return str(c[line.judgement] if line.judgement in ("better", "worse") else c["series"])


def _trace(x: list[str], line: Line, color: str, background: str) -> dict[str, Any]:
    own = line.kind == "own"
    ends = [0] * (len(x) - 1) + [8 if own else 0]
    return {
        "type": "scatter",
        "name": line.name,
        "mode": "lines+markers",
        "x": x,
        "y": numbers(line.values * 100),
        "connectgaps": False,
        "line": {
            "color": color,
            "width": 2.4 if own else 2.0 if line.kind == "compared" else 1.6,
            "dash": "6px,3px" if line.kind == "compared" else "solid",
        },
        "marker": {
            "size": ends,
            "opacity": 1,
            "color": background if line.open_end else color,
            "line": {"color": color, "width": 2 if line.open_end else 0},
        },
        "cliponaxis": False,
        **_hover(line),
    }


def _hover(line: Line) -> dict[str, Any]:
    if line.coarse is None or not line.coarse.any():
        return {"hovertemplate": f"%{{y:.1f}}\u00a0%<extra>{line.name}</extra>"}
    told = [line.text(k) if np.isfinite(v) else "" for k, v in enumerate(line.values)]
    return {"customdata": told, "hovertemplate": f"%{{customdata}}\u00a0%<extra>{line.name}</extra>"}


def _others(x: list[str], others: Sequence[np.ndarray], low: float, high: float, color: str) -> dict[str, Any]:
    """All of them as one trace with gaps: twenty traces would be slow to draw."""
    xs: list[str | None] = []
    ys: list[float | None] = []
    for line in others:
        xs += [*x, x[-1]]
        ys += [*numbers(np.round(np.clip(line, low, high) * 100, 1)), None]
    return {
        "type": "scatter",
        "name": "Övriga regioner",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "connectgaps": False,
        "line": {"color": color, "width": 0.8},
        "hoverinfo": "skip",
    }


def _ticks(low: float, high: float) -> list[float]:
    """Tens, or fives or twos when the axis is short; all inside the axis."""
    first, last = low * 100, high * 100
    step = next((s for s in (2, 5, 10, 20) if (last - first) / s <= _MOST_TICKS), 20)
    return [float(t) for t in np.arange(np.ceil(first / step) * step, last + 1e-9, step)]
