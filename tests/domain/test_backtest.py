"""How data sets are pooled and which other model is the best."""

from __future__ import annotations

import doctest

import pandas as pd
import pytest

from lagesbild.data.tables import backtest, backtest_flags, backtest_reliability
from lagesbild.domain import backtest as module
from lagesbild.domain.backtest import (
    FLAG_COLUMNS,
    POOLED,
    RELIABILITY_COLUMNS,
    SCORE_COLUMNS,
    UNCALIBRATED,
    Target,
    best_other,
    pooled,
)
from tests.made_up_backtest import WHOLE, made_up_backtest


@pytest.mark.parametrize(
    "table, columns",
    [(backtest, SCORE_COLUMNS), (backtest_flags, FLAG_COLUMNS), (backtest_reliability, RELIABILITY_COLUMNS)],
    ids=lambda x: getattr(x, "name", ""),
)
def test_columns_are_those_of_the_tables(table, columns):
    assert [c.name for c in table.columns] == ["backtest_id", *columns]


def test_means_are_weighted_by_forecasts_and_without_ones_own():
    rows = pooled(made_up_backtest().scores)
    whole = rows[(rows["measure"] == "waiting") & (rows["block"] == "all") & (rows["origin_year"] == 0)]
    at = whole.set_index("model").loc["forecast"]
    a, b = (WHOLE[s, "waiting"]["forecast"] for s in ("a", "b"))
    assert at["forecasts"] == 400
    for column, place in (("mase", 1), ("wql", 2), ("coverage_80", 3)):
        assert at[column] == pytest.approx((100 * a[place] + 300 * b[place]) / 400)
    assert at["wql_ratio"] == pytest.approx(0.35 / 0.45)
    assert set(rows["data_set"]) == {POOLED}
    assert list(rows.columns) == list(SCORE_COLUMNS)


def test_a_model_that_stands_beside_some_sets_only_is_not_pooled():
    rows = pooled(made_up_backtest().scores)
    whole = rows[(rows["measure"] == "waiting") & (rows["block"] == "all") & (rows["origin_year"] == 0)]
    assert set(whole["model"]) == {"forecast", "naive", "AutoETS"}
    assert best_other(whole) == ("AutoETS", pytest.approx(0.35 / 0.40))


def test_what_does_not_exist_stays_so():
    rows = pooled(made_up_backtest().scores)
    made = rows[(rows["measure"] == "performed") & (rows["model"] == "forecast")]
    assert made["coverage_80"].isna().all()
    assert (made["coverage_95"] > 0.8).all()


def test_what_the_evaluation_pooled_itself_is_taken():
    scores = made_up_backtest().scores
    own = scores[scores["data_set"] == "a"].assign(data_set=POOLED, wql=7.0)
    assert (pooled(pd.concat([scores, own]))["wql"] == 7.0).all()


def test_without_another_model_there_is_no_best():
    rows = made_up_backtest().scores.query("data_set == 'a' and block == 'all' and origin_year == 0")
    assert best_other(rows[rows["model"] == "forecast"]) is None
    assert best_other(rows[rows["model"] != "forecast"]) is None
    assert best_other(rows.assign(wql=0.0)) is None


def test_our_own_forecast_before_calibration_is_not_another_model():
    rows = made_up_backtest().scores.query("data_set == 'b' and measure == 'waiting' and block == 'all'")
    rows = rows[rows["origin_year"] == 0]
    ours = rows[rows["model"] == "forecast"].assign(model=UNCALIBRATED, wql=0.01)
    assert best_other(pd.concat([rows, ours])) == best_other(rows)


def test_targets_know_their_direction():
    assert Target(0.79, 0.85, at_most=False).reached(0.8)
    assert not Target(0.79, 0.85, at_most=False).reached(0.8, aim=True)
    assert not Target(1.0, 0.9).reached(float("nan"))


def test_doctests():
    assert doctest.testmod(module).failed == 0
