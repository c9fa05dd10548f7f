"""Typed cells and the few styles of the workbook."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from lagesbild.components.model import Column, Drawn
from lagesbild.components.table import is_number
from lagesbild.components.typed import PER_CENT, as_shown, number, number_format, words
from lagesbild.domain.periods import MONTHS_SV, MONTHS_SV_SHORT, Month

MONTH_FORMAT: Final = "[$-41D]mmmm yyyy"
_MOST: Final = 32_767  # characters that a cell holds
_FIRST_YEAR: Final = 1900  # spreadsheets know no day before
_NUMBERS: Final = {name: k % 12 + 1 for k, name in enumerate((*MONTHS_SV, *MONTHS_SV_SHORT))}
_MONTH: Final = re.compile(rf"({'|'.join(_NUMBERS)}) (\d{{4}})")
_WRITTEN: Final = re.compile(r"([+\u2212-]?)(\d[\d\u00a0]*)(?:,(\d+))?(\u00a0?%)?")


class Styles:
    """The book's formats, each made once."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._book, self._base = book, base
        self._numbers: dict[tuple[str, bool], Any] = {}
        self.title = self._make(bold=True, font_size=16)
        self.section = self._make(bold=True, font_size=13)
        self.muted = self._make(font_color="#3F4F5A")
        self.bold = self._make(bold=True, text_wrap=True)
        self.wrap = self._make(text_wrap=True)
        self.link = self._make(font_color="#0B5563", underline=1)
        self.head = self._make(bold=True, text_wrap=True, valign="bottom", bottom=1, bg_color="#F3F6F7")
        self.words = {strong: self._make(bold=strong) for strong in (False, True)}
        self.absent = {strong: self._make(bold=strong, align="right", font_color="#5A6973") for strong in (False, True)}

    def number(self, code: str, *, strong: bool = False) -> Any:
        key = (code, strong)
        if key not in self._numbers:
            self._numbers[key] = self._make(num_format=code, bold=strong)
        return self._numbers[key]

    def _make(self, **how: Any) -> Any:
        return self._book.add_format({**self._base, **how})


def text(sheet: Any, y: int, x: int, value: str, style: Any) -> None:
    """Text as text, whatever it begins with."""
    sheet.write_string(y, x, value[:_MOST], style)


def cell(sheet: Any, y: int, x: int, value: Any, column: Column, styles: Styles, *, strong: bool, exact: bool) -> None:
    """One cell of a table with the type it has: number, date or words."""
    value = value.value if isinstance(value, Drawn) else value
    month = as_month(value, column)
    if month is not None and month.year >= _FIRST_YEAR:
        day = datetime(month.year, month.month, 1)  # noqa: DTZ001 - a date of the calendar, in no zone
        sheet.write_datetime(y, x, day, styles.number(MONTH_FORMAT, strong=strong))
        return
    found = number(value, column)
    if found is not None:
        shown = found if exact else as_shown(found, column)
        sheet.write_number(y, x, shown, styles.number(number_format(column), strong=strong))
        return
    rounded = _rounded(value, column)
    if rounded is not None:
        sheet.write_number(y, x, rounded[0], styles.number(rounded[1], strong=strong))
        return
    said = value.sv if isinstance(value, Month) else words(value, column)
    text(sheet, y, x, said, styles.absent[strong] if is_number(column) else styles.words[strong])


def as_month(value: Any, column: Column) -> Month | None:
    """The month that a cell is: a `Month`, or "januari 2024" in a column of months.

    >>> as_month("januari 2024", Column("period", "Månad", "month"))
    Month(year=2024, month=1)
    """
    if isinstance(value, Month):
        return value
    found = _MONTH.fullmatch(value.strip()) if isinstance(value, str) and column.kind == "month" else None
    return Month(int(found[2]), _NUMBERS[found[1]]) if found and int(found[2]) else None


def _rounded(value: Any, column: Column) -> tuple[float, str] | None:
    """A number that the page had to round by itself ("93 %"), with the decimals that it was written with."""
    found = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) and is_number(column) else None
    if not found:
        return None
    decimals = len(found[3] or "")
    plain = float(f"{found[2].replace(chr(160), '')}.{found[3] or 0}") * (-1 if found[1] in ("-", "\u2212") else 1)
    zeros = "0" + ("." + "0" * decimals if decimals else "")
    if found[4] or column.kind in PER_CENT:
        return round(plain / 100, decimals + 2), zeros + "%"
    return plain, "#,##" + zeros
