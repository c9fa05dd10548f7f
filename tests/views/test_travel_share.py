"""The share treated elsewhere over time: twelve-month sums, and a change only when the rule fires."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.views.out_of_region import flow_matrices
from lagesbild.views.travel import read_travel
from lagesbild.views.travel_share import SHOWN, travel_share
from tests.travel_world import END, MONTHLY, MONTHS, PERFORMED, flow_rows, one, production_rows, report, travel_world

WIGGLE = (0, 2, -1, 1, -2, 1, 0, -1, 2, -2, 1, -1)  # persons, not a season: shifted from year to year


def wiggling(slide: int = 0, months: int = 9):
    """Every flow with noise of a few persons; R1 to R2 `slide` persons more in the last months."""
    rows = []
    for f, (a, b) in enumerate(MONTHLY):
        for k, m in enumerate(MONTHS):
            n = MONTHLY[a, b] + 10 + WIGGLE[(k + 5 * (k // 12) + f) % 12]
            n += slide if (a, b) == ("R1", "R2") and END - m < months else 0
            rows.append(one(a, b, m, n))
    return rows


def trend(source=None, viewer=None, **chosen):
    travel = read_travel(source or travel_world(), Selection(**chosen))
    return travel_share(flow_matrices(travel, viewer or Viewer(), SHOWN))


def line(found, code):
    return next(x for x in found.regions if x.region.code == code)


def test_each_point_is_a_year_and_the_country_stands_first():
    found = trend()
    assert found.lines[0].region is None
    assert (len(found.months), found.months[-1]) == (36, END)
    assert line(found, "R1").shares.tolist() == pytest.approx([25 / PERFORMED["R1"]] * 36)
    assert found.country.last == pytest.approx(sum(MONTHLY.values()) / sum(PERFORMED.values()))


def test_noise_is_noise_and_a_slide_is_told_with_its_way():
    calm = trend(travel_world(wiggling()))
    assert {x.way for x in calm.regions if np.isfinite(x.shares).any()} == {"noise"}
    up = trend(travel_world(wiggling(slide=20)))
    assert [x.region.code for x in up.going("up")] == ["R1"]
    assert line(up, "R1").year_change > 0.02
    down = trend(travel_world(wiggling(slide=-20)))
    assert [x.region.code for x in down.going("down")] == ["R1"]


def test_a_change_of_system_is_not_judged_across():
    change = Break("R1", "", END - 8, None, "system_change", "Byte av journalsystem")
    found = trend(travel_world(wiggling(slide=20), break_rows=[change]))
    assert line(found, "R1").way == "short"


def test_a_hidden_number_is_not_a_point_of_the_line():
    rows = [*flow_rows(), *(one("R6", "R4", END - k, 1) for k in (0, 1))]
    rows = [r for r in rows if (r["home_region"], r["treating_region"]) != ("R6", "R5")]
    found = trend(travel_world(rows))
    assert line(found, "R6").state == "secondary"  # the count is below the threshold, the share is no count
    assert line(found, "R6").last is None
    # the windows before, of nobody, could not be another
    assert np.isnan(line(found, "R6").shares[-2:]).all()
    assert line(found, "R6").shares[-3] == 0
    exact = trend(travel_world(rows), Viewer("exact"))
    assert line(exact, "R6").last == pytest.approx(2 / (12 * PERFORMED["R6"]))


def test_without_production_in_a_month_a_region_has_no_share_and_the_country_says_so():
    rows = [r for r in production_rows() if (r["region"], r["period"]) != ("R1", END)]
    found = trend(travel_world(production=rows))
    assert [r.code for r in found.left_out] == ["R1"]
    assert line(found, "R1").state == "missing"
    sent = sum(n for (a, _), n in MONTHLY.items() if a != "R1")
    others = sum(v for c, v in PERFORMED.items() if c != "R1")
    # the same regions all along: no step where R1 stopped
    assert found.country.shares.tolist() == pytest.approx([sent / others] * 36)


def test_no_production_gives_no_trend():
    assert trend(travel_world(production=[])) is None


def test_a_region_that_stops_reporting_makes_nobody_elses_share_fall():
    """R2 reports nothing of the last months: the judgement counts only what was done in the others."""
    late = [report("R2", END - k, "missing") for k in range(3)]
    rows = [r for r in wiggling() if not (r["treating_region"] == "R2" and END - r["period"] < 3)]
    found = trend(travel_world(rows, reporting=late))
    assert line(found, "R1").way == "noise"
    # and the year that lacks them is no point of the line
    assert np.isnan(line(found, "R1").shares[-3:]).all()
    assert line(found, "R1").shares[-4] == pytest.approx(line(trend(travel_world(wiggling())), "R1").shares[-4])
    assert line(found, "R4").last is not None
    assert "R1" in [r.code for r in found.left_out]
