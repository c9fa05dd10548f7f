"""The engine: sensible on plain series, defined on odd ones, and never silent about a fallback."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.forecast import engine as engine_module
from lagesbild.forecast.baselines import naive_paths
from lagesbild.forecast.calibration import Calibration, stretched
from lagesbild.forecast.engine import BEATEN_NOTES, NAIVE_NOTE, TINY_NOTE, PooledEngine
from lagesbild.forecast.fitting import Fits
from lagesbild.forecast.intervals import BANDS
from lagesbild.forecast.members import MEMBERS
from lagesbild.forecast.pair import Plan, forecast_pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import PooledForecaster
from lagesbild.forecast.series import Series, prepare
from lagesbild.forecast.transforms import CEILING, SLACK, from_scale
from tests.forecast.made_up import pair, season, share_series

FIRST = Month(2021, 1)
DRAWS = Draws.of(11, 400, 24)


def _series(values, measure="within_limit_share", breaks=()):
    return prepare(np.asarray(values, float), FIRST, breaks, region="01", care_area="kna", measure=measure)


def _fit(values, measure="within_limit_share", horizon=12, breaks=()):
    return PooledEngine.fresh().fit_paths(_series(values, measure, breaks), horizon, DRAWS)


def _walk(n=60, seed=2, level=1000.0, step=0.05):
    return level * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, step, n)))


def test_a_season_is_forecast():
    """One path in five is as the last month, whatever the season; the others know it."""
    made = _fit(share_series(60, 0.8))
    assert made.converged
    assert made.note == ""
    assert made.model == "avgETS + UC + naive"
    assert made.quantiles["p50"] == pytest.approx(0.8 + season(12), abs=0.03)
    assert int(np.argmin(made.mean)) == 7


def test_same_seed_same_paths_other_seed_other_paths():
    series = _series(share_series(48, 0.8))
    one = PooledEngine.fresh().fit_paths(series, 12, DRAWS).paths
    again = PooledEngine.fresh().fit_paths(series, 12, DRAWS).paths
    other = PooledEngine.fresh().fit_paths(series, 12, Draws.of(12, 400, 24)).paths
    assert (one == again).all()
    assert not (one == other).all()


def test_a_missing_tail_is_a_longer_way_ahead_with_wider_bands():
    walk = _walk()
    cut = walk.copy()
    cut[-4:] = np.nan
    whole, missing = _fit(walk, "waiting"), _fit(cut, "waiting")

    def width(made):
        return float(np.log(made.quantiles["hi80"][0] / made.quantiles["lo80"][0]))

    assert width(missing) > 1.4 * width(whole)
    assert "fyra månaderna saknas" in missing.note
    assert missing.paths.shape == (400, 12)


def test_missing_months_inside_are_taken_as_they_are():
    values = share_series(60, 0.8)
    values[[20, 21, 22]] = np.nan
    made = _fit(values)
    assert made.converged
    assert made.quantiles["p50"] == pytest.approx(0.8 + season(12), abs=0.04)


@pytest.mark.parametrize("value, said", [(0.0, "noll hela tiden"), (7.0, "oförändrad hela tiden")])
def test_a_constant_series_stays_what_it_is_and_says_so(value, said):
    made = _fit(np.full(40, value), "waiting")
    assert made.model == "constant"
    assert (made.paths == value).all()
    assert said in made.note
    assert made.converged


def test_a_constant_series_with_gaps_is_constant():
    values = np.full(40, 3.0)
    values[[5, 17]] = np.nan
    assert _fit(values, "waiting").model == "constant"


def test_small_and_empty_lists_stay_at_or_above_zero_and_say_that_they_are_small():
    values = np.random.default_rng(3).poisson(0.4, 60)
    made = _fit(values, "waiting")
    assert made.paths.min() >= 0
    assert np.isfinite(made.paths).all()
    assert made.paths.max() <= CEILING * values.max() + SLACK + 1e-3
    assert TINY_NOTE in made.note
    assert TINY_NOTE not in _fit(_walk(), "waiting").note
    assert TINY_NOTE not in _fit(share_series(48, 0.8)).note


@pytest.mark.parametrize("kind", ["system_change", "definition_change"])
def test_a_level_shift_in_the_register_is_a_new_beginning(kind):
    values = np.r_[_walk(40, level=3000.0), _walk(30, seed=5)]
    shift = Break("", "", FIRST + 40, FIRST + 40, kind, "nytt system")
    told = _fit(values, "waiting", breaks=[shift])
    alone = _fit(np.r_[[np.nan] * 41, values[41:]], "waiting")
    assert (told.paths == alone.paths).all()
    assert told.note == ""


def test_a_level_shift_that_nobody_told_of_has_wider_bands_around_the_new_level():
    values = np.r_[_walk(40, level=3000.0, step=0.01), _walk(30, seed=5, step=0.01)]
    shift = Break("", "", FIRST + 40, FIRST + 39, "system_change", "nytt system")
    untold, told = _fit(values, "waiting"), _fit(values, "waiting", breaks=[shift])
    assert untold.quantiles["p50"][0] == pytest.approx(values[-1], rel=0.1)
    wide, narrow = (float(m.quantiles["hi80"][5] - m.quantiles["lo80"][5]) for m in (untold, told))
    assert wide > narrow


def test_a_recent_level_shift_is_told():
    shift = Break("01", "kna", FIRST + 55, None, "system_change", "nytt system")
    assert "Systembyte i augusti 2025" in _fit(np.r_[_walk(55), _walk(5) * 2], "waiting", breaks=[shift]).note


def test_a_failing_member_is_told_and_another_makes_its_paths(monkeypatch):
    monkeypatch.setattr(MEMBERS["ETS"], "fit", lambda series: None, raising=False)
    made = _fit(_walk(), "waiting")
    assert "konvergerade inte" in made.note
    assert not made.converged
    assert made.model == "avgETS + UC + naive"


def test_when_nothing_can_make_paths_the_naive_forecast_stands_in_and_tells(monkeypatch):
    def broken(*_):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(PooledForecaster, "paths", broken)
    values = _walk()
    made = _fit(values, "waiting")
    assert (made.model, made.converged) == ("naive", False)
    assert made.note == NAIVE_NOTE
    assert "som senaste månaden" in made.note
    assert (made.paths == naive_paths(_series(values, "waiting"), 12, DRAWS)).all()


@pytest.mark.parametrize("name, said", [("naive", "som senaste månaden"), ("seasonal_naive", "samma som i fjol")])
def test_a_baseline_that_has_taken_the_pools_place_says_why(name, said):
    engine = PooledEngine(Fits(PooledForecaster({"waiting": (name,)})), Calibration({}))
    made = engine.fit_paths(_series(_walk(), "waiting"), 12, DRAWS)
    assert made.model == name
    assert said in made.note
    assert made.converged


def test_bands_are_calibrated_on_the_models_scale():
    series = _series(_walk(), "waiting")
    factors = np.array([[1.2, 1.3, 1.4, 1.5], [1.5, 1.6, 1.7, 1.8], [2.0, 2.1, 2.2, 2.3]])
    fits = Fits(PooledForecaster())
    made = PooledEngine(fits, Calibration({"waiting": factors})).fit_paths(series, 12, DRAWS)
    parameters, start = fits.at(series, engine_module.live_anchor(series))
    scaled, *_ = fits.forecaster.paths(series, parameters, start, 12, DRAWS)
    again = from_scale(stretched(scaled, factors), "count", float(series.values.max()))
    assert made.paths == pytest.approx(again, rel=1e-6)


def test_the_ceiling_is_that_of_the_last_six_years():
    values = np.r_[np.full(20, 90_000.0) + np.arange(20), _walk(72, level=4.0, step=0.8)]
    made = _fit(values, "waiting")
    assert made.paths.max() <= CEILING * values[20:].max() + SLACK + 0.01


@pytest.mark.parametrize("horizon", [1, 24])
def test_every_horizon_that_may_be_asked_for(horizon):
    draws = Draws.of(11, 100, horizon + 12)
    made = PooledEngine.fresh().fit_paths(_series(_walk(), "waiting"), horizon, draws)
    assert made.paths.shape == (100, horizon)
    ordered = np.array([made.quantiles[n] for n in BANDS])
    assert (np.diff(ordered, axis=0) >= 0).all()


def test_hidden_numbers_alone_are_no_forecast_and_no_gap():
    """Every month given as "<5": half of it would be a made-up list."""
    hidden = pair(np.full(40, 1.0), waiting=2.5, hidden={"waiting": 40, "within_limit": 40})
    made = forecast_pair(hidden, Plan(seed=1, horizon=12, n_paths=20))
    assert set(made.refusals) == {"waiting", "within_limit_share"}
    assert "tal som inte är dolda finns för 0 månader, och minst 24 behövs" in made.refusals["waiting"]
    assert not made.paths
    assert {g["status"] for g in made.gaps} == {"none"}
    assert all(np.isnan(g["probability_12m"]) for g in made.gaps)
    assert all("inte är dolda" in g["reason"] for g in made.gaps)
    known = pair(np.full(40, 0.8), hidden={"waiting": 16})  # 24 months are known
    assert "hälften i 16 månader" in forecast_pair(known, Plan(seed=1, horizon=12, n_paths=20)).notes["waiting"]


def test_a_mask_is_told_with_its_reason():
    mask = Break("01", "", FIRST + 10, FIRST + 12, "mask", "Strejk på sjukhuset.")
    series = _series(np.arange(48.0) + 50, "added", (mask,))
    assert "3 månader räknas som saknade: Strejk på sjukhuset." in series.note
    assert "Strejk" not in _series(np.arange(48.0) + 50, "waiting", (mask,)).note


@pytest.mark.parametrize(
    "values, said",
    [
        (np.arange(23.0) + 5, "För kort serie för prognos: 23 av minst 24 månader."),
        (np.r_[np.arange(30.0) + 5, [np.nan] * 13], "Ingen prognos: det senaste värdet är från juni 2023."),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_words(values, said):
    made = forecast_pair(pair(np.full(len(values), np.nan), waiting=values), Plan(seed=1, horizon=12, n_paths=20))
    assert made.refusals["waiting"] == said
    assert made.paths == {}


def test_the_band_holds_what_came_about_as_often_as_it_says():
    inside = []
    for seed in range(6):
        values = share_series(60, 0.8, seed=seed, noise=0.01)
        bands = _fit(values[:48]).quantiles
        inside.append(((bands["lo80"] <= values[48:]) & (values[48:] <= bands["hi80"])).mean())
    assert 0.6 < np.mean(inside) <= 1


def _cannot(*_):
    raise ValueError


def test_members_that_all_fail_are_no_baseline_that_won(monkeypatch):
    values = 50 + np.arange(60.0) % 7
    values[12:][np.arange(48) % 4 == 3] = np.nan
    for name in ("UC", "avgETS"):
        monkeypatch.setattr(MEMBERS[name], "paths", _cannot, raising=False)
    made = PooledEngine.fresh().fit_paths(Series("01", "kna", "added", Month(2021, 1), values), 6, Draws.of(1, 20, 24))
    assert made.model == "naive"
    assert BEATEN_NOTES["naive"] not in made.note
