"""The month profile finds a season that is there, finds none where there is none, and bears gaps."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import seasonal
from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile

SEASON = np.array([0, 0.01, 0.02, 0.02, 0.01, 0, -0.06, -0.10, -0.02, 0.03, 0.05, 0.04])
FIRST = Month(2021, 3)


def _months(n):
    return seasonal.month_numbers(FIRST, n)


def test_examples():
    assert doctest.testmod(seasonal).failed == 0


def test_a_season_beside_a_trend_is_found():
    noise = np.random.default_rng(1).normal(0, 0.008, 60)
    values = np.linspace(0.9, 0.7, 60) + SEASON[_months(60)] + noise
    assert month_profile(values, FIRST) == pytest.approx(SEASON, abs=0.02)


def test_a_season_survives_missing_months():
    values = 0.8 + SEASON[_months(60)] + np.random.default_rng(2).normal(0, 0.005, 60)
    values[[5, 17, 30, 31, 32, 33, 34]] = np.nan
    assert month_profile(values, FIRST) == pytest.approx(SEASON, abs=0.02)


def test_noise_is_shrunk_to_almost_no_season():
    spread = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.03, 48)
        raw = np.array([noise[_months(48) == m].mean() for m in range(12)])
        spread.append(np.std(month_profile(0.8 + noise, FIRST)) / np.std(raw))
    assert np.median(spread) < 0.35


def test_counts_have_a_factor_a_month():
    factor = np.ones(12)
    factor[6] = 0.5
    values = 200 * factor[_months(48)]
    profile = month_profile(values, FIRST, scale="log")
    assert np.exp(profile[6] - profile[0]) == pytest.approx(0.5, abs=0.03)
    flat = adjust(values, FIRST, profile, scale="log")
    assert flat.std() / flat.mean() < 0.03


def test_too_short_has_no_profile():
    values = np.full(40, np.nan)
    values[:23] = SEASON[_months(23)]
    assert month_profile(values, FIRST).tolist() == [0.0] * 12


def test_a_month_never_seen_is_given_no_season_of_its_own():
    values = 0.8 + SEASON[_months(48)]
    values[_months(48) == 6] = np.nan
    profile = month_profile(values, FIRST)
    assert abs(profile[6]) < 0.02
    assert profile[7] < -0.05


series = st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e5)), min_size=1, max_size=80).map(np.array)


@given(series, st.integers(1, 12), st.sampled_from(["additive", "log"]))
def test_profile_sums_to_zero_and_adjusting_keeps_gaps(values, month, scale):
    first = Month(2020, month)
    profile = month_profile(values, first, scale=scale)
    assert profile.shape == (12,)
    assert np.isfinite(profile).all()
    assert profile.sum() == pytest.approx(0, abs=1e-6 * max(1, np.nanmax(np.abs(profile))))
    flat = adjust(values, first, profile, scale=scale)
    assert (np.isnan(flat) == np.isnan(values)).all()
    if scale == "log":
        assert (flat[~np.isnan(flat)] >= 0).all()


def test_adjusting_paths_works_along_the_last_axis():
    paths = np.full((3, 12), 0.8) + SEASON[_months(12)]
    assert adjust(paths, FIRST, SEASON) == pytest.approx(np.full((3, 12), 0.8))
