"""A whole column of text at once: each distinct text is read by `cells.parse_cell`, digits alone by Arrow.

A block of 65 000 rows has a few hundred months and codes and a few thousand counts, so the careful reader is asked
some thousand times instead of a million, and there is no second set of rules to keep in step with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lagesbild.data.importers.cells import Suppressed, Unreadable, parse_cell
from lagesbild.domain.dataset_spec import Column

ARROW_TYPES: Final = {
    "text": pa.string(),
    "codes": pa.string(),
    "choice": pa.string(),
    "count": pa.int64(),
    "days": pa.float64(),
    "amount": pa.float64(),
    "number": pa.float64(),
    "percent": pa.float64(),
    "month": pa.date32(),
    "date": pa.date32(),
    "year": pa.int32(),
}
_SURE_DIGITS: Final = 15  # a whole number this long fits a count without any further question


@dataclass(frozen=True)
class ParsedColumn:
    """Typed values (null = empty, suppressed or unreadable), bounds of `<n` cells, and what could not be read.

    `below`: int64, 0 where not suppressed; None when no cell is. `unreadable`: (row, text, reason) per faulty cell.
    """

    values: pa.Array
    below: np.ndarray | None
    unreadable: list[tuple[int, str, Unreadable]]


def parse_column(column: Column, cells: pa.Array, today: date) -> ParsedColumn:
    """`cells` is a string array without nulls. Equal to calling `parse_cell` on each of them (a test says so)."""
    if column.kind == "count" and (quick := _plain_counts(cells)) is not None:
        return ParsedColumn(quick, None, [])
    encoded = pc.dictionary_encode(cells)
    texts = encoded.dictionary.to_pylist()
    values: list[object] = []
    below = np.zeros(len(texts), np.int64)
    bad: dict[int, Unreadable] = {}
    for number, text in enumerate(texts):
        result = parse_cell(column, text, today)
        if isinstance(result, Suppressed):
            below[number] = result.below
            result = None
        elif isinstance(result, Unreadable):
            bad[number] = result
            result = None
        values.append(result)
    typed = pa.array(values, ARROW_TYPES[column.kind])
    indices = encoded.indices
    taken = typed.take(indices)
    codes = indices.to_numpy(zero_copy_only=False) if (bad or below.any()) else None
    unreadable = []
    if bad and codes is not None:
        rows = np.flatnonzero(np.isin(codes, list(bad)))
        unreadable = [(int(r), texts[codes[r]], bad[int(codes[r])]) for r in rows]
    return ParsedColumn(taken, below[codes] if codes is not None and below.any() else None, unreadable)


def empty_column(column: Column, rows: int) -> pa.Array:
    """A column the file does not have: "" for a key (the whole region, all), else null."""
    kind = ARROW_TYPES[column.kind]
    if column.key and pa.types.is_string(kind):
        return pa.array([""] * rows, kind)
    return pa.nulls(rows, kind)


def _plain_counts(cells: pa.Array) -> pa.Array | None:
    """Counts that are nothing but digits, or empty, converted in bulk; None when any cell is something else."""
    filled = pc.not_equal(cells, "")
    texts = pc.if_else(filled, cells, None) if pc.all(filled).as_py() is False else cells
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest is not None and longest > _SURE_DIGITS:
        return None
    if pc.all(pc.ascii_is_decimal(texts), skip_nulls=True).as_py() is False:
        return None
    return pc.cast(texts, pa.int64())
