"""The list of gaps read in two ways: what decides of all care areas and the rest of the listed ones, or all at once."""

from __future__ import annotations

import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import WINDOW
from lagesbild.views import gap_list as lists
from lagesbild.views.gap_list import GapList, gap_list
from lagesbild.views.guards import OPEN, Guard, pair_guards
from lagesbild.views.signals import region_signals
from lagesbild.views.wait_reading import read_waits
from tests.disclosure.small_world import LAST, Shape, country
from tests.fakes import FakeSource

SHAPES = [Shape(seed, regions=5, areas=4, months=40, missing=0.1) for seed in (3, 11)]
ORDERS = ("", "andel", "behov-omvand", "manad")  # by urgency, by a share, by what may be hidden, by what never is
VIEWERS = [Viewer(), Viewer(own="R2"), Viewer("exact")]


def flagged(shape: Shape, stopped: bool = False) -> FakeSource:
    """A country where most are flagged; with one care area that has not reported for two years."""
    source = country(shape)
    rows = source.gap_rows.copy()
    states = ["open", "expected", "watch", "none"]
    rows["status"] = [states[k // 3 % 4] for k in range(len(rows))]
    rows["probability_12m"] = [None if k // 3 % 7 == 6 else 0.3 + k % 5 / 10 for k in range(len(rows))]
    source.gap_rows = rows
    if stopped:
        for name in ("waits", "production"):
            frame = source.frames[name]
            late = frame["period"] > str(LAST - 24)
            source.frames[name] = frame[~(late & (frame["care_area"] == "A2"))].reset_index(drop=True)
    return source


def naive(found: GapList, source: FakeSource, selection: Selection, viewer: Viewer) -> None:
    """Every series beside all waits of the country, as they were read before."""
    waits = read_waits(source, selection.with_(month=found.run.until), viewer)
    assert waits is not None
    guards = pair_guards(source, waits, viewer.everybody)
    codes = [a.code for a in waits.areas]
    for s in (*found.flagged, *found.seasonal, *found.unjudged):
        exact = viewer.of(s.region.code).role == "exact"
        guard = OPEN if exact else guards.get((s.region.code, s.care_area.code), Guard())
        a, r = codes.index(s.care_area.code), waits.region_index(s.region.code)
        assert r is not None
        signal, state = region_signals(waits, a)[r], waits.state(a, r)
        assert repr(s.guard) == repr(guard)
        assert repr((s.share, s.coarse)) == repr((signal.share if state == "" else None, signal.coarse))
        assert (s.hidden, s.provisional) == (state == "suppressed", bool(waits.provisional[a, r, -1]))
        if s in found.listed:
            assert s.line == (*(None,) * (WINDOW - len(signal.spark)), *signal.spark)
            assert (s.band, s.judgement) == (signal.band, signal.judgement if state == "" else "short")


@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("viewer", VIEWERS, ids=["public", "own", "exact"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: str(s.seed))
def test_what_is_told_of_gaps_is_the_same_however_it_is_read(shape: Shape, viewer: Viewer, stopped: bool) -> None:
    source = flagged(shape, stopped)
    for order in ORDERS:
        for chosen in (Selection(order=order), Selection(order=order, region="R2", status="open")):
            whole, in_two = (gap_list(source, chosen, viewer, at_once=n) for n in (99, 0))
            assert whole is not None
            assert in_two is not None
            assert whole.flagged or chosen.region
            assert repr(in_two) == repr(whole)
    assert in_two is not None
    naive(in_two, source, chosen, viewer)
    hidden = [s for s in whole.flagged if s.hidden or not s.guard.amounts or not s.guard.wait]
    assert hidden or viewer.role == "exact" or chosen.region


def test_only_what_is_listed_has_a_line_and_all_have_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    source = flagged(SHAPES[0])
    whole = gap_list(source, Selection(), Viewer("exact"))
    monkeypatch.setattr(lists, "LISTED", 3)
    cut = gap_list(source, Selection(), Viewer("exact"), at_once=0)
    assert whole is not None
    assert cut is not None
    assert [repr(s) for s in cut.flagged[:3]] == [repr(s) for s in whole.flagged[:3]]
    assert [(s.region, s.care_area, s.share, s.near, s.gap) for s in cut.flagged[3:]] == [
        (s.region, s.care_area, s.share, s.near, s.gap) for s in whole.flagged[3:]
    ]
    assert all(set(s.line) == {None} for s in cut.flagged[3:])
