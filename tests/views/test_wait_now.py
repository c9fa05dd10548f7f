"""Expected wait now beside the experienced median: counted by hand on the stored paths, and nothing told of the few."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.capacity import DAYS_PER_MONTH
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import area_twin
from lagesbild.views.forecast_fan import forecast_fan
from lagesbild.views.pair_paths import pair_paths
from lagesbild.views.wait_now import wait_now
from tests.country import LAST
from tests.what_if_world import RUN, facts, world

PUBLIC, EXACT = Viewer(), Viewer("exact")


def _waits(source, viewer=PUBLIC, region="B"):
    found = forecast_fan(source, Selection(care_area="kna", region=region), viewer)
    assert found is not None
    pair = None
    if found.region is not None:
        pair = pair_paths(source, found.run, found.region, found.care_area, 0.8, viewer)
    return wait_now(source, found, pair, viewer)


def _with_median(source, days, performed):
    """The region's row of production in the last month with another median and number."""
    frame = source.frames["production"].copy()
    at = (frame["region"] == "B") & (frame["care_area"] == "kna") & (frame["period"].astype(str).str[:7] == str(LAST))
    assert at.sum() == 1
    if "wait_days_median" not in frame:
        frame["wait_days_median"] = np.nan
    frame["wait_days_median"] = frame["wait_days_median"].astype(float)
    frame.loc[at, ["wait_days_median", "performed"]] = days, performed
    source.frames = {**source.frames, "production": frame}
    return source


def test_a_person_added_now_waits_until_the_list_before_has_left():
    source = world()
    known = facts("B", 90)
    performed = source.paths(RUN, "B", "kna", "performed")
    waiting = source.paths(RUN, "B", "kna", "waiting")
    days = []
    for p, w in zip(performed, waiting, strict=True):
        left, months = known.waiting_now, 0.0
        before = known.waiting_now
        for leaves, stock in zip(p, w, strict=True):
            out = leaves + known.removed_rate * before
            if out >= left:
                months += left / out
                break
            left, months, before = left - out, months + 1, stock
        days.append(months * DAYS_PER_MONTH)
    found = _waits(source)
    assert found.expected.median == pytest.approx(np.median(days))
    assert (found.expected.lo, found.expected.hi) == pytest.approx(tuple(np.quantile(days, [0.1, 0.9])))
    assert found.used == pytest.approx(np.median(days) / 90)
    assert found.step == 1.0
    assert found.alert_days == 67.5


def test_the_experienced_median_is_the_reported_one_and_another_measure():
    found = _waits(_with_median(world(), 41.0, 80))
    assert found.experienced == 41.0
    assert found.expected.median != 41.0


def test_nothing_is_told_of_the_few():
    source = _with_median(world(), 41.0, 3)
    source.fact_rows[RUN, "B", "kna"] = facts("B", 1, waiting_now=4.0).to_json()
    hidden = _waits(source)
    assert (hidden.expected, hidden.used, hidden.step, hidden.experienced) == (None, None, None, None)
    shown = _waits(source, EXACT)
    assert shown.experienced == 41.0
    assert shown.expected is not None


def test_a_number_that_is_small_in_the_twin_alone_hides_the_median_too():
    """Treated in B: five. A's three must be another number in the twin, and B's, the smallest of the others, takes the
    difference. Were B's median shown while a real four hides it, it would tell which of the two is real."""
    source = _with_median(world(), 41.0, 5)
    frame = source.frames["production"]
    last = (frame["care_area"] == "kna") & (frame["period"].astype(str).str[:7] == str(LAST))
    frame.loc[last & (frame["region"] == "A"), "performed"] = 3
    source.frames = {**source.frames, "production": frame}
    twin = area_twin(source, Selection(care_area="kna", month=LAST), LAST - 1, PUBLIC)
    at = [r.code for r in twin.regions].index("B")
    assert twin.differences["performed"][at, -1] == -1  # else this proves nothing
    assert _waits(source).experienced is None
    assert _waits(source, EXACT).experienced == 41.0


def test_the_expected_wait_is_told_no_further_than_the_counts_behind_it():
    """Three treated half a year ago: a forecast may repeat them, and the wait of one added now follows from it."""
    source = world()
    assert _waits(source).expected is not None
    frame = source.frames["production"].copy()
    at = (frame["region"] == "B") & (frame["care_area"] == "kna")
    at &= frame["period"].astype(str).str[:7] == str(LAST - 6)
    frame.loc[at, "performed"] = 3
    source.frames = {**source.frames, "production": frame}
    assert _waits(source).expected is None
    assert _waits(source, EXACT).expected is not None


def test_the_country_and_older_runs_have_no_wait_now():
    assert _waits(world(), region="").experienced is None
    source = world()
    source.fact_rows = {}
    assert _waits(source).expected is None
