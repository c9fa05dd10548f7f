"""Extra operations that close a gap, on paths: the quantile, what cannot be done, and that it does what it says."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import closing
from lagesbild.domain.closing import extra_per_week_needed, feasible
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.scenario import FlowPaths, Scenario, scenario_paths

RNG = np.random.default_rng(5)
WAITING = RNG.uniform(500, 1500, (400, 12))
SHARE = RNG.uniform(0.6, 0.95, (400, 12))


@pytest.mark.parametrize("target", [0.7, 0.8, 0.9])
@pytest.mark.parametrize("months", [1, 6, 12])
@pytest.mark.parametrize("chance", [0.5, 0.8])
@pytest.mark.parametrize("q", [1.0, 0.7])
def test_the_number_gives_the_chance_it_promises(target, months, chance, q):
    """Put into the scenario arithmetic, without removals, it brings just that share of the paths to the target."""
    needed = extra_per_week_needed(WAITING, SHARE, target, months, chance, q)
    base = FlowPaths(WAITING, SHARE, np.zeros_like(WAITING), np.zeros_like(WAITING))
    nothing_else = PairFacts((0.0,) * 12, None, None, None, 0.0, (), 0.0, None, None, None, None, None, {})
    found = scenario_paths(base, Scenario(extra_per_week=needed, long_waiter_share=q), nothing_else, 90)
    reached = float(np.mean(found.share[:, months - 1] >= target - 1e-9))
    already = float(np.mean(SHARE[:, months - 1] >= target))
    assert reached == pytest.approx(max(chance, already), abs=0.006)


def test_what_cannot_be_done_is_infinite_only_where_something_is_missing():
    assert extra_per_week_needed(WAITING, SHARE, 0.8, 6, 0.8, 0.2) == math.inf
    assert extra_per_week_needed(WAITING, np.full_like(SHARE, 0.9), 0.8, 6, 0.8, 0.2) == 0.0
    half = SHARE.copy()
    half[:200], half[200:] = 0.9, 0.5
    assert extra_per_week_needed(WAITING, half, 0.8, 6, 0.4, 0.1) == 0.0
    assert extra_per_week_needed(WAITING, half, 0.8, 6, 0.6, 0.1) == math.inf


def test_without_a_list_nothing_is_made_up():
    assert math.isnan(extra_per_week_needed(np.full((3, 6), np.nan), np.full((3, 6), 0.5), 0.8, 6, 0.8))


@given(st.floats(0, 1), st.sampled_from([0.7, 0.8, 0.9]))
def test_feasible_is_when_the_number_is_finite(q, target):
    short = extra_per_week_needed(np.full((2, 6), 100.0), np.full((2, 6), 0.5), target, 6, 0.5, q)
    assert feasible(target, q) == math.isfinite(short)


def test_beyond_the_horizon_the_last_month_counts():
    assert extra_per_week_needed(WAITING, SHARE, 0.8, 24, 0.8) == extra_per_week_needed(WAITING, SHARE, 0.8, 12, 0.8)


def test_doctests():
    assert doctest.testmod(closing).failed == 0
