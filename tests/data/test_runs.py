"""Storing a run: everything comes back as it was put, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.run_contents import RunContents, Told
from lagesbild.domain.source import TOLD
from lagesbild.jobs.forecasting import run_forecast, run_records
from tests.forecast.made_up import FIRST, MemoryStore, NaiveEngine, country

pytestmark = pytest.mark.database
LAST = FIRST + 47


@pytest.fixture(scope="module")
def made():
    """One run as the job hands it over: (run, forecasts, paths, gaps). A region has not reported the last month."""
    store = MemoryStore()
    run_forecast(country(missing_tail=("03",)), store, jobs=1, n_paths=50, engine=NaiveEngine())
    return store.stored[0]


def test_a_run_comes_back_as_it_was_stored(database, made):
    run, rows, paths, gaps = made
    stored = PgRunStore(database).store(made[0], RunContents(*made[1:]))
    source = PgSource(database)
    assert stored.run_id > 0
    assert source.runs() == [stored]
    assert replace(stored, run_id=0) == run

    back = source.forecasts((stored.run_id,), baselines=True)
    key = ["region", "care_area", "measure", "role", "model", "period"]
    ours = rows.assign(period=pd.to_datetime(rows["period"]).astype(back["period"].dtype)).sort_values(key)
    ours = ours.reset_index(drop=True)
    theirs = back.sort_values(key).reset_index(drop=True)
    for column in ("p50", "lo95", "hi80", "mean"):
        np.testing.assert_array_equal(theirs[column], ours[column])
    for column in (*key, "note", "horizon"):
        assert theirs[column].tolist() == ours[column].tolist()
    assert set(source.forecasts((stored.run_id,))["role"]) == {"forecast"}

    for (region, area, measure), values in paths.items():
        np.testing.assert_array_equal(source.paths(stored.run_id, region, area, measure), values)
    assert source.paths(stored.run_id, "01", "kna", "nothing") is None

    flags = source.gaps(stored.run_id)
    assert tuple(flags.columns) == GAP_COLUMNS
    assert len(flags) == len(gaps)
    unjudged = flags[flags["region"] == "03"]
    assert unjudged["probability_12m"].isna().all()
    assert unjudged["opens_period"].isna().all()


def test_what_is_told_of_a_run_is_stored_beside_it(database, made):
    """One transaction and one version: nobody sees the one without the other."""
    run, rows, paths, gaps = made
    before = PgSource(database).version().version
    mine = RunContents(rows, paths, gaps.assign(status="watch"))
    stored = PgRunStore(database).store(run, RunContents(rows, paths, gaps, told=Told(mine, 5, 12)))
    source = PgSource(database)
    assert source.runs() == [stored]
    (told,) = source.runs(TOLD)
    assert (told.previous_run, told.series, told.calibration) == (stored.run_id, 12, {"threshold": 5})
    assert (told.until, told.created_at) == (stored.until, stored.created_at)
    assert set(source.gaps(told.run_id)["status"]) == {"watch"}
    assert source.gaps(stored.run_id)["status"].tolist() != source.gaps(told.run_id)["status"].tolist()
    assert source.version().version == before + 1


def test_storing_a_run_raises_the_data_version(database, made):
    before = PgSource(database).version().version
    PgRunStore(database).store(made[0], RunContents(*made[1:]))
    assert PgSource(database).version().version == before + 1


def test_a_run_that_breaks_off_leaves_the_last_good_one_in_place(database, made):
    run, rows, paths, gaps = made
    good = PgRunStore(database).store(made[0], RunContents(*made[1:]))
    version = PgSource(database).version().version
    twice = pd.concat([gaps, gaps])  # the same key twice: fails after run and forecasts have been written
    with pytest.raises(Exception, match="gaps"):
        PgRunStore(database).store(run, RunContents(rows, paths, twice))
    source = PgSource(database)
    assert source.runs() == [good]
    assert source.version().version == version
    with database.connect() as connection:
        for table in ("forecast_run", "forecasts", "forecast_paths", "gaps"):
            numbers = connection.exec_driver_sql(f"SELECT DISTINCT run_id FROM {table}").scalars().all()
            assert numbers == [good.run_id]


def test_records_are_kept_apart_from_forecasts(database):
    runs = run_records(country(), PgRunStore(database), [LAST - 6, LAST - 3], jobs=1, n_paths=50, engine=NaiveEngine())
    source = PgSource(database)
    assert source.runs() == []
    assert [r.until for r in source.runs("record")] == [LAST - 3, LAST - 6]
    assert source.gaps(runs[0].run_id).empty
