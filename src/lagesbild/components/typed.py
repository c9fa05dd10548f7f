"""A table's cells as a spreadsheet takes them: numbers stay numbers, words stand where there is none, and formats.

Every file with typed cells (a figure's XLSX, a briefing's workbook) asks here, so that none tells more than another.
"""

from __future__ import annotations

import math
from typing import Any, Final

from lagesbild.components.model import Column, Drawn, Special, Table
from lagesbild.components.table import cell_text, decimals, is_number
from lagesbild.domain.periods import Month

PER_CENT: Final = ("share", "probability")


def heading(column: Column) -> str:
    """The column's heading on one line: the group's first when there is one."""
    return f"{column.group}: {column.title}" if column.group else column.title


def marked_columns(table: Table) -> tuple[Column, ...]:
    """The table's columns, with one for the rows' notes when any row has one."""
    marked = any(r.note for r in table.rows)
    return (*table.columns, *((Column("note", "Anmärkning"),) if marked else ()))


def number(value: Any, column: Column) -> float | None:
    """The value when it is a finite number, in full; shares stay fractions. None for words, months and absence."""
    if isinstance(value, Drawn):
        return number(value.value, column)
    if isinstance(value, (str, Special, Month)) or value is None or not is_number(column):
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def as_shown(found: float, column: Column) -> float:
    """With the decimals that the screen shows and no more: further ones can tell a number that is protected there.

    >>> as_shown(41 / 45, Column("share", "Andel", "share")), as_shown(2.6, Column("n", "Antal", "count"))
    (0.911, 3.0)
    """
    return round(found, decimals(column) + (2 if column.kind in PER_CENT else 0)) + 0.0


def words(value: Any, column: Column) -> str:
    """What stands in a cell that is not a number; a month in the form programs read."""
    if isinstance(value, Drawn):
        return words(value.value, column)
    return str(value) if isinstance(value, Month) else cell_text(value, column)


def number_format(column: Column) -> str:
    """The spreadsheet's format for the column; the spreadsheet's own language writes comma and space.

    >>> number_format(Column("share", "Andel", "share")), number_format(Column("x", "Ändring", "points"))
    ('0.0%', '+#,##0.0;-#,##0.0;#,##0.0')
    """
    n = decimals(column)
    zeros = "0" + ("." + "0" * n if n else "")
    if column.kind in PER_CENT:
        return zeros + "%"
    grouped = "#,##" + zeros
    return f"+{grouped};-{grouped};{grouped}" if column.kind in ("signed", "points") else grouped


def reasons(table: Table) -> list[str]:
    """Footnotes, then why cells are without numbers, each once."""
    found = dict.fromkeys(v.reason for row in table.rows for v in row.cells if isinstance(v, Special) and v.reason)
    return [*table.footnotes, *(r for r in found if r not in table.footnotes)]
