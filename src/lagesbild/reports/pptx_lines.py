"""Native line charts. Bands are stacked areas over a base without fill; the sheet holds the bands' edges as they are
and computes the areas from them, so that the data can be read, and changed, by somebody who does not know the trick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lagesbild.reports.charts import Fan, Line, TimeLines
from lagesbild.reports.legend import time_axis
from lagesbild.reports.pptx_bands import Sheet, Values, bands, normal_band
from lagesbild.reports.pptx_bars import Drawing
from lagesbild.reports.pptx_chart_xml import (
    Mark,
    Series,
    chart_space,
    line,
    literal,
    marker,
    month_axis,
    plot,
    value_axis,
)
from lagesbild.reports.pptx_workbook import DataColumn, letter
from lagesbild.reports.rounding import NUMBER, axis_code, format_code, told, written

# of the chart; the rest is for the labels at the lines' ends. One chart on a slide, two or three beside each other
_INNER: Final = ((0.055, 0.06, 0.745, 0.82), (0.09, 0.06, 0.66, 0.76), (0.13, 0.06, 0.59, 0.76))
_LABEL: Final = (13, 11, 10)  # characters of a row of label
_APART: Final = (0.062, 0.085, 0.085)  # of the chart's height: one line of label
_SIZE: Final = (12, 12, 11)  # points of a label
_SYMBOLS: Final = {"better": "triangle", "worse": "diamond", "": "square"}
_FIRED: Final = {"better": "Säkerställt bättre", "worse": "Säkerställt sämre", "": "Utanför normal variation"}


def time_lines(chart: TimeLines, *, exact: bool, across: int = 1) -> Drawing:
    """Lines, bands, limit, breaches, breaks and preliminary months of a chart over months; `across` charts share the
    slide's width."""
    sheet = Sheet(chart.months)
    code = format_code(chart.unit)
    lines = [(item, _told(item.values, chart, exact)) for item in chart.lines]
    fans = [Fan(f.level, _told(f.low, chart, exact), _told(f.high, chart, exact)) for f in chart.fans]
    normal = tuple(told(v, chart.unit, exact=exact) for v in chart.normal) if chart.normal else None
    low, high, step = time_axis(chart)
    high += step if chart.breaks else 0.0  # the reason stands above the line
    inner = _INNER[across - 1]
    if not _has_labels(chart):
        inner = (inner[0], inner[1], 0.98 - inner[0], inner[3])

    for item, values, mark in _labelled(lines, low, high, inner, chart, across):
        sheet.line(_line(item, values, mark, chart, code, [i for i, _ in lines]))
    if chart.fans:
        at = next((k for k, (item, _) in enumerate(lines) if item.kind == "observed"), None)
        bands(sheet, fans, at, code)
    if normal and normal[0] is not None and normal[1] is not None:
        normal_band(sheet, (normal[0], normal[1]), code, drawn=not sheet.areas)
    _odd_months(sheet, chart, lines, code)
    if chart.limit:
        _limit(sheet, chart.limit.value, chart.limit.text, code)
    _breaks(sheet, chart, low, high, code)

    body = plot("area", "".join(sheet.areas), stacked=True) if sheet.areas else ""
    body += plot("line", "".join(sheet.lines))
    axes = month_axis(len(sheet.months), across) + value_axis(low, high, step, axis_code(chart.unit, step), mid=True)
    return Drawing(chart_space(body, axes, inner=inner), "Månad", sheet.months, tuple(sheet.columns))


def _told(values: Sequence[float | None], chart: TimeLines, exact: bool) -> Values:
    return tuple(told(v, chart.unit, exact=exact) for v in values)


def _has_labels(chart: TimeLines) -> bool:
    return any(item.end_text for item in chart.lines) or len(chart.lines) > 1


@dataclass
class _End:
    """A line's last point: which line, which month, how far down (of the chart's height), how many rows of label."""

    line: int
    last: int
    height: float
    rows: int
    shift: float = 0.0


def _labelled(
    lines: list[tuple[Line, Values]],
    low: float,
    high: float,
    inner: tuple[float, ...],
    chart: TimeLines,
    across: int,
) -> list[tuple[Line, Values, tuple[int, Mark] | None]]:
    """Lines with the label at each one's last value, pushed apart where they would overlap."""
    ends = []
    for k, (item, values) in enumerate(lines):
        last = max((i for i, v in enumerate(values) if v is not None), default=-1)
        # a line that ends inside the chart, where another goes on, has its label only when it has words of its own
        if last >= 0 and (last == len(values) - 1 or item.end_text):
            height = inner[1] + (high - (values[last] or 0.0)) / (high - low) * inner[3]
            ends.append(_End(k, last, height, _rows(item, lines, chart, _LABEL[across - 1])))
    ends.sort(key=lambda e: e.height)
    for _ in range(len(ends)):
        for a, b in pairwise(ends):
            short = _APART[across - 1] * (a.rows + b.rows) / 2 - (b.height + b.shift - a.height - a.shift)
            if a.last == b.last and short > 0:
                a.shift -= short / 2
                b.shift += short / 2
    marks = {}
    for end in ends:
        item = lines[end.line][0]
        inside = end.last < len(chart.months) - 1
        named = _named(item, lines, inside)
        marks[end.line] = (
            end.last,
            Mark(
                _end_code(item, chart),
                _SIZE[across - 1],
                _ink(item, [i for i, _ in lines])[0],
                True,
                name=named,
                where="b" if inside else "r",
                shift=end.shift,
                value=bool(item.end_text) or not named,
            ),
        )
    return [(item, values, marks.get(k)) for k, (item, values) in enumerate(lines)]


