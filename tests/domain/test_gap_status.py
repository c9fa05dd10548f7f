"""What a probability is called, and that a flag is not dropped at the first better month."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import gap_status
from lagesbild.domain.gap_status import EXPECTED, WATCH, WITHDRAW, status_of

PREVIOUS = ("none", "watch", "expected", "open")
ORDER = {"none": 0, "watch": 1, "expected": 2}


def test_the_rule_of_the_measurement():
    assert (WATCH, EXPECTED, WITHDRAW) == (0.3, 0.5, 0.2)


@pytest.mark.parametrize("previous", PREVIOUS)
@pytest.mark.parametrize(
    "probability, fresh, held",
    [
        (0.0, "none", "none"),
        (0.1999, "none", "none"),
        (0.2, "none", "watch"),
        (0.2999, "none", "watch"),
        (0.3, "watch", "watch"),
        (0.4999, "watch", "watch"),
        (0.5, "expected", "expected"),
        (1.0, "expected", "expected"),
    ],
)
def test_every_edge(previous, probability, fresh, held):
    assert status_of(probability, previous) == (fresh if previous == "none" else held)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(PREVIOUS))
def test_a_higher_probability_is_never_called_less(one, other, previous):
    low, high = sorted((one, other))
    assert ORDER[status_of(low, previous)] <= ORDER[status_of(high, previous)]


@given(st.floats(0, 1))
def test_a_flag_before_never_makes_the_status_less(p):
    assert ORDER[status_of(p, "watch")] >= ORDER[status_of(p)]


@given(st.lists(st.floats(0.2, 1), min_size=1, max_size=12))
def test_a_flag_once_given_stays_until_the_probability_is_below_a_fifth(later):
    status = status_of(0.35)
    for p in later:
        status = status_of(p, status)
        assert status != "none"
    assert status_of(0.1999, status) == "none"


def test_an_unknown_probability_is_no_flag():
    assert status_of(float("nan"), "expected") == "none"


def test_examples():
    result = doctest.testmod(gap_status)
    assert result.attempted
    assert not result.failed
