"""Storing forecast runs: COPY in one transaction, so that a killed run leaves the last good one in place."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.data.tables import forecast_pair, forecast_paths, forecast_run, forecasts, gap_record, gaps
from lagesbild.data.version import bump
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.run_contents import PathKey, RunContents
from lagesbild.domain.source import TOLD, Run

_COMPRESSION: Final = 1  # float noise hardly shrinks; level 1 takes a fifth of the time of the default
_AFTER_LATEST: Final = "SELECT greatest(%s, (SELECT max(created_at) + interval '1 microsecond' FROM forecast_run))"
_RUN_COLUMNS: Final = tuple(c.name for c in forecast_run.columns if c.name != "run_id")


@dataclass(frozen=True)
class PgRunStore:
    """Where the forecast job stores its runs: PostgreSQL."""

    database: Database

    def store(self, run: Run, contents: RunContents) -> Run:
        """See `store_run`."""
        return store_run(self.database, run, contents)


def store_run(database: Database, run: Run, contents: RunContents) -> Run:
    """Store a run whole or not at all, bump the data version, and return the run with its number and time: its own, or
    just after that of the run before where the clock has been set back since.

    Raises DatabaseUnavailableError.
    """
    with speaking_swedish(), database.raw() as connection:
        latest = connection.execute(_AFTER_LATEST, [run.created_at]).fetchone()
        assert latest is not None
        run = replace(run, created_at=latest[0])
        run_id = _store(connection, run, contents)
        if (told := contents.told) is not None:
            known = {"threshold": told.threshold}
            beside = replace(run, kind=TOLD, series=told.series, previous_run=run_id, calibration=known)
            _store(connection, beside, told.contents)
        bump(connection)
    return replace(run, run_id=run_id)


def _store(connection: psycopg.Connection[Any], run: Run, contents: RunContents) -> int:
    run_id = _insert_run(connection, run)
    for table, frame in ((forecasts, contents.forecasts), (gaps, contents.gaps), (gap_record, contents.record)):
        _copy(connection, table.name, [c.name for c in table.columns], run_id, frame)
    _copy_paths(connection, run_id, contents.paths)
    _copy_facts(connection, run_id, contents.pairs)
    return run_id


def _insert_run(connection: psycopg.Connection[Any], run: Run) -> int:
    special = {"until": run.until.first_day, "calibration": Jsonb(dict(run.calibration))}
    values = [special[c] if c in special else getattr(run, c) for c in _RUN_COLUMNS]
    statement = sql.SQL("INSERT INTO forecast_run ({}) VALUES ({}) RETURNING run_id").format(
        sql.SQL(", ").join(map(sql.Identifier, _RUN_COLUMNS)),
        sql.SQL(", ").join(sql.Placeholder() * len(_RUN_COLUMNS)),
    )
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: list[str], run_id: int, frame: pd.DataFrame
) -> None:
    if frame.empty:
        return
    parts: list[list[Any]] = [[run_id] * len(frame)]
    for name in columns[1:]:
        values = frame[name].tolist()
        parts.append([None if v is None or v != v else v for v in values])  # NaN is stored as "unknown"
    with connection.cursor() as cursor, cursor.copy(_copy_statement(table, columns)) as copy:
        for row in zip(*parts, strict=True):
            copy.write_row(row)


def _copy_paths(connection: psycopg.Connection[Any], run_id: int, paths: Mapping[PathKey, np.ndarray]) -> None:
    columns = [c.name for c in forecast_paths.columns]
    with connection.cursor() as cursor, cursor.copy(_copy_statement(forecast_paths.name, columns)) as copy:
        for (region, care_area, measure), values in paths.items():
            packed = zlib.compress(np.ascontiguousarray(values, "<f4").tobytes(), _COMPRESSION)
            copy.write_row((run_id, region, care_area, measure, *values.shape, packed))


def _copy_facts(connection: psycopg.Connection[Any], run_id: int, pairs: Mapping[tuple[str, str], PairFacts]) -> None:
    columns = [c.name for c in forecast_pair.columns]
    with connection.cursor() as cursor, cursor.copy(_copy_statement(forecast_pair.name, columns)) as copy:
        for (region, care_area), facts in pairs.items():
            copy.write_row((run_id, region, care_area, Jsonb(facts.to_json())))


def _copy_statement(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
