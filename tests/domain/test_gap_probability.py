"""Moving the paths to the probability that is shown: counted naively, reached as closely as paths allow, monotone."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain import gap_probability
from lagesbild.domain.gap_probability import MOST_LEAN, chance, lean_to, offset

TARGET = 0.8


def fan(seed: int, *, n: int = 200, horizon: int = 12, level: float = 0.83, spread: float = 0.04) -> np.ndarray:
    """Structural share paths: a random walk from `level`, all different."""
    steps = np.random.default_rng(seed).normal(0, spread / np.sqrt(horizon), (n, horizon))
    return level + np.cumsum(steps, axis=1)


def counted(last: float, paths: np.ndarray, target: float, months: int) -> float:
    """Path by path, month by month."""
    opens = 0
    for path in paths.tolist():
        walk = [last, *path]
        first = next((k for k in range(len(path)) if walk[k] < target and walk[k + 1] < target), None)
        opens += first is not None and first <= months
    return opens / len(paths)


def moved(paths: np.ndarray, lean: float) -> np.ndarray:
    """Every month of every path by `lean` times the month's standard deviation over paths, in loops."""
    out = np.empty_like(paths)
    n = len(paths)
    for h in range(paths.shape[1]):
        mean = sum(paths[:, h]) / n
        spread = (sum((x - mean) ** 2 for x in paths[:, h]) / n) ** 0.5
        for k in range(n):
            out[k, h] = paths[k, h] + lean * spread
    return out


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(0.75, 0.9), st.integers(0, 12))
def test_chance_is_the_share_of_moved_paths_that_open(seed, lean, last, months):
    paths = fan(seed, n=40)
    assert chance(last, paths, TARGET, months, lean) == counted(last, moved(paths, lean), TARGET, months)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.02, 0.98), st.floats(0.77, 0.86))
def test_the_wanted_probability_is_reached_within_one_path(seed, wanted, last):
    """Each path opens or not by itself when nothing ties, so one path is the step of what can be reached."""
    paths = fan(seed)
    lean = lean_to(wanted, last, paths, TARGET)
    low, high = (chance(last, paths, TARGET, 12, x) for x in (MOST_LEAN, -MOST_LEAN))
    reachable = min(max(wanted, low), high)
    assert abs(chance(last, paths, TARGET, 12, lean) - reachable) <= 1 / len(paths) + 1e-12


@given(st.integers(0, 10**6), st.floats(-4, 4), st.floats(0, 3))
def test_paths_moved_up_never_open_more_often(seed, lean, up):
    paths = fan(seed, n=60)
    assert chance(0.82, paths, TARGET, 12, lean + up) <= chance(0.82, paths, TARGET, 12, lean)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_leans_upwards(seed, one, other):
    paths = fan(seed, n=60)
    low, high = sorted((one, other))
    assert lean_to(high, 0.82, paths, TARGET) <= lean_to(low, 0.82, paths, TARGET) + 1e-6


def test_what_the_paths_say_already_moves_nothing():
    paths = fan(3)
    assert lean_to(chance(0.82, paths, TARGET, 12), 0.82, paths, TARGET) == 0.0


def test_more_than_the_paths_can_give_goes_to_the_end():
    flat = np.full((10, 12), 0.99) + np.linspace(-1e-4, 1e-4, 10)[:, None]
    lean = lean_to(1.0, 0.99, flat, TARGET)
    assert abs(lean) <= MOST_LEAN
    assert chance(0.99, flat, TARGET, 12, lean) == 0.0


def test_paths_without_any_spread_stay_where_they_are():
    flat = np.full((10, 6), 0.81)
    assert offset(flat, lean_to(0.5, 0.82, flat, TARGET)) == pytest.approx(np.zeros(6), abs=1e-12)


def test_later_months_move_more_where_the_fan_is_wider():
    paths = fan(5)
    move = offset(paths, -1.0)
    assert move == pytest.approx(-paths.std(axis=0))
    assert move[-1] < 2 * move[0] < 0


def test_examples():
    result = doctest.testmod(gap_probability)
    assert result.attempted
    assert not result.failed


def test_what_cannot_be_reached_moves_nothing():
    flat = np.full((10, 12), 0.99) + np.linspace(-1e-4, 1e-4, 10)[:, None]
    assert lean_to(0.01, 0.99, flat, 0.8) == 0
