"""The first sheet of a workbook, row by row. Typed cells are written as the text a CSV file would have held."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl

from lagesbild.data.importers.blocks import BLOCK_ROWS, Block, block_from_rows
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.files import InputFile
from lagesbild.data.importers.headers import Header, read_header
from lagesbild.domain.dataset_spec import Dataset
from lagesbild.domain.errors import InputError

_MAX_COLUMNS: Final = 500  # formatting can make a sheet look 16 384 columns wide
_MAX_ROWS: Final = 1_048_576  # Excel's; a row may say it has any number, and all up to it are handed over, empty


def xlsx_blocks(file: InputFile, dataset: Dataset, faults: Faults) -> tuple[Header | None, Iterator[Block]]:
    """The header (first row with something in it) and the rows in blocks. Raises InputError for a broken workbook."""
    rows = _rows(file)
    for line, cells in rows:
        if any(c.strip() for c in cells):
            header = read_header(dataset, cells, faults, line)
            return header, (_blocks(rows, header, faults) if header else iter(()))
    raise InputError(f"Första bladet i ”{file.name}” är tomt.", "Tabellen ska stå på arbetsbokens första blad.")


def _blocks(rows: Iterator[tuple[int, list[str]]], header: Header, faults: Faults) -> Iterator[Block]:
    kept: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        # a sheet has no ragged rows: cells that were never written are empty
        padded = cells + [""] * (header.width - len(cells))
        kept.append((line, padded))
        if len(kept) == BLOCK_ROWS:
            yield block_from_rows(kept, header, line, faults)
            kept = []
    yield block_from_rows(kept, header, kept[-1][0] if kept else 0, faults)


def _rows(file: InputFile) -> Iterator[tuple[int, list[str]]]:
    broken = InputError(f"Arbetsboken ”{file.name}” går inte att läsa.", "Öppna den i Excel och spara den på nytt.")
    with file.path.open("rb") as stream:  # opened here: openpyxl leaves a file it cannot read open
        try:
            with warnings.catch_warnings():  # about styles and extensions it leaves out; values are whole
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says about its size is often wrong
            for line, row in enumerate(sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS), start=1):
                if line > _MAX_ROWS:
                    raise ValueError(line)
                if row.count(None) == len(row):  # a million of them may stand before one that says it is the last
                    continue
                cells = [cell_text(c) for c in row]
                while cells and not cells[-1]:
                    cells.pop()
                yield line, cells
        except Exception as error:  # a damaged part makes openpyxl stumble in ways nobody can list
            raise broken from error


def cell_text(value: Any) -> str:
    """A typed cell as text: whole numbers without decimals, dates in ISO form.

    >>> cell_text(12.0), cell_text(0.1), cell_text(datetime(2024, 1, 31)), cell_text(None)
    ('12', '0.1', '2024-01-31', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "SANT" if value else "FALSKT"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)
