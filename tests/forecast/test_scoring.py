"""Scores, a second time in loops."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.backtest import (
    ALL_BLOCKS,
    ALL_YEARS,
    FLAG_COLUMNS,
    OWN,
    POOLED,
    RELIABILITY_COLUMNS,
    SCORE_COLUMNS,
)
from lagesbild.forecast import scoring
from lagesbild.forecast.calibration import QUANTILES
from lagesbild.forecast.recalibrating import cases_of
from lagesbild.forecast.replay import Replay
from lagesbild.forecast.scoring import FLAG_TARGETS, THRESHOLDS, Forecasts, auc, flag_tables, natural, score_table
from tests.forecast.test_recalibrating import ORIGIN, _structure

SHARE = "within_limit_share"
YEAR = 24_000  # an ordinal in January


def _rows(seed=0, sets=("a", "b"), models=("forecast", "naive", "drift"), measure="waiting", horizon=12, leave_out=()):
    """Made-up forecasts: set, measure, origin, model, quantiles, outcome, scale."""
    rng = np.random.default_rng(seed)
    rows = []
    for name in sets:
        for series in range(3):
            for origin in (YEAR + 9, YEAR + 15):
                base = 0.9 if measure == SHARE else 5.0
                outcome = base + 0.3 * rng.normal(0, 1, horizon)
                outcome[8 + series :] = np.nan
                scale = rng.uniform(0.5, 2)
                for model in models:
                    if (name, series, model) in leave_out:
                        continue
                    q = np.sort(base + 0.3 * rng.normal(0, 1, (7, horizon)), axis=0)
                    rows.append((name, measure, origin, model, q, outcome, scale))
    return rows


def _naively(rows, months, model, measure):
    """Mean over forecasts of the mean over known months: WQL, MAE, MASE and coverages."""
    each = []
    for _, m, _, name, q, outcome, scale in rows:
        if name != model or m != measure:
            continue
        per = []
        for h in months:
            if math.isnan(outcome[h]):
                continue
            if measure == SHARE:
                y, points = (
                    math.sin(min(max(outcome[h], 0), math.pi / 2)) ** 2,
                    [math.sin(min(max(x, 0), math.pi / 2)) ** 2 for x in q[:, h]],
                )
            else:
                y, points = max(0, math.exp(outcome[h]) - 0.5), [max(0, math.exp(x) - 0.5) for x in q[:, h]]
            pinball = sum(max(p * (y - x), (p - 1) * (y - x)) for p, x in zip(QUANTILES, points, strict=True)) / 7
            inside = [q[low, h] <= outcome[h] <= q[high, h] for low, high in ((1, 5), (0, 6))]
            per.append((2 * pinball / scale, abs(y - points[3]), abs(y - points[3]) / scale, *inside))
        if per:
            each.append(np.mean(per, axis=0))
    return np.mean(each, axis=0), len(each)


@pytest.mark.parametrize("measure", ["waiting", SHARE])
@pytest.mark.parametrize(
    "block, months", [("1-3", range(3)), ("7-9", range(6, 9)), ("10-12", range(9, 12)), (ALL_BLOCKS, range(12))]
)
def test_scores_are_means_over_forecasts(measure, block, months):
    rows = _rows(measure=measure)
    table = score_table(Forecasts.of(rows, 12))
    assert list(table.columns) == list(SCORE_COLUMNS)
    for name in ("a", "b", POOLED):
        mine = rows if name == POOLED else [r for r in rows if r[0] == name]
        base = _naively(mine, months, "naive", measure)[0][0]
        for model in ("forecast", "naive", "drift"):
            found = table[
                (table["data_set"] == name)
                & (table["model"] == model)
                & (table["block"] == block)
                & (table["origin_year"] == ALL_YEARS)
            ]
            (row,) = found.to_dict("records")
            (wql, mae, mase, c80, c95), n = _naively(mine, months, model, measure)
            assert row["forecasts"] == n
            assert [row["wql"], row["mae"], row["mase"]] == pytest.approx([wql, mae, mase])
            assert [row["coverage_80"], row["coverage_95"]] == pytest.approx([c80, c95])
            assert row["wql_ratio"] == pytest.approx(wql / base)


def test_by_year_of_the_last_month_known():
    rows = _rows()
    table = score_table(Forecasts.of(rows, 12))
    assert set(table["origin_year"]) == {ALL_YEARS, 2000, 2001}
    assert set(table.loc[table["origin_year"] > 0, "block"]) == {ALL_BLOCKS}
    for year, origin in ((2000, YEAR + 9), (2001, YEAR + 15)):
        mine = [r for r in rows if r[2] == origin and r[0] == "a"]
        row = table[(table["data_set"] == "a") & (table["origin_year"] == year) & (table["model"] == "forecast")]
        assert row["wql"].item() == pytest.approx(_naively(mine, range(12), "forecast", "waiting")[0][0])


def test_a_model_that_missed_a_forecast_is_left_out_of_the_cell():
    rows = _rows(leave_out=[("b", 1, "drift")])
    table = score_table(Forecasts.of(rows, 12))
    whole = table[(table["block"] == ALL_BLOCKS) & (table["origin_year"] == ALL_YEARS)]
    assert {s: set(g["model"]) for s, g in whole.groupby("data_set")} == {
        "a": {"forecast", "naive", "drift"},
        "b": {"forecast", "naive"},
        POOLED: {"forecast", "naive"},
    }


def test_ones_own_series_are_no_part_of_what_all_real_sets_say():
    rows = _rows(sets=("a", OWN))
    table = score_table(Forecasts.of(rows, 12))
    key = ["measure", "model", "block", "origin_year"]
    a, pooled = (table[table["data_set"] == s].set_index(key)["wql"].sort_index() for s in ("a", POOLED))
    assert (a == pooled).all()
    assert OWN in set(table["data_set"])


def test_months_that_have_not_come_are_no_forecasts():
    rows = _rows()
    nothing = [(*r[:5], np.full(12, np.nan), r[6]) for r in rows]
    assert len(score_table(Forecasts.of(nothing, 12))) == 0


def test_a_model_that_explodes_has_a_finite_loss():
    assert np.isfinite(natural(np.array([1e6, -1e6]), "waiting")).all()
    assert np.isnan(natural(np.array([np.nan]), "waiting")).all()
    assert natural(np.array([9.0, -3.0]), SHARE).tolist() == [1.0, 0.0]


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), max_size=30))
def test_auc_counts_pairs(pairs):
    p, event = np.array([x for x, _ in pairs], float), np.array([e for _, e in pairs], bool)
    wins = [(a > b) + 0.5 * (a == b) for a in p[event] for b in p[~event]]
    assert auc(p, event) == pytest.approx(sum(wins) / len(wins) if wins else math.nan, nan_ok=True)


def _flags(seeds=range(14), name="a"):
    replays = [Replay("01", f"k{s}", {}, _structure(s)) for s in seeds]
    factors = {ORIGIN + k: np.ones((3, 4)) for k in range(5)}
    return [name], [replays], [factors]


def test_flags_are_counted_case_by_case():
    names, replays, factors = _flags()
    flags, reliability = flag_tables(names, replays, factors, 12)
    assert list(flags.columns) == list(FLAG_COLUMNS)
    assert list(reliability.columns) == list(RELIABILITY_COLUMNS)
    every = cases_of(replays[0], FLAG_TARGETS, factors[0], 12)
    cases = [k for k in range(len(every)) if every.known[k] >= 12]
    p = {k: every.paths_share[k] for k in cases}
    came = {k: every.opened[k] <= 12 for k in cases}
    base = sum(came.values()) / len(cases)
    assert 0 < base < 1
    mine = flags[(flags["data_set"] == "a") & (flags["rule"] == "paths")].set_index("threshold")
    assert list(mine.index) == list(THRESHOLDS)
    brier = sum((p[k] - came[k]) ** 2 for k in cases) / len(cases)
    pairs = [(p[a] > p[b]) + 0.5 * (p[a] == p[b]) for a in cases if came[a] for b in cases if not came[b]]
    for threshold, row in mine.iterrows():
        flagged = [k for k in cases if p[k] >= threshold]
        right = [k for k in flagged if came[k]]
        assert row["cases"] == len(cases)
        assert row["base_rate"] == pytest.approx(base)
        assert row["auc"] == pytest.approx(sum(pairs) / len(pairs))
        assert row["brier_skill"] == pytest.approx(1 - brier / (base * (1 - base)))
        assert row["precision"] == pytest.approx(len(right) / len(flagged))
        assert row["recall"] == pytest.approx(len(right) / sum(came.values()))
        false = (len(flagged) - len(right)) / (len(cases) - sum(came.values()))
        assert row["false_alarm_rate"] == pytest.approx(false)
        assert row["lead_months"] == pytest.approx(np.median([every.opened[k] for k in right]))
        off = [abs(every.month[k] - every.opened[k]) for k in right if not math.isnan(every.month[k])]
        assert row["month_error"] == pytest.approx(np.mean(off))


def test_every_case_is_in_one_bin_of_the_reliability():
    flags, reliability = flag_tables(*_flags(), 12)
    for (name, rule), rows in reliability.groupby(["data_set", "rule"]):
        told = flags[(flags["data_set"] == name) & (flags["rule"] == rule)].iloc[0]
        assert rows["cases"].sum() == told["cases"]
        assert (rows["observed"] * rows["cases"]).sum() / told["cases"] == pytest.approx(told["base_rate"])
        assert ((rows["probability"] >= rows["bin"] - 1e-9) & (rows["probability"] <= rows["bin"] + 0.1 + 1e-9)).all()


def test_the_pooled_set_is_all_real_cases_together():
    a, b = _flags(), _flags(range(20, 30), OWN)
    flags, _ = flag_tables(*(x + y for x, y in zip(a, b, strict=True)), 12)
    at = flags[flags["rule"] == "paths"].groupby("data_set")["cases"].first()
    assert at[POOLED] == at["a"]
    assert at[OWN] > 0
    c = _flags(range(20, 30), "c")
    flags, _ = flag_tables(*(x + y for x, y in zip(a, c, strict=True)), 12)
    at = flags[flags["rule"] == "forecast"].groupby("data_set")["cases"].first()
    assert at[POOLED] == at["a"] + at["c"]


def test_all_real_cases_of_one_set_are_judged_as_the_set():
    flags, reliability = flag_tables(*_flags(), 12)
    for table in (flags, reliability):
        own, pooled = (
            table[table["data_set"] == s].drop(columns="data_set").reset_index(drop=True) for s in ("a", POOLED)
        )
        assert own.equals(pooled)


def test_without_a_decided_case_there_is_nothing_to_judge():
    replays = [Replay("01", "kna", {}, _structure(1, horizon=6))]
    flags, reliability = flag_tables(["a"], [replays], [{ORIGIN + k: np.ones((3, 2)) for k in range(5)}], 6)
    assert len(flags) == len(reliability) == 0
    assert list(flags.columns) == list(FLAG_COLUMNS)


def test_examples():
    result = doctest.testmod(scoring)
    assert result.attempted
    assert not result.failed
