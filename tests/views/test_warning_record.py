"""Warnings counted once, judged by what came, and only when all of it is known; counted a second time naively."""

from __future__ import annotations

from copy import copy

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.warning_record import warning_record
from tests.country import LAST, country

COLUMNS = ("region", "care_area", "target_share", "origin", "probability_12m", "status", "opened", "months_known")
PAIRS = (("A", "kna"), ("B", "kna"), ("A", "gra"))


def rows(statuses, opened=(), region="A", area="kna", target=0.8, last=LAST):
    """One series: its statuses at consecutive months that end with `last`; `opened`: months back from `last`."""
    letters = {"-": "none", "b": "watch", "v": "expected", "o": "open"}
    gaps = sorted(last - back for back in opened)
    out = []
    for back, letter in zip(range(len(statuses) - 1, -1, -1), statuses, strict=True):
        if letter == ".":  # not judged: no row
            continue
        origin = last - back
        came = next((g for g in gaps if 0 <= g - origin <= 12), None) if letter != "o" else None
        chance = {"-": 0.1, "b": 0.4, "v": 0.6, "o": 1.0}[letter]
        stamp = pd.NaT if came is None else pd.Timestamp(came.first_day)
        row = (region, area, target, pd.Timestamp(origin.first_day), chance, letters[letter], stamp, min(12, back))
        out.append(dict(zip(COLUMNS, row, strict=True)))
    return out


EXACT = Viewer("exact")  # what everybody is told: test_told_run.py
COUNTRY = country()  # made once: only its record differs here


def found(made, selection=Selection()):  # noqa: B008
    source = copy(COUNTRY)
    source.record_rows = pd.DataFrame(made, columns=list(COLUMNS))
    return warning_record(source, selection, EXACT)


def test_a_warning_that_stands_is_one_warning_and_ends_when_the_gap_opens():
    record = found(rows("--vvvoo" + "-" * 20, opened=(22,)))
    (warning,) = record.warned.warnings
    assert (warning.first, warning.last) == (LAST - 24, LAST - 22)
    assert (record.warned.hits, len(record.warned.counted), record.warned.false_alarms) == (1, 1, 0)
    (gap,) = record.gaps
    assert (gap.opened, gap.warned, gap.lead_months) == (LAST - 22, LAST - 24, 2)


def test_a_warning_that_comes_back_is_a_new_one_and_so_is_one_after_a_month_without_judgement():
    assert len(found(rows("vv-v" + "-" * 20)).warned.warnings) == 2
    whole = rows("-" * 24, region="B")
    assert len(found(rows("vv.v" + "-" * 20) + whole).warned.warnings) == 2
    assert len(found(rows("vvbv" + "-" * 20)).warned.warnings) == 2
    assert len(found(rows("vvbv" + "-" * 20)).watched.warnings) == 1


def test_origins_may_be_further_apart_in_the_beginning():
    """Three months apart for all series, then monthly: what stands at both ends of three months stood between."""
    made = rows("v..v..v-" + "-" * 16) + rows("-..-..--" + "-" * 16, region="B")
    assert [(w.first, w.last) for w in found(made).warned.warnings] == [(LAST - 23, LAST - 17)]


def test_where_a_gap_was_open_nothing_is_a_warning():
    record = found(rows("oooooo" + "-" * 20))
    assert record.warned.warnings == ()
    assert record.watched.warnings == ()


def test_a_warning_whose_year_has_not_passed_is_not_counted_whatever_came():
    """Counting those that came true already and not the others would make the record better than it is."""
    made = rows("-" * 20 + "vv-vv-----", opened=(7,)) + rows("-" * 25 + "v----", region="B")
    record = found(made)
    assert record.warned.counted == ()
    assert len(record.warned.young) == 3
    assert sum(w.opened is not None for w in record.warned.young) == 1
    assert [g.warned for g in record.gaps] == [LAST - 9]
    assert not record.warned.enough


def test_the_twelfth_month_is_the_last_that_counts():
    assert found(rows("-" * 5 + "v" + "-" * 13, opened=())).warned.counted != ()
    hit = rows("v" + "-" * 12, opened=(0,))
    assert found(hit).warned.hits == 1
    assert found(rows("v" + "-" * 13, opened=(0,))).warned.hits == 0


def test_a_gap_in_the_month_of_the_warning_was_not_warned_of_beforehand():
    record = found(rows("--v" + "o" * 14, opened=(14,)))
    assert record.warned.hits == 1
    assert [g.warned for g in record.gaps] == [None]
    assert record.lead_months is None


def test_a_gap_before_which_nothing_was_judged_is_left_out():
    assert found(rows("...v" + "o" * 14, opened=(14,))).gaps == ()


def test_a_warning_of_the_gap_before_is_none_of_the_next():
    record = found(rows("-v-oo---oo" + "-" * 14, opened=(21, 16)))
    assert [(g.opened, g.warned) for g in record.gaps] == [(LAST - 21, LAST - 22), (LAST - 16, None)]


