"""A stored run can be made again from the data of its time, to the last digit; what came later does not change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import InputError
from lagesbild.domain.run_contents import RunContents
from lagesbild.forecast.fanout import SerialExecutor
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.jobs.rerunning import rerun
from tests.forecast.made_up import FIRST, MemoryStore, country

pytestmark = pytest.mark.database
LAST = FIRST + 47


class _World:
    """A made-up country for the facts, and the database for what runs stored."""

    def __init__(self, facts, stored):
        self.facts_of, self.stored = facts, stored

    def __getattr__(self, name):
        return getattr(self.stored if name in ("runs", "forecasts", "gaps", "paths") else self.facts_of, name)


class _Moved:
    """What the middle is said to differ by."""

    def __init__(self, threshold, by=-1.0):
        self.threshold, self.by = threshold, by

    def __call__(self, source, first, until, as_of=None):
        return {("01", "kna"): {"within_limit": np.full(until - first + 1, self.by)}}


@pytest.fixture
def made(database):
    """A run over one region, stored, and the source that both it and its rerun read."""
    world = _World(country(regions=1), PgSource(database))
    run = run_forecast(world, PgRunStore(database), n_paths=40, executor=SerialExecutor(), middles=_Moved(5))
    return world, run


def test_a_run_made_again_is_the_same_to_the_last_digit(made):
    world, run = made
    found = rerun(lambda moment: world, run.run_id, executor=SerialExecutor(), middles=_Moved)
    assert found.differences == ()
    assert found.rows > 100


def test_another_middle_is_told(made):
    world, run = made
    found = rerun(lambda moment: world, run.run_id, executor=SerialExecutor(), middles=lambda n: _Moved(n, 9.0))
    assert found.differences
    assert all(line.startswith("för dem som inte ser alla tal: ") for line in found.differences)


def test_a_revised_month_and_a_changed_path_are_told(made, database):
    world, run = made
    other = _World(country(regions=1, seed=6), world.stored)
    told = " ".join(rerun(lambda moment: other, run.run_id, executor=SerialExecutor()).differences)
    assert "forecasts:" in told
    assert "utfall: 8 av 8 serier" in told
    store = MemoryStore()
    run_forecast(world, store, n_paths=40, executor=SerialExecutor())
    contents = store.contents[0]
    key = ("01", "kna", "waiting")
    bent = {**contents.paths, key: np.nextafter(contents.paths[key], np.float32(np.inf))}
    stored = PgRunStore(database).store(
        replace(run, run_id=0), RunContents(contents.forecasts, bent, contents.gaps, contents.pairs, contents.record)
    )
    assert rerun(lambda moment: world, stored.run_id, executor=SerialExecutor()).differences == (
        "utfall: 1 av 8 serier skiljer sig.",
    )


def test_a_run_that_does_not_exist_is_told_with_those_that_do(made):
    world, run = made
    with pytest.raises(InputError, match="Det finns ingen prognoskörning 77") as error:
        rerun(lambda moment: world, 77)
    assert str(run.run_id) in error.value.remedy
