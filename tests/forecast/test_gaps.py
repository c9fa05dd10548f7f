"""Gaps: every status, every number beside it, computed a second time naively from the same paths."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain import gap_openings
from lagesbild.domain.capacity import WEEKS_PER_YEAR
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.gap_openings import NEVER, mean_of_year, open_since, opening_range, opening_steps
from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast import gap_reasons
from lagesbild.forecast.gaps import gap_rows
from tests.forecast.made_up import FIRST, pair, season, share_series

SHAPE = (500, 12)


def _ahead(months: int, level, *, noise=0.0, seed=1, amplitude=1.0):
    """Share paths after `months` of `pair`: level plus season plus noise."""
    wobble = np.random.default_rng(seed).normal(0, noise, SHAPE) if noise else np.zeros(SHAPE)
    return (np.broadcast_to(level, SHAPE) + amplitude * season(12, FIRST + months) + wobble).astype(np.float32)


def _row(given_pair, share_paths, waiting_paths=None, target=0.8):
    if waiting_paths is None:
        waiting_paths = np.full(SHAPE, 1000, np.float32)
    rows = gap_rows(given_pair, waiting_paths, share_paths)
    assert [r["target_share"] for r in rows] == [0.7, 0.8, 0.9]
    assert {*rows[0], "run_id"} == set(GAP_COLUMNS)
    return next(r for r in rows if r["target_share"] == target)


def test_nothing_happens_far_above_the_target():
    row = _row(pair(share_series(48, 0.92)), _ahead(48, 0.92, noise=0.01))
    assert (row["status"], row["seasonal_only"], row["opens_period"]) == ("none", False, None)
    assert row["probability_12m"] == 0
    assert row["extra_per_week_to_target"] == 0
    assert row["reason"].startswith("Väntas hålla 80")


def test_a_summer_dip_is_season_and_never_a_flag():
    row = _row(pair(share_series(48, 0.83)), _ahead(48, 0.83, noise=0.005))
    assert (row["status"], row["seasonal_only"]) == ("none", True)
    assert "juli och augusti 2025" in row["reason"]


def test_an_open_gap_knows_since_when():
    level = np.r_[np.full(40, 0.9), np.full(8, 0.7)]
    row = _row(pair(share_series(48, level)), _ahead(48, 0.7))
    assert row["status"] == "open"
    assert row["opens_period"] == (FIRST + 40).first_day
    assert (row["probability_3m"], row["probability_12m"], row["opens_lo"]) == (1, 1, None)
    assert row["reason"].startswith("Under 80")


def test_a_region_just_recovered_is_open_by_its_year():
    level = np.r_[np.full(36, 0.9), np.full(10, 0.7), np.full(2, 0.86)]
    row = _row(pair(share_series(48, level)), _ahead(48, 0.86))
    assert row["status"] == "open"
    assert "i genomsnitt över tolv månader" in row["reason"]


def test_a_falling_share_is_expected_to_open_and_when():
    falling = np.linspace(0.83, 0.74, 12)
    row = _row(pair(share_series(48, 0.84, noise=0.003)), _ahead(48, falling, noise=0.002))
    assert row["status"] == "expected"
    assert row["opens_lo"] <= row["opens_period"] <= row["opens_hi"]
    assert row["opens_period"] == (FIRST + 47 + 5).first_day  # the fifth month ahead is the first under .80
    assert row["probability_3m"] < 0.1 < 0.9 < row["probability_6m"]


def test_watch_lies_between_thirty_and_fifty_per_cent():
    paths = _ahead(48, 0.88)
    paths[:200] -= 0.15
    row = _row(pair(share_series(48, 0.88)), paths)
    assert (row["status"], row["probability_12m"]) == ("watch", pytest.approx(0.4))
    assert row["reason"].startswith("Kan falla under")


@pytest.mark.parametrize(
    "share, reason",
    [
        (share_series(23, 0.5), "serien har 23 månader"),
        (np.r_[share_series(40, 0.5), np.nan], "maj 2024 är inte rapporterad"),
        (np.full(40, np.nan), "är inte rapporterad"),
    ],
)
def test_what_cannot_be_judged_is_never_flagged(share, reason):
    row = _row(pair(share), _ahead(40, 0.5))
    assert row["status"] == "none"
    assert math.isnan(row["probability_12m"])
    assert reason in row["reason"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.6, 0.95), st.floats(0, 0.05), st.sampled_from([0.7, 0.8, 0.9]))
def test_probabilities_equal_those_counted_on_the_stored_paths(seed, level, noise, target):
    share = share_series(48, level, seed=seed)
    paths = _ahead(48, level, noise=noise, seed=seed)
    row = _row(pair(share), paths, target=target)
    profile = month_profile(share, FIRST)
    now = adjust(share, FIRST, profile)[-1]
    if row["status"] == "open":
        return
    opened = {3: 0, 6: 0, 12: 0}
    for path in adjust(paths, FIRST + 48, profile):
        walk = [now, *path]
        step = next((k for k in range(12) if walk[k] < target and walk[k + 1] < target), None)
        for h in opened:
            opened[h] += step is not None and step <= h
    for h, n in opened.items():
        assert row[f"probability_{h}m"] == pytest.approx(n / len(paths), abs=1e-9)
    assert row["probability_3m"] <= row["probability_6m"] <= row["probability_12m"]
    expected = "expected" if row["probability_12m"] >= 0.5 else "watch" if row["probability_12m"] >= 0.3 else "none"
    assert row["status"] == expected


def test_extra_operations_close_the_gap_on_eight_paths_of_ten():
    rng = np.random.default_rng(6)
    share = share_series(48, 0.7, amplitude=0)
    paths = (0.7 + rng.normal(0, 0.03, SHAPE)).astype(np.float32)
    waiting = rng.normal(1000, 50, SHAPE).astype(np.float32)
    row = _row(pair(share), paths, waiting)
    profile = month_profile(share, FIRST)
    structural = adjust(paths, FIRST + 48, profile)[:, 5]

    def reached(per_week):
        extra = per_week * 6 * WEEKS_PER_MONTH
        left = waiting[:, 5] - extra
        over = np.maximum(0, (1 - structural) * waiting[:, 5] - extra)
        return np.mean(1 - over / left >= 0.8 - 1e-6)

    assert reached(row["extra_per_week_to_target"]) == pytest.approx(0.8, abs=0.01)
    assert reached(row["extra_per_week_to_target_50"]) == pytest.approx(0.5, abs=0.01)
    assert row["target_period"] == (FIRST + 53).first_day


def test_growth_is_stopped_from_flows_or_else_from_the_list():
    share = share_series(48, 0.9)
    flows = _row(pair(share, added=110.0, performed=95.0, removed_other=5.0), _ahead(48, 0.9))
    assert flows["extra_per_week_to_stabilise"] == pytest.approx(12 * 10 / WEEKS_PER_YEAR)
    from_list = _row(pair(share, waiting=1000 + 10.0 * np.arange(48)), _ahead(48, 0.9))
    assert from_list["extra_per_week_to_stabilise"] == pytest.approx(120 / WEEKS_PER_YEAR)


def test_supply_side_numbers():
    share = share_series(48, 0.95)
    reported = _row(
        pair(
            share,
            added=110.0,
            performed=95.0,
            removed_other=5.0,
            capacity=120.0,
            committed=100.0,
            not_brokerable=250.0,
        ),
        _ahead(48, 0.95),
    )
    assert reported["load"] == pytest.approx(105 / 120)
    assert reported["capacity_per_month"] == 120
    assert reported["free_per_month"] == pytest.approx(20)
    assert reported["brokerable_share"] == pytest.approx(0.75)
    assert reported["expected_wait_days"] == pytest.approx(1000 / 100 * 365.25 / 12)
    shown = _row(pair(share, added=95.0, performed=95.0), _ahead(48, 0.95))
    assert shown["capacity_per_month"] == pytest.approx(95, rel=0.05)
    assert math.isnan(shown["free_per_month"])


def test_a_flagged_region_first_needs_its_capacity_itself():
    share = share_series(48, 0.7)
    row = _row(pair(share, added=95.0, performed=95.0, capacity=120.0), _ahead(48, 0.7))
    assert row["status"] == "open"
    own_need = row["extra_per_week_to_target"] * WEEKS_PER_MONTH
    assert row["free_per_month"] == pytest.approx(120 - 95 - own_need)
    worse = _row(pair(share - 0.1, added=95.0, performed=95.0, capacity=120.0), _ahead(48, 0.6))
    assert worse["free_per_month"] == 0


def test_openings_written_out():
    paths = np.array([[0.79, 0.81, 0.79, 0.79], [0.9, 0.9, 0.9, 0.7], [0.7, 0.9, 0.9, 0.9]])
    assert opening_steps(0.85, paths, 0.8).tolist() == [3, NEVER, NEVER]
    assert opening_steps(0.75, paths, 0.8).tolist() == [0, NEVER, 0]
    assert opening_range(np.array([NEVER, NEVER])) is None
    found = opening_range(np.array([1, 2, 3, 4, 5, NEVER]))
    assert (found.lo, found.median, found.hi) == (1, 3, 5)


def test_missing_months_do_not_end_a_run_under_the_target():
    assert open_since(np.array([0.9, 0.7, np.nan, 0.7]), 0.8) == 2
    assert math.isnan(mean_of_year(np.r_[np.full(8, 0.5), [np.nan] * 4]))
    assert mean_of_year(np.r_[np.full(9, 0.5), [np.nan] * 3]) == 0.5


def test_until_is_the_last_month_of_the_pair():
    assert pair(share_series(48, 0.9)).until == Month(2024, 12)


def test_examples_of_the_sentences():
    for module in (gap_reasons, gap_openings):
        result = doctest.testmod(module)
        assert result.attempted > 0
        assert result.failed == 0
