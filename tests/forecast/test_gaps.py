"""Gaps: every status, every number beside it, computed a second time naively from the same paths."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.gap_probability import MOST_LEAN
from lagesbild.domain.gap_status import status_of
from lagesbild.domain.periods import Month
from lagesbild.domain.recalibration import IDENTITY, Recalibration
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast import gap_reasons
from tests.forecast.gap_cases import gap_row, share_ahead
from tests.forecast.made_up import FIRST, pair, share_series


def test_nothing_happens_far_above_the_target():
    row = gap_row(pair(share_series(48, 0.92)), share_ahead(48, 0.92, noise=0.01))
    assert (row["status"], row["seasonal_only"], row["opens_period"]) == ("none", False, None)
    assert row["paths_share_12m"] == 0
    assert row["probability_12m"] <= 0.01  # a share of paths is never taken as more certain than that
    assert row["extra_per_week_to_target"] == 0
    assert row["reason"].startswith("Väntas hålla 80")


def test_a_summer_dip_is_season_and_never_a_flag():
    row = gap_row(pair(share_series(48, 0.83)), share_ahead(48, 0.83, noise=0.005))
    assert (row["status"], row["seasonal_only"]) == ("none", True)
    assert "juli och augusti 2025" in row["reason"]


def test_an_open_gap_knows_since_when():
    level = np.r_[np.full(40, 0.9), np.full(8, 0.7)]
    row = gap_row(pair(share_series(48, level)), share_ahead(48, 0.7))
    assert row["status"] == "open"
    assert row["opens_period"] == (FIRST + 40).first_day
    assert (row["probability_3m"], row["probability_12m"], row["opens_lo"]) == (1, 1, None)
    assert row["reason"].startswith("Under 80")


def test_a_region_just_recovered_is_open_by_its_year():
    level = np.r_[np.full(36, 0.9), np.full(10, 0.7), np.full(2, 0.86)]
    row = gap_row(pair(share_series(48, level)), share_ahead(48, 0.86))
    assert row["status"] == "open"
    assert "i genomsnitt över tolv månader" in row["reason"]


def test_a_falling_share_is_expected_to_open_and_when():
    falling = np.linspace(0.83, 0.74, 12)
    paths = share_ahead(48, falling, noise=0.02)
    given = pair(share_series(48, 0.84, noise=0.003))
    row = gap_row(given, paths)
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
    paths = share_ahead(48, 0.88)
    paths[:200] -= 0.15
    row = gap_row(pair(share_series(48, 0.88)), paths)
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
    row = gap_row(pair(share), share_ahead(40, 0.5))
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
    paths = share_ahead(48, level, noise=noise, seed=seed)
    waiting = 1000 + 5.0 * np.arange(48)
    row = gap_row(pair(share, waiting=waiting), paths, None, target, recalibration, {target: previous})
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
    off = abs(row["probability_12m"] - wanted)
    assert abs(row["lean"]) <= MOST_LEAN
    assert all(
        off <= abs(counted(lean)[12] - wanted) + 2 / len(ahead) for lean in (-MOST_LEAN, -0.3, 0.0, 0.3, MOST_LEAN)
    )
    assert row["status"] == status_of(row["probability_12m"], previous)


@pytest.mark.parametrize(
    "previous, status", [("none", "none"), ("watch", "watch"), ("expected", "watch"), ("open", "watch")]
)
def test_a_flag_given_before_is_kept_down_to_a_fifth_and_says_so(previous, status):
    paths = share_ahead(48, 0.88, noise=0.001)
    paths[:125] -= 0.15  # a quarter of the paths
    row = gap_row(pair(share_series(48, 0.88)), paths, previous={0.8: previous, 0.7: "none", 0.9: "none"})
    assert row["probability_12m"] == pytest.approx(0.25, abs=0.002)
    assert row["status"] == status
    if status == "watch":
        assert row["reason"].startswith("Bevakas sedan förra prognosen")
        assert row["opens_period"] is not None
    else:
        assert row["reason"].startswith("Väntas hålla")
    paths[:35] += 0.15  # 90 of 500 paths: under a fifth
    assert gap_row(pair(share_series(48, 0.88)), paths, previous={0.8: previous})["status"] == "none"


def test_the_flag_before_is_that_of_the_same_target():
    paths = share_ahead(48, 0.88, noise=0.001)
    paths[:125] -= 0.15
    assert gap_row(pair(share_series(48, 0.88)), paths, previous={0.7: "watch", 0.9: "watch"})["status"] == "none"


def test_what_earlier_forecasts_were_worth_moves_paths_and_status():
    """Half as likely as the paths say: fewer open, later, and the month range follows the moved paths."""
    falling = np.linspace(0.83, 0.79, 12)
    given = pair(share_series(48, 0.84, noise=0.003))
    paths = share_ahead(48, falling, noise=0.02)
    plain = gap_row(given, paths)
    doubtful = gap_row(given, paths, recalibration=Recalibration((-2.0, 2.0, 0.0, 0.0, 0.0)))
    assert doubtful["paths_share_12m"] == plain["paths_share_12m"]
    p = plain["paths_share_12m"]
    told = 1 / (1 + math.exp(2.0) * (1 - p) / p)
    assert doubtful["probability_12m"] == pytest.approx(told, abs=0.003)
    assert doubtful["lean"] > 0.1 > abs(plain["lean"])
    assert doubtful["probability_6m"] < plain["probability_6m"]


def test_season_is_kept_apart_from_structure():
    """The same summer dip is a season when it comes every year, and a gap when the level has fallen."""
    seasonal = gap_row(pair(share_series(48, 0.84)), share_ahead(48, 0.84, noise=0.003))
    assert (seasonal["status"], seasonal["seasonal_only"]) == ("none", True)
    fallen = gap_row(pair(share_series(48, 0.84)), share_ahead(48, 0.77, noise=0.003))
    assert (fallen["status"], fallen["seasonal_only"]) == ("expected", False)
    assert seasonal["structural_share_now"] == pytest.approx(0.84, abs=0.015)
    assert seasonal["share_now"] == pytest.approx(0.87, abs=0.015)  # December


def test_until_is_the_last_month_of_the_pair():
    assert pair(share_series(48, 0.9)).until == Month(2024, 12)


def test_examples_of_the_sentences():
    result = doctest.testmod(gap_reasons)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_gap_that_is_certain_keeps_its_month():
    row = gap_row(pair(share_series(48, 0.84, noise=0.003)), share_ahead(48, np.linspace(0.83, 0.74, 12), noise=0.005))
    assert row["probability_6m"] > 0.9
    assert abs(row["lean"]) <= MOST_LEAN


def test_a_share_that_stays_at_the_target_is_not_under_it():
    row = gap_row(pair(np.full(48, 0.9)), np.full((500, 12), 0.9, np.float32), target=0.9)
    assert row["status"] == "none"
