"""An attacker with a linear programme and everything a public viewer can get of waits and production, on every page.

`HYPOTHESIS_PROFILE=search ATTACKS=300 pytest tests/disclosure` runs that many new random countries instead of a few.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import datakvalitet
from lagesbild.pages.context import PageContext
from lagesbild.views import twins
from tests.disclosure.attack import pinned, truth, untrue
from tests.disclosure.codebook import Knowledge, Where
from tests.disclosure.evidence_book import BOOK, read_evidence
from tests.disclosure.faults_world import faulty
from tests.disclosure.quality_book import read_quality
from tests.disclosure.small_world import LAST, Shape, country

FAULTS = Shape(13, regions=4, months=30, size=20.0, providers=2)
CASES = int(os.environ.get("ATTACKS", "6"))
MONTHS = [LAST - 1, LAST]

shapes = st.builds(
    Shape,
    seed=st.integers(0, 10_000),
    regions=st.integers(3, 5),
    months=st.just(14),
    size=st.sampled_from([1.0, 2.0, 4.0, 8.0, 20.0]),
    providers=st.sampled_from([0, 0, 2]),
    own_limit=st.booleans(),
)


@settings(max_examples=CASES, deadline=None)
@given(shapes)
# a healthcare region's 81 %, of 80,7, stood as 81,0 % beside a region compared with it
@example(Shape(7258, regions=5, months=14, size=4.0, providers=2, own_limit=True))
# "<5" added and "<5" removed at a provider, the first said on one page and the second on another: four and one
@example(Shape(3, regions=3, months=14, size=4.0, providers=2, own_limit=True))
def test_no_small_count_is_known_to_less_than_one(shape):
    found, know = pinned(country(shape), "A1", MONTHS, Viewer(), at_most=25, seed=shape.seed)
    assert not know.unknown, "not in the codebook"
    assert not found


@settings(max_examples=max(1, CASES // 4), deadline=None)
@given(shapes)
def test_nor_where_months_are_full_of_faults(shape):
    """Findings tell what is odd in their words, and that something is odd where they may not tell the numbers."""
    found, know = pinned(faulty(shape), "A1", MONTHS, Viewer(), at_most=25, seed=shape.seed)
    assert not know.unknown, "not in the codebook"
    assert not found


def some_country(size: float = 4.0):
    """One with small counts in the months that are tried."""
    source = country(Shape(1, regions=4, months=14, size=size, providers=0, missing=0.0))
    assert any(0 < x < 5 and v[1] in MONTHS for v, x in truth(source, "A1").items())
    return source


def of_places(found: list[str]) -> list[str]:
    """Those of regions and providers; the others are sums over a healthcare region's regions."""
    return [x for x in found if not x.startswith(("Norra", "Södra"))]


def test_without_protection_a_small_sum_of_a_healthcare_region_is_known_too():
    source = country(Shape(1, regions=5, months=14, size=1.0, providers=0, missing=0.0))
    found, _ = pinned(source, "A1", MONTHS, Viewer("exact"), at_most=3)
    assert set(found) - set(of_places(found))


def test_without_protection_everything_is_known():
    found, _ = pinned(some_country(), "A1", MONTHS, Viewer("exact"), at_most=10)
    assert len(of_places(found)) == 10


def test_hiding_only_the_small_counts_themselves_is_not_enough(monkeypatch):
    monkeypatch.setattr(twins, "kept_difference", lambda sheet: np.zeros(sheet.counts.shape, int))
    found, _ = pinned(some_country(), "A1", MONTHS, Viewer(), at_most=40)
    assert found


def test_a_card_that_is_not_in_the_codebook_is_found_out(monkeypatch):
    from tests.disclosure import codebook

    rest = {k: v for k, v in codebook.BOOK.items() if k[1] != "balans"}
    monkeypatch.setattr(codebook, "BOOK", rest)
    _, know = pinned(some_country(), "A1", [LAST], Viewer(), at_most=1)
    assert know.unknown == {"/produktion balans", "/vardomrade/<code> balans"}


