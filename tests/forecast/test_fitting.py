"""Anchors, what a stored fit belongs to, and that stored fits change no number."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.forecast import fitting
from lagesbild.forecast.calibration import Calibration
from lagesbild.forecast.engine import PooledEngine
from lagesbild.forecast.fitting import Fits, live_anchor, replay_anchor
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import PooledForecaster
from lagesbild.forecast.series import WINDOW, Series
from tests.forecast.made_up import ageing

FIRST = Month(2020, 1)
DRAWS = Draws.of(5, 40, 24)


class Counting(PooledForecaster):
    """Says on what it was asked to fit, and fits nothing."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def fit(self, series):
        self.asked.append(series)
        return {"ETS": None, "UC": None}


def _walk(n=70, seed=1):
    """Up or down by about as much each month, so that no month is an outlier."""
    rng = np.random.default_rng(seed)
    return np.round(1000 * np.exp(np.cumsum(rng.choice([-1, 1], n) * rng.uniform(0.02, 0.03, n))))


def _series(values, first=FIRST, bands=None):
    return Series("01", "kna", "waiting", first, np.asarray(values, float), bands=bands)


@given(st.integers(30, 90))
def test_a_forecast_belongs_to_the_last_quarters_end(n):
    anchor = live_anchor(_series(_walk(n)))
    last = FIRST + (n - 1)
    assert 0 <= last - anchor <= 2
    assert anchor.month in (3, 6, 9, 12)


@given(st.integers(37, 90))
def test_a_replayed_forecast_belongs_to_the_last_december(n):
    last = FIRST + (n - 1)
    anchor = replay_anchor(_series(_walk(n)))
    assert anchor.month == 12
    assert 0 <= last - anchor <= 11


@pytest.mark.parametrize(
    "n, anchor",
    [(24, Month(2021, 12)), (25, Month(2021, 12)), (26, Month(2021, 12)), (27, Month(2022, 3))],
)
def test_live_anchors_of_young_series(n, anchor):
    assert live_anchor(_series(_walk(n))) == anchor


def test_with_too_little_before_the_quarters_end_the_last_month_is_the_anchor():
    series = _series(_walk(25), first=Month(2020, 4))  # April 2020 to April 2022: 24 months to March
    assert live_anchor(series) == Month(2022, 3)
    assert live_anchor(_series(_walk(24), first=Month(2020, 5))) == Month(2022, 4)
    assert replay_anchor(_series(_walk(25), first=Month(2020, 4))) == Month(2022, 3)  # no December has two years
    assert replay_anchor(_series(_walk(24), first=Month(2020, 5))) == Month(2022, 4)


def test_an_anchor_that_is_missing_or_says_nothing_is_no_anchor():
    values = _walk(50)  # to February 2024
    values[47] = np.nan  # December 2023
    assert live_anchor(_series(values)) == Month(2024, 2)
    flat = np.r_[np.full(48, 500.0), 510.0, 520.0]
    assert live_anchor(_series(flat)) == Month(2024, 2)


def test_a_series_that_has_changed_since_is_fitted_anew_on_all_of_it():
    values = _walk(71)  # to November 2025; the quarter ended in September
    assert live_anchor(_series(values)) == Month(2025, 9)
    values[-2:] = [values[-3] * 1.5, values[-3] * 0.8]
    assert live_anchor(_series(values)) == Month(2025, 11)
    assert replay_anchor(_series(values)) == Month(2024, 12)  # of a replay only the age of its fit is wanted


def test_what_is_fitted_ends_at_the_anchor_and_begins_with_the_window():
    forecaster = Counting()
    values = _walk(100)
    _, start = Fits(forecaster).at(_series(values), FIRST + 92)
    (seen,) = forecaster.asked
    assert seen.values == pytest.approx(values[:93])
    assert start == 93 - WINDOW


def test_the_same_months_are_fitted_once():
    forecaster = Counting()
    fits = Fits(forecaster)
    for n in (60, 61, 62):
        fits.at(_series(_walk(70)[:n]), FIRST + 59)
    assert len(forecaster.asked) == 1
    later = Fits(forecaster, known=fits.made)
    later.at(_series(_walk(70)), FIRST + 59)
    assert len(forecaster.asked) == 1
    assert later.made == {}


@pytest.mark.parametrize(("where", "different"), [(0, 2), (30, 2), (59, 2), (60, 1), (61, 1)])
def test_a_revised_month_is_another_fit_up_to_the_anchor_and_not_after_it(where, different):
    forecaster = Counting()
    fits = Fits(forecaster)
    fits.at(_series(_walk(62)), FIRST + 59)
    revised = _walk(62)
    revised[where] += 1
    fits.at(_series(revised), FIRST + 59)
    assert len(forecaster.asked) == different
    assert len({key[-1] for key in fits.made}) == different


def test_another_beginning_a_missing_month_or_another_version_is_another_fit(monkeypatch):
    forecaster = Counting()
    fits = Fits(forecaster)
    fits.at(_series(_walk(60)), FIRST + 59)
    fits.at(_series(_walk(60), first=FIRST + 1), FIRST + 60)
    gappy = _walk(60)
    gappy[10] = np.nan
    fits.at(_series(gappy), FIRST + 59)
    monkeypatch.setattr(fitting, "VERSION", "later")
    fits.at(_series(_walk(60)), FIRST + 59)
    assert len(forecaster.asked) == 4


@pytest.mark.parametrize("n", [60, 62, 80])
def test_numbers_are_the_same_with_and_without_stored_fits(n):
    bands = ageing(n, seed=3)
    series = _series(bands.sum(axis=1), bands=bands)
    cold = Fits(PooledForecaster())
    made = PooledEngine(cold, Calibration({})).fit_paths(series, 6, DRAWS)
    assert len(cold.made) == 1
    stored = {key: json.loads(json.dumps(fit)) for key, fit in cold.made.items()}
    warm = Fits(PooledForecaster(), known=stored)
    again = PooledEngine(warm, Calibration({})).fit_paths(series, 6, DRAWS)
    assert warm.made == {}
    assert (made.paths == again.paths).all()
    assert (made.model, made.note) == (again.model, again.note)


def test_fits_made_before_the_bands_came_do_not_keep_the_cohort_model_out():
    """Bands are no part of what is fitted, so a correction that adds them must not find them left out."""
    bands = ageing(60, seed=3)
    plain, banded = _series(bands.sum(axis=1)), _series(bands.sum(axis=1), bands=bands)
    before = Fits(PooledForecaster())
    PooledEngine(before, Calibration({})).fit_paths(plain, 6, DRAWS)
    warm = PooledEngine(Fits(PooledForecaster(), known=before.made), Calibration({})).fit_paths(banded, 6, DRAWS)
    cold = PooledEngine.fresh().fit_paths(banded, 6, DRAWS)
    assert "cohort" in cold.model
    assert (warm.paths == cold.paths).all()
