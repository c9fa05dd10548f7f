"""The job: what a run holds, that it depends on data alone, and what happens when it cannot be made."""

import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.errors import ForecastError, InputError
from lagesbild.domain.expected_wait import first_come_wait_days, outflow_paths
from lagesbild.domain.fits import MemoryFits
from lagesbild.domain.gap_status import status_of
from lagesbild.domain.periods import Month
from lagesbild.domain.recalibration import Recalibration
from lagesbild.domain.source import MEASURES, TOLD, GuaranteeLimit
from lagesbild.forecast.calibration import Calibration
from lagesbild.forecast.fanout import ProcessExecutor, SerialExecutor, local_executor
from lagesbild.forecast.intervals import BANDS
from lagesbild.forecast.pair import Plan, forecast_pair
from lagesbild.forecast.pool import POOL
from lagesbild.jobs import forecasting
from lagesbild.jobs.forecast_facts import Facts
from lagesbild.jobs.forecasting import quarterly_origins, run_forecast, run_records
from tests.forecast.made_up import FIRST, MemoryStore, NaiveEngine, country

LAST = FIRST + 47
PATHS = 120


def _run(source, **options):
    """A run with an instant engine; what the models make of series is tested in tests/forecast."""
    store = MemoryStore()
    run_forecast(source, store, **{"jobs": 1, "n_paths": 200, "engine": NaiveEngine(), **options})
    return store.stored[0]


def _real(**options):
    """(run, contents) with the real engine."""
    store = MemoryStore()
    run_forecast(country(), store, **{"jobs": 1, "n_paths": PATHS, **options})
    return store.stored[0][0], store.contents[0]


