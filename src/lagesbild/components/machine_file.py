"""A figure's table for programs: `,` and decimal point, English column names, ISO months, nothing but heading and rows;
what people read under the table stands in columns here, so that rows of several files can be put together.

Made from the same `Table` as the screen, so what is protected there is protected here: `<5` suppressed, `..` hidden so
that it cannot be worked out, empty for what is missing. A share is a fraction, a change of shares percentage points.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.components.model import Column, Drawn, FigureCard, Row, Special
from lagesbild.components.table import cell_text, is_number
from lagesbild.components.typed import as_shown, marked_columns, number_in
from lagesbild.domain.periods import MONTHS_SV, MONTHS_SV_SHORT, Month

_WORDS: Final = {"excluded": "excluded", "short": "too_short", "prel.": "provisional"}
_NAMES: Final = {name: k % 12 + 1 for k, name in enumerate((*MONTHS_SV, *MONTHS_SV_SHORT))}
_MONTH: Final = re.compile(rf"({'|'.join(_NAMES)}) (\d{{4}})")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class About:
    """What every row carries so that the file can be told from others: codes of the names in columns of places (by
    column name, then by name), `source` and `synthetic`; `care_area` is the code of the one that the page is about."""

    codes: Mapping[str, Mapping[str, str]]
    source: str
    synthetic: bool
    care_area: str = ""


def machine_csv(card: FigureCard, about: About, *, exact: bool = False) -> bytes:
    """UTF-8 without BOM, one heading row, then one row a row of the table. After the table's own columns: a
    `<column>_code` for each column of places (empty for a sum), `period` when the table is about one time and has no
    such column, `source`, `synthetic` (`true` or `false`).

    Fractions are unrounded only for a viewer who may see every count (`exact`): more decimals than the screen shows
    can tell a number that is protected there.
    """
    columns = marked_columns(card.table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    places = [(k, about.codes[c.name]) for k, c in enumerate(columns) if c.name in about.codes]
    own = {c.name for c in columns}
    one = about.care_area if "care_area" not in own and card.mark != "real" else ""
    end = {
        **({"care_area_code": _safe(one)} if one else {}),
        **({"period": card.table.period} if card.table.period and "period" not in own else {}),
        "source": _safe(about.source),
        "synthetic": "true" if about.synthetic else "false",
    }
    writer.writerow([*machine_names(columns), *(f"{columns[k].name}_code" for k, _ in places), *end])
    for row in card.table.rows:
        codes = [_safe(named.get(cell_text(row.cells[k], columns[k]), "")) for k, named in places]
        writer.writerow([*_row(row, columns, exact=exact), *codes, *end.values()])
    return out.getvalue().encode("utf-8")


def machine_names(columns: Sequence[Column]) -> list[str]:
    """The columns' own names in the form programs like: small letters, digits and `_`, each one once."""
    names: list[str] = []
    for column in columns:
        plain = re.sub(r"[^a-z0-9]+", "_", column.name.lower()).strip("_") or "column"
        number = 2
        name = plain
        while name in names:
            name, number = f"{plain}_{number}", number + 1
        names.append(name)
    return names


def machine_cell(value: Any, column: Column, *, exact: bool = False) -> str:
    """One cell.

    >>> share = Column("within_limit_share", "Andel", "share")
    >>> machine_cell(0.86237, share), machine_cell(0.86237, share, exact=True), machine_cell(None, share)
    ('0.862', '0.86237', '')
    >>> machine_cell("93\u00a0%", share), machine_cell("oktober 2026", Column("period", "Månad"))
    ('0.93', '2026-10')
    """
    if isinstance(value, Drawn):
        return machine_cell(value.value, column, exact=exact)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Special):
        return _special(value, column)
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, str):
        return _text(value, column)
    if not is_number(column):
        return _safe(str(value))
    return _number(float(value), column, exact=exact)


def _row(row: Row, columns: Sequence[Column], *, exact: bool) -> list[str]:
    cells = zip((*row.cells, row.note), columns, strict=False)
    return [machine_cell(value, column, exact=exact) for value, column in cells]


def _special(cell: Special, column: Column) -> str:
    match cell.state:
        case "missing":
            return ""
        case "suppressed" | "secondary":
            return cell_text(cell, column) if not cell.text or cell.text.startswith("<") else ".."
        case state:
            return _WORDS[state]


def _text(text: str, column: Column) -> str:
    """Words stay; a month is ISO and a number that the page had to round itself is a number."""
    text = text.strip()
    if text in ("–", "saknas"):
        return ""
    month = _MONTH.fullmatch(text)
    if month:
        return f"{month[2]}-{_NAMES[month[1]]:02d}"
    number = number_in(text, column)
    if number:
        return f"{number[0]:.10g}"
    return _safe(_WORDS.get(text, text))


def _number(number: float, column: Column, *, exact: bool) -> str:
    if not math.isfinite(number):
        return ""
    if not exact:
        number = as_shown(number, column)
    return f"{number + 0.0:.12g}"  # never "-0"


def _safe(text: str) -> str:
    """No cell can start a formula when somebody opens the file in a spreadsheet all the same."""
    return f"'{text}" if text.startswith(_FORMULA) else text
