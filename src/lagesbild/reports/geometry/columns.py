"""Columns and ticks: outflow as a column, inflow as a tick across it, from zero."""

from __future__ import annotations

from typing import Final

from lagesbild.reports.charts import Columns
from lagesbild.reports.fonts import width
from lagesbild.reports.geometry.axes import Frame, field_height, month_axis, scale, tick_texts, value_axis
from lagesbild.reports.geometry.parts import AXIS, KeyEntry, hatched, key, known, nothing
from lagesbild.reports.primitives import Drawing, Item, Rect, Stroke

_SHARE: Final = 0.68  # of a month that its column is wide


def columns(chart: Columns, w: float, share: float = 1.0) -> Drawing:
    """A month without a value, missing or protected, is a dashed box at the foot; a provisional one is hatched."""
    numbers = [v for v in (*chart.values, *chart.ticks) if known(v)]
    if not chart.months or not numbers:
        return nothing(chart.alt, w)
    missing = any(not known(v) for v in chart.values)
    entries: list[KeyEntry] = [("box", "seq-3", chart.name), ("line", "ink", chart.tick_name)]
    if chart.provisional & set(chart.months):
        entries.append(("hatch", "", "preliminärt"))
    if missing:
        entries.append(("gone", "", "visas inte"))
    items, top = key(entries, 0, w)
    low, high, marks = scale(numbers, None)
    texts = tick_texts(marks, chart.unit)
    left = max(width(t, AXIS) for t in texts) + 5
    step = (w - left) / len(chart.months)
    frame = Frame(
        left + step / 2, w - step / 2, top + 4, top + 4 + field_height(w, share), low, high, len(chart.months)
    )
    whole = Frame(left, w, frame.top, frame.bottom, low, high, len(chart.months))
    items += value_axis(whole, marks, texts)
    wide = step * _SHARE
    for k, month in enumerate(chart.months):
        items += _month(frame, k, wide, chart.values[k], chart.ticks[k], month in chart.provisional)
    items += month_axis(frame, chart.months, w)
    return Drawing(w, frame.bottom + 17, chart.alt, tuple(items))


def _month(frame: Frame, k: int, wide: float, value: float | None, tick: float | None, provisional: bool) -> list[Item]:
    x, zero = frame.x(k) - wide / 2, frame.y(0)
    items: list[Item] = []
    if not known(value):
        items.append(Rect(x, zero - 8, wide, 8, stroke="line-strong", dashed=True))
    elif provisional and abs(frame.y(value) - zero) > 1:
        items += hatched(x, min(zero, frame.y(value)), wide, abs(zero - frame.y(value)), "seq-4")
    else:
        items.append(Rect(x, min(zero, frame.y(value)), wide, abs(zero - frame.y(value)), fill="seq-3"))
    if known(tick):
        y = frame.y(tick)
        items.append(Stroke(((x - wide * 0.14, y), (x + wide * 1.14, y)), "ink", 1.3))
    return items
