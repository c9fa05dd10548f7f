"""Every identity of the product holds row by row in the committed synthetic data, revisions included."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.datasets import DATASETS
from lagesbild.jobs.seed import planted, story

SYNTHETIC = Path(__file__).parents[2] / "data" / "seed" / "synthetic"
UNIT = ["region", "care_area", "provider"]
KEYS = ["period", *UNIT]
TEXT = dict.fromkeys(("region", "home_region", "treating_region", "provider", "care_area", "period"), str)


def _read(dataset: str, pattern: str = "*") -> pd.DataFrame:
    """All files of a dataset, later publications replacing earlier ones."""
    files = sorted(SYNTHETIC.glob(f"{dataset}-{pattern}.csv"), key=lambda p: (p.name.split(dataset)[1][:8], p.name))
    rows = pd.concat([pd.read_csv(f, dtype=TEXT, keep_default_na=False, na_values={}) for f in files])
    keys = [c.name for c in DATASETS[dataset].keys]
    rows = rows.drop_duplicates([k for k in keys if k in rows], keep="last").reset_index(drop=True)
    numbers = [c for c in rows if c not in TEXT and c not in ("status", "reason", "register")]
    rows[numbers] = rows[numbers].apply(pd.to_numeric)
    return rows


def _is_planted(rows: pd.DataFrame, fault: planted.Planted) -> pd.Series:
    """Rows of the month of a fault, the region's own and its providers'."""
    here = (rows["region"] == fault.region) & (rows["care_area"] == fault.care_area)
    return here & (rows["period"] == str(fault.month))


@pytest.fixture(scope="module")
def waits() -> pd.DataFrame:
    return _read("waits")


@pytest.fixture(scope="module")
def production() -> pd.DataFrame:
    return _read("production")


@pytest.fixture(scope="module")
def flows() -> pd.DataFrame:
    return _read("out-of-region")


def test_there_are_seventy_two_months_of_sixty_three_series(waits):
    totals = waits[waits["provider"] == ""]
    assert totals["period"].nunique() == 72
    assert totals["period"].max() == "2026-10"
    assert totals.groupby(["region", "care_area"]).ngroups == 63
    assert len(totals) == 63 * 72 - 3 * (6 + 5)


@pytest.mark.parametrize("pattern", ["2025-12", "*"])
def test_balance_holds_in_every_row_with_a_month_before(waits, production, pattern):
    stock = _read("waits", pattern) if pattern != "*" else waits
    rows = stock.merge(production, on=KEYS, validate="one_to_one").sort_values([*UNIT, "period"])
    month = pd.PeriodIndex(rows["period"], freq="M")
    rows["number"] = month.year * 12 + month.month
    before = rows.groupby(UNIT)[["waiting", "number"]].shift()
    follows = (rows["number"] - before["number"]) == 1
    expected = before["waiting"] + rows["added"] - rows["performed"] - rows["removed_other"]
    assert follows.sum() > 20_000 * (0.8 if pattern != "*" else 1)
    wrong = rows[follows & (rows["waiting"] != expected)]
    at = _is_planted(wrong, planted.REPEATED)
    assert at.all()
    assert at.any() == (pattern == "*")


def test_bands_and_limits(waits):
    off = waits[list(WAIT_BANDS)].sum(axis=1) - waits["waiting"]
    one = _is_planted(waits, planted.ROUNDED) & (waits["provider"] == "")
    assert (off[~one] == 0).all()
    assert off[one].tolist() == [planted.ROUNDED_BY]
    waits = waits[~one]
    shorter = waits["waiting_0_30"] + waits["waiting_31_60"]
    limit = shorter.where(waits["region"] == "13", shorter + waits["waiting_61_90"])
    assert (waits["within_limit"] == limit).all()
    assert (waits["not_brokerable"] <= waits["waiting"]).all()
    assert (waits["wait_days_median"].isna() == (waits["waiting"] == 0)).all()


@pytest.mark.parametrize("dataset", ["waits", "production"])
def test_providers_add_up_to_their_region(dataset):
    rows = _read(dataset)
    if dataset == "waits":  # the planted band is the region's own alone
        one = _is_planted(rows, planted.ROUNDED) & (rows["provider"] == "")
        rows.loc[one, "waiting_0_30"] -= planted.ROUNDED_BY
    counts = [c.name for c in DATASETS[dataset].values if c.kind == "count"]
    key = ["period", "region", "care_area"]
    parts = rows[rows["provider"] != ""].groupby(key)[counts].sum().sort_index()
    totals = rows[rows["provider"] == ""].set_index(key)[counts].sort_index()
    pd.testing.assert_frame_equal(parts, totals, check_dtype=False)


def test_production_columns_agree(production):
    assert (production["planned"] == production["performed"] + production["cancelled"]).all()
    assert (production["performed_within_limit"] <= production["performed"]).all()
    both = production.dropna(subset=["wait_days_median"])
    assert (both["wait_days_median"] <= both["wait_days_p90"]).all()
    assert (production["wait_days_median"].isna() == (production["performed"] == 0)).all()


def test_care_elsewhere_is_part_of_the_home_regions_production(flows, production):
    assert (flows["home_region"] != flows["treating_region"]).all()
    sent = flows[flows["provider"] == ""].groupby(["period", "home_region", "care_area"])["performed"].sum()
    home = production[production["provider"] == ""].set_index(["period", "region", "care_area"])["performed"]
    home.index.names = sent.index.names
    both = pd.concat([sent.rename("sent"), home.rename("home")], axis=1).dropna()
    assert len(both) > 3_000
    assert (both["sent"] <= both["home"]).all()


def test_private_flow_is_part_of_its_flow(flows):
    key = ["period", "home_region", "treating_region", "care_area"]
    private = flows[flows["provider"] != ""].groupby(key)["performed"].sum()
    total = flows[flows["provider"] == ""].set_index(key)["performed"]
    assert len(private) > 1_000
    assert (private <= total.reindex(private.index)).all()
    assert flows["provider"].str.startswith("01-exempel").any()


def test_capacity_covers_what_was_done(production):
    capacity = _read("capacity")
    assert (capacity["committed"] <= capacity["capacity"]).all()
    rows = capacity.merge(production[[*KEYS, "performed"]], on=KEYS)
    rows = rows[~_is_planted(rows, planted.REPEATED)]
    assert (rows["performed"] <= rows["capacity"]).all()


def test_a_region_that_slides_is_short_of_places(production):
    """Gävleborg's knees have slid for two years: nothing is left over there, and something is in the country."""
    capacity = _read("capacity")
    rows = capacity.merge(production[[*KEYS, "performed"]], on=KEYS)
    rows = rows[(rows["provider"] == "") & (rows["period"] > "2025-10") & (rows["care_area"] == "knaprotes")]
    used = rows.groupby("region")["performed"].sum() / rows.groupby("region")["capacity"].sum()
    assert used["21"] > 0.97
    assert used.median() < 0.95


