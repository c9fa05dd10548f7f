"""CSV: the machine form (`,` and `.`, English names) and the form for people (`;` and `,`, Swedish, for Excel)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Final

from lagesbild.data.exports.rows import Row
from lagesbild.domain.dataset_spec import Column

BOM: Final = b"\xef\xbb\xbf"
_DECIMAL: Final = frozenset({"days", "amount", "number", "percent"})


def write_csv(out: IO[bytes], columns: Sequence[Column], chunks: Iterable[list[Row]]) -> int:
    """Machine form. Returns the number of rows."""
    return _write(out, [c.name for c in columns], chunks, ",", "\n")


def write_csv_sv(out: IO[bytes], columns: Sequence[Column], chunks: Iterable[list[Row]]) -> int:
    """For people: Swedish headings and choices, decimal comma, a byte order mark. Returns the number of rows."""
    out.write(BOM)
    changes = [_swedish(c) for c in columns]
    swedish = (
        [tuple(change(text) for change, text in zip(changes, row, strict=True)) for row in rows] for rows in chunks
    )
    return _write(out, [c.sv for c in columns], swedish, ";", "\r\n")


def _write(out: IO[bytes], head: list[str], chunks: Iterable[list[Row]], delimiter: str, end: str) -> int:
    count = 0
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(head)
    for rows in chunks:
        writer.writerows(rows)
        count += len(rows)
        out.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    out.write(text.getvalue().encode())
    return count


class _swedish:  # noqa: N801 - used as a function
    """How a cell of a column is written for people."""

    def __init__(self, column: Column) -> None:
        self._decimal = column.kind in _DECIMAL
        self._text = column.kind in ("text", "codes")
        self._choices = dict(column.choices)

    def __call__(self, text: str) -> str:
        if self._decimal:
            return text.replace(".", ",")
        if self._text and text[:1] in ("=", "+", "-", "@"):
            return f"'{text}"  # never a formula in a spreadsheet; the importer takes the sign away again
        return self._choices.get(text, text)
