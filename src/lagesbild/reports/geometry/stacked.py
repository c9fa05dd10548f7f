"""Stacked bars: parts of a whole in their own order, later ones darker, the parts named above."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.swedish import NB
from lagesbild.reports.charts import StackedBars, StackRow
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.geometry.parts import AXIS, LABEL, absence, hatched, key, known, nothing, number
from lagesbild.reports.primitives import Drawing, Item, Rect, Text

_ROW: Final = 15.4
_BAR: Final = 11.2
_MOST_FOR_NAMES: Final = 0.34
_HIDDEN: Final = 12.0  # how wide a part is drawn whose size may not be shown
_LIGHT: Final = 3.3  # steps from here on are so dark that words on them are white


def shade(k: int, parts: int) -> str:
    """The colour of part `k` of `parts`: from light to dark on the design's five steps, between them when there are
    more.

    >>> [shade(k, 2) for k in range(2)], shade(3, 7)
    (['seq-2', 'seq-5'], 'seq-3')
    """
    first = 2.0 if parts < 5 else 1.0
    step = 5.0 if parts == 1 else first + (5 - first) * k / (parts - 1)
    return f"seq-{step:.2f}".rstrip("0").rstrip(".")


def _on(color: str) -> str:
    return "bg" if float(color.removeprefix("seq-")) > _LIGHT else "ink"


def stacked_bars(chart: StackedBars, w: float) -> Drawing:
    """Shares fill the width (the whole is 1); counts are drawn on one scale, so that rows can be compared."""
    if not chart.rows or not chart.parts:
        return nothing(chart.alt, w)
    shades = [shade(k, len(chart.parts)) for k in range(len(chart.parts))]
    hidden = any(not known(v) for r in chart.rows if not r.absent for v in r.values)
    entries = [("box", s, name) for s, name in zip(shades, chart.parts, strict=True)]
    items, top = key([*entries, *([("hatch", "", "visas inte")] if hidden else [])], 0, w)
    left = min(max(width(r.label, LABEL, bold=r.strong) for r in chart.rows), w * _MOST_FOR_NAMES) + 6
    sums = [sum(v for v in r.values if known(v)) for r in chart.rows]
    most = max([1.0 if chart.unit == "share" else 1e-9, *sums])
    room = w - left - (_HIDDEN if hidden else 0)
    for k, row in enumerate(chart.rows):
        y = top + k * _ROW
        name = fitted(row.label, left - 6, LABEL, bold=row.strong)
        items.append(Text(left - 6, y + 8.9, name, LABEL, "ink", "end", row.strong))
        items += _bar(chart, row, shades, left, y, room / most, w)
    return Drawing(w, top + len(chart.rows) * _ROW, chart.alt, tuple(items))


def _bar(
    chart: StackedBars, row: StackRow, shades: list[str], x: float, y: float, scale: float, w: float
) -> list[Item]:
    """Parts that may not be shown are one hatched field at the end: of a share, all that is left of the whole."""
    if row.absent or not any(known(v) for v in row.values):
        words = fitted(absence(row.absent), w - x - 26, LABEL)
        return [*hatched(x, y, 20, _BAR), Text(x + 26, y + 8.9, words, LABEL, "ink-2")]
    items: list[Item] = []
    for value, color in zip(row.values, shades, strict=True):
        if not known(value):
            continue
        long = max(0.0, value) * scale
        if long:
            items.append(Rect(x, y, max(0.3, long - 0.6), _BAR, fill=color))  # a hair of paper between the parts
        text = number(value, chart.unit).removesuffix(f"{NB}%")
        if width(text, AXIS) + 5 < long:
            items.append(Text(x + long / 2, y + 8.6, text, AXIS, _on(color), "middle"))
        x += long
    if any(not known(v) for v in row.values):
        left = (1 - sum(v for v in row.values if known(v))) * scale if chart.unit == "share" else _HIDDEN
        items += hatched(x, y, max(_HIDDEN / 2, left), _BAR)
    return items
