"""The engine and its baselines: sensible on plain series, defined on odd ones, never silent about a fallback."""

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.forecast import engine as engine_module
from lagesbild.forecast.baselines import BASELINES, naive_paths, seasonal_naive_paths
from lagesbild.forecast.engine import StatsmodelsEngine
from lagesbild.forecast.models import FORMS, fit_ets
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.series import prepare
from tests.forecast.made_up import season, share_series

FIRST = Month(2021, 1)
DRAWS = Draws.of(11, 400, 24)


def _series(values, measure="within_limit_share"):
    return prepare(np.asarray(values, float), FIRST, (), region="01", care_area="kna", measure=measure)


def _fit(values, measure="within_limit_share", horizon=12):
    return StatsmodelsEngine().fit_paths(_series(values, measure), horizon, DRAWS)


def test_a_season_is_forecast():
    made = _fit(share_series(60, 0.8))
    assert made.model in ("ETS(A,N,A)", "ETS(A,Ad,A)")
    assert made.converged
    assert made.quantiles["p50"] == pytest.approx(0.8 + season(12), abs=0.02)


def test_the_band_holds_what_came_about_as_often_as_it_says():
    inside = []
    for seed in range(8):
        values = share_series(60, 0.8, seed=seed, noise=0.01)
        bands = _fit(values[:48]).quantiles
        inside.append(((bands["lo80"] <= values[48:]) & (values[48:] <= bands["hi80"])).mean())
    assert 0.6 < np.mean(inside) < 0.97


def test_same_seed_same_paths_other_seed_other_paths():
    series = _series(share_series(48, 0.8))
    one = StatsmodelsEngine().fit_paths(series, 12, DRAWS).paths
    again = StatsmodelsEngine().fit_paths(series, 12, DRAWS).paths
    other = StatsmodelsEngine().fit_paths(series, 12, Draws.of(12, 400, 24)).paths
    assert (one == again).all()
    assert not (one == other).all()


def test_a_missing_tail_is_a_longer_way_ahead_with_wider_bands():
    rng = np.random.default_rng(2)
    walk = 1000 * np.exp(np.cumsum(rng.normal(0, 0.05, 60)))
    cut = walk.copy()
    cut[-4:] = np.nan
    whole, missing = _fit(walk, "waiting"), _fit(cut, "waiting")

    def width(made):
        return float(np.log(made.quantiles["hi80"][0] / made.quantiles["lo80"][0]))

    assert width(missing) > 1.5 * width(whole)
    assert "fyra månaderna saknas" in missing.note


def test_missing_months_inside_are_taken_as_they_are():
    values = share_series(60, 0.8)
    values[[20, 21, 22]] = np.nan
    made = _fit(values)
    assert made.model == "UC"
    assert made.quantiles["p50"] == pytest.approx(0.8 + season(12), abs=0.03)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_constant_series_stays_what_it_is_and_says_so(value):
    made = _fit(np.full(40, value), "waiting")
    assert made.model == "constant"
    assert (made.paths == value).all()
    assert "oförändrad" in made.note


def test_small_and_empty_lists_stay_at_or_above_zero():
    values = np.random.default_rng(3).poisson(0.4, 60)
    made = _fit(values, "waiting")
    assert made.paths.min() >= 0
    assert np.isfinite(made.paths).all()
    assert made.paths.max() <= 5 * values.max()


def test_when_nothing_converges_the_level_model_steps_in_and_tells(monkeypatch):
    monkeypatch.setattr(engine_module, "FORMS", ())
    made = _fit(share_series(60, 0.8))
    assert made.model == "UC"
    assert "konvergerade inte" in made.note


def test_when_nothing_fits_the_naive_forecast_stands_in_and_tells(monkeypatch):
    def broken(*_):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(engine_module, "fit_ets", broken)
    monkeypatch.setattr(engine_module, "fit_level", broken)
    made = _fit(share_series(60, 0.8))
    assert (made.model, made.converged) == ("naive", False)
    assert "som senaste månaden" in made.note


@pytest.mark.parametrize("seed", range(6))
def test_the_lowest_aicc_of_the_four_forms_is_taken(seed):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0.02 * (seed % 2), 0.05, 60)) + (seed % 3) * season(60)
    every = [fit_ets(values, form) for form in FORMS]
    chosen = engine_module._best_ets(values)
    assert chosen.aicc == pytest.approx(min(f.aicc for f in every if f.converged))


def test_naive_stays_where_it_was():
    values = share_series(60, 0.8)
    paths = naive_paths(_series(values), 12, DRAWS)
    assert np.median(paths, axis=0) == pytest.approx(np.full(12, values[-1]), abs=0.06)


def test_seasonal_naive_is_last_year():
    values = share_series(60, 0.8)
    paths = seasonal_naive_paths(_series(values), 12, DRAWS)
    assert np.median(paths, axis=0) == pytest.approx(values[-12:], abs=0.02)


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
