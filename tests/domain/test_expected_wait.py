"""Expected wait on paths: against a naive walk month by month, and what must hold whatever the numbers."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.domain import expected_wait
from lagesbild.domain.capacity import DAYS_PER_MONTH
from lagesbild.domain.expected_wait import first_come_wait_days, outflow_paths

counts = st.integers(0, 500).map(float)


def naive(list_now: float, coming: list[float], year: list[float]) -> float:
    """Months until as many have left as stand on the list: one month after the other."""
    if list_now <= 0:
        return 0.0
    left, months = list_now, 0.0
    queue = list(coming)
    while True:
        if not queue:
            if sum(year) <= 0:
                return math.nan
            queue = list(year)
        out = queue.pop(0)
        if out >= left:
            return months + left / out
        left, months = left - out, months + 1


@pytest.mark.parametrize("horizon", [1, 3, 12, 15])
@given(data=st.data())
def test_the_same_as_walking_through_the_months(data, horizon):
    waiting = data.draw(arrays(float, (3, horizon), elements=counts))
    leaves = data.draw(arrays(float, (3, horizon), elements=counts))
    before = data.draw(st.lists(counts, min_size=12, max_size=12))
    found = first_come_wait_days(waiting, leaves, before)
    for k in range(3):
        year = [*before, *leaves[k]][-12:]
        for m in range(horizon):
            told = naive(waiting[k, m], list(leaves[k, m + 1 :]), year) * DAYS_PER_MONTH
            assert found[k, m] == pytest.approx(told, nan_ok=True, abs=1e-6)


def test_with_even_outflow_it_is_littles_law():
    waiting = np.array([[1200.0, 900.0, 7.0]])
    found = first_come_wait_days(waiting, np.full((1, 3), 400.0), [400.0] * 12)
    assert found == pytest.approx(waiting / 400.0 * DAYS_PER_MONTH)
    assert found[0, 0] == pytest.approx(91.3125)


def test_a_longer_list_never_waits_less():
    leaves = np.random.default_rng(1).uniform(0, 300, (50, 12))
    waiting = np.random.default_rng(2).uniform(0, 2000, (50, 12))
    last = leaves[0]
    assert (first_come_wait_days(waiting * 1.1, leaves, last) >= first_come_wait_days(waiting, leaves, last)).all()


def test_nothing_known_of_last_year_repeats_the_path():
    found = first_come_wait_days(np.array([[0.0, 900.0]]), np.array([[100.0, 200.0]]), ())
    assert found[0, 1] == pytest.approx(6 * DAYS_PER_MONTH)


def test_removals_act_on_the_list_at_the_start_of_the_month():
    found = outflow_paths(np.array([[10.0, 10.0]]), np.array([[200.0, 50.0]]), None, 0.1)
    assert found.tolist() == [[30.0, 30.0]]


def test_doctests():
    result = doctest.testmod(expected_wait)
    assert result.attempted
    assert not result.failed
