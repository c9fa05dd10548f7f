"""Flags in their groups, whole operations that add up, free capacity near by, and nothing lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.views.definitions import definitions
from lagesbild.views.free_capacity import Need, brokerable_part, distance_km, whole
from lagesbild.views.gap_list import gap_list
from lagesbild.views.gap_order import ALL_ORDERS, BY_COLUMN, REVERSED, falling, turned
from lagesbild.views.status_matrix import status_matrix
from lagesbild.views.wait_reading import read_waits
from tests.country import LAST, REGIONS, country, make_small


def _list(selection=Selection(), source=None, viewer=None):  # noqa: B008
    return gap_list(source or country(), selection, viewer or Viewer())


def _keys(series):
    return [(s.region.code, s.care_area.code) for s in series]


def test_every_series_is_in_one_group_or_needs_none():
    found = _list()
    assert _keys(found.of("open")) == [("A", "kna")]
    assert _keys(found.of("expected")) == [("B", "kna")]
    assert _keys(found.of("watch")) == [("A", "gra")]
    assert _keys(found.seasonal) == [("B", "gra")]
    assert _keys(found.unjudged) == [("C", "gra")]
    assert found.regions == 3


def test_filters_narrow_the_list_and_another_target_empties_it():
    assert _keys(_list(Selection(region="A")).flagged) == [("A", "kna"), ("A", "gra")]
    assert _keys(_list(Selection(care_area="gra")).flagged) == [("A", "gra")]
    assert _keys(_list(Selection(status="expected")).flagged) == [("B", "kna")]
    assert _list(Selection(target=90)).flagged == ()


def test_a_healthcare_region_narrows_the_list_and_a_shared_region_is_in_both():
    source = country()
    assert _keys(_list(Selection(healthcare_region="Norra"), source).flagged) == _keys(_list().flagged)
    assert _list(Selection(healthcare_region="Södra"), source).flagged == ()
    source.region_rows = [replace(r, healthcare_region_secondary="Södra") if r.code == "B" else r for r in REGIONS]
    assert _keys(_list(Selection(healthcare_region="Södra"), source).flagged) == [("B", "kna")]
    assert ("B", "kna") in _keys(_list(Selection(healthcare_region="Norra"), source).flagged)


def test_the_default_order_keeps_the_groups_and_a_columns_order_does_not():
    assert _keys(_list().flagged) == [("A", "kna"), ("B", "kna"), ("A", "gra")]
    assert _keys(_list(Selection(order="behov")).flagged) == [("A", "gra"), ("A", "kna"), ("B", "kna")]
    assert _keys(_list(Selection(order="region-omvand")).flagged) == [("B", "kna"), ("A", "kna"), ("A", "gra")]


@pytest.mark.parametrize("order", [o for o in ALL_ORDERS if o])
def test_every_order_is_by_its_column_and_loses_nothing(order):
    found = _list(Selection(order=order))
    assert sorted(_keys(found.flagged)) == sorted(_keys(_list().flagged))
    values = [v for s in found.flagged if (v := BY_COLUMN[order.removesuffix(REVERSED)].value(s)) is not None]
    assert values == sorted(values, reverse=falling(order))
    assert turned(turned(order)) == order


def test_what_has_no_value_stands_last_either_way():
    source = country()
    gaps = source.gap_rows
    gaps.loc[gaps["status"] == "open", "extra_per_week_to_target"] = np.inf
    gaps.loc[gaps["status"] == "watch", "load"] = np.nan
    for order in ("behov", "behov-omvand"):
        assert _keys(_list(Selection(order=order), source).flagged)[-1] == ("A", "kna")
    for order in ("belastning", "belastning-omvand"):
        assert _keys(_list(Selection(order=order), source).flagged)[-1] == ("A", "gra")


def test_a_hidden_share_does_not_show_in_the_order():
    """Sorted by share the protected series stands last, wherever its share would have put it."""
    source = country()
    make_small(source, "A", "kna", 2.0)
    for order in ("andel", "andel-omvand"):
        assert _keys(_list(Selection(order=order), source).flagged)[-1] == ("A", "kna")


def test_a_flag_is_held_only_where_todays_probability_would_not_raise_it():
    source = country()
    gaps = source.gap_rows
    gaps.loc[gaps["status"] == "watch", "probability_12m"] = 0.24
    found = _list(source=source)
    assert [s.held for s in found.flagged] == [False, False, True]
    gaps.loc[gaps["status"] == "watch", "probability_12m"] = 0.297  # shown as 30 %
    assert not _list(source=source).of("watch")[0].held


def test_the_expected_wait_reaches_steps_of_the_limit_and_is_hidden_with_the_counts():
    source = country()
    gaps = source.gap_rows
    gaps["limit_used"] = 0.8
    make_small(source, "A", "kna", 7.0)
    found = _list(source=source)
    assert found.of("open")[0].limit_used is None
    assert found.of("expected")[0].limit_step == 0.75
    assert _list().of("expected")[0].limit_step is None  # a run that did not say


def test_the_unit_is_the_month_when_some_number_a_week_is_below_five():
    source = country()
    gaps = source.gap_rows
    gaps["extra_per_week_to_target"] = 5.0
    assert _list(source=source).unit == "week"
    gaps.loc[(gaps["status"] == "expected"), "extra_per_week_to_target"] = 4.9
    found = _list(source=source)
    assert found.unit == "month"
    assert all(s.amount("month") >= 1 for s in found.flagged)


def test_an_amount_under_one_is_known_from_one_and_growth_is_in_the_same_unit():
    source = country()
    gaps = source.gap_rows
    expected = gaps["status"] == "expected"
    gaps.loc[expected, ["extra_per_week_to_target", "extra_per_week_to_stabilise"]] = [0.022, 4.3]
    row = _list(source=source).of("expected")[0]
    assert (row.amount("month"), row.under_one("month"), row.under_one("week")) == (1, True, True)
    assert (row.growth("month"), row.growth("week")) == (19, 5)
    for per_week, under in ((0.0, False), (1 / 4.34821, False), (np.inf, False), (np.nan, False), (0.22, True)):
        gaps.loc[expected, "extra_per_week_to_target"] = per_week
        assert _list(source=source).of("expected")[0].under_one("month") is under
    gaps.loc[expected, "extra_per_week_to_stabilise"] = np.nan
    assert _list(source=source).of("expected")[0].growth("month") is None


def test_needs_are_the_sum_of_what_the_rows_say():
    found = _list()
    knees = next(n for n in found.needs if n.care_area.code == "kna")
    rows = [s for s in found.flagged if s.care_area.code == "kna"]
    assert knees.amount(found.unit) == sum(s.amount(found.unit) for s in rows)
    assert knees.brokerable(found.unit) == sum(s.brokerable(found.unit) for s in rows)
    assert knees.free_per_week == pytest.approx((0 + 0 + 30) / 4.34821)
    assert knees.suffices(found.unit) is True


def test_what_suffices_is_judged_by_the_whole_operations_that_are_shown():
    """2,4 missing and 2,6 free a week are shown as 3 and 2: not enough. 10,44 and 11,3 a month are 11 and 11."""
    area = country().care_areas()[0]
    need = Need(area, ((2.4, None),), 2.6, 3)
    assert (need.amount("week"), need.free("week"), need.suffices("week")) == (3, 2, False)
    assert (need.amount("month"), need.free("month"), need.suffices("month")) == (11, 11, True)
    assert Need(area, (), 2.6, 3).suffices("week") is None
    assert Need(area, ((2.4, None),), None, 0).suffices("week") is None


def test_an_unreachable_target_has_no_number_and_does_not_break_the_sum():
    source = country()
    gaps = source.gap_rows
    gaps.loc[gaps["status"] == "open", "extra_per_week_to_target"] = np.inf
    found = _list(source=source)
    assert found.of("open")[0].amount("week") is None
    assert next(n for n in found.needs if n.care_area.code == "kna").gaps == 1


def test_nearest_free_capacity_comes_first_and_far_away_does_not_count():
    near = _list().of("expected")[0].near
    assert [n.region.code for n in near] == ["C"]
    source = country()
    source.region_rows = [r if r.code != "C" else type(r)(**{**r.__dict__, "lat": 40.0}) for r in REGIONS]
    assert _list(source=source).of("expected")[0].near == ()


def test_small_counts_hide_the_share_and_say_so():
    source = country()
    make_small(source, "A", "kna", 7.0)
    hidden = _list(source=source).of("open")[0]
    assert hidden.share is None
    assert hidden.hidden
    assert hidden.structural is None
    shown = _list(source=source, viewer=Viewer("exact")).of("open")[0]
    assert shown.share == pytest.approx(7 / 9)


def test_a_series_is_judged_and_shown_as_in_the_matrix():
    source = country()
    waits = source.frames["waits"]
    # a new record system nine months ago: judged across it, B's knees would look better than normal
    late = (waits["region"] == "B") & (waits["care_area"] == "kna") & (waits["period"] >= str(LAST - 9))
    waits.loc[late, "within_limit"] = waits.loc[late, "waiting"]
    source.break_rows = [Break("B", "kna", LAST - 9, None, "system_change", "Nytt system")]
    viewer, flagged = Viewer(), _list(source=source).flagged
    read = read_waits(source, Selection(), viewer)
    matrix = status_matrix(read, range(len(read.areas)), viewer, {})
    assert flagged
    for s in flagged:
        cell = matrix.cells[s.care_area.code][s.region.code]
        assert s.judgement == cell.judgement
        assert s.share == pytest.approx(cell.signal.share)
        assert s.band == cell.signal.band
    assert next(s for s in flagged if s.region.code == "B").judgement == "short"


def test_nothing_judged_in_a_selection_is_counted():
    assert _list().judged_shown > 0
    assert _list(Selection(region="C", care_area="gra")).judged_shown == 0


@given(st.floats(0, 500), st.floats(0, 1))
def test_whole_operations_never_promise_too_little_nor_send_too_many(per_week, share):
    for unit in ("week", "month"):
        n = whole(per_week, unit)
        assert n >= per_week * (1 if unit == "week" else 4.34821) - 1e-5
        assert 0 <= brokerable_part(n, share) <= n


def test_distance_is_the_same_both_ways_and_unknown_without_a_place():
    a, c = REGIONS[1], REGIONS[3]
    assert distance_km(a, c) == pytest.approx(distance_km(c, a))
    assert distance_km(a, REGIONS[0]) is None


def test_definitions_keep_real_and_invented_apart():
    told = definitions(country())
    assert [u.source for u in told.real] == ["SKR, Väntetider i vården"]
    assert [u.source for u in told.synthetic] == ["Påhittade data"]
    assert told.synthetic[0].rows == 1000
    assert told.synthetic[0].datasets == ("väntande",)
    assert told.regions == 3
    assert told.run.run_id == 3
