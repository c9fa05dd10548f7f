"""Signals and the matrix: what changed is called so, what did not is not, and flags stand where they belong."""

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flags import flags
from lagesbild.views.signals import comparable, country_signal, region_signals
from lagesbild.views.status_matrix import status_matrix
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.wait_trend import wait_trend
from tests.waits_world import CODES, END, WAITING, calm_rows, changed, gap, row, slide, system_change, with_gaps, world

ORDER = {c: k for k, c in enumerate(CODES)}


def matrix_of(source, **chosen):
    waits = read_waits(source, Selection(**chosen), Viewer())
    found = flags(source, Selection(**chosen), waits.end, ORDER, Viewer())
    return status_matrix(waits, range(len(waits.areas)), Viewer(), found.by_cell if found else {})


def test_a_calm_country_has_no_signal():
    matrix = matrix_of(world())
    assert (matrix.tally.better, matrix.tally.worse, matrix.tally.noise) == (0, 0, 12)
    assert {s.judgement for s in matrix.country.values()} == {"noise"}


def test_a_region_that_slides_is_worse_and_only_that_one():
    matrix = matrix_of(world(slide(calm_rows(), "R2", "kna")))
    assert matrix.cells["kna"]["R2"].judgement == "worse"
    assert matrix.cells["kat"]["R2"].judgement == "noise"
    assert matrix.tally.worse == 1
    assert matrix.lowest(1)[0][0].code == "R2"


def test_a_missing_region_has_a_state_and_no_judgement():
    rows = [r for r in calm_rows() if not (r["region"] == "R2" and r["period"] == END)]
    cell = matrix_of(world(rows)).cells["kna"]["R2"]
    assert (cell.state, cell.judgement) == ("missing", "short")


def test_nothing_is_judged_for_two_years_after_a_system_change():
    rows = slide(calm_rows(), "R2", "kna")
    matrix = matrix_of(world(rows, break_rows=[system_change("R2", END - 10)]))
    assert matrix.cells["kna"]["R2"].judgement == "short"
    assert matrix.cells["kna"]["R2"].signal.band is None
    assert matrix.cells["kna"]["R2"].signal.observed == 11
    # the country has no system change of its own
    assert matrix.country["kna"].judgement != "short"


def test_the_change_in_a_year_is_a_plain_difference():
    waits = read_waits(world(), Selection(), Viewer())
    for k, found in enumerate(region_signals(waits, 0)):
        assert found.year_change == pytest.approx(waits.shares[0, k, -1] - waits.shares[0, k, -13])
    assert len(country_signal(waits, 0).spark) == 24


def _is(r, region):
    return (r["region"], r["care_area"]) == (region, "kna")


def test_a_region_that_comes_back_is_no_change_in_the_country():
    few = dict(WAITING, R1=700)  # 19 % of all: the others speak for the country
    rows = [
        r if not _is(r, "R1") else row("R1", "kna", r["period"], over=280, waiting=700) for r in calm_rows(waiting=few)
    ]
    rows = [r for r in rows if not _is(r, "R1") or END - r["period"] < 9]
    waits = read_waits(world(rows), Selection(), Viewer())
    assert comparable(waits, 0).tolist() == [False, True, True, True, True, True]
    found = country_signal(waits, 0)
    assert found.judgement == "noise"
    assert found.share == waits.country_shares[0, -1]  # all who report now
    assert found.year_change == pytest.approx(_plain_change(waits, range(1, 6)))
    naive = waits.country_shares[0, -1] - waits.country_shares[0, -13]
    assert naive < -0.03 < found.year_change  # what it would have said otherwise


def _plain_change(waits, regions):
    """The same computed the long way."""
    within, waiting = waits.values["within_limit"][0], waits.values["waiting"][0]
    now, then = (sum(within[k, m] for k in regions) / sum(waiting[k, m] for k in regions) for m in (-1, -13))
    return now - then


def test_few_regions_do_not_speak_for_the_country():
    rows = [r for r in calm_rows() if not _is(r, "R1") or END - r["period"] < 9]  # a quarter of all who wait
    waits = read_waits(world(rows), Selection(), Viewer())
    assert comparable(waits, 0).all()


