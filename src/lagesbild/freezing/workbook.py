"""`tabeller.xlsx`: every table of a snapshot for people, a sheet each; what is hidden is said in words."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from lagesbild.components.model import Column as Shown
from lagesbild.components.typed import number_format
from lagesbild.views.published_tables import Column, PublishedTable

WORDS: Final[Mapping[str, str]] = {
    "suppressed": "skyddat (litet tal)",
    "secondary": "skyddat (..)",
    "missing": "saknas",
    "excluded": "utesluten",
}
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same in every workbook, so that equal tables are equal files


def workbook(tables: Mapping[str, PublishedTable], about: Sequence[str]) -> bytes:
    """First a sheet that says what this is, then a sheet a table: heading frozen, filters on."""
    import xlsxwriter  # a web process that saves no snapshot need not load it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm",
        },
    )
    book.set_properties({"created": _MADE, "title": about[0] if about else "Lägesbild"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True})
    first = book.add_worksheet("Om bilden")
    first.set_column(0, 0, 110)
    for y, line in enumerate(about):
        first.write_string(y, 0, line, bold if y == 0 else wrap)
    formats: dict[str, Any] = {}
    for name, table in tables.items():
        _sheet(book, name, table, bold, formats)
    book.close()
    return out.getvalue()


def _sheet(book: Any, name: str, table: PublishedTable, bold: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name[:31])
    frame = table.frame
    for x, column in enumerate(table.columns):
        sheet.write_string(0, x, f"{column.title}, {column.unit}" if column.unit else column.title, bold)
        sheet.set_column(x, x, 22 if column.kind == "text" else 13)
        _cells(book, sheet, x, column, frame, formats)
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(table.columns) - 1)


def _cells(book: Any, sheet: Any, x: int, column: Column, frame: pd.DataFrame, formats: dict[str, Any]) -> None:
    values = frame[column.name].tolist()
    if column.kind == "month":
        made = formats.setdefault("month", book.add_format({"num_format": "yyyy-mm"}))
        for y, value in enumerate(values, 1):
            if not pd.isna(value):
                sheet.write_datetime(y, x, value.to_pydatetime(), made)
        return
    if column.kind == "text":
        for y, value in enumerate(values, 1):
            if value is not None and value == value and value != "":
                sheet.write_string(y, x, str(value))
        return
    shown = number_format(Shown(column.name, column.title, column.kind, _decimals(column)))
    made = formats.setdefault(shown, book.add_format({"num_format": shown}))
    states = frame[column.state_column].tolist() if column.role == "measure" else [""] * len(values)
    for y, (value, state) in enumerate(zip(values, states, strict=True), 1):
        if state:
            sheet.write_string(y, x, WORDS.get(state, state))
        elif value is not None and not math.isnan(value):
            sheet.write_number(y, x, float(value), made)


def _decimals(column: Column) -> int:
    places = column.places or 0
    return max(0, places - 2) if column.kind in ("share", "probability") else places
