"""Ranked bars: names, bars from zero, values, arrows where a change is certain, and the limit through all of them."""

from __future__ import annotations

from typing import Final

from lagesbild.reports.charts import BarRow, RankedBars
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.geometry.parts import LABEL, LIMIT_WIDTH, absence, arrow, hatched, known, nothing, number
from lagesbild.reports.primitives import Drawing, Item, Rect, Stroke, Text

_ROW: Final = 14.2  # points from one bar to the next
_BAR: Final = 8.6
_MOST_FOR_NAMES: Final = 0.42  # of the width
_MOST_FOR_VALUES: Final = 0.3
_BOX: Final = 20.0


def ranked_bars(chart: RankedBars, w: float) -> Drawing:
    """Rows in the order given. A row without a value is a hatched box and the reason in words."""
    if not chart.rows:
        return nothing(chart.alt, w)
    names = max(width(r.label, LABEL, bold=r.strong) for r in chart.rows)
    left = min(names, w * _MOST_FOR_NAMES) + 6
    arrows = 13.0 if any(r.judgement for r in chart.rows) else 0.0
    values = max((width(_value(chart, r), LABEL, bold=r.strong) for r in chart.rows if known(r.value)), default=0.0)
    values = min(values, w * _MOST_FOR_VALUES)
    right = max(left + 20, w - arrows - values - 6)
    most = max([chart.most, *(r.value for r in chart.rows if known(r.value)), 1e-9])
    limit = chart.limit if any(known(r.value) for r in chart.rows) else None
    top = 14.0 if limit else 1.0
    items: list[Item] = []
    x_limit = left + (right - left) * min(1.0, max(0.0, limit.value / most)) if limit else 0.0
    if limit:
        items.append(_limit_name(limit.text, x_limit, w))
    for k, row in enumerate(chart.rows):
        y = top + k * _ROW
        items += _row(chart, row, y, left, left + (right - left) / most * max(0.0, row.value or 0.0), w, arrows)
    if limit:
        last = max(k for k, r in enumerate(chart.rows) if known(r.value))
        end = top + (last + 1) * _ROW
        items.append(Stroke(((x_limit, top - 2), (x_limit, end)), "limit", LIMIT_WIDTH))
    return Drawing(w, top + len(chart.rows) * _ROW, chart.alt, tuple(items))


def _limit_name(text: str, x: float, w: float) -> Text:
    """The limit's name over its line, moved in from the edge when it would pass it."""
    shown = fitted(text, w, LABEL)
    half = width(shown, LABEL) / 2
    return Text(min(max(x, half), w - half), 8.5, shown, LABEL, anchor="middle")


def _row(chart: RankedBars, row: BarRow, y: float, left: float, end: float, w: float, arrows: float) -> list[Item]:
    base = y + 9.4
    color = "ink" if known(row.value) else "ink-2"
    name = fitted(row.label, left - 6, LABEL, bold=row.strong)
    items: list[Item] = [Text(left - 6, base, name, LABEL, color, "end", row.strong)]
    if not known(row.value):
        words = fitted(absence(row.absent), w - left - _BOX - 6, LABEL)
        return [*items, *hatched(left, y + 2, _BOX, _BAR), Text(left + _BOX + 6, base, words, LABEL, "ink-2")]
    items.append(Rect(left, y + 2, end - left, _BAR, fill="seq-5" if row.strong else "seq-3"))
    value = fitted(_value(chart, row), w * _MOST_FOR_VALUES, LABEL, bold=row.strong)
    items.append(Text(w - arrows, base, value, LABEL, "ink", "end", row.strong))
    if row.judgement:
        items.append(arrow(w - 4, y + 6.3, row.judgement))
    return items


def _value(chart: RankedBars, row: BarRow) -> str:
    return row.text or (number(row.value, chart.unit) if known(row.value) else "")
