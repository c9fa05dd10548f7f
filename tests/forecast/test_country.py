"""The whole equals its parts, path by path."""

import numpy as np
import pytest

from lagesbild.domain.expected_wait import first_come_wait_days, outflow_paths
from lagesbild.domain.periods import Month
from lagesbild.forecast.country import CountrySum
from lagesbild.forecast.intervals import BANDS
from lagesbild.forecast.pair import EXPECTED_WAIT, FORECAST, Plan, forecast_pair
from lagesbild.forecast.rows import pair_rows
from tests.forecast.made_up import NaiveEngine, pair, share_series

PLAN = Plan(seed=1, horizon=12, n_paths=200, engine=NaiveEngine())


def _result(level, waiting, seed, **columns):
    rng = np.random.default_rng(seed)
    lists = waiting * np.exp(np.cumsum(rng.normal(0, 0.02, 48)))
    performed = 0.4 * waiting * np.exp(rng.normal(0, 0.05, 48))
    return forecast_pair(
        pair(share_series(48, level, seed=seed), waiting=lists, performed=performed, added=performed, **columns), PLAN
    )


def test_the_country_is_summed_path_by_path():
    results = [_result(0.9, 1000, 1), _result(0.7, 3000, 2)]
    total = CountrySum("kna", 3)
    for r in results:
        total.add(r)
    paths = total.paths()
    queue = [r.paths["waiting", FORECAST].astype(float) for r in results]
    within = [q * r.paths["within_limit_share", FORECAST] for q, r in zip(queue, results, strict=True)]
    assert paths["waiting", FORECAST] == pytest.approx(sum(queue), rel=1e-6)
    assert paths["within_limit_share", FORECAST] == pytest.approx(sum(within) / sum(queue), rel=1e-5)
    outflow = [q / r.paths[EXPECTED_WAIT, FORECAST] for q, r in zip(queue, results, strict=True)]
    assert paths[EXPECTED_WAIT, FORECAST] == pytest.approx(sum(queue) / sum(outflow), rel=1e-5)
    row = total.rows(Month(2025, 1))[0]
    assert (row["region"], row["model"]) == ("", "sum")
    assert row["note"] == (
        "Summan av två av tre regioner; övriga har inte rapporterat den senaste månaden eller har för kort serie."
    )


def test_a_region_that_has_stopped_reporting_does_not_join_the_sum_in_the_first_month_ahead():
    """Today's national figure leaves it out: counted in the forecast, its patients would look like growth."""
    here = _result(0.9, 1000, 1)
    lists = np.append(3000 + np.arange(46.0), [np.nan, np.nan])
    gone = forecast_pair(pair(share_series(48, 0.7, seed=2), waiting=lists, performed=400.0, added=400.0), PLAN)
    assert ("waiting", FORECAST) in gone.paths
    total = CountrySum("kna", 2)
    total.add(here)
    total.add(gone)
    assert total.paths()["waiting", FORECAST] == pytest.approx(here.paths["waiting", FORECAST])
    assert total.counted["waiting"] == ["01"]
    assert "Summan av en av två regioner; övriga har inte rapporterat" in total.rows(Month(2025, 1))[0]["note"]
    named = CountrySum("kna", 2, names={"01": "Ett", "02": "Två"})
    named.add(here)
    assert "; Två är inte med, utan rapport den senaste månaden" in named.rows(Month(2025, 1))[0]["note"]


def test_regions_that_move_together_give_the_country_a_wide_band():
    """The same months are drawn for all regions: two equal regions have twice the band of one, not 1.4 times."""
    one = _result(0.8, 1000, 4)
    total = CountrySum("kna", 2)
    total.add(one)
    total.add(one)

    def width(paths):
        return float(np.subtract(*np.quantile(paths[:, 5], [0.9, 0.1])))

    assert width(total.paths()["waiting", FORECAST]) == pytest.approx(2 * width(one.paths["waiting", FORECAST]))


