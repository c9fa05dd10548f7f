"""The waiting room of an import: a temporary table that a file is copied into before it is judged as a whole.

It lives and dies with the transaction, so whatever happens on the way leaves the database as it was.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
from psycopg import sql

from lagesbild.data.importers.cells import OPEN_END
from lagesbild.data.importers.typed import Typed
from lagesbild.domain.dataset_spec import Dataset

NAME: Final = "import_staging"
STAGING: Final = sql.Identifier(NAME)
_IMPORT_LOCK: Final = 4_702_111_235  # one import at a time and database; the migration's is one less
_PLAIN = pacsv.WriteOptions(include_header=False, quoting_style="needed")


def names(columns: list[str], prefix: str = "") -> sql.Composed:
    """`a, b` or `p.a, p.b`"""
    return sql.SQL(", ").join(sql.Identifier(prefix, c) if prefix else sql.Identifier(c) for c in columns)


def keys(dataset: Dataset) -> list[str]:
    return [c.name for c in dataset.keys]


def stored_columns(dataset: Dataset) -> list[str]:
    """What a row consists of besides its batch, in table order."""
    return [*(c.name for c in dataset.columns), "value_status", "suppressed"]


def try_lock(connection: psycopg.Connection[Any]) -> bool:
    """Take the import lock until the transaction ends, if nobody has it."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_IMPORT_LOCK]).fetchone()
    return bool(row and row[0])


def wait_lock(connection: psycopg.Connection[Any]) -> None:
    """Wait for the import lock."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def create(connection: psycopg.Connection[Any], dataset: Dataset) -> None:
    """An empty staging table: the line, then the columns of the dataset's table. Nothing in it survives the end."""
    connection.execute("SET LOCAL work_mem = '128MB'")  # duplicates and differences are hashed, not sorted on disk
    connection.execute(
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT 0::bigint AS line, {} FROM {} WITH NO DATA").format(
            STAGING, names(stored_columns(dataset)), sql.Identifier(dataset.table)
        )
    )


def drop(connection: psycopg.Connection[Any]) -> None:
    connection.execute(sql.SQL("DROP TABLE {}").format(STAGING))


def copy_command(dataset: Dataset) -> sql.Composed:
    return sql.SQL("COPY {} (line, {}) FROM STDIN (FORMAT csv)").format(STAGING, names(stored_columns(dataset)))


def as_csv(typed: Typed, provisional: bool) -> bytes:
    """The rows as PostgreSQL's COPY reads them: NULL is nothing, an empty text is `""`, an open end is infinity."""
    columns: dict[str, Any] = {"line": pa.array(typed.lines)}
    for name, values in typed.values.items():
        columns[name] = values if values.type != pa.date32() else _dates(values)
    status = np.full(typed.rows, "provisional" if provisional else "reported", dtype=object)
    hidden: list[str | None] = [None] * typed.rows
    if typed.below:
        for row in np.flatnonzero(np.any([b > 0 for b in typed.below.values()], axis=0)):
            status[row] = "suppressed"
            hidden[row] = json.dumps({c: int(b[row]) for c, b in typed.below.items() if b[row]})
    columns["value_status"] = pa.array(status, pa.string())
    columns["suppressed"] = pa.array(hidden, pa.string())
    out = io.BytesIO()
    pacsv.write_csv(pa.table(columns), out, _PLAIN)
    return out.getvalue()


def _dates(values: pa.Array) -> pa.Array:
    """Dates stay dates, unless one of them is the open end, which only text can say."""
    if not len(values) or not pa.compute.any(pa.compute.equal(values, pa.scalar(OPEN_END, pa.date32()))).as_py():
        return values
    texts = ["infinity" if d == OPEN_END else d.isoformat() if d else None for d in values.to_pylist()]
    return pa.array(texts, pa.string())
