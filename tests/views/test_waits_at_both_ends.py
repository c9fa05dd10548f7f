"""Waits where the largest flows start and go: of those treated, by year, with how many months they rest on."""

from __future__ import annotations

import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.out_of_region import flow_matrix
from lagesbild.views.travel import read_travel
from lagesbild.views.waits_at_both_ends import waits_at_both_ends
from tests.travel_world import END, flow_rows, one, production_rows, travel_world
from tests.waits_world import limit


def ends(source=None, region="", viewer=None, **more):
    source = source or travel_world()
    matrix = flow_matrix(read_travel(source, Selection()), viewer or Viewer())
    return waits_at_both_ends(matrix, source, (region,) if region else (), **more)


def test_the_largest_flows_first_with_both_waits():
    found = ends(flows=3)
    assert [(r.flow.home.code, r.flow.treating.code) for r in found.rows] == [("R1", "R2"), ("R4", "R1"), ("R2", "R1")]
    assert [(r.home_days, r.treating_days) for r in found.rows] == [(40, 50), (70, 40), (50, 40)]
    assert (found.shorter, found.longer, found.limit) == (2, 1, 90)


def test_a_chosen_region_shows_its_own_flows():
    assert {r.flow.home.code for r in ends(region="R5").rows} == {"R4", "R5", "R6"}


def test_months_weigh_by_how_many_were_treated():
    rows = [
        r | ({"performed": 1000, "wait_days_median": 100.0} if (r["region"], r["period"]) == ("R1", END) else {})
        for r in production_rows()
    ]
    found = ends(travel_world(production=rows), flows=1).rows[0]
    assert found.home_days == pytest.approx((11 * 400 * 40 + 1000 * 100) / (11 * 400 + 1000))


def test_a_few_months_are_no_year():
    some = [r for r in production_rows() if not (r["region"] == "R1" and END - r["period"] < 5)]
    assert ends(travel_world(production=some), flows=1).rows[0].home_months == 7
    few = [r for r in production_rows() if not (r["region"] == "R1" and END - r["period"] < 7)]
    found = ends(travel_world(production=few), flows=1)
    assert found.rows[0].home_days is None
    assert found.compared == ()


def test_a_protected_flow_is_not_among_the_largest():
    source = travel_world([*flow_rows(), one("R3", "R2", END, 3)])
    matrix = flow_matrix(read_travel(source, Selection()), Viewer())
    shown = {(r.flow.home.code, r.flow.treating.code) for r in waits_at_both_ends(matrix, source).rows}
    assert all(matrix.state("cell", *pair) == "" for pair in shown)
    assert ("R3", "R2") not in shown


def test_the_median_of_a_few_treated_is_hidden():
    tiny = [r | ({"performed": 0} if r["region"] == "R1" and r["period"] != END else {}) for r in production_rows()]
    tiny = [r | ({"performed": 3} if (r["region"], r["period"]) == ("R1", END) else {}) for r in tiny]
    assert ends(travel_world(production=tiny), flows=1).rows[0].home_days is None


def test_the_usual_limit_is_drawn():
    assert ends(travel_world(limit_rows=[limit(60, "R1")])).limit == 90
    assert ends(travel_world(limit_rows=[limit(60)])).limit == 60


def test_no_waits_give_nothing():
    rows = [{k: v for k, v in r.items() if k != "wait_days_median"} for r in production_rows()]
    assert ends(travel_world(production=rows)) is None
