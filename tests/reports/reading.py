"""Reads presentations back, as the tests do: what is on a slide, and a chart's numbers in part and workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from pptx import Presentation

from lagesbild.reports.document import Document
from lagesbild.reports.pptx import pptx


def opened(document: Document) -> Any:
    return Presentation(io.BytesIO(pptx(document)))


def charts(deck: Any) -> Iterator[tuple[Any, Any]]:
    """(graphic frame, chart) of every chart."""
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                yield shape, shape.chart


def tables(deck: Any) -> list[Any]:
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]


def series(chart: Any) -> dict[str, list[float | None]]:
    """Name: values, of the chart's part."""
    return {s.name: list(s.values) for plot in chart.plots for s in plot.series}


def sheet(chart: Any) -> Any:
    """The embedded workbook's only sheet."""
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    assert len(book.sheetnames) == 1
    return book[book.sheetnames[0]]


def column(chart: Any, name: str) -> list[Any]:
    """A series' cells in the workbook."""
    found = sheet(chart)
    at = next(c.column for c in found[1] if c.value == name)
    return [row[at - 1].value for row in found.iter_rows(min_row=2)]


def words(slide: Any) -> str:
    """Everything written on a slide, in the order of shapes."""
    out = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            out.append(shape.text_frame.text)
        elif shape.has_table:
            out += [c.text for row in shape.table.rows for c in row.cells]
    return "\n".join(out)


def alternative(shape: Any) -> str:
    return str(shape._element._nvXxPr.cNvPr.get("descr") or "")
