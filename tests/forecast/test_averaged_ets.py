"""Every grid point equals the recursion written out in loops; weights, season and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import month_profile
from lagesbild.forecast.averaged_ets import FULL, RATES, Grid, averaged, averaged_many
from lagesbild.forecast.paths import Draws, simulate
from tests.forecast.made_up import season, share_series

FIRST = Month(2021, 5)


def one_point(y, alpha, beta, phi, gamma, kept):
    """Level, trend and season (January first) after the series, and its errors, by one grid point, month by month."""
    profile = [kept * x for x in month_profile(np.array(y), FIRST)]
    start = next(t for t, x in enumerate(y) if not math.isnan(x))
    early = [y[t] - profile[(FIRST + t).month - 1] for t in range(start, start + 6) if not math.isnan(y[t])]
    level, trend, missing, errors = sum(early) / len(early), 0.0, 0, {}
    for t in range(start, len(y)):
        base, month = level + phi * trend, (FIRST + t).month - 1
        if math.isnan(y[t]):
            level, trend, missing = base, phi * trend, missing + 1
            continue
        e = y[t] - base - profile[month]
        if t >= start + 12 and missing <= 2:
            errors[t] = e
        step = 1 - (1 - alpha) ** (missing + 1)
        level, trend = base + step * e, phi * trend + beta * e
        profile[month] += gamma * e
        missing = 0
    return level, trend, profile, errors


def _weighed(y, grid):
    """Weights and residuals a second time, point by point."""
    every = [one_point(y, *p) for p in zip(grid.alpha, grid.beta, grid.phi, grid.gamma, grid.kept, strict=True)]
    n = len(every[0][3])
    aicc, mse = [], []
    for (*_, errors), a, k in zip(every, range(len(every)), grid.parameters, strict=True):
        mse.append(sum(e * e for e in errors.values()) / n + 1e-9)
        aicc.append(n * math.log(mse[a]) + 2 * k * n / max(1, n - k - 1))
    raw = [math.exp(-0.5 * (x - min(aicc))) for x in aicc]
    weights = [r / sum(raw) for r in raw]
    pooled = {t: sum(w * point[3][t] for w, point in zip(weights, every, strict=True)) for t in every[0][3]}
    mean = sum(pooled.values()) / n
    own = math.sqrt(sum((x - mean) ** 2 for x in pooled.values()) / n)
    spread = math.sqrt(sum(w * m for w, m in zip(weights, mse, strict=True)) * n / max(1, n - 3))
    return every, weights, {t: (x - mean) * spread / own for t, x in pooled.items()}


GAPPY = share_series(60, 0.8, seed=3, noise=0.02)
GAPPY[[0, 9, 20, 30, 31, 32, 33, 45, 46]] = np.nan


@pytest.mark.parametrize("y", [share_series(48, 0.8, noise=0.02), GAPPY], ids=["whole", "gappy"])
@pytest.mark.parametrize("grid", [FULL, RATES], ids=["full", "rates"])
def test_every_grid_point_is_the_recursion_written_out(y, grid):
    seen = averaged(y, FIRST, grid)
    every, weights, residuals = _weighed(y.tolist(), grid)
    ahead = (FIRST + len(y)).month - 1
    for k, (level, trend, profile, _) in enumerate(every):
        assert seen.level[k] == pytest.approx(level)
        assert seen.trend[k] == pytest.approx(trend, abs=1e-12)
        assert seen.season[k] == pytest.approx([*profile[ahead:], *profile[:ahead]], abs=1e-12)
    assert seen.weights == pytest.approx(weights, abs=1e-12)
    assert {t: seen.residuals[t] for t in np.flatnonzero(~np.isnan(seen.residuals))} == pytest.approx(residuals)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(26, 80), st.floats(0, 0.15))
def test_weights_sum_to_one_and_errors_are_centred(seed, n, missing):
    rng = np.random.default_rng(seed)
    y = np.cumsum(rng.normal(0, 0.1, n)) + 5
    y[rng.uniform(size=n) < missing] = np.nan
    seen = averaged(y, FIRST)
    assert seen.weights.sum() == pytest.approx(1)
    assert (seen.weights >= 0).all()
    assert np.nanmean(seen.residuals) == pytest.approx(0, abs=1e-9)


def _same(one, other):
    for name in ("weights", "level", "trend", "season", "residuals"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True, abs=1e-10), name


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 0.2), st.booleans())
def test_windows_of_one_history_give_the_same_together_as_one_by_one(seed, missing, backwards):
    rng = np.random.default_rng(seed)
    y = np.cumsum(rng.normal(0, 0.1, 90))
    y[rng.uniform(size=90) < missing] = np.nan
    begins = np.sort(rng.integers(0, 20, 4))
    stops = np.sort(rng.integers(50, 91, 4))
    order = slice(None, None, -1 if backwards else 1)
    windows = [(y[a:b], FIRST + int(a)) for a, b in zip(begins, stops, strict=True)][order]
    for window, seen in zip(windows, averaged_many(windows), strict=True):
        _same(seen, averaged(*window))


def test_a_window_too_short_to_weigh_is_none_among_the_others():
    y = share_series(60, 0.8, noise=0.02)
    short, whole = averaged_many([(y[:19], FIRST), (y, FIRST)])
    assert short is None
    _same(whole, averaged(y, FIRST))
    assert averaged_many([]) == []


def test_after_a_gap_the_first_value_counts_for_the_months_missed():
    grid = Grid.of((0.3,), ((0.0, 0.9),), ((0.0, 0.0),))
    y = np.r_[np.tile([0.0, 0.1], 15), [np.nan] * 3, 2.0]
    before = averaged(y[:30], FIRST, grid).level[0]
    seen = averaged(y, FIRST, grid)
    assert seen.level[0] == pytest.approx(before + (1 - 0.7**4) * (2.0 - before))
    assert np.isnan(seen.residuals[-1])  # a jump over the gap is no noise


@pytest.mark.parametrize("n", [48, 53, 59])
def test_the_season_goes_on_in_the_right_month(n):
    first = Month(2021, 1)
    seen = averaged(share_series(n, 0.8, noise=0.003), first)
    path = simulate(seen.state(1, np.random.default_rng(1)), np.zeros((1, 12)))[0]
    assert path == pytest.approx(0.8 + season(12, first + n), abs=0.02)
    assert (first + n + int(np.argmin(path))).month == 8


def test_grid_points_are_drawn_by_their_weights():
    seen = averaged(share_series(60, 0.8, noise=0.02), FIRST)
    state = seen.state(20_000, np.random.default_rng(1))
    assert state.alpha.mean() == pytest.approx(seen.grid.alpha @ seen.weights, abs=0.01)
    assert state.season.shape == (20_000, 12)
    # all that belongs to a path is of one point
    points = {(a, s) for a, s in zip(seen.grid.alpha.round(9), seen.season[:, 3].round(9), strict=True)}
    assert {(a, s) for a, s in zip(state.alpha.round(9), state.season[:, 3].round(9), strict=True)} <= points


def test_rates_have_no_trend_and_a_gain_of_at_most_one_half():
    assert (RATES.beta == 0).all()
    assert RATES.alpha.max() == 0.5


def test_a_walk_is_followed_and_noise_is_smoothed():
    rng = np.random.default_rng(5)
    walk, noise = np.cumsum(rng.normal(0, 1, 72)), rng.normal(0, 1, 72)
    by = {name: averaged(y, FIRST) for name, y in (("walk", walk), ("noise", noise))}
    gain = {name: float(seen.grid.alpha @ seen.weights) for name, seen in by.items()}
    assert gain["walk"] > 0.7
    assert gain["noise"] < 0.3


def test_errors_have_the_size_of_what_comes():
    rng = np.random.default_rng(6)
    spread = [np.nanstd(averaged(rng.normal(0, 0.1, 60), FIRST).residuals) for _ in range(20)]
    assert np.mean(spread) == pytest.approx(0.1, rel=0.12)


@pytest.mark.parametrize("y", [np.arange(19.0), np.r_[np.arange(12.0), [np.nan] * 20, np.arange(7.0)]])
def test_too_few_errors_to_weigh(y):
    """A year is the run-in, and eight errors are needed after it."""
    with pytest.raises(ValueError, match="too few"):
        averaged(y, FIRST)
    averaged(np.r_[y, y[-1] + np.arange(2.0)], FIRST)


def test_a_series_that_never_changes_gives_no_errors():
    seen = averaged(np.full(40, 3.0), FIRST)
    drawn = Draws.of(1, 10, 6).shocks(seen.residuals, 6, np.random.default_rng(1))
    assert simulate(seen.state(10, np.random.default_rng(1)), drawn) == pytest.approx(np.full((10, 6), 3.0), abs=1e-6)