def _same(one, other):
    """Everything that two runs store, to the last digit."""
    for name in ("forecasts", "gaps", "record"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert set(one.paths) == set(other.paths)
    assert all((one.paths[k] == other.paths[k]).all() for k in one.paths)
    assert one.pairs == other.pairs


@pytest.fixture(scope="module")
def fits():
    return MemoryFits()


@pytest.fixture(scope="module")
def real(fits):
    """One run in this process with the real engine, which leaves its fits behind."""
    return _real(executor=SerialExecutor(), fits=fits)


def test_a_run_holds_forecasts_baselines_country_paths_and_gaps(real):
    run, stored = real
    rows, paths, gaps = stored.forecasts, stored.paths, stored.gaps
    assert (run.kind, run.until, run.horizon, run.series, run.paths) == ("forecast", LAST, 12, 12, PATHS)
    assert set(rows["region"]) == {"01", "02", "03", ""}
    assert set(rows["measure"]) == {"waiting", "within_limit_share", "added", "performed", "expected_wait_days"}
    assert set(rows["role"]) == {"forecast", "baseline"}
    assert not rows.duplicated(["region", "care_area", "measure", "role", "model", "period"]).any()
    assert sorted({str(p) for p in rows["period"]})[0] == str((LAST + 1).first_day)
    assert set(paths) == {(r, "kna", m) for r in ("01", "02", "03", "") for m in MEASURES}
    assert all(p.shape == (PATHS, 12) and p.dtype == np.float32 for p in paths.values())
    assert len(gaps) == 3 * 3
    assert "SE" not in set(rows["region"]) | set(gaps["region"])
    assert set(stored.pairs) == {(r, "kna") for r in ("01", "02", "03")}


def test_bands_are_quantiles_of_the_stored_paths(real):
    _, stored = real
    mine = stored.forecasts[stored.forecasts["role"] == "forecast"]
    for (region, area, measure), paths in stored.paths.items():
        band = mine[(mine["region"] == region) & (mine["care_area"] == area) & (mine["measure"] == measure)]
        band = band.sort_values("horizon")
        assert len(band) == 12
        for name, level in BANDS.items():
            assert band[name].to_numpy() == pytest.approx(np.quantile(paths, level, axis=0), rel=1e-6)
        assert band["mean"].to_numpy() == pytest.approx(paths.mean(axis=0), rel=1e-5)


def test_expected_wait_is_read_off_the_stored_paths_and_facts(real):
    _, stored = real
    rows = stored.forecasts[stored.forecasts["measure"] == "expected_wait_days"]
    for (region, area), facts in stored.pairs.items():
        waiting = stored.paths[region, area, "waiting"].astype(float)
        leaving = outflow_paths(stored.paths[region, area, "performed"], waiting, facts.waiting_now, facts.removed_rate)
        days = first_come_wait_days(waiting, leaving, facts.outflow_last_year)
        mine = rows[(rows["region"] == region) & (rows["role"] == "forecast")].sort_values("horizon")
        for name, level in BANDS.items():
            assert mine[name].to_numpy() == pytest.approx(np.quantile(days, level, axis=0), rel=1e-5)


def test_the_country_is_the_sum_of_its_regions_path_by_path_and_says_of_how_many(real):
    _, stored = real
    codes = ("01", "02", "03")
    for measure in ("waiting", "added", "performed"):
        total = sum(stored.paths[c, "kna", measure].astype(float) for c in codes)
        assert stored.paths["", "kna", measure] == pytest.approx(total, rel=1e-6)
    queue = {c: stored.paths[c, "kna", "waiting"].astype(float) for c in codes}
    within = sum(queue[c] * stored.paths[c, "kna", "within_limit_share"] for c in codes)
    assert stored.paths["", "kna", "within_limit_share"] == pytest.approx(within / sum(queue.values()), rel=1e-5)
    told = stored.forecasts.query("region == '' and role == 'forecast'")["note"]
    assert (told == "Summan av alla tre regioner.").all()


def test_probabilities_are_those_of_the_stored_paths_moved_by_the_stored_lean(real):
    """Recomputed from what is stored alone, path by path."""
    _, stored = real
    judged = 0
    for row in stored.gaps.to_dict("records"):
        if row["status"] == "open":
            continue
        facts = stored.pairs[row["region"], "kna"]
        season = np.array([facts.share_profile[(LAST + 1 + h).month - 1] for h in range(12)])
        ahead = stored.paths[row["region"], "kna", "within_limit_share"].astype(float) - season
        lean = facts.lean[f"{100 * row['target_share']:.0f}"]
        assert lean == row["lean"]
        spread = ahead.std(axis=0)
        counts = dict.fromkeys((3, 6, 12), 0)
        for path in ahead:
            walk = [facts.structural_now, *(path + lean * spread)]
            under = [x < row["target_share"] for x in walk]
            step = next((k for k in range(12) if under[k] and under[k + 1]), math.inf)
            for h in counts:
                counts[h] += step <= h
        for h, n in counts.items():
            assert row[f"probability_{h}m"] == pytest.approx(n / PATHS, abs=1e-9 + 1 / PATHS)
        judged += 1
    assert judged >= 4


def test_a_baseline_that_beat_the_pool_makes_the_forecast_and_says_so(real):
    """The made-up season is the same every year, so last year's month is hard to beat."""
    run, stored = real
    rows = stored.forecasts.query("role == 'forecast' and measure == 'within_limit_share' and region != ''")
    assert set(rows["model"]) == {"seasonal_naive"}
    assert rows["note"].str.contains("samma som i fjol").all()
    losses = run.calibration["loss"]["within_limit_share"]
    assert losses["seasonal_naive"] < losses["naive"]
    assert set(run.calibration["loss"]) == set(MEASURES)


def test_processes_do_not_matter(real):
    """A run in two other processes that knows no fits."""
    _same(real[1], _real(executor=ProcessExecutor(2))[1])


def test_stored_fits_and_a_second_time_do_not_matter(real, fits):
    run, stored = real
    before = dict(fits.kept)
    again, other = _real(executor=SerialExecutor(), fits=fits)
    assert fits.kept == before != {}  # everything was known
    _same(stored, other)
    assert again.calibration == run.calibration


def test_fits_go_through_json_without_a_digit_lost(real, fits):
    stored = MemoryFits()
    stored.keep({key: json.loads(json.dumps(fit)) for key, fit in fits.kept.items()})
    _same(real[1], _real(executor=SerialExecutor(), fits=stored)[1])


def test_what_a_run_learnt_is_stored_as_json(real):
    run, _ = real
    told = json.loads(json.dumps(run.calibration))
    factors = Calibration.of(told["factors"]).factors
    assert set(factors) == set(MEASURES)
    assert all(f.shape == (3, 4) and (f >= 0.3).all() and (f <= 4).all() for f in factors.values())
    rule = Recalibration.from_json(told["recalibration"])
    assert len(rule.coefficients) == 5
    assert rule.cases > 0
    assert told["replayed_pairs"] == 3
    months = [Month.parse(m) for m in told["share_history"]]
    assert max(months) == LAST
    assert (np.array(told["share_history"][str(LAST)]) == factors["within_limit_share"]).all()


def test_the_record_says_what_would_have_been_said_each_month(real):
    record = real[1].record
    assert not record.duplicated(["region", "care_area", "target_share", "origin"]).any()
    assert record["origin"].max() == (LAST - 1).first_day
    assert record["probability_12m"].between(0, 1).all()
    assert record["months_known"].between(0, 12).all()
    for _, rows in record.groupby(["region", "care_area", "target_share"]):
        before = "none"
        for row in rows.sort_values("origin").to_dict("records"):
            if row["status"] != "open":
                assert row["status"] == status_of(row["probability_12m"], before)
            before = row["status"]
            if row["opened"] is not None and not pd.isna(row["opened"]):
                assert row["opened"] >= row["origin"]


def test_without_an_earlier_run_flags_start_from_the_record(real, monkeypatch):
    run, stored = real
    assert run.previous_run is None
    last = stored.record[stored.record["origin"] == (LAST - 1).first_day]
    before = {(r["region"], round(r["target_share"], 4)): r["status"] for r in last.to_dict("records")}
    assert len(before) == 9
    for row in stored.gaps.to_dict("records"):
        if row["status"] != "open":
            status = before[row["region"], round(row["target_share"], 4)]
            assert row["status"] == status_of(row["probability_12m"], status)


def _with_earlier_run(status, until=LAST - 1, **options):
    """A run after one that gave every target of every region `status`."""
    source = country(regions=6, seed=7)
    earlier, _, _, gaps = _run(source, until=until)
    earlier = replace(earlier, run_id=17)
    source.run_rows = [earlier]
    source.gap_rows = gaps.assign(run_id=17, status=status)
    return _run(source, **options)


def test_the_flags_of_the_run_before_are_kept_down_to_a_fifth():
    plain, kept = _with_earlier_run("none"), _with_earlier_run("watch")
    assert plain[0].previous_run == kept[0].previous_run == 17
    between = plain[3]["probability_12m"].between(0.2001, 0.2999)
    assert between.sum() >= 2
    assert (plain[3].loc[between, "status"] == "none").all()
    assert (kept[3].loc[between, "status"] == "watch").all()
    assert (plain[3].loc[~between, "status"] == kept[3].loc[~between, "status"]).mean() > 0.9
    assert (plain[3]["probability_12m"] == kept[3]["probability_12m"]).all()


def test_a_run_on_the_same_month_is_not_the_one_before():
    """So that a run made again gives the same flags."""
    assert _with_earlier_run("watch", until=LAST)[0].previous_run is None


def test_a_wanted_run_before_or_none_can_be_given():
    assert _with_earlier_run("watch", previous_run=None)[0].previous_run is None
    assert _with_earlier_run("watch", previous_run=17)[0].previous_run == 17


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


def test_every_pair_has_the_limit_of_its_own_region_and_care_area():
    source = country()
    since = date(2020, 1, 1)
    source.limit_rows = [GuaranteeLimit("kna", "02", since, 60), GuaranteeLimit("annat", "", since, 30)]
    assert Facts.read(source, None, 12, None).panel.limits == {("01", "kna"): 90, ("02", "kna"): 60, ("03", "kna"): 90}


def test_nothing_to_forecast_from():
    with pytest.raises(InputError, match="inga uppgifter"):
        _run(replace(country(), frames={}))


def test_a_failed_run_stores_nothing(monkeypatch):
    def broken(*_):
        raise RuntimeError("bang")

    store = MemoryStore()
    monkeypatch.setattr(forecasting, "_work", broken)
    with pytest.raises(ForecastError, match="senaste fullständiga körningen gäller"):
        run_forecast(country(), store, jobs=1, engine=NaiveEngine())
    assert store.stored == []


def test_progress_counts_pieces_of_work():
    seen = []
    _run(country(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_progress_counts_replays_too(fits, real):
    seen = []
    _real(executor=SerialExecutor(), fits=fits, progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, 10))
    # three replays, three more once a baseline has beaten the pool on these series, and three forecasts
    assert [total for _, total in seen] == [6] * 3 + [9] * 6


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


def test_records_are_calibrated_by_what_was_known_then(real, fits):
    """With the factors the run learnt for that month, which are not today's."""
    run, store = real[0], MemoryStore()
    origin = LAST - 3
    run_records(country(), store, [origin], made_by=run, executor=SerialExecutor(), n_paths=PATHS, fits=fits)
    then = Calibration.of({"within_limit_share": run.calibration["share_history"][str(origin)]})
    rows = store.stored[0][1].query("role == 'forecast'")
    pool = {**POOL, **{m: tuple(names) for m, names in run.calibration["pool"].items()}}
    assert pool["within_limit_share"] == ("seasonal_naive",)
    plan = Plan(run.seed, 12, PATHS, measures=("within_limit_share",), gaps=False, calibration=then, pool=pool)
    for pair in Facts.read(country(), origin, 12, None).panel.pairs(origin):
        paths = forecast_pair(pair, plan).paths["within_limit_share", "forecast"]
        mine = rows[rows["region"] == pair.region].sort_values("horizon")
        for name, level in BANDS.items():
            assert mine[name].to_numpy() == pytest.approx(np.quantile(paths, level, axis=0), rel=1e-6)
    assert run.calibration["share_history"][str(origin)] != run.calibration["factors"]["within_limit_share"]


def test_an_origin_before_there_was_enough_data_is_no_record():
    store = MemoryStore()
    runs = run_records(country(), store, [FIRST - 5, FIRST + 10, LAST - 3], jobs=1, n_paths=50, engine=NaiveEngine())
    assert [r.until for r in runs] == [LAST - 3]
    assert run_records(country(), store, [], jobs=1) == []


def test_a_failed_replay_stores_nothing_and_keeps_no_fits(monkeypatch):
    def broken(*_):
        raise RuntimeError("bang")

    store, fits = MemoryStore(), MemoryFits()
    monkeypatch.setattr(forecasting, "replay_pair", broken)
    with pytest.raises(ForecastError, match="senaste fullständiga körningen gäller"):
        run_forecast(country(), store, jobs=1, fits=fits)
    assert store.stored == []
    assert fits.kept == {}


def test_a_future_month_is_refused_before_anything_is_made():
    store = MemoryStore()
    with pytest.raises(InputError, match="Det finns inga uppgifter för februari 2030"):
        run_forecast(country(), store, until=Month(2030, 2), engine=NaiveEngine())
    assert store.stored == []


def test_a_month_before_all_data_has_nothing_to_forecast():
    with pytest.raises(InputError, match="inga serier"):
        _run(country(), until=FIRST - 3)


def test_small_work_starts_no_processes():
    assert isinstance(local_executor(None, 3), SerialExecutor)
    assert isinstance(local_executor(1, 300), ProcessExecutor)  # one thread for linear algebra, whatever ours has
    assert isinstance(local_executor(2, 300), ProcessExecutor)


def test_origins_are_quarters_before_the_last_month():
    assert quarterly_origins(Month(2026, 10), 4)[0] == Month(2025, 10)


class _Moved:
    """The middle of one region's list lies lower in every month."""

    threshold = 5

    def __call__(self, source, first, until, as_of=None):
        return {("01", "kna"): {"within_limit": np.full(until - first + 1, -40.0)}}


def test_what_is_told_to_those_who_may_not_see_all_is_made_of_the_middle_and_the_rest_is_as_it_was(real, fits):
    _, plain = real
    _, stored = _real(fits=fits, middles=_Moved())
    _same(plain, stored)
    assert plain.told is None
    told = stored.told
    assert (told.threshold, told.series) == (5, 4)
    contents = told.contents
    _same(contents, _real(fits=fits, middles=_Moved())[1].told.contents)  # with the fits that were kept
    assert {(r, a) for r, a in zip(contents.gaps["region"], contents.gaps["care_area"], strict=True)} == {("01", "kna")}
    assert set(contents.forecasts["region"]) == {"01"}  # no country of its own
    assert set(contents.pairs) == {("01", "kna")}
    ours = stored.gaps[stored.gaps["region"] == "01"].reset_index(drop=True)
    lower = contents.gaps["structural_share_now"] - ours["structural_share_now"]
    assert lower.between(-0.05, -0.035).all()  # 40 of about 1 000
    assert (contents.gaps["probability_12m"] >= ours["probability_12m"]).all()
    assert set(contents.record["region"]) == {"01"}
    mine = stored.record[stored.record["region"] == "01"]
    assert contents.record["origin"].tolist() == mine["origin"].tolist()
    assert contents.record["probability_12m"].mean() > mine["probability_12m"].mean()


class _Still:
    """A middle of all regions that is no other."""

    threshold = 5

    def __call__(self, source, first, until, as_of=None):
        return {(f"{k:02d}", "kna"): {} for k in range(1, 7)}


def test_flags_told_before_are_kept_and_not_those_of_exact_counts():
    source = country(regions=6, seed=7)
    earlier, _, _, gaps = _run(source, until=LAST - 1)
    source.run_rows = [replace(earlier, run_id=17), replace(earlier, run_id=18, kind=TOLD, previous_run=17)]

    def told_with(exact, before):
        own = gaps.assign(run_id=17, status=exact)
        theirs = gaps.assign(run_id=18, status=before)
        source.gap_rows = pd.concat([own, theirs], ignore_index=True)
        store = MemoryStore()
        run_forecast(source, store, jobs=1, n_paths=200, engine=NaiveEngine(), middles=_Still())
        return store.contents[0].told.contents.gaps

    plain, kept = told_with("watch", "none"), told_with("none", "watch")
    between = plain["probability_12m"].between(0.2001, 0.2999)
    assert (plain.loc[between, "status"] == "none").all()
    assert (kept.loc[between, "status"] == "watch").all()
    assert between.any()
