"""A figure's table as files for people: CSV for Excel (`;`, decimal comma, BOM) and XLSX with typed cells.

They are made from the same `Table` as the screen shows, so a protected cell is protected here too. No cell can start a
formula, whatever somebody has named a region.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from lagesbild.components.model import Column, FigureCard
from lagesbild.components.typed import (
    PER_CENT,
    any_number,
    as_shown,
    heading,
    least,
    marked_columns,
    number_format,
    reasons,
    shown_decimals,
    words,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SYNTHETIC = "Syntetiska data: alla eller vissa tal är påhittade."


def csv_bytes(card: FigureCard, about: Sequence[str]) -> bytes:
    """Heading, rows, an empty line and then `about` (title, selection, source, ...), one per line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(_heading(c)) for c in marked_columns(card.table)])
    for row in card.table.rows:
        cells = zip((*row.cells, row.note), marked_columns(card.table), strict=False)
        writer.writerow([_csv_cell(value, column) for value, column in cells])
    writer.writerow([])
    for line in (*about, *reasons(card.table)):
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
    formats: dict[str, Any] = {}
    for x, column in enumerate(marked_columns(card.table)):
        sheet.write_string(0, x, heading(column), bold)
        sheet.set_column(x, x, 30 if x == 0 else 16)
    for y, row in enumerate(card.table.rows, 1):
        for x, (value, column) in enumerate(zip((*row.cells, row.note), marked_columns(card.table), strict=False)):
            found = any_number(value, column)
            if found is None or (least(value, column) and not exact):
                sheet.write_string(y, x, words(value, column))
            else:
                shape = number_format(column, shown_decimals(value, column))
                if shape not in formats:
                    formats[shape] = book.add_format({"num_format": shape})
                sheet.write_number(y, x, found if exact else as_shown(found, column), formats[shape])
    sheet.freeze_panes(1, 1)
    info = book.add_worksheet("Om uppgifterna")
    info.set_column(0, 0, 120)
    wrap = book.add_format({"text_wrap": True})
    for y, line in enumerate((*about, *reasons(card.table))):
        info.write_string(y, 0, line, bold if y == 0 else wrap)
    book.close()
    return out.getvalue()


def _heading(column: Column) -> str:
    """CSV has no number formats, so per cent is said in the heading."""
    title = heading(column)
    return f"{title}, %" if column.kind in PER_CENT and "%" not in title else title


def _csv_cell(value: Any, column: Column) -> str:
    found = any_number(value, column)
    if found is None:
        return _safe(words(value, column))
    if small := least(value, column):
        return small.removesuffix("\u00a0%")  # per cent stands in the heading
    scale = 100 if column.kind in PER_CENT else 1
    text = f"{found * scale:.{shown_decimals(value, column)}f}"
    return text.replace(".", ",") if float(text) else text.lstrip("-").replace(".", ",")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