def _rows(item: Line, lines: list[tuple[Line, Values]], chart: TimeLines, wide: int) -> int:
    """Rows that the end's label takes, `wide` characters each."""
    named = _named(item, lines, inside=False)
    words = f"{item.name} {item.end_text}" if named else item.end_text or written(0.5, chart.unit)
    return -(-len(words) // wide)


def _named(item: Line, lines: list[tuple[Line, Values]], inside: bool) -> bool:
    """Whether the label needs the line's name: when there are others, and its words do not say it."""
    return len(lines) > 1 and not inside and item.name.lower() not in item.end_text.lower() and not _says(item.end_text)


def _says(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _end_code(item: Line, chart: TimeLines) -> str:
    """The end's words around the cell's own number."""
    found = NUMBER.search(item.end_text)
    if not item.end_text:
        return format_code(chart.unit)
    if not found:
        said = literal(item.end_text)
        return f"{said};{said};{said}"
    before, after = item.end_text[: found.start()], item.end_text[found.end() :]
    if chart.unit == "share":
        after = after.lstrip("\u00a0 ").removeprefix("%")
    return format_code(chart.unit, item.end_text, before=literal(before), after=literal(after))


def _ink(item: Line, lines: list[Line]) -> tuple[str, float, str]:
    """Colour, weight and dash. A forecast has the colour of the observed line it goes on from."""
    if item.kind == "reference":
        return "ink-3", 1.0, ""
    same = [i for i in lines if i.kind == item.kind]
    at = next((k for k, i in enumerate(same) if i is item), 0)
    name = ("series", "scenario")[at] if at < 2 else "context"
    return name, 2.5 if at < 2 else 1.25, "sysDash" if item.kind == "forecast" else ""


def _line(
    item: Line, values: Values, mark: tuple[int, Mark] | None, chart: TimeLines, code: str, lines: list[Line]
) -> Series:
    name, weight, dash = _ink(item, lines)
    last = max((k for k, v in enumerate(values) if v is not None), default=-1)
    points = {}
    if item.kind == "observed" and last >= 0 and chart.months[last] not in chart.provisional:
        points[last] = marker("circle", 7, name, name) + f"<c:spPr>{line(name, weight)}</c:spPr>"
    return Series(
        DataColumn(item.name, values, code),
        f"<c:spPr>{line(name, weight, dash)}</c:spPr>",
        points=points,
        marks={mark[0]: mark[1]} if mark else {},
    )


def _odd_months(sheet: Sheet, chart: TimeLines, lines: list[tuple[Line, Values]], code: str) -> None:
    """Preliminary months and breaches as series of marks alone, whose cells follow the first observed line's."""
    values = next((v for item, v in lines if item.kind == "observed"), None)
    if values is None:
        return
    name = next(item.name for item, _ in lines if item.kind == "observed")
    source = letter(next(k for k, c in enumerate(sheet.columns) if c.name == name and c.values == values))
    light = marker("circle", 8, "fan-50", "series", 1.5)  # not white: LibreOffice draws no edges of marks
    found = [("Preliminär månad", chart.provisional, light)] + [
        (
            _FIRED[judgement],
            frozenset(b.month for b in chart.breaches if b.judgement == judgement),
            marker(_SYMBOLS[judgement], 12, judgement or "noise", "bg", 1),
        )
        for judgement in ("better", "worse", "")
    ]
    for title, months, look in found:
        cells = tuple(v if m in months else None for v, m in zip(values, chart.months, strict=True))
        if any(v is not None for v in cells):
            column = DataColumn(title, cells, code, f"={source}{{r}}")
            sheet.line(Series(column, f"<c:spPr>{line('')}</c:spPr>", look))


def _limit(sheet: Sheet, value: float, text: str, code: str) -> None:
    """A line across, named above its left part."""
    at = min(len(sheet.months) - 1, max(1, round(len(sheet.months) * 0.1)))
    mark = Mark("General", 11, "ink", name=True, value=False, where="t")
    values = tuple(value for _ in sheet.months)
    column = DataColumn(text or "Gräns", values, code)
    sheet.line(Series(column, f"<c:spPr>{line('limit', 1.25)}</c:spPr>", marks={at: mark}))


def _breaks(sheet: Sheet, chart: TimeLines, low: float, high: float, code: str) -> None:
    """A dotted line down from the top at each month with new limits, with the reason as its name."""
    down = (
        f'<c:errBars><c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="fixedVal"/><c:noEndCap val="1"/>'
        f'<c:val val="{high - low!r}"/><c:spPr>{line("ink-2", 1, "sysDot")}</c:spPr>'
        "</c:errBars>"
    )
    for month, reason in chart.breaks:
        if month not in chart.months:
            continue
        at = chart.months.index(month)
        where = "r" if at < len(chart.months) * 0.7 else "l"
        mark = Mark("General", 11, "ink-2", name=True, value=False, where=where)
        values = tuple(high if k == at else None for k in range(len(chart.months)))
        look = f"<c:spPr>{line('')}</c:spPr>"
        sheet.line(Series(DataColumn(reason or "Nya gränser", values, code), look, marks={at: mark}, errors=down))
