"""Scenarios of one region: the baseline is what is stored, both ends add up, and nothing small is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lagesbild.domain.gap_openings import opening_steps, probability
from lagesbild.domain.scenario_choice import Choice, WhatIf
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_fan import forecast_fan
from lagesbild.views.what_if import NoWhatIf, WhatIfView, what_if
from tests.country import LAST
from tests.what_if_world import RUN, facts, world

B = Selection(care_area="kna", region="B")


def _found(*choices: Choice, selection: Selection = B, source=None, viewer: Viewer | None = None, within: int = 6):
    first, second = (*choices, None, None)[:2]
    chosen = WhatIf(first or Choice(), second, within)
    found = what_if(source or world(), selection.with_(what_if=chosen), viewer or Viewer())
    assert isinstance(found, WhatIfView)
    return found


def test_a_scenario_that_changes_nothing_is_what_is_expected_without():
    found = _found()
    assert found.tried[0].ahead.chances == found.pair.without.chances
    assert found.tried[0].ahead.share == found.pair.without.share
    assert np.array_equal(found.tried[0].ahead.wait_line, found.pair.without.wait_line)


def test_the_probability_is_the_share_of_the_stored_paths_on_which_a_gap_opens():
    source = world()
    share = source.paths(RUN, "B", "kna", "within_limit_share")
    wanted = {m: probability(opening_steps(0.84, share, 0.8), m) for m in (3, 6, 12)}
    assert _found(source=source).pair.without.chances == wanted


def test_paths_are_moved_by_the_baselines_lean_with_the_scenario_too():
    source = world()
    source.fact_rows[RUN, "B", "kna"] = facts("B", 90, lean={"80": 0.5}).to_json()
    leant, plain = _found(Choice(extra_per_week=1), source=source), _found(Choice(extra_per_week=1))
    assert leant.pair.without.chance < plain.pair.without.chance
    assert leant.tried[0].ahead.chance <= plain.tried[0].ahead.chance
    share = source.paths(RUN, "B", "kna", "within_limit_share")
    moved = share + 0.5 * share.std(axis=0)
    assert leant.pair.without.chance == probability(opening_steps(0.84, moved, 0.8), 12)
    assert leant.pair.without.share == plain.pair.without.share


def test_more_operations_lower_the_probability_the_wait_and_the_list():
    found = _found(Choice(extra_per_week=0.2), Choice(extra_per_week=0.5))
    without, some, more = found.pair.without, found.tried[0].ahead, found.tried[1].ahead
    assert without.chance > some.chance > more.chance
    assert without.wait.median > some.wait.median > more.wait.median
    assert without.waiting.median > some.waiting.median > more.waiting.median
    assert without.share.median < some.share.median < more.share.median


def test_a_later_start_does_less():
    early, late = Choice(extra_per_week=2.0), Choice(extra_per_week=2.0, first_month=LAST + 9)
    found = _found(early, late)
    assert found.tried[0].ahead.waiting.median < found.tried[1].ahead.waiting.median
    assert found.tried[1].first == LAST + 9
    assert found.tried[1].ahead.share_line[:8] == pytest.approx(found.pair.without.share_line[:8])


def test_both_ends_when_patients_are_sent():
    found = _found(Choice(sent_per_week=10.0, sent_to="C"))
    (end,) = found.tried[0].ends
    assert (end.way, end.region.code, end.free_per_month) == ("to", "C", 30.0)
    assert end.could_per_month <= end.wanted_per_month
    # 43 a month come, 30 find free capacity: the rest displaces, so the list grows there and falls here
    assert end.given.waiting.median > end.without.waiting.median
    assert found.tried[0].ahead.waiting.median < found.pair.without.waiting.median


def test_free_capacity_takes_a_few_without_anybody_noticing():
    (end,) = _found(Choice(sent_per_week=5.0, sent_to="C")).tried[0].ends
    assert end.given.waiting == end.without.waiting
    assert end.given.chances == end.without.chances


def test_both_ends_when_patients_are_received():
    found = _found(Choice(received_per_week=4.0, received_from="A"))
    (end,) = found.tried[0].ends
    assert (end.way, end.region.code, end.open) == ("from", "A", True)
    assert end.given.waiting.median < end.without.waiting.median
    assert found.tried[0].ahead.waiting.median > found.pair.without.waiting.median


def test_nobody_is_sent_home():
    assert _found(Choice(sent_per_week=2.0, sent_to="B")).tried[0].ends == ()


def test_an_open_gap_is_told_by_the_chance_that_it_closes():
    found = _found(Choice(extra_per_week=3.0), selection=B.with_(region="A"))
    assert found.pair.open
    assert found.pair.without.opens is None
    assert found.tried[0].ahead.chance > found.pair.without.chance


def test_what_is_needed_for_each_target_and_chance():
    found = _found()
    assert [n.target for n in found.needs] == [0.7, 0.8, 0.9]
    for need in found.needs:
        assert need.per_week[0] <= need.per_week[1]
        assert need.feasible
        assert need.brokerable_per_week == pytest.approx(need.per_week[1] * 0.7)
    assert found.needs[0].per_week[1] <= found.needs[1].per_week[1] <= found.needs[2].per_week[1]
    longer = _found(within=12)
    assert longer.within == 12


def test_too_few_to_the_longest_waiting_cannot_reach_the_target():
    found = _found(Choice(long_waiter_percent=20))
    by_target = {n.target: n for n in found.needs}
    assert not by_target[0.8].feasible
    assert by_target[0.8].per_week[1] == float("inf")
    assert by_target[0.8].brokerable_per_week is None
    assert by_target[0.9].feasible


def test_small_lists_are_hidden_from_the_public_only():
    assert _found().hides(3.2)
    assert not _found().hides(0.2)
    assert not _found().hides(5.1)
    assert not _found(viewer=Viewer("exact")).hides(3.2)
    assert _found(viewer=Viewer("public", 10)).hides(7)


def test_amounts_fit_the_region():
    small = _found().scale
    assert small.unit == "month"
    assert round(small.most / small.step) >= 10
    large = _found(selection=B.with_(region="C", care_area="gra")).scale
    assert large.unit == "week"
    assert large.most >= 0.25 * 900 / 4.34821
    assert _found(Choice(extra_per_week=150.0)).scale.most >= 150


def test_other_regions_are_offered_and_the_nearest_with_free_capacity_named():
    found = _found()
    assert [r.code for r in found.regions] == ["A", "C"]
    assert [n.region.code for n in found.near] == ["C"]


def test_the_country_has_no_scenario_but_a_way_on():
    found = what_if(world(), Selection(care_area="kna"), Viewer())
    assert isinstance(found, NoWhatIf)
    assert found.reason == "country"
    assert [(r.code, p) for r, p in found.worst[:2]] == [("A", None), ("B", 0.64)]


def test_runs_without_paths_or_facts_say_so():
    source = world()
    source.fact_rows = {}
    found = what_if(source, B, Viewer())
    assert isinstance(found, NoWhatIf)
    assert found.reason == "no_paths"
    source = world()
    del source.path_arrays[RUN, "B", "kna", "added"]
    assert isinstance(what_if(source, B, Viewer()), NoWhatIf)


def test_a_short_series_has_no_scenario():
    source = world()
    rows = source.forecast_rows
    source.forecast_rows = rows[rows["measure"] != "within_limit_share"]
    waits = source.frames["waits"]
    source.frames["waits"] = waits[waits["period"] > str(LAST - 13)].reset_index(drop=True)
    found = what_if(source, B, Viewer())
    assert isinstance(found, NoWhatIf)
    assert found.reason == "short"


def test_without_a_share_now_nothing_is_judged_but_the_list_is_told():
    source = world()
    source.fact_rows[RUN, "B", "kna"] = facts("B", 90, structural_now=None).to_json()
    found = _found(Choice(extra_per_week=2.0), source=source)
    assert found.pair.without.chances == {}
    assert found.tried[0].ahead.chance is None
    assert found.tried[0].ahead.waiting.median < found.pair.without.waiting.median


def test_the_other_end_without_a_forecast_is_told_as_such():
    source = world()
    del source.fact_rows[RUN, "C", "kna"]
    (end,) = _found(Choice(sent_per_week=2.0, sent_to="C"), source=source).tried[0].ends
    assert end.given is None
    assert end.without is None


def test_a_run_of_another_make_with_fewer_paths_can_still_receive():
    source = world()
    for measure in ("waiting", "within_limit_share", "added", "performed"):
        source.path_arrays[RUN, "C", "kna", measure] = source.path_arrays[RUN, "C", "kna", measure][:50]
    (end,) = _found(Choice(sent_per_week=10.0, sent_to="C"), source=source).tried[0].ends
    assert end.given.waiting.median > end.without.waiting.median


def test_choice_to_scenario():
    made = replace(Choice(), first_month=LAST + 20, extra_per_week=1.0).scenario(LAST, 12)
    assert made.from_step == 1


def test_the_other_end_is_not_told_where_its_own_page_is_protected():
    """Two over the limit in C: what patients sent there lead to would tell of the list that its own forecast hides."""
    source = world()
    waits = source.frames["waits"]
    few = (waits["region"] == "C") & (waits["care_area"] == "kna") & (waits["period"] == waits["period"].max())
    waits.loc[few, "within_limit"] = waits.loc[few, "waiting"] - 2
    there = forecast_fan(source, Selection(care_area="kna", region="C"), Viewer())
    assert there is not None
    assert there.coarse or there.protected
    home = Selection(care_area="kna", region="B")  # A is hidden for C's sake
    sent, received = Choice(sent_per_week=5.0, sent_to="C"), Choice(received_per_week=4.0, received_from="C")
    for choice in (sent, received):
        (end,) = _found(choice, selection=home, source=source).tried[0].ends
        assert end.protected
        assert (end.without, end.given, end.free_per_month) == (None, None, None)
        (exact,) = _found(choice, selection=home, source=source, viewer=Viewer("exact")).tried[0].ends
        (own,) = _found(choice, selection=home, source=source, viewer=Viewer(own="C")).tried[0].ends
        assert not exact.protected
        assert not own.protected
        assert exact.without is not None
        assert own.without is not None
    assert _found(received, selection=home, source=source).tried[0].ends[0].could_per_month is None
