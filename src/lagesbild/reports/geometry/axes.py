"""Axes: where values and months lie, and which of them are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import decimal
from lagesbild.figures.parts import nice_range
from lagesbild.reports.charts import Unit
from lagesbild.reports.fonts import width
from lagesbild.reports.geometry.parts import AXIS, unit_word
from lagesbild.reports.primitives import Item, Stroke, Text

_BETWEEN: Final = 9.0  # points at least between two months' names


_HALF: Final = 300.0  # points: a narrower chart stands beside another


def field_height(w: float, share: float = 1.0) -> float:
    """How high the field of a chart `w` points wide is; `share` of the usual.

    >>> field_height(517), field_height(249)
    (146.0, 112.0)
    """
    return share * (112.0 if w < _HALF else 146.0)


@dataclass(frozen=True)
class Frame:
    """The field a chart is drawn in: its edges in points, its values and its months."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    months: int

    def x(self, k: float) -> float:
        """The middle of month number `k`."""
        return self.left + (self.right - self.left) * (k / (self.months - 1) if self.months > 1 else 0.5)

    def y(self, value: float) -> float:
        """The height of a value; one outside the field is drawn at its edge."""
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def scale(values: Sequence[float], floor: float | None) -> tuple[float, float, list[float]]:
    """Lowest and highest value of an axis and its ticks; from `floor` (zero when None), lower only when a value is."""
    start = min([0.0 if floor is None else floor, *values])
    if max(values) - start < 1e-9:  # one value, at the foot: nothing says how far the axis should reach
        values = [*values, start + max(abs(start) * 0.1, 0.05 if abs(start) < 1 and start else 1.0)]
    marks = nice_range([start, *values])[2]
    if floor is not None and marks[0] < start:  # as promised in the words below the heading
        return start, marks[-1], [start, *(m for m in marks if m > start)]
    return marks[0], marks[-1], marks


def tick_texts(marks: Sequence[float], unit: Unit) -> list[str]:
    """The ticks' numbers, all with the decimals that the closest two need; the topmost with the unit.

    >>> tick_texts([.75, .8], "share"), tick_texts([0, 2000], "count")
    (['75', '80\\xa0%'], ['0', '2\\xa0000'])
    """
    factor = 100 if unit == "share" else 1
    shown = [m * factor for m in marks]
    n = next((d for d in range(3) if all(abs(v - round(v, d)) < 1e-6 for v in shown)), 2)
    texts = [decimal(v, n) for v in shown]
    return [*texts[:-1], texts[-1] + unit_word(unit)]


def value_axis(frame: Frame, marks: Sequence[float], texts: Sequence[str]) -> list[Item]:
    """Lines across at the ticks, numbers to their left."""
    lines: list[Item] = [
        Stroke(((frame.left, frame.y(m)), (frame.right, frame.y(m))), "grid" if k else "line-strong", 0.6)
        for k, m in enumerate(marks)
    ]
    return lines + [
        Text(frame.left - 5, frame.y(m) + 2.9, text, AXIS, "ink-2", "end") for m, text in zip(marks, texts, strict=True)
    ]


def month_axis(frame: Frame, months: Sequence[Month], w: float, also: Sequence[int] = ()) -> list[Item]:
    """Names of the first month, each January and the last, and those asked for `also`, while there is room in a chart
    `w` points wide; a short axis has every third month too."""
    wanted = [*also, 0, *(k for k, m in enumerate(months) if m.month == 1), len(months) - 1]
    if len(months) <= 18:
        wanted += [k for k, m in enumerate(months) if m.month % 3 == 1]
    taken: list[tuple[float, float]] = []
    named: list[tuple[int, float, str]] = []
    for k in dict.fromkeys(wanted):
        text = months[k].sv_short
        wide = width(text, AXIS)
        start = min(max(frame.x(k) - wide / 2, 0.0), w - wide)
        if all(start > b + _BETWEEN or start + wide < a - _BETWEEN for a, b in taken):
            taken.append((start, start + wide))
            named.append((k, start, text))
    out: list[Item] = []
    for k, start, text in sorted(named):
        x = frame.x(k)
        out.append(Stroke(((x, frame.bottom), (x, frame.bottom + 3)), "line-strong", 0.6))
        out.append(Text(start, frame.bottom + 12.5, text, AXIS, "ink-2"))
    return out
