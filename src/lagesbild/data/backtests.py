"""Storing evaluations of the forecasts: whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.data.tables import backtest, backtest_flags, backtest_reliability, backtest_run
from lagesbild.data.version import bump
from lagesbild.domain.backtest import Backtest

_RUN_COLUMNS = tuple(c.name for c in backtest_run.columns if c.name != "backtest_id")


@dataclass(frozen=True)
class PgBacktestStore:
    """Where evaluations are stored: PostgreSQL. Needs the write role."""

    database: Database

    def store(self, made: Backtest) -> int:
        """Store an evaluation in one transaction, bump the data version, and return its number.

        Raises DatabaseUnavailableError.
        """
        with speaking_swedish(), self.database.raw() as connection:
            number = _insert_run(connection, made)
            for table, frame in (
                (backtest, made.scores),
                (backtest_flags, made.flags),
                (backtest_reliability, made.reliability),
            ):
                _copy(connection, table.name, [c.name for c in table.columns], number, frame)
            bump(connection)
        return number


def _insert_run(connection: psycopg.Connection[Any], made: Backtest) -> int:
    statement = sql.SQL("INSERT INTO backtest_run ({}) VALUES ({}) RETURNING backtest_id").format(
        sql.SQL(", ").join(map(sql.Identifier, _RUN_COLUMNS)),
        sql.SQL(", ").join(sql.Placeholder() * len(_RUN_COLUMNS)),
    )
    row = connection.execute(statement, [getattr(made, c) for c in _RUN_COLUMNS]).fetchone()
    assert row is not None
    return int(row[0])


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: list[str], number: int, frame: pd.DataFrame
) -> None:
    if frame.empty:
        return
    parts: list[list[Any]] = [[number] * len(frame)]
    parts += [
        [None if v is None or v != v else v for v in frame[name].tolist()] for name in columns[1:]
    ]  # NaN: unknown
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in zip(*parts, strict=True):
            copy.write_row(row)
