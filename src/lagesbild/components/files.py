"""A figure's table as files for people: CSV for Excel (`;`, decimal comma, BOM) and XLSX with typed cells.

They are made from the same `Table` as the screen shows, so a protected cell is protected here too. No cell can start a
formula, whatever somebody has named a region.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from lagesbild.components.model import Column, Drawn, FigureCard, Special
from lagesbild.components.table import cell_text, decimals, is_number
from lagesbild.domain.periods import Month

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PER_CENT = ("share", "probability")
SYNTHETIC = "Syntetiska data: alla eller vissa tal är påhittade."


def table_columns(card: FigureCard) -> tuple[Column, ...]:
    """The table's columns, with one for the rows' notes when any row has one."""
    marked = any(r.note for r in card.table.rows)
    return (*card.table.columns, *((Column("note", "Anmärkning"),) if marked else ()))


def csv_bytes(card: FigureCard, about: Sequence[str]) -> bytes:
    """Heading, rows, an empty line and then `about` (title, selection, source, ...), one per line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(_heading(c)) for c in table_columns(card)])
    for row in card.table.rows:
        cells = zip((*row.cells, row.note), table_columns(card), strict=False)
        writer.writerow([_csv_cell(value, column) for value, column in cells])
    writer.writerow([])
    for line in (*about, *_notes(card)):
        writer.writerow([_safe(line)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def xlsx_bytes(card: FigureCard, about: Sequence[str], *, exact: bool = False) -> bytes:
    """First sheet the table with typed cells, second sheet `about`. Numbers hold more decimals than they show only for
    a viewer who may see every count (`exact`)."""
    import xlsxwriter  # here, because a web process that serves no file need not load it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Tabell")
    formats = {c.name: book.add_format({"num_format": _number_format(c)}) for c in table_columns(card)}
    for x, column in enumerate(table_columns(card)):
        sheet.write_string(0, x, _group_heading(column), bold)
        sheet.set_column(x, x, 30 if x == 0 else 16)
    for y, row in enumerate(card.table.rows, 1):
        for x, (value, column) in enumerate(zip((*row.cells, row.note), table_columns(card), strict=False)):
            number = _number(value, column)
            if number is None:
                sheet.write_string(y, x, _text(value, column))
            else:
                sheet.write_number(y, x, number, formats[column.name])
    sheet.freeze_panes(1, 1)
    info = book.add_worksheet("Om uppgifterna")
    info.set_column(0, 0, 120)
    wrap = book.add_format({"text_wrap": True})
    for y, line in enumerate((*about, *_notes(card))):
        info.write_string(y, 0, line, bold if y == 0 else wrap)
    book.close()
    return out.getvalue()


def _group_heading(column: Column) -> str:
    return f"{column.group}: {column.title}" if column.group else column.title


def _heading(column: Column) -> str:
    """CSV has no number formats, so per cent is said in the heading."""
    title = _group_heading(column)
    return f"{title}, %" if column.kind in _PER_CENT and "%" not in title else title


def _number(value: Any, column: Column) -> float | None:
    """The value when it is a number; shares stay fractions."""
    if isinstance(value, Drawn):
        return _number(value.value, column)
    if isinstance(value, (str, Special, Month)) or value is None or not is_number(column):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _as_shown(number: float, column: Column) -> float:
    return round(number, decimals(column) + (2 if column.kind in _PER_CENT else 0))


def _text(value: Any, column: Column) -> str:
    if isinstance(value, Drawn):
        return _text(value.value, column)
    return str(value) if isinstance(value, Month) else cell_text(value, column)


def _csv_cell(value: Any, column: Column) -> str:
    number = _number(value, column)
    if number is None:
        return _safe(_text(value, column))
    scale = 100 if column.kind in _PER_CENT else 1
    text = f"{number * scale:.{decimals(column)}f}"
    return text.replace(".", ",") if float(text) else text.lstrip("-").replace(".", ",")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number_format(column: Column) -> str:
    n = decimals(column)
    zeros = "0" + ("." + "0" * n if n else "")
    if column.kind in _PER_CENT:
        return zeros + "%"
    grouped = "#,##" + zeros
    return f"+{grouped};-{grouped};{grouped}" if column.kind in ("signed", "points") else grouped


def _notes(card: FigureCard) -> list[str]:
    reasons = dict.fromkeys(
        v.reason for row in card.table.rows for v in row.cells if isinstance(v, Special) and v.reason
    )
    return [*card.table.footnotes, *(r for r in reasons if r not in card.table.footnotes)]
