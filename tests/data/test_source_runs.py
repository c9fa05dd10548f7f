"""Stored forecast runs read back through PgSource."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lagesbild.data.engine import Database
from lagesbild.data.source import PgSource
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month

pytestmark = pytest.mark.database

T0 = datetime(2024, 2, 15, 6, 0, tzinfo=UTC)


@pytest.fixture
def source(database: Database) -> PgSource:
    return PgSource(database)


def run_row(connection: Any, kind: str, created: datetime) -> int:
    return connection.execute(
        "INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, "
        "series, seconds) VALUES (%s, %s, 7, %s, '2024-01-01', 12, 42, '0.1', 3, 1.5) RETURNING run_id",
        [kind, created, T0],
    ).fetchone()[0]


def test_runs_forecasts_gaps_and_paths_come_back_as_stored(database: Database, source: PgSource) -> None:
    drawn = np.random.default_rng(1).normal(100, 5, (7, 12)).astype("<f4")
    with database.raw() as connection:
        first, second = run_row(connection, "forecast", T0), run_row(connection, "forecast", T0 + timedelta(1))
        run_row(connection, "record", T0 + timedelta(2))
        for region, measure, role in (
            ("", "waiting", "forecast"),
            ("01", "waiting", "baseline"),
            ("01", "added", "forecast"),
        ):
            connection.execute(
                "INSERT INTO forecasts (run_id, region, care_area, measure, role, model, period, horizon, mean, lo80) "
                "VALUES (%s, %s, 'a', %s, %s, 'ETS', '2024-02-01', 1, 10.5, 9.25)",
                [first, region, measure, role],
            )
        connection.execute(
            "INSERT INTO gaps (run_id, region, care_area, target_share, status, opens_period, seasonal_only, load) "
            "VALUES (%s, '01', 'a', 0.8, 'expected', '2024-06-01', true, 1.05), "
            "(%s, '', 'a', 0.8, 'none', null, false, null), (%s, '01', 'b', 0.8, 'none', null, false, null)",
            [first, first, first],
        )
        connection.execute(
            "INSERT INTO forecast_paths VALUES (%s, '01', 'a', 'waiting', 7, 12, %s)",
            [first, zlib.compress(drawn.tobytes())],
        )
    runs = source.runs()
    assert [r.run_id for r in runs] == [second, first]
    assert (runs[0].until, runs[0].horizon, runs[0].data_version, runs[0].data_as_of) == (Month(2024, 1), 12, 7, T0)
    assert len(source.runs("record")) == 1
    frame = source.forecasts((first, second))
    assert frame[["region", "measure", "role"]].to_numpy().tolist() == [
        ["", "waiting", "forecast"],
        ["01", "added", "forecast"],
    ]
    assert frame["lo80"].tolist() == [9.25, 9.25]
    assert frame["hi95"].isna().all()
    assert frame["period"].tolist() == [pd.Timestamp(2024, 2, 1)] * 2
    assert len(source.forecasts((first,), baselines=True)) == 3
    assert len(source.forecasts((first,), regions=("01",), care_areas=("a",), measures=("added", "waiting"))) == 1
    assert source.forecasts((second,)).empty
    assert source.forecasts(()).empty
    assert source.gaps(first)["care_area"].tolist() == ["a", "a", "b"]
    assert source.gaps(first, care_areas=("b", "c"))["region"].tolist() == ["01"]
    assert source.gaps(first, care_areas=("c",)).empty
    gaps = source.gaps(first, care_areas=("a",))
    assert list(gaps.columns) == list(GAP_COLUMNS)
    assert gaps["region"].tolist() == ["", "01"]
    assert gaps["seasonal_only"].tolist() == [False, True]
    assert gaps["opens_period"].isna().tolist() == [True, False]
    assert gaps["opens_period"][1] == pd.Timestamp(2024, 6, 1)
    paths = source.paths(first, "01", "a", "waiting")
    assert paths is not None
    np.testing.assert_array_equal(paths, drawn.astype(float))
