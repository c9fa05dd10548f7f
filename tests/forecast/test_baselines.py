"""As the last month, and as the same month last year: what every model has to beat."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.forecast.baselines import BASELINES, naive_paths, seasonal_naive_paths
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.series import prepare
from tests.forecast.made_up import share_series

FIRST = Month(2021, 1)
DRAWS = Draws.of(11, 400, 24)


def _series(values, measure="within_limit_share"):
    return prepare(np.asarray(values, float), FIRST, (), region="01", care_area="kna", measure=measure)


def test_naive_stays_where_it_was():
    values = share_series(60, 0.8)
    paths = naive_paths(_series(values), 12, DRAWS)
    assert np.median(paths, axis=0) == pytest.approx(np.full(12, values[-1]), abs=0.06)


def test_seasonal_naive_is_last_year():
    values = share_series(60, 0.8)
    paths = seasonal_naive_paths(_series(values), 24, DRAWS)
    assert np.median(paths, axis=0) == pytest.approx(np.tile(values[-12:], 2), abs=0.02)


def test_seasonal_naive_takes_a_month_missing_last_year_from_the_year_before():
    values = share_series(60, 0.8)
    values[-6] = np.nan
    paths = seasonal_naive_paths(_series(values), 12, DRAWS)
    assert np.median(paths[:, 6]) == pytest.approx(values[-18], abs=0.02)


@pytest.mark.parametrize("baseline", BASELINES.values(), ids=BASELINES.keys())
@pytest.mark.parametrize("values", [np.zeros(30), np.r_[np.arange(24.0), np.nan, 3.0, np.nan, np.nan]])
def test_baselines_are_defined_on_odd_series(baseline, values):
    paths = baseline(_series(values, "waiting"), 12, DRAWS)
    assert paths.shape == (400, 12)
    assert np.isfinite(paths).all()
    assert paths.min() >= 0
