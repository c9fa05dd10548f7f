"""Words in a chart of lines: names at the lines' ends pushed apart, the limit's name, breaks and their reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.reports.charts import Line, TimeLines
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.geometry.axes import Frame
from lagesbild.reports.geometry.parts import AXIS, LABEL, apart, known
from lagesbild.reports.primitives import Item, Stroke, Text

_LINE: Final = 10.4  # points from one line of a label to the next
_GAP: Final = 6.0
_LONG_NAME: Final = 20  # characters
_PLACES: Final = 8  # how many places along a limit its name is tried at
_CLEAR: Final = 1.0  # a text that covers less than a point of a line is clear of it
_EDGE: Final = 0.2  # what a point of a fan's edge counts against one of a line
_STEPS: Final = 4  # points looked at from one month to the next
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
    def names(self) -> list[str]:
        """The name in lines: a long one is divided after its comma."""
        first, comma, rest = self.name.partition(", ")
        return [f"{first},", rest] if comma and len(self.name) > _LONG_NAME else [self.name] if self.name else []

    @property
    def lines(self) -> int:
        return len(self.names) + bool(self.text)


def end_room(ends: Sequence[End], w: float) -> float:
    """How much of the chart's right side the labels need."""
    wide = [max([*(width(n, LABEL) for n in e.names), width(e.text, LABEL, bold=True)]) for e in ends]
    return min(max(wide) + _GAP + 0.5 if wide else 8.0, w * _MOST_FOR_ENDS)


def end_labels(frame: Frame, ends: Sequence[End], w: float) -> list[Item]:
    """Labels to the right of the field, from the top down, none over another."""
    shown = [e for e in ends if e.lines]
    places = apart([frame.y(e.value) for e in shown], [e.lines * _LINE for e in shown], frame.top - 6, frame.bottom + 4)
    items: list[Item] = []
    room = w - frame.right - _GAP
    for middle, end in sorted(zip(places, shown, strict=True), key=lambda p: p[0]):
        y = middle - end.lines * _LINE / 2 + 8
        for text, bold in (*((n, False) for n in end.names), (end.text, True)):
            if text:
                shown_text = fitted(text, room, LABEL, bold=bold)
                items.append(Text(frame.right + _GAP, y, shown_text, LABEL, end.color, bold=bold))
                y += _LINE
    return items


@dataclass(frozen=True)
class Ink:
    """What is drawn, as points: `x`, `y` (points of paper), and whether they are of an edge of a fan, which counts
    little. Found once for a chart: its words are tried at dozens of places."""

    x: np.ndarray
    y: np.ndarray
    edge: np.ndarray

    def under(self, start: float, end: float, base: float) -> float:
        """How much of it lies where a text from `start` to `end` on `base` would stand."""
        there = (self.x >= start - 3) & (self.x <= end + 3) & (self.y >= base - 9) & (self.y <= base + 3)
        edges = int(np.count_nonzero(there & self.edge))
        return int(np.count_nonzero(there)) - edges + _EDGE * edges


def ink(frame: Frame, chart: TimeLines) -> Ink:
    """Points of the chart's lines and of the edges of its fans: each value, and some between it and the next."""
    lines = [(False, line.values) for line in chart.lines] + [(True, v) for f in chart.fans for v in (f.low, f.high)]
    xs, ys, edges = [], [], []
    for edge, values in lines:
        for k, value in enumerate(values):
            if not known(value):
                continue
            after = values[k + 1] if k + 1 < len(values) else None
            y = frame.y(value)
            to, steps = (frame.y(after), _STEPS) if known(after) else (y, 1)
            for n in range(steps):
                xs.append(frame.x(k + n / steps))
                ys.append(y + (to - y) * n / steps)
                edges.append(edge)
    return Ink(np.array(xs), np.array(ys), np.array(edges, dtype=bool))


def limit_name(frame: Frame, chart: TimeLines, drawn: Ink, taken: Sequence[Text] = ()) -> Text | None:
    """The limit's name on its line, above or below, clear of what is drawn and of the words that are there (`taken`);
    its ends come before what lies between. None where it would be over something wherever it stood."""
    assert chart.limit is not None
    y = frame.y(chart.limit.value)
    text = fitted(chart.limit.text, frame.right - frame.left - 6, LABEL)
    wide = width(text, LABEL)
    best: tuple[float, Text] | None = None
    first, last = frame.left + 3, frame.right - 3 - wide
    for x in (first, last, *(first + (last - first) * k / _PLACES for k in range(1, _PLACES))):
        for base in (y - 3.2, y + 9.4):
            crowd = drawn.under(x, x + wide, base)
            if base > frame.bottom or base - 8 < frame.top - 6:
                crowd += 100
            crowd += 100 * sum(_meet(x, x + wide, base, other) for other in taken)
            if best is None or crowd < best[0] - 1e-9:
                best = (crowd, Text(x, base, text, LABEL))
    return best[1] if best is not None and best[0] < _CLEAR else None


def _meet(start: float, end: float, base: float, other: Text) -> bool:
    """Whether a text would lie over another one, whose middle is at its `x`."""
    half = width(other.text, other.size, bold=other.bold) / 2
    beside = start > other.x + half + 3 or end < other.x - half - 3
    return not beside and abs(base - other.y) < _LINE


def inner_ends(frame: Frame, chart: TimeLines, drawn: Ink) -> list[Text]:
    """Numbers of lines that a forecast goes on from, over or under the point: where they cover least, the limit's line
    counting most."""
    ahead = any(line.kind == "forecast" for line in chart.lines)
    out = []
    for line in chart.lines if ahead else ():
        last = last_known(line)
        if last is None or not inside(chart, line) or not line.end_text:
            continue
        text = fitted(line.end_text, frame.right - frame.left, LABEL, bold=True)
        out.append(_beside_point(frame, chart, drawn, frame.x(last), frame.y(line.values[last] or 0.0), text))
    return out


def _beside_point(frame: Frame, chart: TimeLines, drawn: Ink, x: float, y: float, text: str) -> Text:
    """Over or under a point, or there to one side of it."""
    half = width(text, LABEL, bold=True) / 2
    best: tuple[float, Text] | None = None
    for aside in (0.0, half, -half, 1.6 * half, -1.6 * half):
        for base in (y - 7, y + 13):
            at = min(max(x + aside, frame.left + half), frame.right - half)
            crowd = drawn.under(at - half, at + half, base) + _on_limit(frame, chart, base)
            crowd += 0.01 * abs(aside) + (100 if base > frame.bottom - 2 or base - 8 < frame.top - 6 else 0)
            if best is None or crowd < best[0]:
                best = (crowd, Text(at, base, text, LABEL, anchor="middle", bold=True))
    assert best is not None
    return best[1]


def _on_limit(frame: Frame, chart: TimeLines, base: float) -> float:
    limit = chart.limit
    if limit is None or not frame.low <= limit.value <= frame.high:
        return 0.0
    return 50.0 if base - 8 <= frame.y(limit.value) <= base + 2 else 0.0


def last_known(line: Line) -> int | None:
    """The place of a line's last value."""
    return next((i for i in range(len(line.values) - 1, -1, -1) if known(line.values[i])), None)


def inside(chart: TimeLines, line: Line) -> bool:
    """Whether a line ends so far from the right edge that its number stands beside the point."""
    last = last_known(line)
    return last is not None and last < len(chart.months) - 2


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
