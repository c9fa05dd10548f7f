"""Parquet: typed columns with the English names. What was `<n` is null, and `x_suppressed` says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from lagesbild.data.exports.rows import Row
from lagesbild.data.importers.columns import ARROW_TYPES
from lagesbild.domain.dataset_spec import Column

_WHOLE: Final = frozenset({"count", "year"})
_TEXT: Final = frozenset({"text", "choice", "codes"})


def write_parquet(out: IO[bytes], columns: Sequence[Column], chunks: Iterable[list[Row]], about: dict[str, str]) -> int:
    """Months are dates (the first day); `about` goes into the file's metadata. Returns the number of rows."""
    schema = pa.schema(
        [*(pa.field(c.name, ARROW_TYPES[c.kind]) for c in columns), pa.field("x_suppressed", pa.string())],
        metadata={k.encode(): v.encode() for k, v in about.items()},
    )
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in chunks:
            writer.write_table(_table(rows, columns, schema))
            count += len(rows)
    return count


def _table(rows: list[Row], columns: Sequence[Column], schema: pa.Schema) -> pa.Table:
    arrays = [
        pa.array([_typed(c, row[place]) for row in rows], schema.field(place).type) for place, c in enumerate(columns)
    ]
    hidden = [
        {c.name: int(t[1:]) for c, t in zip(columns, row, strict=True) if c.kind == "count" and t.startswith("<")}
        for row in rows
    ]
    arrays.append(pa.array([json.dumps(h) if h else None for h in hidden], pa.string()))
    return pa.Table.from_arrays(arrays, schema=schema)


def _typed(column: Column, text: str) -> Any:
    if column.kind in _TEXT:
        return text
    if not text or text.startswith("<"):
        return None
    if column.kind == "month":
        return date.fromisoformat(f"{text}-01")
    if column.kind == "date":
        return date.fromisoformat(text)
    return int(text) if column.kind in _WHOLE else float(text)
