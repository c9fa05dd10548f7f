"""XLSX: typed cells, a frozen header, and a second sheet that says what the figures are and where they come from."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import IO, Any, Final

import xlsxwriter

from lagesbild.data.exports.rows import Row
from lagesbild.domain.dataset_spec import Column
from lagesbild.domain.errors import InputError

MAX_ROWS: Final = 1_048_575  # what a sheet holds under its header
_NUMBERS: Final = frozenset({"count", "days", "amount", "number", "percent", "year"})
_SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(
    out: IO[bytes], columns: Sequence[Column], chunks: Iterable[list[Row]], title: str, about: Mapping[str, str]
) -> int:
    """One sheet of rows, and one about them and their sources. Returns the number of rows.

    Raises InputError when there are more rows than a sheet holds.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**_SAFE, "constant_memory": True}) as book:  # closes its own files on errors too
        count, sources = _write_rows(book, columns, chunks, title)
        _write_about(book, {**about, **({"Källa": "; ".join(sources)} if sources else {}), "Antal rader": str(count)})
    out.write(target.getvalue())
    return count


def _write_rows(book: Any, columns: Sequence[Column], chunks: Iterable[list[Row]], title: str) -> tuple[int, list[str]]:
    """The first sheet. Returns the number of rows, and the sources seen in them, in order."""
    forms = {
        "month": book.add_format({"num_format": "yyyy-mm", "align": "left"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    }
    sheet = book.add_worksheet(_sheet_name(title))
    sheet.freeze_panes(1, 0)
    bold = _bold(book)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, 24 if column.kind in ("text", "choice") and not column.key else 14)
        sheet.write_string(0, place, column.sv, bold)
    source_at = next((i for i, c in enumerate(columns) if c.name == "x_source"), None)
    sources: dict[str, None] = {}
    count = 0
    for row in itertools.chain.from_iterable(chunks):
        count += 1
        if count > MAX_ROWS:
            raise InputError(
                f"Uttaget har fler än {MAX_ROWS} rader, som är vad ett kalkylblad rymmer.",
                "Välj färre regioner eller månader, eller formatet csv eller parquet.",
            )
        for place, (column, text) in enumerate(zip(columns, row, strict=True)):
            if text:
                _write_cell(sheet, count, place, column, text, forms)
        if source_at is not None:
            sources[row[source_at]] = None
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    return count, list(sources)


def _write_about(book: Any, told: Mapping[str, str]) -> None:
    """The second sheet: one line for each thing to know."""
    sheet, bold = book.add_worksheet("Om uttaget"), _bold(book)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for line, (name, value) in enumerate(told.items()):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, value)


def _bold(book: Any) -> Any:
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top"})


def _write_cell(sheet: Any, line: int, place: int, column: Column, text: str, forms: Mapping[str, Any]) -> None:
    """Numbers and dates as such; everything else, and `<5`, as text that can never be a formula."""
    if column.kind in _NUMBERS and not text.startswith("<"):
        sheet.write_number(line, place, float(text))
    elif column.kind == "month":
        sheet.write_datetime(line, place, date.fromisoformat(f"{text}-01"), forms["month"])
    elif column.kind == "date":
        sheet.write_datetime(line, place, date.fromisoformat(text), forms["date"])
    else:
        sheet.write_string(line, place, dict(column.choices).get(text, text))


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those Excel forbids."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Data"
