"""What is different among the flags since the run before, and which run that is."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flag_changes import LISTED, flag_changes
from lagesbild.views.flags import run_of_month
from tests.country import LAST, country, gap_row, run

EXACT = Viewer("exact")  # what everybody is told: test_told_run.py
COUNTRY = country()  # made once: only its runs and gaps differ here
CODES = {"A": 0, "B": 1, "C": 2}
PAIRS = [(r, a) for r in CODES for a in ("kna", "gra")]
STATUSES = ("open", "expected", "watch", "none", "unjudged")


def source_of(before, now, *, gap=1):
    """Two runs: number 2 on data up to `gap` months earlier, number 3 up to LAST."""
    source = copy(COUNTRY)
    earlier = run(2, until=LAST - gap)
    source.run_rows = [replace(earlier, created_at=earlier.created_at - timedelta(days=30)), run(3)]
    made = []
    for run_id, statuses in ((2, before), (3, now)):
        for (region, area), status in statuses.items():
            known = {"probability_12m": None} if status == "unjudged" else {}
            name = "none" if status == "unjudged" else status
            made.append(gap_row(region, area, name, **known) | {"run_id": run_id})
    frame = pd.DataFrame(made)
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        frame[c] = pd.to_datetime(frame[c])
    source.gap_rows = frame
    return source


def changed(source, selection=Selection(), within=None):  # noqa: B008
    return flag_changes(source, selection, run_of_month(source, selection, LAST), CODES, EXACT, within)


def told(found):
    return [(c.kind, c.region, c.care_area, c.before, c.now) for c in found.changes]


def test_raised_new_lowered_and_withdrawn_in_that_order():
    before = {("A", "kna"): "watch", ("B", "kna"): "open", ("C", "kna"): "watch", ("A", "gra"): "none"}
    now = {("A", "kna"): "open", ("B", "kna"): "expected", ("C", "kna"): "none", ("A", "gra"): "watch"}
    assert told(changed(source_of(before, now))) == [
        ("raised", "A", "kna", "watch", "open"),
        ("new", "A", "gra", "none", "watch"),
        ("lowered", "B", "kna", "open", "expected"),
        ("withdrawn", "C", "kna", "watch", "none"),
    ]


def test_a_series_that_cannot_be_judged_now_is_not_called_calm():
    found = changed(source_of({("A", "kna"): "open"}, {("A", "kna"): "unjudged"}))
    assert told(found) == [("withdrawn", "A", "kna", "open", "unjudged")]


def test_the_same_flags_are_no_change_and_no_earlier_run_nothing_to_compare_with():
    same = {("A", "kna"): "open", ("B", "kna"): "watch"}
    assert changed(source_of(same, same)).changes == ()
    assert changed(source_of(same, same, gap=0)) is None  # made again on the same months: no earlier state
    assert changed(country()) is None


def test_the_run_before_is_the_latest_month_and_its_newest_run():
    source = source_of({("A", "kna"): "open"}, {("A", "kna"): "open"})
    source.run_rows = [*source.run_rows, run(9, until=LAST - 4), run(8, until=LAST - 1)]
    found = changed(source)
    assert (found.previous.run_id, found.run.run_id) == (8, 3)


def test_only_runs_that_existed_then_are_compared():
    source = source_of({("A", "kna"): "open"}, {("A", "kna"): "watch"})
    late = replace(run(8, until=LAST - 1), created_at=run().created_at + timedelta(days=5))
    source.run_rows = [*source.run_rows, late]
    assert changed(source).previous.run_id == 8
    then = Selection(as_of=run().created_at + timedelta(days=1))
    assert changed(source, then).previous.run_id == 2


def test_all_are_counted_when_only_the_first_are_listed():
    areas = [f"a{k}" for k in range(9)]
    before = {(r, a): "none" for r in CODES for a in areas}
    found = changed(source_of(before, dict.fromkeys(before, "watch")))
    assert found.count == 27
    assert [c.care_area for c in found.changes if c.region == "B"] == areas[:LISTED]
    assert changed(source_of(before, dict.fromkeys(before, "watch")), within={"B", "C"}).count == 18


def test_care_area_target_and_region_narrow_it():
    before = dict.fromkeys(PAIRS, "none")
    source = source_of(before, dict.fromkeys(PAIRS, "watch"))
    assert len(changed(source).changes) == 6
    assert len(changed(source, Selection(care_area="gra")).changes) == 3
    assert len(changed(source, within={"B"}).changes) == 2
    assert changed(source, Selection(target=90)).changes == ()


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({p: st.sampled_from(STATUSES) for p in PAIRS}),
    st.fixed_dictionaries({p: st.sampled_from(STATUSES) for p in PAIRS}),
)
def test_every_difference_that_touches_a_flag_is_told_once(before, now):
    found = changed(source_of(before, now))
    flagged = set(STATUSES[:3])
    wanted = {p for p in PAIRS if before[p] != now[p] and {before[p], now[p]} & flagged}
    assert sorted((c.region, c.care_area) for c in found.changes) == sorted(wanted)
    for c in found.changes:
        pair = (c.region, c.care_area)
        assert (c.before, c.now) == (before[pair], now[pair])
        rank = [STATUSES.index(s) for s in (c.before, c.now)]
        want = "raised" if rank[1] < rank[0] else "lowered"
        if c.before not in flagged:
            want = "new"
        if c.now not in flagged:
            want = "withdrawn"
        assert c.kind == want


def test_the_reverse_of_raised_is_lowered():
    pair = ({("A", "kna"): "watch"}, {("A", "kna"): "expected"})
    there, back = changed(source_of(*pair)), changed(source_of(*reversed(pair)))
    assert [there.changes[0].kind, back.changes[0].kind] == ["raised", "lowered"]
