"""Native bar and column charts. Labels are the cells' own numbers in a format: who edits a cell changes the label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.figures.parts import nice_range
from lagesbild.reports.charts import Columns, RankedBars, StackedBars
from lagesbild.reports.legend import ARROWS, briefly
from lagesbild.reports.pptx_chart_xml import (
    Mark,
    Series,
    category_axis,
    chart_space,
    hatched,
    line,
    literal,
    marker,
    month_axis,
    plot,
    series_xml,
    shape,
    value_axis,
)
from lagesbild.reports.pptx_theme import INNER
from lagesbild.reports.pptx_workbook import DataColumn
from lagesbild.reports.rounding import UNIT_WORDS, axis_code, format_code, told
from lagesbild.reports.tints import is_dark, tone

ROWS: Final = 26  # bars that one slide has room for
_TALL: Final = 3.6  # inches that bars share
_THICK: Final = 0.42  # inches of a bar at most
_ROOM: Final = 1.12  # of the longest bar: the number stands after it
_LABELLED: Final = 3  # parts; more would not have room for their numbers


@dataclass(frozen=True)
class Drawing:
    """What a native chart is made of: its part, its categories (`first` heads them) and its cells."""

    xml: bytes
    first: str
    categories: tuple[str | Month, ...]
    columns: tuple[DataColumn, ...]


def ranked(chart: RankedBars, *, exact: bool, name: str = "") -> Drawing:
    """Bars from zero, first on top. The limit is the axis' only line, so it stands where its value is."""
    labels = tuple(f"{r.label}: {briefly(r.absent)}" if r.value is None and r.absent else r.label for r in chart.rows)
    values = tuple(told(r.value, chart.unit, r.text, exact=exact) for r in chart.rows)
    column = DataColumn(name or UNIT_WORDS[chart.unit], values, format_code(chart.unit))
    size = _size(len(labels))
    marks, points = {}, {}
    for k, row in enumerate(chart.rows):
        if values[k] is None:
            continue
        code = format_code(chart.unit, row.text)
        arrow = literal(f" {ARROWS[row.judgement]}") if row.judgement else ""
        marks[k] = Mark(
            code + arrow,
            size,
            row.judgement or "ink",
            row.strong or bool(row.judgement),
            where="outEnd",
            covers=limit_stands(chart),
        )
        if row.strong:
            points[k] = shape("seq-5")
    top = max([chart.most, *(v for v in values if v is not None)]) * _ROOM or 1.0
    top_room = 0.08 if limit_stands(chart) else 0.01
    body = series_xml(0, Series(column, shape("seq-3"), points=points, marks=marks), labels, "bar")
    if limit_stands(chart):
        assert chart.limit is not None
        axis = value_axis(
            0.0, top, chart.limit.value, f'{literal(chart.limit.text)};"";""', place="t", grid="limit", weight=1.25,
            size=size,
        )  # fmt: skip
    else:
        axis = value_axis(0.0, top, top, '"";"";""', place="t", grid="", shown=False)
    return Drawing(
        chart_space(
            plot("bar", body, across=True, gap=_gap(len(labels))),
            category_axis(size) + axis,
            inner=_beside(labels, size, top_room),
        ),
        "",
        labels,
        (column,),
    )


def limit_stands(chart: RankedBars) -> bool:
    """Whether the limit can be the axis' only line: twice its value must lie beyond the axis."""
    top = max([chart.most, *(r.value for r in chart.rows if r.value is not None)]) * _ROOM
    return chart.limit is not None and 0 < chart.limit.value <= top < 2 * chart.limit.value