def test_a_comparison_beside_a_protected_region_is_told_in_whole_points():
    rows = [r for r in calm_rows() if not _is(r, "R6") or END - r["period"] < 9]
    rows = [row("R6", "kna", r["period"], over=3, waiting=20) if _is(r, "R6") else r for r in rows]
    waits = read_waits(world(rows), Selection(), Viewer())
    assert not comparable(waits, 0)[5]
    found = country_signal(waits, 0)
    assert found.change_coarse
    exact = country_signal(read_waits(world(rows), Selection(), Viewer("exact")), 0)
    assert not exact.change_coarse
    assert found.year_change == pytest.approx(exact.year_change, abs=0.011)


def test_a_short_series_is_not_judged():
    rows = [r for r in calm_rows() if END - r["period"] < 20]
    assert matrix_of(world(rows)).tally.short == 12


def test_provisional_numbers_are_marked():
    rows = changed(calm_rows(), "R1", "kna", END, value_status="provisional")
    rows = [{"value_status": "reported"} | r for r in rows]
    matrix = matrix_of(world(rows))
    assert matrix.cells["kna"]["R1"].provisional
    assert not matrix.cells["kna"]["R2"].provisional


def test_persons_left_out_are_summed_over_regions_counted():
    rows = [r for r in calm_rows() if not (r["region"] == "R1" and r["period"] == END)]
    last = [r for r in rows if r["period"] == END]
    assert matrix_of(world(rows)).excluded == sum(r["excluded_patient_choice"] + r["excluded_medical"] for r in last)


def gaps():
    return [
        gap("R1", "kna", "none"),
        gap("R2", "kna", "watch", opens_period=np.datetime64("2027-06-01"), probability_12m=0.4),
        gap("R3", "kna", "expected", opens_period=np.datetime64("2027-03-01"), probability_12m=0.6),
        gap("R4", "kna", "open", structural_share_now=0.75, extra_per_week_to_target=2.0),
        gap("R5", "kna", "open", structural_share_now=0.70, opens_period=np.datetime64("2026-01-01")),
        gap("R6", "kna", "open", target_share=0.9),
        gap("XX", "kna", "open"),
        gap("R6", "kat", "none", probability_12m=None),
    ]


def test_flags_are_in_order_of_urgency_at_the_chosen_target():
    source = with_gaps(world(), gaps())
    found = flags(source, Selection(), END, ORDER, Viewer())
    assert [(f.region, f.status) for f in found.flags] == [
        ("R5", "open"),
        ("R4", "open"),
        ("R3", "expected"),
        ("R2", "watch"),
    ]
    assert found.judged == 5  # R6's cataract could not be
    assert found.flags[0].opens == Month(2026, 1)
    assert found.flags[1].extra_per_month == 9  # 2 a week is 8.7 a month
    assert found.flags[0].extra_per_month is None
    assert [f.region for f in flags(source, Selection(target=90), END, ORDER, Viewer()).flags] == ["R6"]
    assert found.in_regions({"R3"}).judged == 1


def test_a_past_month_shows_the_flags_made_then_or_none():
    source = with_gaps(world(), gaps())
    assert flags(source, Selection(), END - 1, ORDER, Viewer()) is None
    assert matrix_of(source).cells["kna"]["R4"].flag.status == "open"
    assert matrix_of(source, month=END - 1).cells["kna"]["R4"].flag is None


def test_the_trend_has_the_country_first_and_an_axis_that_holds_the_lines():
    waits = read_waits(world(slide(calm_rows(), "R2", "kna")), Selection(), Viewer())
    trend = wait_trend(waits, 0)
    assert trend.lines[0].region is None
    assert [x.region.code for x in trend.lines[1:]] == list(CODES)
    assert trend.tally.worse == 1
    values = np.concatenate([x.signal.line for x in trend.lines])
    assert trend.low <= np.nanmin(values) + 0.02
    assert trend.high >= np.nanmax(values)
    assert len(trend.months) == len(trend.lines[0].signal.line)
