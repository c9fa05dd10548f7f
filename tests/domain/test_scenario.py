"""Scenarios as differences on paths: what must hold whatever the numbers, and the arithmetic done once more by hand."""

from __future__ import annotations

import doctest
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.domain import scenario as module
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.scenario import FlowPaths, Scenario, expected_wait_paths, scenario_paths

PATHS, HORIZON = 3, 12


def _paths(high: float, low: float = 0.0):
    return arrays(float, (PATHS, HORIZON), elements=st.floats(low, high, width=32))


# a list of nobody has no share, so somebody waits on every path
bases = st.builds(FlowPaths, waiting=_paths(2000, 1), share=_paths(1), added=_paths(400), performed=_paths(400))
facts = st.builds(
    PairFacts,
    share_profile=st.just((0.0,) * 12),
    share_now=st.just(0.8),
    structural_now=st.just(0.8),
    waiting_now=st.none() | st.floats(0, 2000),
    removed_rate=st.floats(0, 0.3),
    outflow_last_year=st.lists(st.floats(0, 400), min_size=12, max_size=12).map(tuple),
    pass_limit=st.floats(0, 1),
    not_brokerable_share=st.none() | st.floats(0, 1),
    capacity_per_month=st.none(),
    performed_per_month=st.just(200.0),
    free_per_month=st.none() | st.floats(0, 50),
    load=st.just(1.0),
    lean=st.just({}),
)
scenarios = st.builds(
    Scenario,
    extra_per_week=st.floats(0, 100),
    inflow_change=st.floats(-0.3, 0.3),
    sent_per_month=st.floats(0, 200),
    received_per_month=st.floats(0, 200),
    from_step=st.integers(1, HORIZON),
    long_waiter_share=st.floats(0, 1),
)
limits = st.sampled_from([30, 60, 90, 180])


def level(share: float = 0.7, waiting: float = 1000.0, flow: float = 200.0, horizon: int = HORIZON) -> FlowPaths:
    even = np.ones((2, horizon))
    return FlowPaths(waiting * even, share * even, flow * even, flow * even)


def of(**changes: object) -> PairFacts:
    plain = PairFacts((0.0,) * 12, 0.7, 0.7, 1000, 0.0, (200.0,) * 12, 0.3, 0.25, None, 200, 20.0, 1.0, {})
    return replace(plain, **changes)


@given(bases, facts, limits, st.integers(1, HORIZON), st.floats(0, 1))
def test_changing_nothing_is_the_baseline_to_the_last_bit(base, facts, limit, step, q):
    found = scenario_paths(base, Scenario(from_step=step, long_waiter_share=q), facts, limit)
    for name in ("waiting", "share", "added", "performed"):
        assert np.array_equal(getattr(found, name), getattr(base, name))
    assert not found.left_more.any()


@given(bases, facts, scenarios, limits)
def test_months_before_the_first_are_untouched(base, facts, scenario, limit):
    found = scenario_paths(base, scenario, facts, limit)
    early = slice(0, scenario.from_step - 1)
    for name in ("waiting", "share", "added", "performed"):
        assert np.array_equal(getattr(found, name)[:, early], getattr(base, name)[:, early])


@given(bases, facts, scenarios, limits)
def test_counts_are_counts_and_shares_are_shares(base, facts, scenario, limit):
    found = scenario_paths(base, scenario, facts, limit)
    for values in (found.waiting, found.added, found.performed, found.sent, found.displaced):
        assert np.isfinite(values).all()
        assert (values >= -1e-9).all()
    assert (found.share >= 0).all()
    assert (found.share <= 1).all()
    assert (found.sent <= scenario.sent_per_month + 1e-9).all()


@given(bases, facts, scenarios, limits, st.floats(0, 50))
def test_more_operations_never_make_the_list_or_the_wait_longer(base, facts, scenario, limit, more):
    some = scenario_paths(base, scenario, facts, limit)
    extra = scenario.extra_per_week + more
    others = scenario_paths(base, replace(scenario, extra_per_week=extra), facts, limit)
    assert (others.waiting <= some.waiting + 1e-6).all()
    waits = [expected_wait_paths(base, x, facts) for x in (some, others)]
    known = ~np.isnan(waits[0]) & ~np.isnan(waits[1])
    assert (waits[1][known] <= waits[0][known] * (1 + 1e-6) + 1e-3).all()


@given(bases, facts, scenarios, limits, st.floats(0, 50))
def test_more_operations_for_the_longest_waiting_never_lower_the_share(base, facts, scenario, limit, more):
    longest = replace(scenario, long_waiter_share=1.0)
    some = scenario_paths(base, longest, facts, limit)
    extra = longest.extra_per_week + more
    others = scenario_paths(base, replace(longest, extra_per_week=extra), facts, limit)
    assert (others.share >= some.share - 1e-6).all()


@given(bases, bases, facts, facts, scenarios, limits)
def test_what_one_region_sends_the_other_receives(base, other, facts, theirs, scenario, limit):
    away = scenario_paths(base, replace(scenario, received_per_month=0.0), facts, limit)
    there = scenario_paths(other, Scenario(), theirs, limit, received=away.sent)
    used = away.sent - there.displaced
    free = theirs.free_per_month or 0.0
    assert (used >= -1e-9).all()
    assert (used <= free + 1e-9).all()
    assert (there.waiting >= np.maximum(0, other.waiting) - 1e-9).all()


