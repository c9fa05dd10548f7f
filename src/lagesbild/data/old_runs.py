"""What is too old to keep of what can be made again: forecast runs, evaluations and fitted parameters.

The newest of each kind stays however old it is, and so does the run that a kept one started its flags from, which
`lagesbild forecast --rerun` needs to come to the same numbers. What is told of a run to those who may not see all stays
as long as the run.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data.tables import (
    backtest,
    backtest_flags,
    backtest_reliability,
    backtest_run,
    forecast_pair,
    forecast_paths,
    forecast_run,
    forecasts,
    gap_record,
    gaps,
)

RUN_TABLES: Final = tuple(t.name for t in (forecasts, forecast_paths, forecast_pair, gaps, gap_record, forecast_run))
BACKTEST_TABLES: Final = tuple(t.name for t in (backtest, backtest_flags, backtest_reliability, backtest_run))
FIT_YEARS: Final = 2  # a fit is made again in 19 ms, and after two years hardly any is asked for
_RUNS: Final = """
WITH ours AS (SELECT * FROM forecast_run WHERE kind <> 'told'),
newest AS (SELECT max(run_id) AS run_id FROM ours GROUP BY kind),
old AS (
    SELECT run_id FROM ours
    WHERE created_at < %(before)s
      AND run_id NOT IN (SELECT run_id FROM newest)
      AND run_id NOT IN (SELECT previous_run FROM ours WHERE previous_run IS NOT NULL
          AND (created_at >= %(before)s OR run_id IN (SELECT run_id FROM newest))))
SELECT run_id FROM forecast_run
WHERE run_id IN (SELECT run_id FROM old) OR kind = 'told' AND previous_run IN (SELECT run_id FROM old)
ORDER BY run_id
"""
_BACKTESTS: Final = """
SELECT backtest_id FROM backtest_run
WHERE created_at < %(before)s AND backtest_id <> (SELECT max(backtest_id) FROM backtest_run) ORDER BY backtest_id
"""
_FITS: Final = """
FROM forecast_fit f WHERE f.created_at < %(fits_before)s OR EXISTS (
    SELECT FROM forecast_fit n WHERE (n.region, n.care_area, n.measure, n.anchor)
        = (f.region, f.care_area, f.measure, f.anchor) AND n.created_at > f.created_at)
"""


def old_runs(connection: psycopg.Connection[Any], before: datetime | None) -> list[int]:
    """Numbers of the forecast runs made before that moment that may go; None = all stay."""
    return [] if before is None else [n for (n,) in connection.execute(_RUNS, {"before": before})]


def old_backtests(connection: psycopg.Connection[Any], before: datetime | None) -> list[int]:
    """The same for evaluations."""
    return [] if before is None else [n for (n,) in connection.execute(_BACKTESTS, {"before": before})]


def old_fits(connection: psycopg.Connection[Any], fits_before: datetime) -> int:
    """How many fitted parameters are older, or have been replaced by newer ones of the same series and month."""
    row = connection.execute("SELECT count(*)" + _FITS, {"fits_before": fits_before}).fetchone()
    return int(row[0]) if row else 0


def remove(connection: psycopg.Connection[Any], tables: tuple[str, ...], key: str, numbers: list[int]) -> None:
    """Delete rows of those runs or evaluations, the row of the run itself last."""
    for table in tables:
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(table), sql.Identifier(key)), [numbers]
        )


def remove_fits(connection: psycopg.Connection[Any], fits_before: datetime) -> int:
    """Delete what `old_fits` counts; returns how many that was."""
    return connection.execute("DELETE " + _FITS, {"fits_before": fits_before}).rowcount
