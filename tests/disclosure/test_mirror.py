"""Every page of a country and of its twin is the same, to the last letter: whatever is shown, nothing tells them apart.

This covers what no codebook can: figures, hover texts, sentences, order of rows, judgements, forecasts, downloads (made
from the same tables). `ATTACKS=300` runs more countries.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import TOLD, Query
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import datakvalitet
from lagesbild.pages.context import PageContext
from lagesbild.views.middles import Middles
from lagesbild.views.told_run import ToldRun
from tests.disclosure.faults_world import faulty
from tests.disclosure.mirror import mirrored, remembering, turned
from tests.disclosure.pages import contents, differences, plain
from tests.disclosure.small_world import COUNTED, LAST, Shape, country, with_told
from tests.disclosure.tables import table_lines
from tests.fakes import FakeSource

PUBLIC = Viewer()
FLAGS = ("/", "/kapacitetsgap", "/prognos", "/vardomrade/<code>")
CASES = max(1, int(os.environ.get("ATTACKS", "0")) // 10)
# two that between them have providers, two care areas, an own limit, small and large counts; then random ones
FIXED = [
    Shape(3, regions=4, areas=1, months=16, size=3.0, providers=0),
    Shape(5, regions=4, areas=1, months=14, size=25.0, providers=1, own_limit=True),
]
# with faults of every kind that a rule finds, with providers and without
FAULTY = [
    Shape(7, regions=4, areas=1, months=30, size=20.0, providers=0),
    # a month that repeats itself in the country and not in its twin: how many are not told was another number
    Shape(1, regions=4, areas=1, months=14, size=12.0, providers=2),
]


def shapes(months: st.SearchStrategy[int]) -> st.SearchStrategy[Shape]:
    """Random countries, of so many months, whose twins can be turned back."""
    return st.builds(
        Shape,
        seed=st.integers(0, 10_000),
        regions=st.integers(3, 5),
        areas=st.integers(1, 2),
        months=months,
        size=st.sampled_from([2.0, 6.0, 20.0]),
        providers=st.just(0),
        own_limit=st.booleans(),
    )


def told_apart(
    shape: Shape, viewer: Viewer = PUBLIC, pages: tuple[str, ...] = (), beside: Callable[[FakeSource], None] = with_told
) -> list[str]:
    """Where the pages of the country and of its twin differ. `beside` stores what goes with the run of each."""
    kept: dict = {}
    source = country(shape)
    with remembering(kept):
        twin = mirrored(source)
        beside(source)
        one = [(p, s, plain(c)) for p, s, c in contents(source, [LAST], viewer, pages)]
    with turned(kept):
        beside(twin)
        two = [(p, s, plain(c)) for p, s, c in contents(twin, [LAST], viewer, pages)]
    assert len(one) == len(two) > 0
    return [
        f"{path} {s.region or s.provider or s.care_area} {line}"
        for (path, s, a), (_, _, b) in zip(one, two, strict=True)
        for line in differences(a, b)
    ]


@pytest.mark.parametrize("shape", FIXED)
def test_no_page_tells_the_country_from_its_twin(shape):
    assert told_apart(shape) == []


@settings(max_examples=CASES, deadline=None)
@given(shapes(st.integers(14, 20)))
def test_nor_do_the_wait_and_production_pages_of_random_countries(shape):
    assert told_apart(shape, pages=("/vantetider", "/produktion")) == []


@pytest.mark.parametrize("shape", FAULTY)
def test_no_finding_tells_the_country_from_its_twin(shape):
    """Which are listed, in what order, how grave and with what numbers, where months are full of faults."""
    assert findings_apart(shape) == []


@settings(max_examples=CASES, deadline=None)
@given(shapes(st.sampled_from([14, 30])))
def test_nor_do_the_findings_of_random_countries(shape):
    assert findings_apart(shape) == []


def test_without_protection_findings_tell_them_apart():
    assert findings_apart(FAULTY[1], Viewer("exact"))


def findings_apart(shape: Shape, viewer: Viewer = PUBLIC) -> list[str]:
    """Where the findings of `/datakvalitet` differ between a country with faults and its twin."""

    def findings(source):
        page = datakvalitet.PAGE.build(PageContext(source, Selection(month=LAST), viewer))
        return plain([page.more, next(s for s in page.sections if s.id == "fynd")])

    kept: dict = {}
    source = faulty(shape)
    with remembering(kept):
        twin = mirrored(source)
        with_told(source)
        one = findings(source)
    with turned(kept):
        with_told(twin)
        two = findings(twin)
    return list(differences(one, two))


def test_without_protection_they_are_told_apart():
    """Or the test above would prove nothing."""
    assert told_apart(FIXED[0], Viewer("exact"), ("/vantetider",))


def test_the_middle_is_the_same_from_both_sides():
    """Whichever of the two is the country: so a forecast made of it tells nothing of which."""
    shape = Shape(3, regions=5, areas=1, months=16, size=6.0, providers=0)
    kept: dict = {}
    source = country(shape)
    with remembering(kept):
        twin = mirrored(source)
        one = middle_of(source)
    with turned(kept):
        two = middle_of(twin)
    assert one.keys() == two.keys() != set()
    for column in COUNTED:
        for key in one:
            assert one[key][column] == two[key][column] or (np.isnan(one[key][column]) and np.isnan(two[key][column]))


def middle_of(source: FakeSource) -> dict[tuple[str, str, str], dict[str, float]]:
    """By region, care area and month: the counts half way, of pairs that have any that are hidden."""
    first = LAST - 15
    moves = Middles(5)(source, first, LAST)
    out: dict = {}
    for name in ("waits", "production"):
        for row in source.facts(name, Query()).to_dict("records"):
            pair = row["region"], row["care_area"]
            at = Month.of(row["period"]) - first
            if pair in moves:
                more = {c: row[c] + moves[pair][c][at] for c in COUNTED if c in row}
                out.setdefault((*pair, str(at)), {}).update(more)
    return out


def without_told(source: FakeSource) -> None:
    """A run of a program that judged exact counts alone."""
    source.run_rows = [r for r in source.run_rows if r.kind != TOLD]


def test_nor_do_the_flags_of_a_run_that_judged_exact_counts_alone():
    assert told_apart(FIXED[0], pages=FLAGS, beside=without_told) == []


def test_flags_that_follow_from_exact_counts_would_tell_them_apart(monkeypatch):
    """Statuses, probabilities and months do follow from them in the mirror: shown as stored, they are found."""
    monkeypatch.setattr(
        ToldRun, "gaps", lambda self, care_areas=(): self.source.gaps(self.run.run_id, care_areas=care_areas)
    )
    found = told_apart(FIXED[0], pages=("/", "/kapacitetsgap"))
    assert {line.partition(" ")[0] for line in found} == {"/", "/kapacitetsgap"}


def tables_apart(shape: Shape) -> list[str]:
    """Where the public's published tables of the country and of its twin differ."""
    kept: dict = {}
    source = country(shape)
    with remembering({}):
        twin = mirrored(source)
    with remembering(kept):
        with_told(source)
        one = dict(table_lines(source, PUBLIC))
    with turned(kept, in_order=True):
        with_told(twin)
        two = dict(table_lines(twin, PUBLIC))
    assert one.keys() == two.keys()
    assert len(one["waits"]) > 100
    asked = (left for left in kept.values() if isinstance(left, list))  # twins of sliding sums are not used up
    assert not any(asked), "something was asked of one country alone"
    return different_lines(one, two)


def different_lines(one: dict[str, list[str]], two: dict[str, list[str]]) -> list[str]:
    return [
        f"{name}: {a} or {b}" for name, lines in one.items() for a, b in zip(lines, two[name], strict=True) if a != b
    ]


@pytest.mark.parametrize("shape", FIXED)
def test_no_table_tells_the_country_from_its_twin(shape):
    assert tables_apart(shape) == []


def test_without_protection_tables_tell_them_apart():
    source = country(FIXED[0])
    one, two = (dict(table_lines(s, Viewer("exact"))) for s in (source, mirrored(source)))
    found = {line.partition(":")[0] for line in different_lines(one, two)}
    assert {"waits", "production", "capacity", "forecasts", "gaps"} <= found
