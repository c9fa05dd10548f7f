"""The oracles are doctests; here the properties that single numbers do not show."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import capacity
from lagesbild.domain.periods import Month

people = st.floats(1, 1e6)


def test_oracles():
    result = doctest.testmod(capacity)
    assert result.attempted >= 20
    assert result.failed == 0


@given(people, st.floats(0, 1), st.floats(0.5, 0.95), st.floats(0, 1))
def test_extra_to_target_brings_the_share_to_the_target(waiting, over_share, target, q):
    over = over_share * waiting
    extra = capacity.extra_to_target(waiting, over, target, q)
    if over <= (1 - target) * waiting:
        assert extra == 0
    elif math.isinf(extra):
        assert q <= 1 - target + 1e-9
    elif extra < waiting * 0.999:
        left_over, left = over - q * extra, waiting - extra
        assert 1 - left_over / left == pytest.approx(target, abs=1e-6)


def test_extra_to_target_takes_paths():
    paths = np.array([[1000.0, 1000.0], [500.0, 2000.0]])
    over = np.array([[300.0, 100.0], [0.0, 600.0]])
    assert capacity.extra_to_target(paths, over, 0.8).round(6).tolist() == [[125, 0], [0, 250]]


@given(people, st.floats(0.05, 0.99))
def test_random_order_never_allows_the_longer_list(outflow, target):
    weeks = 90 / 7
    first_come = capacity.list_size_first_come(outflow, weeks, target)
    assert capacity.list_size_random(outflow, weeks, target) <= first_come


def test_second_month_of_the_cohort_oracle():
    once = capacity.cohort_step((400, 250, 150, 200), 380, 0.62, 0.60, 0.55)
    twice = capacity.cohort_step(once, 380, 0.62, 0.60, 0.55)
    assert sum(once) == pytest.approx(970.5)
    assert 1 - once[3] / sum(once) == pytest.approx(0.80165, abs=5e-6)
    assert twice == pytest.approx((380, 235.6, 148.8, 188.375))
    assert sum(twice) == pytest.approx(952.775)
    assert 1 - twice[3] / sum(twice) == pytest.approx(0.80229, abs=5e-6)


def test_stopping_growth_needs_nothing_when_the_list_shrinks():
    assert capacity.extra_per_week_to_stabilise(900, 100, 850) == 0


def test_without_outflow_there_is_no_expected_wait():
    assert math.isnan(capacity.little_wait(10, 0))
    assert math.isnan(capacity.load(10, 0))


def test_demonstrated_capacity_lies_above_the_mean_and_below_the_best_month():
    rng = np.random.default_rng(3)
    performed = rng.poisson(100, 48).astype(float)
    performed[6::12] *= 0.5
    shown = capacity.demonstrated_capacity(performed, Month(2022, 1), 12)
    july, october = shown[6], shown[9]
    assert july < 0.65 * october
    assert performed[-24:].mean() < shown.mean() < performed.max()


def test_demonstrated_capacity_of_a_young_series_is_unknown():
    assert np.isnan(capacity.demonstrated_capacity(np.full(11, 5.0), Month(2024, 1), 3)).all()
