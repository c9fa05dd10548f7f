"""Control charts: the published oracle, each rule on its own, and what never counts as a signal."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.xmr import WINDOW, control_chart, limits, recent

ORACLE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]  # NHSRplotthedots vignette
CALM = np.tile([0.90, 0.91, 0.89, 0.90, 0.91, 0.89], 4)


def test_limits_equal_the_published_oracle_screened_and_not():
    screened, plain = limits(ORACLE), limits(ORACLE, screened=False)
    assert (screened.mean, screened.upper, screened.lower) == pytest.approx((1.9444, 4.6044, -0.7156), abs=5e-5)
    assert (plain.upper, plain.lower) == pytest.approx((6.9515, -3.0626), abs=5e-5)


def test_limits_by_hand_without_numpy():
    y = [float(v) for v in ORACLE]
    ranges = [abs(b - a) for a, b in pairwise(y)]
    mean_range = sum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * mean_range]
    half = 2.66 * sum(kept) / len(kept)
    assert limits(ORACLE).upper == pytest.approx(sum(y) / len(y) + half)


def test_a_moving_range_never_spans_a_gap():
    assert limits([1, 2, np.nan, 50, 51]).mean_range == pytest.approx(1)
    assert limits([1, np.nan, 2]) is None
    assert limits([]) is None


def test_calm_series_has_no_breach_and_is_noise():
    chart = control_chart(CALM)
    assert chart.judgement == "noise"
    assert chart.breaches == ()


@pytest.mark.parametrize(("last", "judgement"), [(0.99, "better"), (0.80, "worse")])
def test_a_month_outside_the_limits_is_a_signal(last, judgement):
    chart = control_chart(np.r_[CALM, last], baseline=24)
    assert chart.judgement == judgement
    assert chart.last_breach.rule == "outside"


def test_lower_is_better_turns_the_judgement_round():
    assert control_chart(np.r_[CALM, 0.99], baseline=24, higher_is_better=False).judgement == "worse"


def test_seven_on_one_side_is_a_run_and_six_are_not():
    below = [0.895, 0.896, 0.894, 0.896, 0.895, 0.896, 0.894]
    # a month above the mean before, so that the calm series' own last month does not lengthen the run
    assert control_chart(np.r_[CALM, 0.905, below], baseline=24).last_breach.rule == "run"
    assert control_chart(np.r_[CALM, 0.905, below[:6]], baseline=24).judgement == "noise"


def test_seven_rising_is_a_trend_also_across_the_mean():
    rising = [0.885, 0.889, 0.893, 0.898, 0.902, 0.905, 0.908]
    chart = control_chart(np.r_[CALM, rising], baseline=24)
    assert (chart.last_breach.rule, chart.judgement) == ("trend", "better")
    assert control_chart(np.r_[CALM, 0.90, rising[1:]], baseline=24).judgement == "noise"


def test_two_of_three_near_a_limit():
    at = limits(CALM)
    near = at.mean + 0.8 * (at.upper - at.mean)
    assert control_chart(np.r_[CALM, near, at.mean, near], baseline=24).last_breach.rule == "two_of_three"
    assert control_chart(np.r_[CALM, near, at.mean, at.mean, near], baseline=24).judgement == "noise"


def test_a_missing_month_ends_a_run():
    below = [0.895, 0.896, 0.894, np.nan, 0.895, 0.896, 0.894, 0.895]
    assert control_chart(np.r_[CALM, 0.905, below], baseline=24).judgement == "noise"


def test_too_short_or_last_month_missing_is_not_judged():
    assert control_chart(CALM[:23]).judgement == "short"
    assert control_chart(np.r_[CALM, np.nan]).judgement == "short"
    assert control_chart([]).judgement == "short"


def test_a_system_change_gets_its_own_limits_and_nothing_is_judged_across_it():
    lower = CALM - 0.10
    assert control_chart(np.r_[CALM, lower], baseline=24).judgement == "worse"
    chart = control_chart(np.r_[CALM, lower], rebase_at=[24])
    assert chart.judgement == "noise"
    assert chart.breaches == ()
    assert [s.limits.mean for s in chart.segments if s.limits] == pytest.approx([0.9, 0.8])
    assert control_chart(np.r_[CALM, lower[:12]], rebase_at=[24]).judgement == "short"


def test_recent_looks_at_two_years_and_eight_lower_months_do_not_hide_among_them():
    drop = np.r_[CALM + 0.2, CALM[:16], CALM[:8] - 0.06]
    chart = recent(drop)
    assert len(chart.values) == WINDOW
    assert chart.limits.mean == pytest.approx(np.mean(drop[-WINDOW:]))
    assert chart.judgement == "worse"


def test_recent_is_short_for_two_years_after_a_system_change():
    y = np.r_[CALM, CALM - 0.1]
    assert recent(np.r_[y[:-4]], rebase_at=[24]).judgement == "short"
    assert recent(y, rebase_at=[24]).judgement == "noise"


@settings(max_examples=40)
@given(st.lists(st.one_of(st.floats(0, 100), st.just(np.nan)), min_size=30, max_size=60))
def test_a_baseline_counts_observed_months(values):
    """A hole in the first two years does not make limits of fewer months."""
    y = np.asarray(values, float)
    seen, first = 0, len(y)
    for k, v in enumerate(values):
        seen += v == v
        if seen == 24:
            first = k + 1
            break
    assert control_chart(y, baseline=24).limits == limits(y[:first])


def test_a_gap_in_a_long_series_does_not_stop_the_judgement():
    y = np.r_[CALM, CALM]
    y[-14:-10] = np.nan
    assert recent(y).judgement == "noise"
    y[-20:-10] = np.nan
    assert recent(y).judgement == "short"


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=26, max_size=60), st.floats(0.1, 50), st.floats(-5, 5))
def test_scale_and_level_do_not_matter(values, scale, shift):
    y = np.round(np.asarray(values), 2)
    one, other = control_chart(y), control_chart(y * scale + shift)
    assert (one.judgement == "short") == (other.judgement == "short")
    if one.limits and one.limits.mean_range > 1e-6:
        assert other.limits.mean == pytest.approx(one.limits.mean * scale + shift, abs=1e-6)
        assert other.limits.upper == pytest.approx(one.limits.upper * scale + shift, abs=1e-6)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=30, max_size=60))
def test_turning_the_series_upside_down_turns_the_judgement(values):
    y = np.round(np.asarray(values), 2)
    turned = {"better": "worse", "worse": "better", "noise": "noise", "short": "short"}
    assert control_chart(-y, higher_is_better=False).judgement == control_chart(y).judgement
    assert control_chart(-y).judgement == turned[control_chart(y).judgement]
