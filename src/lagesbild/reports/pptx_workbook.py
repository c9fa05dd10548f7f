"""The workbook inside a chart: what opens when somebody chooses to edit its data."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from lagesbild.domain.periods import Month

SHEET: Final = "Data"
MONTH_CODE: Final = "[$-41D]mmm yyyy"
_DAY_ZERO: Final = date(1899, 12, 30)


@dataclass(frozen=True)
class DataColumn:
    """A series. `formula`, with `{r}` for the row: computed from other columns, so that who edits those moves this."""

    name: str
    values: tuple[float | None, ...]
    code: str = "General"
    formula: str = ""


def letter(index: int) -> str:
    """The sheet's column of the series with that number; the first holds the categories.

    >>> letter(0), letter(25)
    ('B', 'AA')
    """
    return str(xl_col_to_name(index + 1))


def serial(month: Month) -> int:
    """The first day of the month as spreadsheets count days.

    >>> serial(Month(2024, 1))
    45292
    """
    return (month.first_day - _DAY_ZERO).days


def workbook(first: str, categories: Sequence[str | Month], columns: Sequence[DataColumn], created: datetime) -> bytes:
    """One sheet: categories (`first` is their heading) and a column a series. No text becomes a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": created})
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, first, bold)
    sheet.set_column(0, 0, max([len(first), *(len(str(c)) for c in categories)]) + 4)
    dates = book.add_format({"num_format": MONTH_CODE})
    for y, category in enumerate(categories, 1):
        if isinstance(category, Month):
            sheet.write_number(y, 0, serial(category), dates)
        else:
            sheet.write_string(y, 0, category)
    for x, column in enumerate(columns, 1):
        sheet.write_string(0, x, column.name, bold)
        sheet.set_column(x, x, max(12, len(column.name) + 2))
        style = book.add_format({"num_format": column.code})
        for y, value in enumerate(column.values, 1):
            if value is not None and column.formula:
                sheet.write_formula(y, x, column.formula.format(r=y + 1), style, value)
            elif value is not None:
                sheet.write_number(y, x, value, style)
    book.close()
    return out.getvalue()