def test_expected_wait_is_first_come_first_served_on_the_stored_paths():
    """Month by month on some paths: performed, and of the list what last year's removals were of it."""
    rng = np.random.default_rng(8)
    performed = np.round(400 * np.exp(rng.normal(0, 0.1, 48)))
    waiting = 1000 + 5.0 * np.arange(48)
    made = forecast_pair(pair(share_series(48, 0.8), waiting=waiting, performed=performed, removed_other=40.0), PLAN)
    rate = 12 * 40 / waiting[-13:-1].sum()
    list_of, out = (made.paths[m, FORECAST].astype(float) for m in ("waiting", "performed"))
    for k in range(0, 200, 20):
        start = [waiting[-1], *list_of[k, :-1]]
        leaves = [p + rate * s for p, s in zip(out[k], start, strict=True)]
        year = [*(performed[-12:] + 40), *leaves][-12:]
        for h in (0, 4, 11):
            left, months = list_of[k, h], 0.0
            for leaving in [*leaves[h + 1 :], *(year * 20)]:
                if leaving >= left:
                    months += left / leaving
                    break
                left, months = left - leaving, months + 1
            assert made.paths[EXPECTED_WAIT, FORECAST][k, h] == pytest.approx(months * 365.25 / 12, rel=1e-5)


def test_rows_of_expected_wait_are_those_of_the_stored_paths():
    """Computed again by domain.expected_wait from what a run stores."""
    made = _result(0.8, 1000, 5, removed_other=12.0)
    facts = made.facts
    waiting = made.paths["waiting", FORECAST].astype(float)
    leaving = outflow_paths(made.paths["performed", FORECAST], waiting, facts.waiting_now, facts.removed_rate)
    days = first_come_wait_days(waiting, leaving, facts.outflow_last_year)
    rows = [r for r in pair_rows(made, Month(2025, 1)) if r["measure"] == EXPECTED_WAIT and r["role"] == "forecast"]
    assert len(rows) == 12
    for h, row in enumerate(rows):
        assert row["model"] == "first come, first served"
        assert row["mean"] == pytest.approx(days[:, h].mean(), rel=1e-5)
        for name, level in BANDS.items():
            assert row[name] == pytest.approx(np.quantile(days[:, h], level), rel=1e-5)


def test_a_refused_measure_has_one_row_that_says_why():
    performed = np.full(48, np.nan)
    performed[-5:] = [1, 2, 3, 4, 5]
    rows = pair_rows(forecast_pair(pair(share_series(48, 0.8), performed=performed), PLAN), Month(2025, 1))
    mine = [r for r in rows if r["measure"] == "performed"]
    assert len(mine) == 1
    assert mine[0]["model"] == "none"
    assert mine[0]["note"] == "För kort serie för prognos: 5 av minst 24 månader."
    assert np.isnan(mine[0]["p50"])
    assert not [r for r in rows if r["measure"] in ("added", EXPECTED_WAIT)]


def test_every_forecast_row_has_baselines_and_ordered_bands():
    rows = pair_rows(_result(0.85, 500, 3), Month(2025, 1))
    names = ("lo95", "lo80", "lo50", "p50", "hi50", "hi80", "hi95")
    for r in rows:
        assert list(np.sort([r[n] for n in names])) == [r[n] for n in names]
        if r["measure"] == "within_limit_share":
            assert 0 <= r["lo95"] <= r["hi95"] <= 1
        assert r["lo95"] >= 0
    keys = {(r["measure"], r["role"], r["model"], r["period"]) for r in rows}
    assert len(keys) == len(rows) == 5 * 3 * 12
    for measure in ("waiting", "within_limit_share", "added", "performed", EXPECTED_WAIT):
        models = {r["model"] for r in rows if r["measure"] == measure and r["role"] == "baseline"}
        assert models == {"naive", "seasonal_naive"}
