"""Capacity and plan: only regions that report them are counted, on both sides."""

from __future__ import annotations

import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.capacity_use import capacity_use
from lagesbild.views.flows import flows
from lagesbild.views.national_balance import national_balance
from lagesbild.views.plan_outcome import plan_outcome
from tests.country import LAST, country, flow_frames

KNEES = Selection(care_area="kna")


def _year(dataset: str, column: str, regions: list[str]) -> float:
    frame = flow_frames()[dataset]
    rows = frame[frame["region"].isin(regions) & (frame["care_area"] == "kna") & (frame["period"] > str(LAST - 12))]
    return float(rows[column].sum())


def test_used_share_is_performed_over_capacity():
    use = capacity_use(flows(country(), KNEES), Viewer())
    assert use.share == pytest.approx(
        _year("production", "performed", ["A", "B", "C"]) / _year("capacity", "capacity", ["A", "B", "C"])
    )
    assert use.load == pytest.approx(
        (_year("production", "added", ["A", "B", "C"]) - _year("production", "removed_other", ["A", "B", "C"]))
        / _year("capacity", "capacity", ["A", "B", "C"])
    )
    assert use.unused == pytest.approx(use.capacity - use.performed)


def test_a_region_without_capacity_is_counted_on_neither_side():
    source = country()
    capacity = source.frames["capacity"]
    source.frames["capacity"] = capacity[capacity["region"] != "C"].reset_index(drop=True)
    use = capacity_use(flows(source, KNEES), Viewer())
    assert [r.code for r in use.regions] == ["A", "B"]
    assert use.counted == 3
    assert use.performed == _year("production", "performed", ["A", "B"])


def test_nobody_reporting_capacity_or_plan_gives_nothing():
    source = country()
    source.frames["capacity"] = source.frames["capacity"].iloc[:0]
    source.frames["production"] = source.frames["production"].drop(columns="planned")
    found = flows(source, KNEES)
    assert capacity_use(found, Viewer()) is None
    assert plan_outcome(found, Viewer()) is None


def test_a_small_month_is_hidden_and_takes_the_sums_with_it():
    source = country()
    production = source.frames["production"]
    row = (production["region"] == "A") & (production["care_area"] == "kna") & (production["period"] == str(LAST - 3))
    production.loc[row, "performed"] = 2
    found = flows(source, KNEES.with_(region="A"))
    use = capacity_use(found, Viewer())
    assert use.frame["hidden"].sum() == 1
    assert use.frame.loc[use.frame["hidden"], ["performed", "share"]].isna().all(axis=None)
    assert use.performed is None
    assert use.share is None
    # every month is the difference between two running sums
    assert plan_outcome(found, Viewer()) is None
    assert plan_outcome(found, Viewer("exact")) is not None


def test_plan_and_outcome_are_running_sums():
    plan = plan_outcome(flows(country(), KNEES), Viewer())
    assert plan.planned == _year("production", "planned", ["A", "B", "C"])
    assert plan.difference == pytest.approx(plan.performed - plan.planned)
    assert plan.frame["performed_sum"].is_monotonic_increasing


def test_the_national_table_is_as_published_with_a_missing_first_change():
    national = national_balance(country(), Selection())
    assert [a.code for a in national.care_areas] == ["besok", "atgard"]
    frame = national.frames["besok"]
    assert len(frame) == 13
    assert frame["change"].isna().tolist() == [True] + [False] * 12
    assert (frame["change"] == frame["added"] - frame["performed"])[1:].all()
    assert national.net_added
    assert national.steps == 24


def test_net_inflow_is_not_claimed_when_one_step_does_not_close():
    source = country()
    production = source.frames["production"]
    production.loc[(production["region"] == "ALL") & (production["period"] == "2023-06"), "added"] += 1
    assert not national_balance(source, Selection()).net_added


def test_no_aggregate_region_no_national_table():
    source = country()
    source.region_rows = [r for r in source.region_rows if r.code != "ALL"]
    assert national_balance(source, Selection()) is None


@pytest.mark.parametrize(("unknown", "left"), [(("besok",), ["atgard"]), (("besok", "atgard"), None)])
def test_what_is_published_of_a_care_area_that_does_not_exist_is_left_out(unknown, left):
    source = country()
    production = source.frames["production"]
    whole = production["region"] == "ALL"
    production.loc[whole & production["care_area"].isin(unknown), "care_area"] = "finns-inte"
    national = national_balance(source, Selection())
    assert (None if national is None else [a.code for a in national.care_areas]) == left
