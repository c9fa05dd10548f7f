"""What a staged file changes: the rows that differ from what is known, stored as a batch.

Everything compares with the state at the batch's own `recorded_at`, so a delivery that is loaded late lands where it
belongs in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data.known_rows import any_known, known_rows, same
from lagesbild.data.staging import STAGING, keys, names, stored_columns
from lagesbild.domain.dataset_spec import Dataset

_FEW: Final = 20_000  # up to here each key is looked up by index, above all current rows of the months are read once


@dataclass(frozen=True)
class NewBatch:
    """What is recorded about an import."""

    dataset: str
    source: str
    recorded_at: datetime
    file_name: str = ""
    file_sha256: str = ""
    synthetic: bool = False
    provisional: bool = False


def staged_rows(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(STAGING)).fetchone()
    return int(row[0]) if row else 0


def drop_unchanged(connection: psycopg.Connection[Any], dataset: Dataset, recorded_at: datetime) -> int:
    """Take out of the staging table what is already known, value for value. Returns how many rows that was.

    Call it after `judging.check_duplicates` and before `judging.check_parts`, which then looks only at regions where
    something is new.
    """
    if not any_known(connection, dataset):
        return 0
    columns = stored_columns(dataset)
    values = [c for c in columns if c not in keys(dataset)]
    connection.execute(sql.SQL("ANALYZE {}").format(STAGING))
    if staged_rows(connection) <= _FEW:
        deletion = sql.SQL(
            "DELETE FROM {staging} WHERE line IN (SELECT s.line FROM {staging} s CROSS JOIN LATERAL "
            "(SELECT {values} FROM {table} t WHERE {same} AND t.recorded_at <= {moment} "
            "ORDER BY t.recorded_at DESC, t.batch_id DESC LIMIT 1) k WHERE {equal})"
        )
    else:
        deletion = sql.SQL("DELETE FROM {staging} s USING ({known}) k WHERE {joined} AND {equal}")
    return connection.execute(
        deletion.format(
            staging=STAGING,
            values=names(values, "t"),
            table=sql.Identifier(dataset.table),
            same=same(keys(dataset), "t", "s"),
            joined=same(keys(dataset), "k", "s"),
            moment=sql.Literal(recorded_at),
            known=known_rows(connection, dataset, columns, [], recorded_at),
            equal=sql.SQL("({}) IS NOT DISTINCT FROM ({})").format(names(values, "k"), names(values, "s")),
        )
    ).rowcount


def complete_from_known(connection: psycopg.Connection[Any], dataset: Dataset, recorded_at: datetime) -> None:
    """Fill the staged cells that are empty with what is known, so that a message adds to a row and never empties it.

    For messages that leave out what they have nothing to say about and hold no suppressed cells of their own.
    """
    if not any_known(connection, dataset):
        return
    cells = [(sql.Identifier(c.name), sql.Literal(c.name)) for c in dataset.values]
    told = sql.SQL(", ").join(sql.SQL("CASE WHEN s.{} IS NOT NULL THEN {} END").format(*cell) for cell in cells)
    hidden = sql.SQL("NULLIF(k.suppressed - array_remove(ARRAY[{}]::text[], NULL), '{{}}'::jsonb)").format(told)
    connection.execute(
        sql.SQL(
            "UPDATE {staging} s SET {values}, suppressed = {hidden}, "
            "value_status = CASE WHEN {hidden} IS NULL THEN s.value_status ELSE 'suppressed' END "
            "FROM ({known}) k WHERE {same}"
        ).format(
            staging=STAGING,
            values=sql.SQL(", ").join(sql.SQL("{0} = coalesce(s.{0}, k.{0})").format(name) for name, _ in cells),
            hidden=hidden,
            known=known_rows(connection, dataset, stored_columns(dataset), [], recorded_at),
            same=same(keys(dataset), "k", "s"),
        )
    )


def store(connection: psycopg.Connection[Any], dataset: Dataset, batch: NewBatch, rows: int) -> int:
    """Write what is left in the staging table as a batch of `rows` rows; returns its number."""
    row = connection.execute(
        "INSERT INTO batch (dataset, source, recorded_at, file_name, file_sha256, rows, synthetic, provisional) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING batch_id",
        [
            batch.dataset,
            batch.source,
            batch.recorded_at,
            batch.file_name,
            batch.file_sha256,
            rows,
            batch.synthetic,
            batch.provisional,
        ],
    ).fetchone()
    assert row is not None
    columns = stored_columns(dataset)
    connection.execute(
        sql.SQL("INSERT INTO {} ({}, recorded_at, batch_id) SELECT {}, {}, {} FROM {}").format(
            sql.Identifier(dataset.table),
            names(columns),
            names(columns),
            sql.Literal(batch.recorded_at),
            sql.Literal(row[0]),
            STAGING,
        )
    )
    return int(row[0])
