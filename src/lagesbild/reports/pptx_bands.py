"""The sheet behind a chart over months, and its bands: areas stacked on a base without fill, or edges as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.reports.charts import Fan
from lagesbild.reports.pptx_chart_xml import Series, line, series_xml, shape
from lagesbild.reports.pptx_workbook import DataColumn, letter

_FILL: Final = {50: "fan-50", 80: "fan-80", 95: "fan-95"}
Values = tuple[float | None, ...]


@dataclass
class Sheet:
    """Columns in the order they get; an area's and a line's XML are kept apart since they are groups of their own."""

    months: tuple[Month, ...]
    columns: list[DataColumn] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def note(self, column: DataColumn) -> str:
        """A column that is not drawn; gives its letter."""
        self.columns.append(column)
        return letter(len(self.columns) - 1)

    def area(self, series: Series) -> None:
        self.columns.append(series.column)
        self.areas.append(series_xml(len(self.columns) - 1, series, self.months, "area"))

    def line(self, series: Series) -> None:
        self.columns.append(series.column)
        self.lines.append(series_xml(len(self.columns) - 1, series, self.months, "line"))


def bands(sheet: Sheet, fans: Sequence[Fan], seen: int | None, code: str) -> None:
    """Intervals of a forecast as areas; as dotted edges where they cannot be. `seen`: the observed line's column."""
    wide_first = sorted(fans, key=lambda f: -f.level)
    observed = sheet.columns[seen].values if seen is not None else (None,) * len(sheet.months)
    lows = [(f"{f.level} % av utfallen, nedre gräns", f.low) for f in wide_first]
    highs = [(f"{f.level} % av utfallen, övre gräns", f.high) for f in wide_first]
    ladder = [*lows, *reversed(highs)]  # the edges from below
    if not _nested(wide_first, observed):
        for title, values in ladder:
            sheet.line(Series(DataColumn(title, values, code), f"<c:spPr>{line('fan-edge', 1, 'sysDot')}</c:spPr>"))
        return
    cells = [sheet.note(DataColumn(title, values, code)) for title, values in ladder]
    start = next(k for k, v in enumerate(ladder[0][1]) if v is not None)
    # before the band the areas are as thin as nothing, on the observed line, so that the band opens from it
    before = f"N({letter(seen)}{{r}})" if seen is not None else "0"
    base = tuple(v if v is not None else observed[k] or 0.0 for k, v in enumerate(ladder[0][1]))
    lowest = f"{cells[0]}{{r}}"
    formula = f"=IF(ISNUMBER({lowest}),{lowest},{before})"
    sheet.area(Series(DataColumn("Underlag för banden, ritas inte", base, code, formula), shape()))
    for k, ((_, lower), (_, upper)) in enumerate(pairwise(ladder)):
        level = wide_first[min(k, len(ladder) - 2 - k)].level
        side = "bredd" if 2 * k == len(ladder) - 2 else "nedre del" if 2 * k < len(ladder) - 2 else "övre del"
        gap = zip(lower, upper, strict=True)
        width = tuple(0.0 if i < start else round((b or 0.0) - (a or 0.0), 12) for i, (a, b) in enumerate(gap))
        column = DataColumn(f"Band {level} %, {side}", width, code, f"={cells[k + 1]}{{r}}-{cells[k]}{{r}}")
        sheet.area(Series(column, shape(_FILL.get(level, "fan-80"))))


def _nested(fans: Sequence[Fan], observed: Values) -> bool:
    """Whether the bands can be stacked: each within the wider one, from one month to the chart's end, after an observed
    month. Else their edges are lines, since stacked areas would show what is not so."""
    known = [k for k, v in enumerate(fans[0].low) if v is not None]
    if not known or (known[0] and observed[known[0] - 1] is None):
        return False
    for k in range(len(observed)):
        row = [*(f.low[k] for f in fans), *(f.high[k] for f in reversed(fans))]
        some = [v for v in row if v is not None]
        if k < known[0] and some:
            return False
        if k >= known[0] and (len(some) < len(row) or some != sorted(some) or some[0] < 0):
            return False
    return True


def normal_band(sheet: Sheet, band: tuple[float, float], code: str, *, drawn: bool) -> None:
    """The band of normal variation: grey between dashed limits."""
    low, high = (tuple(v for _ in sheet.months) for v in band)
    names = ("Normal variation, nedre gräns", "Normal variation, övre gräns")
    for name, values in zip(names, (low, high), strict=True):
        edge = f"<c:spPr>{line('line-strong', 0.75, 'sysDash')}</c:spPr>"
        sheet.line(Series(DataColumn(name, values, code), edge))
    if drawn and band[0] >= 0:
        a, b = letter(len(sheet.columns) - 2), letter(len(sheet.columns) - 1)
        sheet.area(Series(DataColumn("Underlag för bandet", low, code, f"={a}{{r}}"), shape()))
        width = tuple(round(band[1] - band[0], 12) for _ in sheet.months)
        sheet.area(Series(DataColumn("Bandets bredd", width, code, f"={b}{{r}}-{a}{{r}}"), shape("band")))