def test_lead_is_what_at_least_half_of_the_gaps_had():
    made = []
    for k, region in enumerate("ABC", 1):
        made += rows("-" * (6 - k) + "v" * k + "o" * 15, opened=(14,), region=region)
    assert sorted(g.lead_months for g in found(made).gaps) == [1, 2, 3]
    assert found(made).lead_months == 2


def test_target_care_area_and_region_narrow_it_and_an_older_run_has_none():
    made = rows("v" + "-" * 20) + rows("v" + "-" * 20, region="B") + rows("v" + "-" * 20, area="gra", target=0.9)
    assert len(found(made).warned.warnings) == 2
    assert len(found(made, Selection(region="B")).warned.warnings) == 1
    assert len(found(made, Selection(target=90)).warned.warnings) == 1
    assert found(made, Selection(region="C")) is None
    assert found(made, Selection(care_area="gra")) is None
    assert warning_record(country(), Selection(), EXACT) is None
    source = country()
    source.run_rows = []
    assert warning_record(source, Selection(), EXACT) is None


@st.composite
def worlds(draw):
    """Series with months under the target, statuses as they fall out, and some months without judgement."""
    made = []
    for region, area in PAIRS:
        n = draw(st.integers(2, 40))
        under = draw(st.lists(st.booleans(), min_size=n, max_size=n))
        letters = []
        for k in range(n):
            opened = k > 0 and under[k] and under[k - 1]
            letters.append("o" if opened else draw(st.sampled_from("--bbvv.")))
        starts = [k for k in range(n - 1) if under[k] and under[k + 1] and not (k > 0 and under[k - 1])]
        made += rows(letters, opened=[n - 1 - k for k in starts], region=region, area=area)
    return made


def naive(made):
    """Counted from the rows one by one: (counted, hits, watched counted, watched hits, gaps, gaps warned)."""
    by = {(r["region"], r["care_area"], Month.of(r["origin"])): r for r in made}

    def before(m):
        earlier = [o for _, _, o in by if o < m]
        return max(earlier) if earlier else None

    def episodes(up):
        first = [
            r
            for (region, area, m), r in by.items()
            if r["status"] in up and by.get((region, area, before(m)), {"status": ""})["status"] not in up
        ]
        settled = [r for r in first if r["months_known"] == 12]
        return len(settled), sum(not pd.isna(r["opened"]) for r in settled)

    opened = {
        (r["region"], r["care_area"], Month.of(r["opened"]))
        for r in made
        if not pd.isna(r["opened"]) and r["status"] != "open"
    }
    gaps = warned = 0
    for region, area, m in opened:
        ahead = []
        for k in range(1, 13):
            if (region, area, m - k) in opened:
                break
            ahead += [by[region, area, m - k]] if (region, area, m - k) in by else []
        ahead = [r for r in ahead if r["status"] != "open"]
        gaps += bool(ahead)
        warned += any(r["status"] == "expected" for r in ahead)
    return (*episodes(("expected",)), *episodes(("expected", "watch")), gaps, warned)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms())
def test_the_record_is_what_one_counts_by_hand(made, random):
    shuffled = list(made)
    random.shuffle(shuffled)
    record = found(shuffled)
    if not made:
        assert record is None
        return
    told = (
        len(record.warned.counted),
        record.warned.hits,
        len(record.watched.counted),
        record.watched.hits,
        len(record.gaps),
        record.gaps_warned,
    )
    assert told == naive(made)
    assert record.warned.hits + record.warned.false_alarms == len(record.warned.counted)
    assert len(record.warned.counted) + len(record.warned.young) == len(record.warned.warnings)
    assert all(1 <= g.lead_months <= 12 for g in record.gaps if g.warned is not None)
    came = {(g.region.code, g.care_area.code, g.opened) for g in record.gaps if g.warned}
    for w in record.warned.warnings:
        if w.opened is not None and w.opened > w.first:
            assert (w.region.code, w.care_area.code, w.opened) in came


@settings(max_examples=20, deadline=None)
@given(worlds())
def test_regions_add_up(made):
    whole = found(made)
    if whole is None:
        return
    parts = [p for code in "ABC" if (p := found(made, Selection(region=code))) is not None]
    for name in ("hits", "false_alarms"):
        assert sum(getattr(p.warned, name) for p in parts) == getattr(whole.warned, name)
    assert sum(len(p.gaps) for p in parts) == len(whole.gaps)


def test_months_may_be_dates_of_any_kind():
    made = rows("v" + "-" * 20, opened=(18,))
    frame = pd.DataFrame(made)
    frame["opened"] = frame["opened"].astype("datetime64[ns]")
    frame["target_share"] = frame["target_share"] + 1e-12
    source = country()
    source.record_rows = frame
    assert warning_record(source, Selection(), EXACT).warned.hits == 1
    assert np.isfinite(warning_record(source, Selection(), EXACT).warned.warnings[0].probability_12m)


@pytest.mark.parametrize("n", [4, 5])
def test_few_cases_are_called_few(n):
    made = rows("v-" * n + "-" * 13)
    assert found(made).warned.enough is (n == 5)
