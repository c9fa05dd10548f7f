"""Shocks, simulation, scales and bands: the arithmetic between a fitted model and what is stored."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.forecast import transforms
from lagesbild.forecast.intervals import BANDS, bands_of
from lagesbild.forecast.paths import MONTHS_DRAWN, Draws, EtsState, seed_of, simulate, widened
from lagesbild.forecast.transforms import CEILING, SLACK, ceiling, from_scale, to_scale

SEASONAL = EtsState(5.0, 0.1, np.arange(12) / 10, 0.3, 0.05, 0.2, 0.9)


def test_examples():
    assert doctest.testmod(transforms).failed == 0


def test_seeds_depend_on_every_part_and_on_where_it_ends():
    assert seed_of(1, "01", "kna") != seed_of(1, "01k", "na")
    assert seed_of(1, "01", "kna") == seed_of(1, "01", "kna")


def test_simulation_without_shocks_is_the_point_forecast():
    path = simulate(SEASONAL, np.zeros((1, 3)))[0]
    assert path == pytest.approx([5 + 0.09, 5 + 0.09 + 0.081 + 0.1, 5 + 0.09 + 0.081 + 0.0729 + 0.2])


def test_simulation_equals_the_recursion_written_out():
    shocks = np.random.default_rng(1).normal(size=(4, 30))
    paths = simulate(SEASONAL, shocks)
    for p in range(4):
        level, trend, season = SEASONAL.level, SEASONAL.trend, list(SEASONAL.season)
        for h in range(30):
            e = shocks[p, h]
            assert paths[p, h] == pytest.approx(level + 0.9 * trend + season[h % 12] + e)
            level, trend = level + 0.9 * trend + 0.3 * e, 0.9 * trend + 0.05 * e
            season[h % 12] += 0.2 * e


def test_all_series_draw_the_same_months():
    draws = Draws.of(7, 50, 12)
    a, b = np.arange(60.0) ** 2, np.arange(60.0)
    one = draws.shocks(a, 12, np.random.default_rng(1))
    two = draws.shocks(b, 12, np.random.default_rng(2))
    months = 59 - draws.ago
    assert one == pytest.approx(months**2 - (a[-MONTHS_DRAWN:]).mean())
    assert two == pytest.approx(months - b[-MONTHS_DRAWN:].mean())


def test_months_a_series_lacks_are_replaced_by_others_of_its_own():
    residuals = np.r_[np.full(20, np.nan), np.ones(6), -np.ones(6)]
    shocks = Draws.of(7, 400, 12).shocks(residuals, 12, np.random.default_rng(1))
    assert set(np.unique(shocks)) == {-1.0, 1.0}
    with pytest.raises(ValueError, match="no residuals"):
        Draws.of(7, 4, 2).shocks(np.full(5, np.nan), 2, np.random.default_rng(1))


def test_a_part_of_the_draws_is_the_same_months():
    draws = Draws.of(7, 23, 6)
    part = draws.part(2, 5)
    assert part.n_paths == 5
    assert (part.ago == draws.ago[[2, 7, 12, 17, 22]]).all()
    assert part.seed == draws.seed


def test_paths_with_parameters_of_their_own_are_each_their_own_recursion():
    many = EtsState(
        np.array([1.0, 2.0]), np.array([0.1, 0.0]), np.arange(24.0).reshape(2, 12), np.array([0.2, 0.9]),
        np.array([0.01, 0.0]), np.array([0.1, 0.3]), np.array([0.9, 0.8]),
    )  # fmt: skip
    shocks = np.random.default_rng(1).normal(size=(2, 15))
    for k in range(2):
        one = EtsState(*(getattr(many, n)[k] for n in ("level", "trend", "season", "alpha", "beta", "gamma", "phi")))
        assert simulate(many, shocks)[k] == pytest.approx(simulate(one, shocks[k : k + 1])[0])


def test_an_explosion_is_drawn_as_five_spreads():
    residuals = np.r_[np.random.default_rng(1).normal(0, 1, 47), 1000.0]
    draws = Draws.of(7, 400, 12)
    seen = residuals[np.isfinite(residuals)]
    middle = np.median(seen)
    spread = 1.4826 * np.median(np.abs(seen - middle))
    bounded = np.minimum(residuals, middle + 5 * spread)
    shocks = draws.shocks(residuals, 12, np.random.default_rng(1))
    assert shocks.max() == pytest.approx(middle + 5 * spread - bounded.mean())
    assert shocks == pytest.approx(bounded[47 - draws.ago] - bounded.mean())


def test_a_tail_draws_the_months_before_it():
    """The draw is of calendar months: a series that ended two months ago has none for the last two."""
    residuals = np.arange(48.0)
    draws = Draws.of(7, 50, 12)
    shocks = draws.shocks(residuals, 12, np.random.default_rng(1), tail=2) + residuals.mean()
    known = draws.ago >= 2
    assert shocks[known] == pytest.approx(49.0 - draws.ago[known])  # two months later, so two less back
    assert set(shocks[~known]) <= set(residuals)


def test_errors_are_widened_for_the_parameters_spent_but_not_beyond_all_measure():
    residuals = np.r_[np.nan, np.ones(20)]
    assert widened(residuals, 4)[1:] == pytest.approx(np.sqrt(20 / 16))
    assert widened(residuals, 19)[1:] == pytest.approx(1.5)
    assert widened(residuals, 40)[1:] == pytest.approx(1.5)


def test_shocks_are_centred_so_that_luck_is_no_trend():
    shocks = Draws.of(7, 2000, 12).shocks(np.linspace(1, 2, 48), 12, np.random.default_rng(1))
    assert shocks.mean() == pytest.approx(0, abs=0.01)


@given(st.floats(-50, 50), st.sampled_from(["count", "share"]), st.floats(0, 1e6))
def test_scales_never_leave_their_range(scaled, kind, highest):
    value = float(from_scale(np.array([scaled]), kind, highest)[0])
    assert 0 <= value <= (1 if kind == "share" else (CEILING * highest + SLACK) * (1 + 1e-9))


@given(st.floats(0, 1e6))
def test_the_ceiling_is_twice_the_highest_and_five_more(highest):
    assert from_scale(np.array([100.0]), "count", highest)[0] == pytest.approx(2 * highest + 5)
    assert from_scale(np.array([ceiling(highest)]), "count", highest)[0] == pytest.approx(2 * highest + 5)


@given(st.floats(0, 1), st.integers(0, 10**6))
def test_scales_come_back(share, count):
    assert from_scale(to_scale(np.array([share]), "share"), "share", 1)[0] == pytest.approx(share, abs=1e-9)
    assert from_scale(to_scale(np.array([count]), "count"), "count", count)[0] == pytest.approx(
        count, rel=1e-9, abs=1e-9
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 200))
def test_bands_are_ordered_and_within_the_paths(seed, n):
    paths = np.random.default_rng(seed).standard_cauchy((n, 3))
    bands = bands_of(paths)
    ordered = np.array([bands[name] for name in BANDS])
    assert (np.diff(ordered, axis=0) >= 0).all()
    assert (ordered >= paths.min(axis=0)).all()
    assert (ordered <= paths.max(axis=0)).all()


def test_bands_leave_out_paths_without_value():
    paths = np.array([[1.0, np.nan, 1.0], [3.0, np.nan, np.nan]])
    assert bands_of(paths)["p50"].tolist()[::2] == [2.0, 1.0]
    assert np.isnan(bands_of(paths)["p50"][1])