def test_free_capacity_takes_the_received_and_nothing_changes():
    found = scenario_paths(level(), Scenario(received_per_month=20), of(), 90)
    assert found.waiting.tolist() == level().waiting.tolist()
    assert found.performed.tolist() == level().performed.tolist()


def test_beyond_free_capacity_the_list_grows_by_the_rest_and_production_stands():
    found = scenario_paths(level(), Scenario(received_per_month=50), of(), 90)
    assert found.waiting[0] == pytest.approx(1000 + 30 * np.arange(1, 13))
    assert found.performed.tolist() == level().performed.tolist()


@pytest.mark.parametrize("q", [1.0, 0.6])
@pytest.mark.parametrize("change", [-0.02, 0.0, 0.1])
def test_against_the_formulas_written_out(q, change):
    """One path, one list, month after month, in plain Python; nothing runs out."""
    base, it = level(), of(removed_rate=0.02)
    scenario = Scenario(extra_per_week=2, inflow_change=change, sent_per_month=5, from_step=2, long_waiter_share=q)
    found = scenario_paths(base, scenario, it, 90)
    d = x = g = 0.0
    came, treats = [], []
    for m in range(HORIZON):
        on = m >= 1
        treated = (2 * WEEKS_PER_MONTH + 5) * on
        g = 0.98 * g + change * 200 * on
        d = 0.98 * d + change * 200 * on - treated
        came.append(g)
        treats.append(treated)
        aged = 0.98**3 * came[m - 3] if m >= 3 else 0.0
        x = 0.98 * x - q * treated - (0.3 * 0.98**3 * (1 - q) * treats[m - 3] if m >= 3 else 0.0)
        y = aged + 0.3 * (g - aged)
        assert found.waiting[0, m] == pytest.approx(1000 + d)
        assert found.share[0, m] == pytest.approx(1 - (300 + x + y) / (1000 + d))
        assert found.performed[0, m] == pytest.approx(200 + 2 * WEEKS_PER_MONTH * on)


def test_more_who_come_leave_the_share_as_it_is_until_the_first_of_them_pass_the_limit():
    found = scenario_paths(level(), Scenario(inflow_change=0.1), of(), 90)
    assert found.share[0, :3] == pytest.approx([0.7, 0.7, 0.7])
    over = (1 - found.share[0]) * found.waiting[0]
    assert over[3] == pytest.approx(300 + 20 + 0.3 * 60)


@given(bases, facts, st.floats(-0.3, 0.3), limits)
def test_a_larger_inflow_never_raises_the_share_and_a_smaller_never_lowers_it(base, facts, change, limit):
    found = scenario_paths(base, Scenario(inflow_change=change), facts, limit)
    if change >= 0:
        assert (found.share <= base.share + 1e-6).all()
    else:
        assert (found.share >= base.share - 1e-6).all()


def test_a_list_twice_as_long_has_about_the_share_of_waits_in_random_order():
    """1 - share' = (1 - share)^(S/S'), the check named in the module."""
    it = of(removed_rate=0.09, waiting_now=78, outflow_last_year=(53.0,) * 12)
    found = scenario_paths(level(share=0.81, waiting=78, flow=53), Scenario(inflow_change=0.2), it, 90)
    ratio = found.waiting[0, -1] / 78
    assert found.share[0, -1] == pytest.approx(1 - 0.19 ** (1 / ratio), abs=0.04)


def test_nobody_is_treated_who_does_not_wait():
    found = scenario_paths(level(waiting=50), Scenario(extra_per_week=1000), of(waiting_now=50), 90)
    assert found.waiting[0] == pytest.approx(np.zeros(HORIZON))
    assert found.performed[0, 0] == pytest.approx(250)
    assert found.performed[0, 1:] == pytest.approx(np.full(HORIZON - 1, 200.0))
    assert (found.share == 1).all()


def test_those_who_cannot_be_brokered_stay():
    found = scenario_paths(level(), Scenario(sent_per_month=400), of(not_brokerable_share=0.5), 90)
    assert found.sent[0] == pytest.approx([400, 100, *[0] * 10])
    assert found.waiting[0, -1] == pytest.approx(500)


def test_when_few_wait_beyond_the_limit_the_next_longest_are_treated():
    found = scenario_paths(level(share=0.99), Scenario(extra_per_week=100 / WEEKS_PER_MONTH), of(), 90)
    assert found.waiting[0, 0] == pytest.approx(900)
    assert (found.share == 1).all()


def test_treating_only_those_within_the_limit_lowers_the_share_at_first():
    found = scenario_paths(level(), Scenario(extra_per_week=10, long_waiter_share=0.0), of(), 90)
    assert found.share[0, 0] < 0.7


def test_the_wait_falls_with_the_list():
    base, it = level(flow=400.0), of(outflow_last_year=(400.0,) * 12)
    found = scenario_paths(base, Scenario(extra_per_week=100 / WEEKS_PER_MONTH), it, 90)
    wait = expected_wait_paths(base, found, it)
    assert wait[0, 0] == pytest.approx(900 / 500 * 365.25 / 12)


def test_doctests():
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
