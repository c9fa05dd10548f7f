"""What closes a gap, and the supply side beside it: computed a second time from the same paths."""

import math

import numpy as np
import pytest

from lagesbild.domain.capacity import WEEKS_PER_YEAR
from lagesbild.domain.expected_wait import first_come_wait_days
from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.recalibration import Recalibration
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast.flows import flows_of
from lagesbild.forecast.gaps import gap_rows
from tests.forecast.gap_cases import SHAPE, gap_row, share_ahead
from tests.forecast.made_up import FIRST, pair, share_series


def test_extra_operations_close_the_gap_on_eight_paths_of_ten():
    rng = np.random.default_rng(6)
    share = share_series(48, 0.7, amplitude=0)
    paths = (0.7 + rng.normal(0, 0.03, SHAPE)).astype(np.float32)
    waiting = rng.normal(1000, 50, SHAPE).astype(np.float32)
    row = gap_row(pair(share), paths, waiting)
    profile = month_profile(share, FIRST)
    structural = adjust(paths, FIRST + 48, profile)[:, 5]

    def reached(per_week):
        extra = per_week * 6 * WEEKS_PER_MONTH
        left = waiting[:, 5] - extra
        over = np.maximum(0, (1 - structural) * waiting[:, 5] - extra)
        return np.mean(1 - over / left >= 0.8 - 1e-6)

    assert (row["status"], row["lean"]) == ("open", 0)
    assert reached(row["extra_per_week_to_target"]) == pytest.approx(0.8, abs=0.01)
    assert reached(row["extra_per_week_to_target_50"]) == pytest.approx(0.5, abs=0.01)
    assert row["target_period"] == (FIRST + 53).first_day


def test_what_closes_a_gap_is_read_off_the_moved_paths():
    """The same paths that the probability is told of, not those before recalibration."""
    given = pair(share_series(48, 0.84, noise=0.003))
    paths = share_ahead(48, np.linspace(0.83, 0.76, 12), noise=0.02)
    waiting = np.full(SHAPE, 1000.0)
    row = gap_row(given, paths, waiting, recalibration=Recalibration((-1.0, 2.0, 0.0, 0.0, 0.0)))
    assert row["lean"] > 0.1
    profile = month_profile(given.values("within_limit_share"), FIRST)
    ahead = adjust(paths.astype(float), FIRST + 48, profile)
    sixth = ahead[:, 5] + row["lean"] * ahead[:, 5].std()
    # all of the extra patients had waited too long: X = (N4 - .2 S) / .8 in six months
    extra = [max(0.0, ((1 - min(x, 1.0)) * 1000 - 200) / 0.8) / 6 / WEEKS_PER_MONTH for x in sixth]
    assert row["extra_per_week_to_target"] == pytest.approx(np.quantile(extra, 0.8))
    assert row["extra_per_week_to_target_50"] == pytest.approx(np.quantile(extra, 0.5))
    assert row["extra_per_week_to_target"] > 0


def test_growth_is_stopped_from_flows_or_else_from_the_list():
    share = share_series(48, 0.9)
    flows = gap_row(pair(share, added=110.0, performed=95.0, removed_other=5.0), share_ahead(48, 0.9))
    assert flows["extra_per_week_to_stabilise"] == pytest.approx(12 * 10 / WEEKS_PER_YEAR)
    from_list = gap_row(pair(share, waiting=1000 + 10.0 * np.arange(48)), share_ahead(48, 0.9))
    assert from_list["extra_per_week_to_stabilise"] == pytest.approx(120 / WEEKS_PER_YEAR)


def test_supply_side_numbers():
    share = share_series(48, 0.95)
    reported = gap_row(
        pair(
            share,
            added=110.0,
            performed=95.0,
            removed_other=5.0,
            capacity=120.0,
            committed=100.0,
            not_brokerable=250.0,
        ),
        share_ahead(48, 0.95),
        performed=np.full(SHAPE, 90, np.float32),
    )
    assert reported["load"] == pytest.approx(105 / 120)
    assert reported["capacity_per_month"] == 120
    assert reported["free_per_month"] == pytest.approx(20)
    assert reported["brokerable_share"] == pytest.approx(0.75)
    # 90 a month are performed ahead and half a per cent of the list is removed, as last year
    assert reported["expected_wait_days"] == pytest.approx(1000 / (90 + 1000 * 5 / 1000) * 365.25 / 12)
    assert reported["limit_used"] == pytest.approx(reported["expected_wait_days"] / 90)
    shown = gap_row(pair(share, added=95.0, performed=95.0), share_ahead(48, 0.95))
    assert shown["capacity_per_month"] == pytest.approx(95, rel=0.05)
    assert math.isnan(shown["free_per_month"])


def test_a_flagged_region_first_needs_its_capacity_itself():
    share = share_series(48, 0.7)
    row = gap_row(pair(share, added=95.0, performed=95.0, capacity=120.0), share_ahead(48, 0.7))
    assert row["status"] == "open"
    own_need = row["extra_per_week_to_target"] * WEEKS_PER_MONTH
    assert row["free_per_month"] == pytest.approx(120 - 95 - own_need)
    worse = gap_row(pair(share - 0.1, added=95.0, performed=95.0, capacity=120.0), share_ahead(48, 0.6))
    assert worse["free_per_month"] == 0


def test_expected_wait_is_the_median_over_paths_first_come_first_served():
    rng = np.random.default_rng(3)
    performed = rng.uniform(60, 120, 48)
    given = pair(share_series(48, 0.9), waiting=800.0, performed=performed, added=90.0)
    ahead = rng.uniform(50, 130, SHAPE)
    row = gap_row(given, share_ahead(48, 0.9), performed=ahead)
    days = []
    for path in ahead:  # 800 in front; the horizon's twelve months come again after it
        left, months = 800.0, 0.0
        for leaves in [*path] * 10:
            if leaves >= left:
                months += left / leaves
                break
            left, months = left - leaves, months + 1
        days.append(months * 365.25 / 12)
    assert row["expected_wait_days"] == pytest.approx(np.median(days))
    after = first_come_wait_days(np.full(SHAPE, 800.0), ahead, performed[-12:])
    assert abs(row["expected_wait_days"] - np.median(after[:, 0])) < 40


def test_without_a_forecast_of_the_list_the_rest_is_still_judged():
    given = pair(share_series(48, 0.84))
    rows = gap_rows(given, flows_of(given), {"within_limit_share": share_ahead(48, 0.77, noise=0.003)})
    row = rows[1]
    assert row["status"] == "expected"
    assert math.isnan(row["extra_per_week_to_target"])
    assert math.isnan(row["expected_wait_days"])