def stacked(chart: StackedBars, *, exact: bool, most: float | None = None, across: int = 1) -> Drawing:
    """Bars of parts, first on top, later parts darker. `most`: the axis' end when a chart is split over slides;
    `across`: how many charts share the slide's width, whose legends take more lines."""
    labels = tuple(f"{r.label}: {briefly(r.absent)}" if r.absent else r.label for r in chart.rows)
    size = _size(len(labels))
    whole = most or stack_end(chart)
    low, high, ticks = (0.0, 1.0, [0.0, 0.25, 0.5]) if chart.unit == "share" else nice_range([0.0, whole], zero=True)
    columns, body = [], []
    for k, part in enumerate(chart.parts):
        values = tuple(told(r.values[k], chart.unit, exact=exact) for r in chart.rows)
        columns.append(DataColumn(part, values, format_code(chart.unit)))
        fill = tone(k, len(chart.parts))
        marks = {}
        if len(chart.parts) <= _LABELLED:
            on = "bg" if is_dark(fill) else "ink"
            marks = {
                i: Mark(format_code(chart.unit), size - 1, on, chart.rows[i].strong, where="ctr")
                for i, v in enumerate(values)
                if v is not None and v >= 0.05 * high
            }
        body.append(series_xml(k, Series(columns[-1], shape(fill, line("bg", 0.5)), marks=marks), labels, "bar"))
    code = axis_code(chart.unit)
    axes = category_axis(size) + value_axis(low, high, ticks[1] - ticks[0], code, place="t")
    legend = 0.2 if len(chart.parts) > _LABELLED else 0.15
    inner = _beside(labels, size, legend + 0.12 * (across - 1), across)
    xml = chart_space(
        plot("bar", "".join(body), stacked=True, across=True, gap=_gap(len(labels))), axes, legend=True, inner=inner
    )
    return Drawing(xml, "", labels, tuple(columns))


def stack_end(chart: StackedBars) -> float:
    """The longest bar."""
    return max((sum(v for v in r.values if v is not None) for r in chart.rows), default=1.0)


def columns(chart: Columns, *, exact: bool, across: int = 1) -> Drawing:
    """Outflow as columns, inflow as ticks on the same axis; preliminary months are hatched. `across`: as `stacked`."""
    labels = chart.months
    code = format_code(chart.unit)
    bars = DataColumn(chart.name, tuple(told(v, chart.unit, exact=exact) for v in chart.values), code)
    ticks = DataColumn(chart.tick_name, tuple(told(v, chart.unit, exact=exact) for v in chart.ticks), code)
    odd = {k: hatched() for k, m in enumerate(chart.months) if m in chart.provisional}
    wide = max(5, min(20, round(420 / across / max(1, len(labels)))))
    body = plot("bar", series_xml(0, Series(bars, shape("seq-3"), points=odd), labels, "bar"))
    body += plot(
        "line",
        series_xml(
            1, Series(ticks, f"<c:spPr>{line('')}</c:spPr>", marker("dash", wide, "ink", "ink", 1)), labels, "line"
        ),
    )
    known = [v for v in (*bars.values, *ticks.values) if v is not None]
    low, high, marks = nice_range(known or [1.0], zero=True)
    axes = month_axis(len(labels), across) + value_axis(low, high, marks[1] - marks[0], axis_code(chart.unit))
    return Drawing(chart_space(body, axes, legend=True), "Månad", labels, (bars, ticks))


def _beside(labels: tuple[str, ...], size: float, top: float, across: int = 1) -> tuple[float, float, float, float]:
    """Where the bars lie when the names at their left have room."""
    longest = max((len(part) for label in labels for part in [label[:48]]), default=0)
    x = min(0.4, longest * size * 0.65 / 72 / INNER * across + 0.015 * across)
    return round(x, 4), top, round(0.985 - x, 4), round(0.98 - top, 4)


def _gap(rows: int) -> int:
    """Per cent of a bar's thickness between bars: few bars do not become blocks."""
    return max(35, min(500, round((_TALL / max(1, rows) / _THICK - 1) * 100)))


def _size(rows: int) -> float:
    """Points that a row's label has room for."""
    return max(8.0, min(13.0, 205 / max(1, rows)))
