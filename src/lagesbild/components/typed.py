"""A table's cells as a spreadsheet takes them: numbers stay numbers, words stand where there is none, and formats.

Every file with typed cells (a figure's XLSX, a briefing's workbook) asks here, so that none tells more than another.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from lagesbild.components.model import Column, Drawn, Special, Table
from lagesbild.components.table import cell_text, decimals, is_number
from lagesbild.domain.periods import Month

PER_CENT: Final = ("share", "probability")
_NUMBER: Final = re.compile(r"([+\u2212-]?)(\d[\d\u00a0]*)(?:,(\d+))?(\u00a0?%)?")


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


def number_in(text: str, column: Column) -> tuple[float, int] | None:
    """The number that a page has rounded more than its column does, and its decimals; None for words. A share is a
    fraction.

    >>> number_in("87\u00a0%", Column("share", "Andel", "share")), number_in("\u22123", Column("net", "Netto", "count"))
    ((0.87, 0), (-3.0, 0))
    """
    match = _NUMBER.fullmatch(text.strip()) if is_number(column) else None
    if match is None:
        return None
    sign, whole, after, per_cent = match.groups()
    found = float(whole.replace("\u00a0", "") + (f".{after}" if after else ""))
    found = float(f"{found / (100 if per_cent or column.kind in PER_CENT else 1):.10g}")
    return (-found if sign in ("-", "\u2212") and found else found), len(after or "")


def any_number(value: Any, column: Column) -> float | None:
    """As `number`, and what a page has rounded itself ("87 %", because a count behind it is hidden) too."""
    if isinstance(value, Drawn):
        return any_number(value.value, column)
    rounded = number_in(value, column) if isinstance(value, str) else None
    return number(value, column) if rounded is None else rounded[0]


def shown_decimals(value: Any, column: Column) -> int:
    """How many decimals the cell shows: the column's, unless the page has rounded it itself."""
    if isinstance(value, Drawn):
        return shown_decimals(value.value, column)
    rounded = number_in(value, column) if isinstance(value, str) else None
    return decimals(column) if rounded is None else rounded[1]


def as_shown(found: float, column: Column) -> float:
    """With the decimals that the screen shows and no more: further ones can tell a number that is protected there.

    >>> as_shown(41 / 45, Column("share", "Andel", "share")), as_shown(2.6, Column("n", "Antal", "count"))
    (0.911, 3.0)

    A share is rounded as per cent, as the screen does: 0.8975 is 89.8 % there, and would be 0.897 here.

    >>> as_shown(0.8975, Column("share", "Andel", "share"))
    0.898
    """
    n = decimals(column)
    if column.kind in PER_CENT:
        return round(round(found * 100, n) / 100, n + 2) + 0.0
    return round(found, n) + 0.0


def least(value: Any, column: Column) -> str:
    """`<0,1 %` for a share that is more than nothing and would be told as nothing; else empty.

    >>> least(6 / 22848, Column("share", "Andel", "share")), least(0.0, Column("share", "Andel", "share"))
    ('<0,1\xa0%', '')
    """
    text = cell_text(value, column) if column.kind in PER_CENT and number(value, column) else ""
    return text if text.startswith("<") else ""


def words(value: Any, column: Column) -> str:
    """What stands in a cell that is not a number; a month in the form programs read."""
    if isinstance(value, Drawn):
        return words(value.value, column)
    return str(value) if isinstance(value, Month) else cell_text(value, column)


def number_format(column: Column, shown: int | None = None) -> str:
    """The spreadsheet's format for the column, with `shown` decimals when they are other than its own; the
    spreadsheet's own language writes comma and space.

    >>> number_format(Column("share", "Andel", "share")), number_format(Column("x", "Ändring", "points"))
    ('0.0%', '+#,##0.0;-#,##0.0;#,##0.0')
    """
    n = decimals(column) if shown is None else shown
    zeros = "0" + ("." + "0" * n if n else "")
    if column.kind in PER_CENT:
        return zeros + "%"
    grouped = "#,##" + zeros
    return f"+{grouped};-{grouped};{grouped}" if column.kind in ("signed", "points") else grouped


def reasons(table: Table) -> list[str]:
    """Footnotes, then why cells are without numbers, each once."""
    found = dict.fromkeys(v.reason for row in table.rows for v in row.cells if isinstance(v, Special) and v.reason)
    return [*table.footnotes, *(r for r in found if r not in table.footnotes)]
