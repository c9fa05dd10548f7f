"""What several kinds of chart have in common: words for values, hatching, arrows, keys, labels pushed apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, TypeGuard

from lagesbild.domain.swedish import MISSING, NB, count, decimal, percent
from lagesbild.reports.charts import Judgement, Unit
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.primitives import Area, Dot, Drawing, Item, Rect, Stroke, Text

LABEL: Final = 8.6  # points: names and values
AXIS: Final = 8.2  # points: axes and keys; 8 is the floor on paper
LIMIT_WIDTH: Final = 0.95
_HATCH_STEP: Final = 3.4
_KEY_LINE: Final = 12.0


def known(value: float | None) -> TypeGuard[float]:
    """Whether there is a number to draw."""
    return value is not None and math.isfinite(value)


def number(value: float, unit: Unit) -> str:
    """A value as it is written in a chart, with its unit when that is short.

    >>> number(.813, "share"), number(1234, "count"), number(61.4, "days"), number(1.26, "number")
    ('81,3\\xa0%', '1\\xa0234', '61', '1,3')
    """
    if unit == "share":
        return percent(value)
    return decimal(value) if unit == "number" else count(value)


def hatched(x: float, y: float, w: float, h: float, frame: str = "line-strong") -> list[Item]:
    """A box in slanting lines: something that is not there, or not final. The lines end exactly at its edges."""
    out: list[Item] = []
    k = _HATCH_STEP
    while k < w + h:
        start = (x + k, y) if k <= w else (x + w, y + k - w)
        end = (x, y + k) if k <= h else (x + k - h, y + h)
        out.append(Stroke((start, end), "hatch", 0.6))
        k += _HATCH_STEP
    out.append(Rect(x, y, w, h, stroke=frame))
    return out


def arrow(x: float, y: float, judgement: Judgement, size: float = 6.6) -> Area:
    """Up for better, down for worse, as everywhere; `x`, `y`: its middle."""
    half, tall = size / 2, size * 0.43
    tip, base = (-tall, tall) if judgement == "better" else (tall, -tall)
    return Area(((x, y + tip), (x + half, y + base), (x - half, y + base)), judgement)


def segments(values: Sequence[float | None]) -> list[list[int]]:
    """Positions of values that stand together without a gap.

    >>> segments([1, None, 2, 3])
    [[0], [2, 3]]
    """
    out: list[list[int]] = []
    for k, value in enumerate(values):
        if known(value):
            if out and out[-1][-1] == k - 1:
                out[-1].append(k)
            else:
                out.append([k])
    return out


def apart(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Middles of labels of the given heights as near as may be to where they are wanted, none over another and all
    between `top` and `bottom` when there is room.

    >>> apart([10, 12, 50], [10, 10, 10], 0, 60)
    [10, 20.0, 50]
    """
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    places = [0.0] * len(wanted)
    edge = top
    for k in order:
        places[k] = max(wanted[k], edge + heights[k] / 2)
        edge = places[k] + heights[k] / 2
    edge = bottom
    for k in reversed(order):
        places[k] = min(places[k], edge - heights[k] / 2)
        edge = places[k] - heights[k] / 2
    return places


KeyEntry = tuple[str, str, str]  # how it looks ("box", "line", "dash", "open", "hatch", "arrow"), colour, words


def key(entries: Iterable[KeyEntry], x: float, room: float) -> tuple[list[Item], float]:
    """A row of signs and their words from `x`, broken into lines within `room`; and the height it takes."""
    out: list[Item] = []
    at, line = x, 0
    for kind, color, words in entries:
        text = fitted(words, room - 14, AXIS)
        wide = 14 + width(text, AXIS)
        if at > x and at + wide > x + room:
            at, line = x, line + 1
        base = line * _KEY_LINE + 8
        out += _sign(kind, color, at, base)
        out.append(Text(at + 13, base, text, AXIS, "ink-2"))
        at += wide + 9
    return out, (line + 1) * _KEY_LINE + 3 if out else 0.0


def _sign(kind: str, color: str, x: float, base: float) -> list[Item]:
    middle = base - 2.9
    if kind == "box":
        return [Rect(x, base - 6.8, 9, 7.4, fill=color)]
    if kind == "hatch":
        return hatched(x, base - 6.8, 9, 7.4)
    if kind == "gone":
        return [Rect(x, base - 6.8, 9, 7.4, stroke="line-strong", dashed=True)]
    if kind == "open":
        return [Dot(x + 5, middle, 2.3, color, open=True)]
    if kind == "arrow":
        return [arrow(x + 5, middle, "better" if color == "better" else "worse")]
    return [Stroke(((x, middle), (x + 10, middle)), color, 1.4, (3.0, 2.2) if kind == "dash" else ())]


def nothing(alt: str, w: float) -> Drawing:
    """What stands where a chart has nothing to show: words, never an empty axis."""
    text = Text(0, 11, "Det finns inga uppgifter att visa för urvalet.", LABEL, "ink-2")
    return Drawing(w, 18, alt, (text,))


def absence(text: str) -> str:
    """Why nothing is drawn, in words."""
    return text or MISSING


def unit_word(unit: Unit) -> str:
    """What follows the topmost number of an axis."""
    return {"share": f"{NB}%", "days": " dagar"}.get(unit, "")
