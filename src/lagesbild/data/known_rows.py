"""What is already stored about the rows in the staging table, as it was at the batch's own time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from lagesbild.data.staging import STAGING, names
from lagesbild.data.tables import index_order
from lagesbild.domain.dataset_spec import Dataset


def same(columns: list[str], left: str, right: str) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(left, c), sql.Identifier(right, c)) for c in columns
    )


def any_known(connection: psycopg.Connection[Any], dataset: Dataset) -> bool:
    """Whether anything is stored that could be compared with, in the months the file is about."""
    condition = months(connection, dataset)
    row = connection.execute(
        sql.SQL("SELECT EXISTS (SELECT 1 FROM {} t WHERE {})").format(sql.Identifier(dataset.table), condition)
    ).fetchone()
    return bool(row and row[0])


def months(connection: psycopg.Connection[Any], dataset: Dataset) -> sql.Composable:
    """A condition on the months of the staged rows, as constants: then only their partitions are touched."""
    if not dataset.facts:
        return sql.SQL("true")
    row = connection.execute(sql.SQL("SELECT min(period), max(period) FROM {}").format(STAGING)).fetchone()
    first, last = row if row else (None, None)
    if first is None:
        return sql.SQL("false")
    return sql.SQL("t.period BETWEEN {} AND {}").format(sql.Literal(first), sql.Literal(last))


def known_rows(
    connection: psycopg.Connection[Any],
    dataset: Dataset,
    columns: list[str],
    group: list[str],
    recorded_at: datetime,
) -> sql.Composed:
    """The rows current at `recorded_at` in the staged months; with `group`, only those of staged groups."""
    order = index_order(dataset)
    staged = (
        sql.SQL(" AND EXISTS (SELECT 1 FROM {} s WHERE {})").format(STAGING, same(group, "t", "s"))
        if group
        else sql.SQL("")
    )
    return sql.SQL(
        "SELECT DISTINCT ON ({keys}) {columns} FROM {table} t WHERE recorded_at <= {moment} AND {months}{staged} "
        "ORDER BY {order}"
    ).format(
        keys=names(list(order[:-2]), "t"),
        columns=names(columns, "t"),
        table=sql.Identifier(dataset.table),
        moment=sql.Literal(recorded_at),
        months=months(connection, dataset),
        staged=staged,
        order=sql.SQL(", ").join(sql.SQL("{} DESC").format(sql.Identifier("t", c)) for c in order),
    )
