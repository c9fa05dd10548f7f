"""The logistic behind a shown probability: written out a second time, within its range, and kept as JSON."""

from __future__ import annotations

import doctest
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import recalibration
from lagesbild.domain.recalibration import IDENTITY, NAMES, SCALES, TWO_VARIABLES, Recalibration, features

shares = st.floats(0, 1)
distances = st.floats(-0.5, 0.5)
coefficients = st.tuples(*[st.floats(-5, 5)] * 5)


@given(st.floats(0.01, 0.99), distances, distances, st.floats(-2, 2))
def test_identity_gives_the_share_of_paths_whatever_else_is_known(share, distance, lowest, growth):
    assert IDENTITY.probability(share, distance, lowest, growth) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("share, shown", [(0.0, 0.01), (1.0, 0.99)])
def test_paths_are_never_taken_as_certain(share, shown):
    assert IDENTITY.probability(share, 0.1, 0.1, 0.0) == pytest.approx(shown)


@given(coefficients, shares, distances, distances, st.floats(-3, 3) | st.just(math.nan))
def test_the_formula_written_out(beta, share, distance, lowest, growth):
    p = min(max(share, 0.01), 0.99)
    change = 0.0 if math.isnan(growth) else min(max(growth, -1.0), 1.0)
    z = beta[0] + beta[1] * math.log(p / (1 - p)) / 2 + beta[2] * distance / 0.1 + beta[3] * lowest / 0.1
    z += beta[4] * change / 0.15
    told = 1 / (1 + math.exp(-min(max(z, -30.0), 30.0)))
    assert Recalibration(beta).probability(share, distance, lowest, growth) == pytest.approx(told, abs=1e-12)


@given(coefficients, shares, distances, distances, st.floats(-1e6, 1e6))
def test_a_probability_is_within_its_range(beta, share, distance, lowest, growth):
    assert 0 <= Recalibration(beta).probability(share, distance, lowest, growth) <= 1


def test_many_at_once_are_the_same_as_one_at_a_time():
    rng = np.random.default_rng(1)
    share, distance, lowest = rng.uniform(size=9), rng.normal(0, 0.1, 9), rng.normal(0, 0.1, 9)
    growth = np.r_[np.nan, rng.normal(0, 0.2, 8)]
    rule = Recalibration((0.3, 1.5, -1.0, -0.5, 0.4))
    one_by_one = [rule.probability(*row) for row in zip(share, distance, lowest, growth, strict=True)]
    assert rule.of(features(share, distance, lowest, growth)) == pytest.approx(one_by_one)


@given(coefficients, st.integers(0, 10**6), st.integers(0, 10**6))
def test_json_and_back(beta, cases, events):
    rule = Recalibration(beta, cases, events)
    assert Recalibration.from_json(json.loads(json.dumps(rule.to_json()))) == rule


def test_what_an_older_run_stored_without_counts_can_be_read():
    assert Recalibration.from_json({"coefficients": [0, 2, 0, 0, 0]}) == IDENTITY


def test_names_and_scales_belong_together():
    assert len(NAMES) == len(SCALES) == len(IDENTITY.coefficients)
    assert set(TWO_VARIABLES) < set(NAMES)


def test_examples():
    result = doctest.testmod(recalibration)
    assert result.attempted
    assert not result.failed
