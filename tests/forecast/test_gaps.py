"""Gaps: every status, every number beside it, computed a second time naively from the same paths."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.capacity import WEEKS_PER_YEAR
from lagesbild.domain.expected_wait import first_come_wait_days
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.gap_status import status_of
from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.recalibration import IDENTITY, Recalibration
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast import gap_reasons
from lagesbild.forecast.flows import flows_of
from lagesbild.forecast.gaps import gap_rows
from tests.forecast.made_up import FIRST, pair, season, share_series

SHAPE = (500, 12)


def _ahead(months: int, level, *, noise=0.0, seed=1, amplitude=1.0):
    """Share paths after `months` of `pair`: level plus season plus noise."""
    wobble = np.random.default_rng(seed).normal(0, noise, SHAPE) if noise else np.zeros(SHAPE)
    return (np.broadcast_to(level, SHAPE) + amplitude * season(12, FIRST + months) + wobble).astype(np.float32)


def _row(given_pair, share_paths, waiting_paths=None, target=0.8, recalibration=IDENTITY, previous=None, **paths):
    if waiting_paths is None:
        waiting_paths = np.full(SHAPE, 1000, np.float32)
    every = {"waiting": waiting_paths, "within_limit_share": share_paths, **paths}
    rows = gap_rows(given_pair, flows_of(given_pair), every, recalibration=recalibration, previous=previous)
    assert [r["target_share"] for r in rows] == [0.7, 0.8, 0.9]
    assert {*rows[0], "run_id"} == set(GAP_COLUMNS)
    return next(r for r in rows if r["target_share"] == target)


def test_nothing_happens_far_above_the_target():
    row = _row(pair(share_series(48, 0.92)), _ahead(48, 0.92, noise=0.01))
    assert (row["status"], row["seasonal_only"], row["opens_period"]) == ("none", False, None)
    assert row["paths_share_12m"] == 0
    assert row["probability_12m"] <= 0.01  # a share of paths is never taken as more certain than that
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
    paths = _ahead(48, falling, noise=0.02)
    given = pair(share_series(48, 0.84, noise=0.003))
    row = _row(given, paths)
    assert row["status"] == "expected"
    profile = month_profile(given.values("within_limit_share"), FIRST)
    ahead = adjust(paths.astype(float), FIRST + 48, profile)
    moved = np.column_stack([np.full(500, row["structural_share_now"]), ahead + row["lean"] * ahead.std(axis=0)])
    opens = sorted(next(k for k in range(12) if p[k] < 0.8 and p[k + 1] < 0.8) for p in moved if _opens(p))
    median, low, high = (opens[math.ceil(q * len(opens)) - 1] for q in (0.5, 0.1, 0.9))
    assert (row["opens_lo"], row["opens_period"], row["opens_hi"]) == tuple(
        (FIRST + 47 + k).first_day for k in (low, median, high)
    )
    assert row["probability_3m"] < row["probability_6m"] < row["probability_12m"]


def _opens(walk):
    return any(walk[k] < 0.8 and walk[k + 1] < 0.8 for k in range(len(walk) - 1))


def test_watch_lies_between_thirty_and_fifty_per_cent():
    paths = _ahead(48, 0.88)
    paths[:200] -= 0.15
    row = _row(pair(share_series(48, 0.88)), paths)
    assert (row["status"], row["probability_12m"]) == ("watch", pytest.approx(0.4))
    assert row["paths_share_12m"] == pytest.approx(0.4)
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
@given(
    st.integers(0, 10**6),
    st.floats(0.6, 0.95),
    st.floats(0.001, 0.05),
    st.sampled_from([0.7, 0.8, 0.9]),
    st.sampled_from([IDENTITY, Recalibration((0.044, 1.023, -0.554, -0.228, 0.158)), Recalibration((2.0, 2, 0, 0, 0))]),
    st.sampled_from(["none", "watch", "expected", "open"]),
)
def test_probabilities_equal_those_counted_on_the_stored_paths_moved_by_the_stored_lean(
    seed, level, noise, target, recalibration, previous
):
    share = share_series(48, level, seed=seed)
    paths = _ahead(48, level, noise=noise, seed=seed)
    waiting = 1000 + 5.0 * np.arange(48)
    row = _row(pair(share, waiting=waiting), paths, None, target, recalibration, {target: previous})
    profile = month_profile(share, FIRST)
    structural = adjust(share, FIRST, profile)
    now, ahead = structural[-1], adjust(paths.astype(float), FIRST + 48, profile)

    def counted(lean):
        """Share of paths that open within three, six and twelve months, path by path."""
        opened = dict.fromkeys((3, 6, 12), 0)
        spread = [math.sqrt(sum((x - ahead[:, h].mean()) ** 2 for x in ahead[:, h]) / len(ahead)) for h in range(12)]
        for path in ahead.tolist():
            walk = [now, *(x + lean * s for x, s in zip(path, spread, strict=True))]
            step = next((k for k in range(12) if walk[k] < target and walk[k + 1] < target), None)
            for h in opened:
                opened[h] += step is not None and step <= h
        return {h: n / len(ahead) for h, n in opened.items()}

    before = counted(0.0)
    assert row["paths_share_12m"] == pytest.approx(before[12], abs=1e-9)
    if row["status"] == "open":
        assert [row[f"probability_{h}m"] for h in (3, 6, 12)] == [1.0] * 3
        assert row["lean"] == 0
        return
    for h, share_of_paths in counted(row["lean"]).items():
        assert row[f"probability_{h}m"] == pytest.approx(share_of_paths, abs=1e-9 + 1 / len(ahead))
    assert row["probability_3m"] <= row["probability_6m"] <= row["probability_12m"]
    growth = waiting[-1] / waiting[-4] - 1
    wanted = recalibration.probability(before[12], now - target, structural[-12:].min() - target, growth)
    least, most = counted(4.0)[12], counted(-4.0)[12]
    step = 2 / len(ahead)
    assert row["probability_12m"] == pytest.approx(min(max(wanted, least), most), abs=step)
    assert row["status"] == status_of(row["probability_12m"], previous)


@pytest.mark.parametrize(
    "previous, status", [("none", "none"), ("watch", "watch"), ("expected", "watch"), ("open", "watch")]
)
def test_a_flag_given_before_is_kept_down_to_a_fifth_and_says_so(previous, status):
    paths = _ahead(48, 0.88, noise=0.001)
    paths[:125] -= 0.15  # a quarter of the paths
    row = _row(pair(share_series(48, 0.88)), paths, previous={0.8: previous, 0.7: "none", 0.9: "none"})
    assert row["probability_12m"] == pytest.approx(0.25, abs=0.002)
    assert row["status"] == status
    if status == "watch":
        assert row["reason"].startswith("Bevakas sedan förra prognosen")
        assert row["opens_period"] is not None
    else:
        assert row["reason"].startswith("Väntas hålla")
    paths[:35] += 0.15  # 90 of 500 paths: under a fifth
    assert _row(pair(share_series(48, 0.88)), paths, previous={0.8: previous})["status"] == "none"


def test_the_flag_before_is_that_of_the_same_target():
    paths = _ahead(48, 0.88, noise=0.001)
    paths[:125] -= 0.15
    assert _row(pair(share_series(48, 0.88)), paths, previous={0.7: "watch", 0.9: "watch"})["status"] == "none"


def test_what_earlier_forecasts_were_worth_moves_paths_and_status():
    """Half as likely as the paths say: fewer open, later, and the month range follows the moved paths."""
    falling = np.linspace(0.83, 0.79, 12)
    given = pair(share_series(48, 0.84, noise=0.003))
    paths = _ahead(48, falling, noise=0.02)
    plain = _row(given, paths)
    doubtful = _row(given, paths, recalibration=Recalibration((-2.0, 2.0, 0.0, 0.0, 0.0)))
    assert doubtful["paths_share_12m"] == plain["paths_share_12m"]
    p = plain["paths_share_12m"]
    told = 1 / (1 + math.exp(2.0) * (1 - p) / p)
    assert doubtful["probability_12m"] == pytest.approx(told, abs=0.003)
    assert doubtful["lean"] > 0.1 > abs(plain["lean"])
    assert doubtful["probability_6m"] < plain["probability_6m"]


def test_season_is_kept_apart_from_structure():
    """The same summer dip is a season when it comes every year, and a gap when the level has fallen."""
    seasonal = _row(pair(share_series(48, 0.84)), _ahead(48, 0.84, noise=0.003))
    assert (seasonal["status"], seasonal["seasonal_only"]) == ("none", True)
    fallen = _row(pair(share_series(48, 0.84)), _ahead(48, 0.77, noise=0.003))
    assert (fallen["status"], fallen["seasonal_only"]) == ("expected", False)
    assert seasonal["structural_share_now"] == pytest.approx(0.84, abs=0.015)
    assert seasonal["share_now"] == pytest.approx(0.87, abs=0.015)  # December


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

    assert (row["status"], row["lean"]) == ("open", 0)
    assert reached(row["extra_per_week_to_target"]) == pytest.approx(0.8, abs=0.01)
    assert reached(row["extra_per_week_to_target_50"]) == pytest.approx(0.5, abs=0.01)
    assert row["target_period"] == (FIRST + 53).first_day


def test_what_closes_a_gap_is_read_off_the_moved_paths():
    """The same paths that the probability is told of, not those before recalibration."""
    given = pair(share_series(48, 0.84, noise=0.003))
    paths = _ahead(48, np.linspace(0.83, 0.76, 12), noise=0.02)
    waiting = np.full(SHAPE, 1000.0)
    row = _row(given, paths, waiting, recalibration=Recalibration((-1.0, 2.0, 0.0, 0.0, 0.0)))
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
        performed=np.full(SHAPE, 90, np.float32),
    )
    assert reported["load"] == pytest.approx(105 / 120)
    assert reported["capacity_per_month"] == 120
    assert reported["free_per_month"] == pytest.approx(20)
    assert reported["brokerable_share"] == pytest.approx(0.75)
    # 90 a month are performed ahead and half a per cent of the list is removed, as last year
    assert reported["expected_wait_days"] == pytest.approx(1000 / (90 + 1000 * 5 / 1000) * 365.25 / 12)
    assert reported["limit_used"] == pytest.approx(reported["expected_wait_days"] / 90)
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


def test_expected_wait_is_the_median_over_paths_first_come_first_served():
    rng = np.random.default_rng(3)
    performed = rng.uniform(60, 120, 48)
    given = pair(share_series(48, 0.9), waiting=800.0, performed=performed, added=90.0)
    ahead = rng.uniform(50, 130, SHAPE)
    row = _row(given, _ahead(48, 0.9), performed=ahead)
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
    rows = gap_rows(given, flows_of(given), {"within_limit_share": _ahead(48, 0.77, noise=0.003)})
    row = rows[1]
    assert row["status"] == "expected"
    assert math.isnan(row["extra_per_week_to_target"])
    assert math.isnan(row["expected_wait_days"])


def test_until_is_the_last_month_of_the_pair():
    assert pair(share_series(48, 0.9)).until == Month(2024, 12)


def test_examples_of_the_sentences():
    result = doctest.testmod(gap_reasons)
    assert result.attempted > 0
    assert result.failed == 0
