"""The job: what a run holds, that it does not depend on processes, and what happens when it cannot be made."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.errors import ForecastError, InputError
from lagesbild.domain.gap_openings import opening_steps
from lagesbild.domain.periods import Month
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.engine import StatsmodelsEngine
from lagesbild.forecast.fanout import ProcessExecutor, SerialExecutor, local_executor
from lagesbild.jobs import forecasting
from lagesbild.jobs.forecasting import quarterly_origins, run_forecast, run_records
from tests.forecast.made_up import FIRST, MemoryStore, NaiveEngine, country

LAST = FIRST + 47


def _run(source, **options):
    """A run with an instant engine; what the models make of series is tested in tests/forecast."""
    store = MemoryStore()
    run_forecast(source, store, **{"jobs": 1, "n_paths": 200, "engine": NaiveEngine(), **options})
    return store.stored[0]


@pytest.fixture(scope="module")
def real():
    """One run with the real engine in this process."""
    return _run(country(), engine=StatsmodelsEngine())


def test_a_run_holds_forecasts_baselines_country_paths_and_gaps(real):
    run, rows, paths, gaps = real
    assert (run.kind, run.until, run.horizon, run.series) == ("forecast", LAST, 12, 12)
    assert set(rows["region"]) == {"01", "02", "03", ""}
    assert set(rows["measure"]) == {"waiting", "within_limit_share", "added", "performed", "expected_wait_days"}
    assert set(rows["role"]) == {"forecast", "baseline"}
    assert not rows.duplicated(["region", "care_area", "measure", "role", "model", "period"]).any()
    assert sorted({str(p) for p in rows["period"]})[0] == str((LAST + 1).first_day)
    assert set(paths) == {(r, "kna", m) for r in ("01", "02", "03", "") for m in MEASURES}
    assert all(p.shape == (200, 12) for p in paths.values())
    assert len(gaps) == 3 * 3
    assert "SE" not in set(rows["region"]) | set(gaps["region"])


def test_bands_are_quantiles_of_the_stored_paths(real):
    _, rows, paths, _ = real
    mine = rows[(rows["role"] == "forecast") & (rows["measure"] == "waiting")]
    for region in ("01", ""):
        stored = paths[region, "kna", "waiting"]
        band = mine[mine["region"] == region].sort_values("horizon")
        assert band["lo80"].to_numpy() == pytest.approx(np.quantile(stored, 0.1, axis=0), rel=1e-6)
        assert band["mean"].to_numpy() == pytest.approx(stored.mean(axis=0), rel=1e-6)


def test_processes_do_not_matter(real):
    one, two = real, _run(country(), executor=ProcessExecutor(2), engine=StatsmodelsEngine())
    pd.testing.assert_frame_equal(one[1], two[1])
    pd.testing.assert_frame_equal(one[3], two[3])
    assert all((one[2][k] == two[2][k]).all() for k in one[2])


def test_a_region_forecast_alone_or_with_others_is_the_same():
    whole, alone = country(), country()
    alone.region_rows = [r for r in alone.region_rows if r.code in ("SE", "02")]
    a, b = _run(whole)[1], _run(alone)[1]
    pd.testing.assert_frame_equal(
        a[a["region"] == "02"].reset_index(drop=True), b[b["region"] == "02"].reset_index(drop=True)
    )


def test_another_seed_gives_other_paths():
    assert not (_run(country())[2]["01", "kna", "waiting"] == _run(country(), seed=3)[2]["01", "kna", "waiting"]).all()


def test_a_region_that_has_not_reported_is_forecast_further_and_not_judged():
    run, rows, _, gaps = _run(country(missing_tail=("03",)))
    assert run.until == LAST
    mine = rows[(rows["region"] == "03") & (rows["measure"] == "waiting") & (rows["role"] == "forecast")]
    assert list(mine["period"]) == [(LAST + k).first_day for k in range(1, 13)]
    assert mine["note"].str.startswith("Den senaste månaden saknas").all()
    judged = gaps[gaps["region"] == "03"]
    assert (judged["status"] == "none").all()
    assert judged["probability_12m"].isna().all()
    assert judged["reason"].str.contains("december 2024 är inte rapporterad").all()


def test_until_cuts_the_data():
    early = _run(country(), until=LAST - 6)
    shorter = _run(country(months=42))
    assert early[0].until == LAST - 6
    # the made-up country is drawn month by month for the whole length, so only the cut itself is compared
    assert set(early[1]["period"]) == set(shorter[1]["period"])


@pytest.mark.parametrize(
    "options, message",
    [({"until": LAST + 1}, "inga uppgifter för januari 2025"), ({"horizon": 0}, "0 månader"), ({"horizon": 25}, "25")],
)
def test_wrong_calls_are_told_in_swedish(options, message):
    with pytest.raises(InputError, match=message) as caught:
        _run(country(), **options)
    assert caught.value.remedy


def test_nothing_to_forecast_from():
    with pytest.raises(InputError, match="inga uppgifter"):
        _run(replace(country(), frames={}))


def test_a_failed_run_stores_nothing(monkeypatch):
    def broken(*_):
        raise RuntimeError("bang")

    store = MemoryStore()
    monkeypatch.setattr(forecasting, "_work", broken)
    with pytest.raises(ForecastError, match="senaste fullständiga körningen gäller"):
        run_forecast(country(), store, jobs=1)
    assert store.stored == []


def test_progress_counts_series():
    seen = []
    _run(country(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 12), (8, 12), (12, 12)]


def test_records_are_shares_at_earlier_months_and_say_that_they_are_hindsight():
    store = MemoryStore()
    origins = quarterly_origins(LAST, 2)
    runs = run_records(country(), store, origins, jobs=1, n_paths=200, engine=NaiveEngine())
    assert [(r.kind, r.until) for r in runs] == [("record", LAST - 6), ("record", LAST - 3)]
    for (_, rows, paths, gaps), origin in zip(store.stored, origins, strict=True):
        assert set(rows["measure"]) == {"within_limit_share"}
        assert set(rows["region"]) == {"01", "02", "03", ""}
        assert (paths, len(gaps)) == ({}, 0)
        told = rows.loc[rows["role"] == "forecast", "note"]
        assert told.str.endswith(f"dagens uppgifter till och med {origin.sv}.").all()
        assert min(rows["period"]) == (origin + 1).first_day


def test_records_equal_a_full_run_at_that_month():
    store = MemoryStore()
    run_records(country(), store, [LAST - 3], jobs=1, n_paths=200, engine=NaiveEngine())
    full = _run(country(), until=LAST - 3)[1]
    columns = ["region", "model", "period", "p50", "lo95", "hi95"]
    keep = full["measure"].eq("within_limit_share") & full["region"].ne("")
    mine = store.stored[0][1]
    pd.testing.assert_frame_equal(
        full.loc[keep, columns].reset_index(drop=True), mine.loc[mine["region"] != "", columns].reset_index(drop=True)
    )


def test_an_origin_before_there_was_enough_data_is_no_record():
    store = MemoryStore()
    runs = run_records(country(), store, [FIRST - 5, FIRST + 10, LAST - 3], jobs=1, n_paths=50, engine=NaiveEngine())
    assert [r.until for r in runs] == [LAST - 3]
    assert run_records(country(), store, [], jobs=1) == []


def test_flags_follow_from_the_paths_that_are_stored(real):
    """Recomputed from the stored paths alone: with a flat profile the structural paths are the paths."""
    _, _, paths, gaps = real
    for row in gaps.to_dict("records"):
        if row["status"] == "open":
            continue
        share = paths[row["region"], "kna", "within_limit_share"]
        shift = row["share_now"] - row["structural_share_now"]  # the profile of December; July differs at most so much
        low = opening_steps(row["structural_share_now"], share - shift + 0.15, row["target_share"])
        high = opening_steps(row["structural_share_now"], share - shift - 0.15, row["target_share"])
        assert np.mean(low <= 12) <= row["probability_12m"] <= np.mean(high <= 12)


def test_small_work_starts_no_processes():
    assert isinstance(local_executor(None, 3), SerialExecutor)
    assert isinstance(local_executor(1, 300), ProcessExecutor)  # one thread for linear algebra, whatever ours has
    assert isinstance(local_executor(2, 300), ProcessExecutor)


def test_origins_are_quarters_before_the_last_month():
    assert quarterly_origins(Month(2026, 10), 4)[0] == Month(2025, 10)
