"""How far each month's figure has moved since it was first published: a grey line a month, the largest one coloured.

Dots are publications; the line only joins them, and goes on level to today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.domain.swedish import signed
from lagesbild.figures.parts import Label, Panel, end_labels, measure_title, nice_range, value_axis
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 300
_TOP, _BOTTOM, _LEFT, _RIGHT = 36, 52, 44, 132
_MOST_TICKS: Final = 8
_LEAST_HIGH: Final = 0.5  # percentage points


@dataclass(frozen=True)
class Step:
    """A month by name: whole months after the first publication and percentage points moved by then, at every
    publication; `age`: months after the first today."""

    name: str
    after: tuple[int, ...]
    moved: tuple[float, ...]
    age: int
    chosen: bool = False


def revision_steps(steps: Sequence[Step], *, measure: str, decimals: int, theme: Theme) -> dict[str, Any]:
    """One axis for all; months that lie on each other are one line. The chosen one is named at its end."""
    c = colors(theme)
    values = [v for s in steps for v in s.moved]
    # at least half a point high: a tenth must not look like a fall
    flat = max(0.0, *values) - min(0.0, *values) < _LEAST_HIGH
    edge = _LEAST_HIGH if max(values) > 0 else -_LEAST_HIGH
    low, high, ticks = nice_range([0.0, *([edge] if flat else []), *values])
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, low, high)
    longest = max(1, *(s.age for s in steps))
    grey = [s for s in steps if not s.chosen]
    data = [_line(grey, c["context"], 1.1, 5, decimals)] if grey else []
    chosen = [s for s in steps if s.chosen]
    data += [_line([s], c["series"], 2.25, 7, decimals) for s in chosen]
    labels = [
        Label(panel, s.moved[-1], f"{s.name}<br>{signed(s.moved[-1], decimals)}", c["series"], lines=2) for s in chosen
    ]
    every = max(1, -(-longest // _MOST_TICKS))
    marks = list(range(0, longest + 1, every))
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "xaxis": {
            "range": [-0.25, longest + 0.25],
            "tickmode": "array",
            "tickvals": marks,
            "ticktext": ["först", *(str(m) for m in marks[1:])],
            "fixedrange": True,
            "showgrid": False,
            "title": {"text": "månader efter första publicering", "standoff": 6, "font": {"size": 13}},
        },
        "yaxis": {
            **value_axis(panel, ticks, [signed(t, 0 if float(t).is_integer() else 1) for t in ticks], [0, 1]),
            "zeroline": True,
            "zerolinewidth": 1,
            "zerolinecolor": c["line-strong"],
        },
        "hovermode": "closest",
        "annotations": [measure_title(measure, _LEFT, 10), *end_labels(labels)],
    }
    return figure(data, layout, theme=theme)


def _line(steps: Sequence[Step], color: str, width: float, mark: int, decimals: int) -> dict[str, Any]:
    """Several months as one trace, with a hole between: one trace is drawn faster than twenty."""
    x: list[float | None] = []
    y: list[float | None] = []
    text: list[str] = []
    sizes: list[int] = []
    for s in steps:
        x += [*s.after, s.age, None]
        y += [*s.moved, s.moved[-1], None]
        text += [*(f"{s.name}: {signed(v, decimals)} procentenheter" for v in (*s.moved, s.moved[-1])), ""]
        sizes += [*([mark] * len(s.after)), 0, 0]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "text": text,
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "line": {"color": color, "width": width},
        "marker": {"color": color, "size": sizes},
        "showlegend": False,
    }
