"""When a gap opens on paths: every number a second time in loops."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.domain import gap_openings
from lagesbild.domain.gap_openings import NEVER, mean_of_year, open_since, opening_range, opening_steps, probability

shares = st.sampled_from([0.7, 0.78, 0.8, 0.82, 0.9])
shares_or_missing = shares | st.just(math.nan)


def walked(last: float, path: list[float], target: float) -> int:
    walk = [last, *path]
    for k in range(len(path)):
        if walk[k] < target and walk[k + 1] < target:
            return k
    return NEVER


@given(shares, arrays(float, (4, 7), elements=shares))
def test_the_same_as_walking_along_each_path(last, paths):
    assert opening_steps(last, paths, 0.8).tolist() == [walked(last, p, 0.8) for p in paths.tolist()]


def test_openings_written_out():
    paths = np.array([[0.79, 0.81, 0.79, 0.79], [0.9, 0.9, 0.9, 0.7], [0.7, 0.9, 0.9, 0.9]])
    assert opening_steps(0.85, paths, 0.8).tolist() == [3, NEVER, NEVER]
    assert opening_steps(0.75, paths, 0.8).tolist() == [0, NEVER, 0]


def test_just_at_the_target_is_kept():
    assert opening_steps(0.8, np.full((1, 4), 0.8), 0.8).tolist() == [NEVER]


@given(st.lists(st.integers(0, 11) | st.just(NEVER), min_size=1, max_size=30))
def test_probability_counts_paths_and_grows_with_the_months(steps):
    found = [probability(np.array(steps), h) for h in (3, 6, 12)]
    assert found == [sum(s <= h for s in steps) / len(steps) for h in (3, 6, 12)]
    assert found == sorted(found)


@given(st.lists(st.integers(0, 11) | st.just(NEVER), min_size=1, max_size=40))
def test_the_range_is_of_paths_that_open_and_ordered(steps):
    found = opening_range(np.array(steps))
    opens = sorted(max(1, s) for s in steps if s < NEVER)
    if not opens:
        assert found is None
        return
    at = [opens[max(0, math.ceil(q * len(opens) - 1e-9) - 1)] for q in (0.1, 0.5, 0.9)]
    assert [found.lo, found.median, found.hi] == at


def test_range_written_out():
    found = opening_range(np.array([1, 2, 3, 4, 5, NEVER]))
    assert (found.lo, found.median, found.hi) == (1, 3, 5)


@given(arrays(float, 14, elements=shares_or_missing))
def test_open_since_the_same_as_walking_backwards(share):
    run, start = 0, None
    for back in range(14):
        x = share[13 - back]
        if math.isnan(x):
            continue
        if x >= 0.8:
            break
        run, start = run + 1, back
    assert open_since(share, 0.8) == (start if run >= 2 else None)


def test_missing_months_do_not_end_a_run_under_the_target():
    assert open_since(np.array([0.9, 0.7, np.nan, 0.7]), 0.8) == 2


@given(arrays(float, 15, elements=shares_or_missing))
def test_a_mean_of_the_year_needs_nine_months(share):
    seen = [x for x in share[-12:] if not math.isnan(x)]
    told = sum(seen) / len(seen) if len(seen) >= 9 else math.nan
    assert mean_of_year(share) == pytest.approx(told, nan_ok=True)


def test_examples():
    result = doctest.testmod(gap_openings)
    assert result.attempted
    assert not result.failed
