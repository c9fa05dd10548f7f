"""An earlier state of the data hides what is hidden now: a revised month must not give itself away."""

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.earlier import EarlierState
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.wait_reading import read_waits
from tests.fakes import RECORDED
from tests.waits_world import END, calm_rows, row, world


@dataclass
class Revised:
    """What was said first, and what is said now."""

    before: object
    now: object

    def __getattr__(self, name):
        return getattr(self.now, name)

    def facts(self, dataset, query):
        return (self.before if query.as_of else self.now).facts(dataset, query)


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