def test_brokering_cases_add_up_and_are_part_of_care_elsewhere(flows):
    cases = _read("brokering")
    assert cases["period"].min() == "2024-01"
    found = cases[cases["treating_region"] != ""]
    assert (found["started"] == found["accepted"] + found["declined"]).all()
    assert (found["accepted"] == found["completed"] + found["not_completed"]).all()
    key = ["period", "home_region", "treating_region", "care_area"]
    done = found.set_index(key)["completed"]
    elsewhere = flows[flows["provider"] == ""].set_index(key)["performed"]
    assert (done <= elsewhere.reindex(done.index).fillna(0)).all()
    assert (cases[cases["treating_region"] == ""]["accepted"] == 0).all()


def test_revision_moves_shares_by_about_a_point(waits):
    first = _read("waits", "2025-12").set_index(KEYS)
    later = waits.set_index(KEYS).reindex(first.index)
    assert (first["waiting"] == later["waiting"]).all()
    moved = (first["within_limit"] - later["within_limit"])[first["provider"] == ""] if "provider" in first else None
    totals = first.index.get_level_values("provider") == ""
    moved = (100 * (first["within_limit"] - later["within_limit"]) / first["waiting"])[totals]
    changed = moved[moved != 0]
    assert set(changed.index.get_level_values("period")) == {f"2025-{m:02d}" for m in range(1, 13)}
    large = changed[first["waiting"].reindex(changed.index) > 300]
    assert 0.3 < large.abs().mean() < 1.5
    assert (changed > 0).any()
    assert (changed < 0).any()


