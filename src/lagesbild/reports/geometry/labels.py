"""Words in a chart of lines: names at the lines' ends pushed apart, the limit's name, breaks and their reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lagesbild.reports.charts import TimeLines
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.geometry.axes import Frame
from lagesbild.reports.geometry.parts import AXIS, LABEL, apart, known
from lagesbild.reports.primitives import Item, Stroke, Text

_LINE: Final = 10.4  # points from one line of a label to the next
_GAP: Final = 6.0
_MOST_FOR_ENDS: Final = 0.34  # of the chart's width


@dataclass(frozen=True)
class End:
    """What stands at a line's end: its name and, bold, its last value."""

    month: int
    value: float
    name: str
    text: str
    color: str

    @property
    def lines(self) -> int:
        return bool(self.name) + bool(self.text)


def end_room(ends: Sequence[End], w: float) -> float:
    """How much of the chart's right side the labels need."""
    wide = [max(width(e.name, LABEL), width(e.text, LABEL, bold=True)) for e in ends]
    return min(max(wide) + _GAP + 0.5 if wide else 8.0, w * _MOST_FOR_ENDS)


def end_labels(frame: Frame, ends: Sequence[End], w: float) -> list[Item]:
    """Labels to the right of the field, from the top down, none over another."""
    shown = [e for e in ends if e.lines]
    places = apart([frame.y(e.value) for e in shown], [e.lines * _LINE for e in shown], frame.top - 6, frame.bottom + 4)
    items: list[Item] = []
    room = w - frame.right - _GAP
    for middle, end in sorted(zip(places, shown, strict=True), key=lambda p: p[0]):
        y = middle - end.lines * _LINE / 2 + 8
        for text, bold in ((end.name, False), (end.text, True)):
            if text:
                shown_text = fitted(text, room, LABEL, bold=bold)
                items.append(Text(frame.right + _GAP, y, shown_text, LABEL, end.color, bold=bold))
                y += _LINE
    return items


def limit_name(frame: Frame, chart: TimeLines) -> Text:
    """The limit's name on its line, at the left or right end, above or below: where the fewest values are near."""
    assert chart.limit is not None
    y = frame.y(chart.limit.value)
    text = fitted(chart.limit.text, frame.right - frame.left - 6, LABEL)
    wide = width(text, LABEL)
    best: tuple[float, Text] | None = None
    for left in (True, False):
        for base in (y - 3.2, y + 9.4):
            x = frame.left + 3 if left else frame.right - 3 - wide
            crowd = _crowd(frame, chart, x, x + wide, base)
            if base > frame.bottom or base - 8 < frame.top - 6:
                crowd += 100
            if best is None or crowd < best[0]:
                best = (crowd, Text(x, base, text, LABEL))
    assert best is not None
    return best[1]


def _crowd(frame: Frame, chart: TimeLines, start: float, end: float, base: float) -> float:
    """How many drawn values lie where a text would stand; fans count half."""
    lines = [(1.0, line.values) for line in chart.lines] + [(0.5, v) for f in chart.fans for v in (f.low, f.high)]
    return sum(
        weight
        for weight, values in lines
        for k, v in enumerate(values)
        if known(v) and start - 4 <= frame.x(k) <= end + 4 and base - 11 <= frame.y(v) <= base + 4
    )


def break_lines(chart: TimeLines, left: float, right: float) -> tuple[Callable[[Frame, float], list[Item]], float]:
    """Dotted lines where something else is measured from, each with its reason over the field; and the height the
    reasons take. Reasons that would meet stand on lines of their own."""
    n = len(chart.months)
    rows: list[float] = []  # where the last reason on each line ends
    placed: list[tuple[int, float, int, str]] = []
    for month, why in sorted(chart.breaks, key=lambda b: b[0]):
        if month not in chart.months:
            continue
        k = chart.months.index(month)
        x = left + (right - left) * (k / (n - 1) if n > 1 else 0.5)
        text = fitted(f"{month.sv_short}: {why}" if why else month.sv_short, right - left, AXIS)
        start = min(x + 3, right - width(text, AXIS))
        row = next((r for r, end in enumerate(rows) if start > end + 8), len(rows))
        rows[row : row + 1] = [start + width(text, AXIS)]
        placed.append((k, start, row, text))

    def items(frame: Frame, above: float) -> list[Item]:
        out: list[Item] = []
        for k, start, row, text in placed:
            base = above + 8 + row * _LINE
            line = ((frame.x(k), base - 7), (frame.x(k), frame.bottom))
            out += [Stroke(line, "ink-2", 0.9, (1.0, 2.0)), Text(start, base, text, AXIS, "ink-2")]
        return out

    return items, len(rows) * _LINE
