"""`/free-capacity`: where there is room near a region, in which order, and what is said when places are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from lagesbild.domain.care import Provider
from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.free_capacity import Need
from lagesbild.views.gap_list import gap_list
from lagesbild.views.near_capacity import near_capacity
from lagesbild.views.published_tables import Asked, published_table
from tests import country as plain
from tests.api.world import exact, get, service
from tests.fakes import RECORDED

EXACT = Viewer("exact")


def world():
    """B and C have room for knees; A, under the target, has none. C is 4° south of A, B 1° north."""
    source = plain.country()
    gaps = source.gap_rows
    knees = (gaps["care_area"] == "kna") & (gaps["target_share"] == 0.8)
    for region, free, wait in (("A", 9.0, 10.0), ("B", 3.4, 70.0), ("C", 30.0, 40.0)):
        at = knees & (gaps["region"] == region)
        gaps.loc[at, "free_per_month"] = free
        gaps.loc[at, "expected_wait_days"] = wait
    source.provider_rows = [Provider("PC", "Sjukhuset vid C", "A", "public", lat=57.1, lon=13.0)]
    return source


def named(found):
    return list(found.table.frame["region"])


@pytest.mark.parametrize(
    ("order", "expected"), [("expected_wait", ["C", "B"]), ("distance", ["B", "C"]), ("capacity", ["C", "B"])]
)
def test_in_the_order_asked_for(order, expected):
    assert named(near_capacity(world(), "kna", "A", EXACT, order=order)) == expected


def test_the_region_itself_and_those_with_an_open_gap_are_left_out():
    assert named(near_capacity(world(), "kna", "B", EXACT)) == ["C"]  # A's gap is open


def test_distances_are_of_the_great_circle_and_bound_what_is_named():
    found = near_capacity(world(), "kna", "A", EXACT, order="distance")
    # one degree of latitude is 111.2 km on a sphere of 6 371 km
    assert list(found.table.frame["distance_km"]) == [111.0, 353.0]
    near = near_capacity(world(), "kna", "A", EXACT, most_km=200)
    assert (named(near), near.far) == (["B"], 1)


def test_from_a_provider_of_its_own():
    found = near_capacity(world(), "kna", "A", EXACT, order="distance", provider="PC")
    assert found.table.frame["distance_km"].iloc[0] == 11.0
    assert named(found) == ["C", "B"]


def test_without_coordinates_distances_are_missing_and_stand_last():
    source = world()
    source.region_rows = [replace(r, lat=None, lon=None) if r.code == "B" else r for r in source.region_rows]
    found = near_capacity(source, "kna", "A", EXACT, order="distance")
    assert named(found) == ["C", "B"]
    assert list(found.table.frame["distance_km_state"]) == ["", "missing"]
    assert found.without_place == 1
    nowhere = near_capacity(source, "kna", "B", EXACT, order="distance", most_km=1)
    assert named(nowhere) == ["C"]  # where nothing is known nobody is too far away


@pytest.mark.parametrize(("stored", "told"), [(6.83, 6), (6.5, 6), (3.5, 3), (6.999999999, 7), (0.99, None)])
def test_free_operations_are_rounded_down_alike_in_every_outlet(stored, told):
    source = world()
    gaps = source.gap_rows
    gaps.loc[(gaps["region"] == "C") & (gaps["care_area"] == "kna"), "free_per_month"] = stored
    listed = {n.region.code: n.per_month for s in gap_list(source, Selection(), Viewer()).of("open") for n in s.near}
    assert listed.get("C") == told
    for viewer in (Viewer(), EXACT):
        near = near_capacity(source, "kna", "A", viewer).table.frame
        assert dict(zip(near["region"], near["free_per_month"], strict=True)).get("C") == told
        gaps = published_table("gaps", source, Asked(("C",), ("kna",)), viewer).frame
        assert set(gaps["free_per_month"]) == {told or 0}


def test_the_sum_of_what_is_free_is_rounded_down_too():
    need = Need(plain.AREAS[0], ((1.0, None),), 15.9 / WEEKS_PER_MONTH, 3)
    assert (need.free("month"), need.free("week")) == (15, 3)
    assert replace(need, free_per_week=None).free("week") is None


def test_what_is_hidden_is_not_told_and_does_not_decide_the_order():
    source = world()
    plain.make_small(source, "C", "kna", 8.0)
    found = near_capacity(source, "kna", "A", Viewer(), order="capacity")
    assert "C" not in named(found)  # its free capacity may repeat a small count
    assert found.unknown >= 1
    assert "C" in named(near_capacity(source, "kna", "A", EXACT))


def test_who_waits_there_is_the_last_month_s_row():
    row = near_capacity(world(), "kna", "A", EXACT).table.frame.iloc[0]
    waits = world().frames["waits"]
    mine = waits[(waits["region"] == "C") & (waits["care_area"] == "kna")].iloc[-1]
    assert row["waiting"] == mine["waiting"]
    assert row["within_limit_share"] == pytest.approx(mine["within_limit"] / mine["waiting"])
    assert row["period"] == pd.Timestamp(plain.LAST.first_day)


def test_a_care_area_without_gaps_or_a_run_names_nobody():
    source = world()
    assert named(near_capacity(source, "besok", "A", EXACT)) == []
    source.run_rows = []
    assert named(near_capacity(source, "kna", "A", EXACT)) == []


def test_regions_that_are_told_the_same_stand_by_the_other_numbers():
    source = world()
    gaps = source.gap_rows
    # as told both wait 40 days; C, whose code is the later, is nearer to the hospital
    gaps.loc[gaps["care_area"] == "kna", "expected_wait_days"] = 40.4
    gaps.loc[(gaps["care_area"] == "kna") & (gaps["region"] == "C"), "expected_wait_days"] = 39.6
    assert named(near_capacity(source, "kna", "A", Viewer())) == ["B", "C"]
    assert named(near_capacity(source, "kna", "A", Viewer(), provider="PC")) == ["C", "B"]
    gaps.loc[gaps["care_area"] == "kna", "free_per_month"] = 9.0
    assert named(near_capacity(source, "kna", "A", Viewer(), order="capacity")) == ["B", "C"]


def test_no_forecast_is_not_read_as_nobody_who_has_room():
    source = world()
    client = service(source).test_client()
    early = "as_of=2026-11-10"  # the run was made on the sixteenth
    for path in (f"free-capacity?care_area=kna&region=A&{early}", f"gaps?{early}", f"forecasts?{early}"):
        told = get(client, path).json
        assert told["count"] == 0
        assert told["notes"] == ["Ingen prognos var gjord vid den tidpunkten: att rader saknas säger inget om läget."]
    for path in ("free-capacity?care_area=besok&region=A", "gaps?care_area=besok", "forecasts?care_area=besok"):
        told = get(client, path).json
        assert told["count"] == 0
        assert told["notes"] == ["Prognosen omfattar inte besok: att rader saknas säger inget om läget där."]
    assert (
        get(client, "gaps?care_area=besok&care_area=kna").json["notes"][0].startswith("Prognosen omfattar inte besok")
    )
    assert get(client, "gaps?care_area=kna").json["notes"] == []
    source.run_rows = []
    assert get(service(source).test_client(), "gaps").json["notes"][0].startswith("Ingen prognos är gjord än")


def test_regions_that_the_run_has_not_judged_are_counted_as_not_known():
    source = world()
    gaps = source.gap_rows
    source.gap_rows = gaps[~((gaps["region"] == "C") & (gaps["care_area"] == "kna"))].reset_index(drop=True)
    found = near_capacity(source, "kna", "A", EXACT)
    assert (named(found), found.unknown) == (["B"], 1)


def test_what_is_near_is_no_older_than_the_run_it_is_made_of():
    source = world()
    later = RECORDED + timedelta(days=1)
    source.run_rows = [replace(r, data_as_of=later) for r in source.run_rows]
    assert near_capacity(source, "kna", "A", EXACT).table.recorded_at == later


def test_asked_over_the_api():
    client = service(world(), exact).test_client()
    told = get(client, "free-capacity?care_area=kna&region=A&sort=distance&max_km=200").json
    (row,) = told["data"]
    assert (row["region"], row["region_name"], row["distance_km"]) == ("B", "Region Björke", 111)
    assert (row["free_per_month"], row["expected_wait_days"], row["until"]) == (3, 70, "2026-10")
    assert told["synthetic"] is True
    assert told["notes"] == ["1 region med ledig kapacitet ligger längre bort än 200 km."]


@pytest.fixture(scope="module")
def client():
    return service(world()).test_client()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("region=A", "care_area"),
        ("care_area=kna", "region"),
        ("care_area=kna&region=ALL", "region"),
        ("care_area=kna&region=", "region"),
        ("care_area=kna&region=Q", "region"),
        ("care_area=kna&region=A&provider=*", "provider"),
        ("care_area=kna&region=A&provider=Q", "provider"),
        ("care_area=kna&region=A&sort=name", "sort"),
        ("care_area=kna&region=A&max_km=0", "max_km"),
        ("care_area=kna&region=A&region=B", "region"),
    ],
)
def test_what_cannot_be_asked(client, query, parameter):
    answer = get(client, f"free-capacity?{query}")
    assert answer.status_code == 400
    assert [e["parameter"] for e in answer.json["errors"]] == [parameter]
