"""The four lines of Kalman filter against statsmodels' own, with missing months inside."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.statespace.structural import UnobservedComponents

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import month_numbers, month_profile
from lagesbild.forecast.local_level import LONG_GAP, fit_level, level_filtered
from lagesbild.forecast.paths import simulate, widened
from tests.forecast.made_up import share_series

FIRST = Month(2020, 4)


def _walk(seed=4, n=70, gaps=((20, 22), (33, 34), (50, 56))):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0, 0.1, n)) + rng.normal(0, 0.1, n)
    for start, stop in gaps:
        values[start:stop] = np.nan
    return values


def _flat(values):
    profile = month_profile(values, FIRST)
    return values - profile[month_numbers(FIRST, len(values))], profile


def test_variances_are_statsmodels_own():
    values = _walk()
    flat, profile = _flat(values)
    theirs = UnobservedComponents(flat, "local level").fit(disp=False, maxiter=200)
    ours = fit_level(values, FIRST)
    assert [ours["irregular"], ours["drift"]] == pytest.approx(theirs.params, rel=1e-6)
    assert ours["profile"] == pytest.approx(profile)
    assert ours["converged"]


@pytest.mark.parametrize("more", [0, 9])
def test_errors_and_level_are_those_of_the_kalman_filter(more):
    """Also for months after those that were fitted on, with the old variances and the old profile."""
    values = _walk(n=70 + more)
    ours = fit_level(values[:70], FIRST)
    flat = values - np.array(ours["profile"])[month_numbers(FIRST, len(values))]
    theirs = UnobservedComponents(flat, "local level").filter([ours["irregular"], ours["drift"]])
    seen = level_filtered(values, FIRST, ours)
    errors = np.where(np.isnan(values), np.nan, theirs.filter_results.forecasts_error[0])
    errors[0] = np.nan  # the diffuse start
    errors[56] = np.nan  # the jump over six missing months
    # statsmodels starts from a large variance, not an infinite one: the first months differ in the sixth digit
    assert seen.residuals == pytest.approx(widened(errors, 2), nan_ok=True, rel=1e-5, abs=1e-5)
    assert seen.state.level == pytest.approx(theirs.filtered_state[0, -1], rel=1e-6)
    ahead = np.array(ours["profile"])[month_numbers(FIRST + len(values), 12)]
    path = simulate(seen.state, np.zeros((1, 12)))[0]
    assert path == pytest.approx(theirs.forecast(12) + ahead, rel=1e-6)


@given(st.floats(1e-4, 10), st.floats(1e-4, 10))
def test_the_steady_gain_is_where_the_filter_ends(irregular, drift):
    variance = 1e6
    for _ in range(5_000):
        gain = variance / (variance + irregular)
        after = variance * (1 - gain) + drift
        if abs(after - variance) < 1e-14 * variance:
            break
        variance = after
    seen = level_filtered(_walk(), FIRST, {"irregular": irregular, "drift": drift, "profile": [0.0] * 12})
    assert seen.state.alpha == pytest.approx(variance / (variance + irregular), rel=1e-4)


@pytest.mark.parametrize("irregular, drift, gain", [(0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (2.0, 1.0, 0.5)])
def test_gains_known_by_hand(irregular, drift, gain):
    """q = 1/2: P = (q + sqrt(q^2 + 4q)) / 2 = 1, and the gain one half."""
    seen = level_filtered(_walk(), FIRST, {"irregular": irregular, "drift": drift, "profile": [0.0] * 12})
    assert seen.state.alpha == pytest.approx(gain)


@pytest.mark.parametrize("missing", [1, 2, 3, 6])
def test_the_jump_over_a_long_gap_is_no_error_but_moves_the_level(missing):
    values = np.r_[np.zeros(30) + 0.1 * (np.arange(30) % 2), np.full(missing, np.nan), 5.0]
    parameters = {"irregular": 0.01, "drift": 0.001, "profile": [0.0] * 12}
    seen = level_filtered(values, FIRST, parameters)
    assert np.isnan(seen.residuals[30:-1]).all()
    assert np.isnan(seen.residuals[-1]) == (missing > LONG_GAP)
    shorter = level_filtered(np.r_[values[:30], 5.0], FIRST, parameters)
    assert seen.state.level > shorter.state.level  # the longer nothing was known, the more the first value counts


def test_a_gappy_season_is_carried_forward():
    values = share_series(60, 0.8, noise=0.004)
    values[[10, 11, 12, 31]] = np.nan
    first = Month(2021, 1)
    path = simulate(level_filtered(values, first, fit_level(values, first)).state, np.zeros((1, 12)))[0]
    assert int(np.argmin(path)) == 7
    assert path.max() - path.min() == pytest.approx(0.12, abs=0.02)


def test_the_season_ahead_begins_with_the_month_after_the_last():
    profile = [k / 100 for k in range(12)]
    for n in (24, 29, 35):
        seen = level_filtered(np.zeros(n), FIRST, {"irregular": 1.0, "drift": 1.0, "profile": profile})
        assert seen.state.season[0] == profile[(FIRST + n).month - 1]
        assert seen.state.season[5] == profile[(FIRST + n + 5).month - 1]


def test_parameters_are_json():
    ours = fit_level(_walk(), FIRST)
    again = json.loads(json.dumps(ours))
    assert again == ours
    assert all(math.isfinite(x) for x in (*again["profile"], again["irregular"], again["drift"]))
