"""Outliers and jumps: found when they are there, seldom otherwise, and never made by season, slide or scale."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain import anomalies, registers
from lagesbild.domain.anomalies import CUSUM, JUMP, LIMIT, WINDOW, adjusted, running_median, shifts, spikes
from lagesbild.domain.periods import Month

FIRST = Month(2021, 1)
SEASON = np.log([1.06, 1.05, 1.12, 0.98, 1.08, 0.98, 0.5, 0.8, 1.08, 1.16, 1.1, 1.09])


def series(seed: int = 0, n: int = 60, level: float = 200, noise: float = 0.05) -> np.ndarray:
    """Logs of a seasonal series with month-to-month correlation; float (1, n)."""
    rng = np.random.default_rng(seed)
    error = np.zeros(n)
    for t in range(1, n):
        error[t] = 0.3 * error[t - 1] + rng.normal(0, noise)
    return (np.log(level) + SEASON[np.arange(n) % 12] + error)[None]


@pytest.mark.parametrize("module", [anomalies, registers])
def test_doctests(module):
    tried = doctest.testmod(module)
    assert tried.failed == 0
    assert tried.attempted


def test_calm_series_have_hardly_any_finding():
    """600 seasonal series with noise, a year of months each: one false month in a thousand at most."""
    y = np.vstack([series(seed) for seed in range(600)])
    found = adjusted(y, FIRST)
    assert len(spikes(found, 12)) <= 7
    assert len(shifts(found, 12)) <= 6


def test_a_month_three_times_too_high_is_found_and_only_that():
    y = series(3)
    y[0, 50] += np.log(3)
    found = spikes(adjusted(y, FIRST), 60)
    assert [(s.series, s.month) for s in found] == [(0, 50)]
    assert found[0].z > LIMIT
    assert found[0].low < found[0].expected < found[0].high < y[0, 50]
    assert found[0].expected == pytest.approx(y[0, 50] - np.log(3), abs=0.25)


@pytest.mark.parametrize(("months", "told"), [(1, 1), (2, 2), (3, 3), (6, 0)])
def test_a_few_odd_months_in_a_row_are_told_and_a_new_level_is_not(months, told):
    y = series(3)
    y[0, 44 : 44 + months] -= np.log(3)
    assert [s.month for s in spikes(adjusted(y, FIRST), 60)] == list(range(44, 44 + told))


def test_the_outlier_does_not_move_its_own_season():
    """With means a fifth of it would stand in every month of its name."""
    calm, odd = series(4), series(4)
    odd[0, 54] -= np.log(4)
    assert np.abs(adjusted(calm, FIRST).season - adjusted(odd, FIRST).season).max() < 0.05


def test_july_is_no_outlier():
    assert not [s for s in spikes(adjusted(series(5), FIRST), 60) if s.month % 12 == 6]


def test_a_jump_is_a_shift_and_no_outlier():
    y = series(6)
    y[0, 48:] += np.log(1.8)
    found = adjusted(y, FIRST)
    assert [(s.month, s.after > s.before) for s in shifts(found, 24)] == [(48, True)]
    shift = shifts(found, 24)[0]
    assert shift.jump > JUMP
    assert shift.cusum > CUSUM
    assert np.exp(shift.after - shift.before) == pytest.approx(1.8, rel=0.15)
    assert not [s for s in spikes(found, 24) if abs(s.month - 48) <= 1]


def test_a_jump_over_months_without_report_is_found_at_the_first_month_after():
    y = series(7)
    y[0, 48:] -= np.log(2.2)
    y[0, 44:48] = np.nan
    assert [s.month for s in shifts(adjusted(y, FIRST), 24)] == [48]


def test_a_slow_slide_is_no_break():
    """Queues do grow; that is for the control chart to say, not for the quality page."""
    for seed in range(40):
        y = series(seed) + np.linspace(0, 1.2, 60)[None]
        assert shifts(adjusted(y, FIRST), 24) == []


def test_a_jump_before_the_months_shown_is_not_told_again():
    y = series(8)
    y[0, 40:] += np.log(2)
    assert shifts(adjusted(y, FIRST), 24)
    assert shifts(adjusted(y, FIRST), 12) == []


def test_a_jump_with_too_little_after_it_is_not_judged():
    y = series(9)
    y[0, 58:] += np.log(3)
    assert shifts(adjusted(y, FIRST), 12) == []


def test_short_and_empty_series_give_nothing():
    y = np.full((3, 60), np.nan)
    y[1, 40:] = series(1)[0, 40:]
    found = adjusted(y, FIRST)
    assert spikes(found, 60) == []
    assert shifts(found, 60) == []
    assert adjusted(np.zeros((0, 60)), FIRST).flat.shape == (0, 60)


def test_a_still_series_needs_the_floor():
    """Without noise of its own any change would be outside."""
    y = np.full((1, 60), np.log(100.0))
    y[0, 55] = np.log(105.0)
    assert spikes(adjusted(y, FIRST, np.array([[0.1]])), 60) == []
    assert spikes(adjusted(y, FIRST), 60) == []  # no spread, no judgement


def test_the_window_of_the_cumulative_sum_is_three_years():
    y = series(10, n=120)
    y[0, 60:] += 1.0  # long ago
    assert shifts(adjusted(y, FIRST), 120 - WINDOW - 1) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(-3, 3), st.integers(0, 59))
def test_scale_does_not_matter(seed, move, hole):
    """Ten times as many persons is the same pattern: nothing but the level changes."""
    y = series(seed)
    y[0, hole] = np.nan
    y[0, 45] += 1.2
    one, other = adjusted(y, FIRST), adjusted(y + move, FIRST)
    assert [(s.month, round(s.z, 6)) for s in spikes(one, 60)] == [(s.month, round(s.z, 6)) for s in spikes(other, 60)]
    assert np.allclose(one.season, other.season, atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), min_size=1, max_size=30), st.sampled_from([3, 5, 13]))
def test_the_running_median_is_the_median(values, span):
    y = np.array([[np.nan if v is None else v for v in values]])
    half = span // 2
    for i, m in enumerate(running_median(y, span)[0]):
        near = y[0, max(0, i - half) : i + half + 1]
        near = near[np.isfinite(near)]
        if len(near):
            assert m == pytest.approx(np.median(near))
        else:
            assert np.isnan(m)


@pytest.mark.parametrize("months", [1, 2, 7, 11])
def test_series_shorter_than_a_year_are_judged_without_a_season(months):
    """A country that has just begun has calendar months without any observation."""
    found = adjusted(np.log(np.arange(1.0, 2 * months + 1).reshape(2, months)), FIRST)
    assert not found.season.any()
    assert found.level.shape == (2, months)
    assert spikes(found, months) == shifts(found, months) == []
