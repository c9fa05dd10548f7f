"""Tables of the latest backtest."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import psycopg
import sqlalchemy as sa
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.tables import backtest as scores
from lagesbild.data.tables import backtest_flags, backtest_reliability

_TABLES: Final = {t.name: t for t in (scores, backtest_flags, backtest_reliability)}


def _form(column: sa.Column[Any]) -> Form:
    if isinstance(column.type, sa.Text):
        return "text"
    return "float" if isinstance(column.type, sa.Double) else "int"


def backtest(connection: psycopg.Connection[Any], table: str) -> pd.DataFrame:
    """As `Source.backtest`, sorted by the table's key; empty when no backtest has been made."""
    chosen = _TABLES[table]
    forms = {c.name: _form(c) for c in chosen.columns}
    names = sql.SQL(", ").join(map(sql.Identifier, forms))
    query = sql.SQL(
        "SELECT {} FROM {} WHERE backtest_id = (SELECT max(backtest_id) FROM backtest_run) ORDER BY {}"
    ).format(
        names,
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(c.name) for c in chosen.primary_key.columns),
    )
    return fetch(connection, query, forms)
