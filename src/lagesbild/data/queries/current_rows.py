"""Which rows of a dataset are current, or were at a moment: the newest row of every key.

DISTINCT ON over a backward scan of the primary key (see `tables.index_order`), so nothing is sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg import sql

from lagesbild.data.tables import index_order
from lagesbild.domain.datasets import DATASETS


def current_rows(
    dataset: str,
    columns: Sequence[sql.Composable],
    conditions: Sequence[sql.Composable] = (),
    as_of: datetime | None = None,
) -> sql.Composed:
    """SELECT of `columns` from the current rows, newest key first (the reverse of the primary key's order).

    `conditions` may only be about key columns: one about a value would bring superseded rows back.
    """
    spec = DATASETS[dataset]
    order = index_order(spec)
    keys = [sql.Identifier(n) for n in order[:-2]]
    where = list(conditions)
    if as_of is not None:
        where.append(sql.SQL("recorded_at <= {}").format(sql.Literal(as_of)))
    return sql.SQL("SELECT DISTINCT ON ({keys}) {columns} FROM {table}{where} ORDER BY {order}").format(
        keys=sql.SQL(", ").join(keys),
        columns=sql.SQL(", ").join(columns),
        table=sql.Identifier(spec.table),
        where=sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(where)) if where else sql.SQL(""),
        order=sql.SQL(", ").join(sql.SQL("{} DESC").format(sql.Identifier(n)) for n in order),
    )


def among(column: str, values: Sequence[str]) -> sql.Composed:
    """`column` is one of `values`; a plain equality for one value, which lets the index give the order."""
    if len(values) == 1:
        return sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(values[0]))
    return sql.SQL("{} = ANY({})").format(sql.Identifier(column), sql.Literal(list(values)))
