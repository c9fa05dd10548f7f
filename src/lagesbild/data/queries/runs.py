"""Stored forecast runs of one kind, newest first."""

from __future__ import annotations

from typing import Any

import psycopg

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Run


def runs(connection: psycopg.Connection[Any], kind: str) -> list[Run]:
    rows: list[Any] = connection.execute(
        "SELECT run_id, kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, series, "
        "seconds, paths, previous_run, calibration FROM forecast_run WHERE kind = %s "
        "ORDER BY created_at DESC, run_id DESC",
        [kind],
    ).fetchall()
    return [Run(*(*row[:5], Month.of(row[5]), *row[6:])) for row in rows]
