"""From a chart as a value to a native chart on a slide, with the workbook it is edited in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.parts.chart import ChartPart

from lagesbild.reports.charts import Chart, Columns, RankedBars, StackedBars, TimeLines
from lagesbild.reports.pptx_bars import ROWS, Drawing, columns, ranked, stack_end, stacked
from lagesbild.reports.pptx_lines import time_lines
from lagesbild.reports.pptx_workbook import workbook


def drawings(chart: Chart, *, exact: bool, across: int = 1) -> list[Drawing]:
    """The chart, in as many pieces on one axis as slides need to hold its rows; `across` charts share a slide."""
    match chart:
        case RankedBars():
            most = max([chart.most, *(r.value for r in chart.rows if r.value is not None)])
            pieces = [replace(chart, rows=rows, most=most) for rows in _pieces(chart.rows)]
            return [ranked(p, exact=exact) for p in pieces]
        case StackedBars():
            most = stack_end(chart)
            return [
                stacked(replace(chart, rows=rows), exact=exact, most=most, across=across)
                for rows in _pieces(chart.rows)
            ]
        case TimeLines():
            return [time_lines(chart, exact=exact, across=across)] if chart.months else []
        case Columns():
            return [columns(chart, exact=exact, across=across)] if chart.months else []


def _pieces(rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Equally long pieces, none longer than a slide."""
    count = -(-len(rows) // ROWS)
    return [rows[len(rows) * k // count : len(rows) * (k + 1) // count] for k in range(count)]


def insert(slide: Any, holder: Any, drawing: Drawing, created: datetime) -> Any:
    """Puts the chart in a chart placeholder; gives the graphic frame.

    python-pptx writes one kind of chart at a time; ours are combined, so the part is made from its XML.
    """
    package = slide.part.package
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(name, CT.DML_CHART, package, drawing.xml)
    data = workbook(drawing.first, drawing.categories, drawing.columns, created)
    part.chart_workbook.update_from_xlsx_blob(data)
    frame = holder._new_chart_graphicFrame(
        slide.part.relate_to(part, RT.CHART), holder.left, holder.top, holder.width, holder.height
    )
    holder._replace_placeholder_with(frame)
    return next(s for s in slide.shapes if s._element is frame)