@pytest.mark.parametrize("size", [1.0, 60.0])
def test_large_counts_and_sums_stay(size):
    """Protection that hides everything would be safe too, and useless."""
    source = country(Shape(3, regions=5, months=14, size=size, providers=0, missing=0.0))
    _, know = pinned(source, "A1", [LAST], Viewer(), at_most=0)
    told = [terms for terms, low, high in know.rows if low == high and len(terms) > 1]
    assert told if size > 1 else True
    if size > 1:
        facts = truth(source, "A1")
        shown = {v for terms, low, high in know.rows if low == high and len(terms) == 1 for v in terms}
        waiting = [v for v in facts if v[1] == LAST and v[2] == "waiting"]
        assert all(v in shown for v in waiting)


def test_a_column_of_a_table_that_is_not_in_the_codebook_is_found_out(monkeypatch):
    from tests.disclosure import tables

    monkeypatch.setattr(tables, "SHARES", {})
    _, know = pinned(some_country(), "A1", [LAST], Viewer(), at_most=1)
    assert know.unknown == {"waits within_limit_share", "waits excluded_share"}


def test_the_tables_alone_give_everything_away_without_protection(monkeypatch):
    """Or reading them would prove nothing: with no page read, exact tables tell every small count."""
    from tests.disclosure import attack

    monkeypatch.setattr(attack, "selections", lambda months, regions, groups, area: iter(()))
    found, know = pinned(some_country(), "A1", MONTHS, Viewer("exact"), at_most=10)
    assert len(of_places(found)) == 10
    assert not know.unknown
    found, _ = pinned(some_country(), "A1", MONTHS, Viewer(), at_most=10)
    assert not found


def test_rows_behind_findings_tell_no_providers_count():
    """Found by the attack when it first read the page: three removed at one of R1's providers could be worked out."""
    source = country(Shape(0, regions=3, months=14, size=20.0, providers=2))
    found, know = pinned(source, "A1", MONTHS, Viewer(), at_most=25)
    assert not know.unknown
    assert not found


@pytest.mark.parametrize(("role", "told"), [("exact", True), ("public", False)])
def test_rows_behind_findings_and_revised_shares_are_read(role, told):
    """A country with a month that a rule finds odd: its row and those beside it lie open on `/datakvalitet`."""
    source = country(Shape(1, regions=4, months=30, size=20.0, providers=0, missing=0.0))
    facts, know = truth(source, "A1"), Knowledge()
    context = PageContext(source, Selection(care_area="A1", month=LAST, region="R3"), Viewer(role))
    where = Where(LAST, {"Riket": ()}, (), tuple(sorted({m for _, m, _ in facts})), "R3")
    read_quality(know, datakvalitet.PAGE.build(context), where, {}, "A1", facts)
    assert not know.unknown
    rows = {next(iter(terms)): (low, high) for terms, low, high in know.rows if len(terms) == 1}
    odd = ("R3", LAST - 3, "performed")
    assert rows[odd] == ((30.0, 30.0) if told else (0, 1e7))
    assert len(rows) > 5
    assert all(low <= facts[v] <= high for v, (low, high) in rows.items())
    assert any(len(terms) == 2 for terms, _, _ in know.rows)  # shares


@pytest.mark.parametrize("role", ["exact", "public"])
def test_what_findings_say_is_read_and_true(role):
    """Of every kind of finding; the public is told fewer numbers, and nothing that is not so."""
    read, source = {}, faulty(FAULTS)
    facts, know = truth(source, "A1"), Knowledge()
    page = datakvalitet.PAGE.build(PageContext(source, Selection(care_area="A1", month=LAST), Viewer(role)))
    card = next(s for s in page.sections if s.id == "fynd")
    providers = {p.name: p.code for p in source.providers()}
    for row in card.table.rows:
        alone = replace(card, table=replace(card.table, rows=(row,)))
        n = read_evidence(know, alone, sorted({m for _, m, _ in facts}), providers, "A1", facts)
        read[row.cells[0]] = read.get(row.cells[0], 0) + n
    assert not know.unknown
    assert untrue(know, facts) == []
    told = {title for title, n in read.items() if n}
    assert told == set(BOOK) if role == "exact" else told < set(BOOK)
