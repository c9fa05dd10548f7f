"""An earlier state of the data hides what is hidden now: a revised month must not give itself away."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from lagesbild.domain.earlier import EarlierState, source_at
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.brokering import brokering
from lagesbild.views.brokering_twin import HOME
from lagesbild.views.out_of_region import flow_matrix
from lagesbild.views.travel import read_travel
from lagesbild.views.wait_reading import read_waits
from tests.country import country, run
from tests.disclosure.small_world import Shape
from tests.disclosure.small_world import country as small_country
from tests.fakes import RECORDED, Revised
from tests.travel_world import case, case_rows, flow_rows, one, travel_world
from tests.waits_world import END, calm_rows, row, world


def _revised(over_now: int):
    rows = [r for r in calm_rows() if r["care_area"] == "kna"]
    last = row("R6", "kna", END, over=over_now, waiting=500)
    return Revised(world(rows), world([last if (r["region"], r["period"]) == ("R6", END) else r for r in rows]))


def test_what_is_hidden_now_is_hidden_in_the_earlier_state():
    source = _revised(3)
    now = read_waits(source, Selection(care_area="kna"), Viewer())
    then = read_waits(EarlierState(source, RECORDED), Selection(care_area="kna"), Viewer())
    gone = now.others["within_limit"] != now.values["within_limit"]
    assert gone[0, :, -1].sum() == 2
    assert (then.others["within_limit"] != then.values["within_limit"])[gone].all()
    assert (then.others["waiting"] == then.values["waiting"]).all()
    np.testing.assert_array_equal(then.country["waiting"], then.sums(then.others["waiting"], np.ones(6, bool)))


def test_nothing_more_is_hidden_where_nothing_is_hidden_now():
    then = read_waits(EarlierState(_revised(60), RECORDED), Selection(care_area="kna"), Viewer())
    assert (then.others["within_limit"] == then.values["within_limit"]).all()


def test_a_flow_hidden_now_is_hidden_in_the_earlier_state_and_so_are_cases():
    small, large = one("R3", "R2", END, 3), one("R3", "R2", END, 30)
    few = case("R5", "R6", END, started=3, accepted=3, completed=3)
    many = case("R5", "R6", END, started=30, accepted=30, completed=30)
    source = Revised(
        travel_world([*flow_rows(), large], cases=[*case_rows(), many]),
        travel_world([*flow_rows(), small], cases=[*case_rows(), few]),
    )
    then = EarlierState(source, RECORDED)
    matrix = flow_matrix(read_travel(then, Selection(care_area="kna")), Viewer())
    now = flow_matrix(read_travel(source, Selection(care_area="kna")), Viewer())
    assert matrix.values["cell", "R3", "R2"] == 30
    assert {k for k, s in now.states.items() if s} <= {k for k, s in matrix.states.items() if s}
    assert matrix.shown("cell", "R3", "R2") is None
    cases = brokering(then, matrix.travel.area, Selection(), Viewer())
    assert cases.values[HOME, "R5", "started"] == 30
    assert cases.shown(HOME, "R5", "started") is None


def test_where_nothing_has_been_said_since_it_is_the_present_with_the_same_numbers_hidden():
    source = country()
    last = max(b.recorded_at for b in source.batches())
    made = [r.created_at for kind in ("forecast", "record") for r in source.runs(kind)]
    assert source_at(source, None) is source
    assert source_at(source, max([last, *made])) is source
    source.run_rows = []
    assert source_at(source, last) is source
    assert isinstance(source_at(source, last - timedelta(seconds=1)), EarlierState)
    for kind in ("forecast", "record"):
        source.run_rows = [replace(run(1, kind=kind), created_at=last + timedelta(days=1))]
        assert isinstance(source_at(source, last), EarlierState)
        assert source_at(source, last + timedelta(days=1)) is source


@pytest.mark.parametrize("seed", range(4))
def test_a_month_that_was_not_revised_has_the_twin_it_has_today(seed):
    now = small_country(Shape(seed, regions=5, areas=1, months=16, size=3.0, providers=0))
    rows = now.frames["waits"]
    last = rows.index[rows["period"] == rows["period"].max()][0]
    first = rows.copy()
    first.loc[last, ["waiting", "waiting_366_"]] += 1
    source = Revised(replace(now, frames={**now.frames, "waits": first}), now)
    chosen = Selection(care_area="A1")
    today, then = (read_waits(s, chosen, Viewer()) for s in (source, EarlierState(source, RECORDED)))
    for column in ("within_limit", "waiting"):
        a, b = today.others[column][..., :-1], then.others[column][..., :-1]
        np.testing.assert_array_equal(a, b)
        assert (a != today.values[column][..., :-1]).any()