def test_two_system_changes_leave_months_out_and_one_a_level_jump(waits):
    reporting = _read("reporting")
    missing = reporting[(reporting["status"] == "missing") & (reporting["register"] == "Väntetider")]
    months = missing.groupby("region")["period"].agg(["min", "max"])
    assert months.loc["25"].tolist() == ["2024-03", "2024-08"]
    assert months.loc["18"].tolist() == ["2026-06", "2026-10"]
    for region, period in zip(missing["region"], missing["period"], strict=True):
        assert waits[(waits["region"] == region) & (waits["period"] == period)].empty
    long = waits[(waits["region"] == "25") & (waits["provider"] == "") & (waits["care_area"] == "katarakt")]
    stale = long.set_index("period")[["waiting_181_365", "waiting_366_"]].sum(axis=1)
    assert stale["2023-09":"2024-02"].mean() > stale["2024-09":"2025-02"].mean() + 20
    breaks = pd.read_csv(SYNTHETIC / "breaks.csv", dtype=str, keep_default_na=False)
    assert breaks[["region", "from", "to"]].to_numpy().tolist() == [["25", "2024-03", "2024-08"], ["18", "2026-06", ""]]


def test_latest_month_is_provisional_for_some_regions():
    late = _read("waits", "2026-10-preliminart")
    assert set(late["region"]) == set(story.PROVISIONAL_REGIONS)
    assert set(late["period"]) == {"2026-10"}


def _share(waits: pd.DataFrame, region: str, area: str) -> pd.Series:
    rows = waits[(waits["region"] == region) & (waits["care_area"] == area) & (waits["provider"] == "")]
    rows = rows.set_index("period").sort_index()
    return rows["within_limit"] / rows["waiting"]


def test_the_stories_are_there(waits):
    for region in ("21", "17"):  # open gaps
        assert _share(waits, region, "knaprotes")["2026-01":].mean() < 0.80
        assert _share(waits, region, "knaprotes")["2023-01":"2024-06"].mean() > 0.86
    sliding = _share(waits, "24", "katarakt")  # about to open
    yearly = [sliding[f"{y}-11" : f"{y + 1}-10"].mean() for y in (2023, 2024, 2025)]
    assert min(yearly[:2]) > yearly[2] + 0.03
    assert yearly[2] > 0.80
    assert sliding["2026-10"] < sliding["2025-10"] - 0.04
    summer = _share(waits, *story.SEASONAL_ONLY)
    for year in range(2023, 2027):
        assert (summer[f"{year}-07" : f"{year}-09"] < 0.80).sum() >= 2
        assert (summer[f"{year}-11" : f"{year + 1}-05"] > 0.80).all()
    recovered = _share(waits, "01", "katarakt")
    assert recovered["2026-01":].mean() > recovered["2023-01":"2023-10"].mean() + 0.02


def test_faults_of_reporting_are_planted_where_the_quality_page_looks_first(production):
    """The last twelve months: a report sent twice, and a count that starts to mean another thing."""
    mine = production[(production["region"] == planted.REPEATED.region) & (production["care_area"] == "katarakt")]
    numbers = [c for c in mine if c not in KEYS]
    now, then = (mine[mine["period"] == str(planted.REPEATED.month - k)].set_index("provider")[numbers] for k in (0, 1))
    assert len(now) > 1
    pd.testing.assert_frame_equal(now, then.loc[now.index])
    jump = planted.RECOUNTED
    rows = production[(production["region"] == jump.region) & (production["provider"] == "")]
    rows = rows[rows["care_area"] == jump.care_area].set_index("period").sort_index()
    for column, least in (("added", 1.3), ("removed_other", 3.0)):
        before, after = rows.loc[str(jump.month - 6) : str(jump.month - 1), column], rows.loc[str(jump.month) :, column]
        assert after.mean() > least * before.mean()
    assert all(str(f.month) > "2025-11" for f in (planted.REPEATED, planted.RECOUNTED, planted.ROUNDED))


def test_small_regions_have_small_counts(waits):
    bands = waits[(waits["region"] == "09") & (waits["provider"] == "")][list(WAIT_BANDS)]
    assert ((bands >= 1) & (bands <= 4)).to_numpy().mean() > 0.2
