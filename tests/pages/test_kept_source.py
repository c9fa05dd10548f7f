"""What stays the same while the data do is asked for once, and nobody can change what the next one gets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.care import Region
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Query
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.cache import KeepNewest
from lagesbild.pages.kept_source import KeptSource
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from tests.country import LAST, country
from tests.fakes import FakeSource

ONE_AREA = Query(care_areas=("kna",), first=LAST - 3, last=LAST)

COUNTRY = country()
SHARED = KeptSource(COUNTRY, COUNTRY.version())


@dataclass
class Counting(FakeSource):
    """Counts what it is asked, and keeps the queries for facts."""

    asked: Counter[str] = field(default_factory=Counter)
    queries: list[tuple[str, Query]] = field(default_factory=list)
    within: bool = False  # in a question of codes or months, which this one answers from its facts

    def regions(self) -> list[Region]:
        self.asked["regions"] += 1
        return super().regions()

    def batches(self) -> list[Batch]:
        self.asked["batches"] += 1
        return super().batches()

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        self.within = True
        found = super().latest_month(as_of)
        self.within = False
        return found

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        self.within = True
        found = super().distinct(dataset, column, query, told)
        self.within = False
        return found

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        if not self.within:
            self.asked["facts"] += 1
            self.queries.append((dataset, query))
        return super().facts(dataset, query)


def counting() -> Counting:
    made = country()
    return Counting(**{f: getattr(made, f) for f in made.__dataclass_fields__})


def test_every_answer_is_the_sources_own() -> None:
    plain = country()
    kept = KeptSource(plain, plain.version())
    for _ in range(2):
        for name in ("regions", "care_areas", "providers", "guarantee_limits", "breaks", "batches", "runs"):
            assert getattr(kept, name)() == getattr(plain, name)()
        assert kept.latest_month() == plain.latest_month()
        assert kept.version() == plain.version()
        assert kept.distinct("waits", "region", ONE_AREA) == plain.distinct("waits", "region", ONE_AREA)
        pd.testing.assert_frame_equal(kept.facts("waits", ONE_AREA), plain.facts("waits", ONE_AREA))
        pd.testing.assert_frame_equal(kept.reference("population"), plain.reference("population"))
        run = plain.runs()[0].run_id
        pd.testing.assert_frame_equal(kept.gaps(run), plain.gaps(run))
        pd.testing.assert_frame_equal(kept.forecasts((run,)), plain.forecasts((run,)))


def test_each_question_is_asked_once() -> None:
    source = counting()
    kept = KeptSource(source, source.version())
    source.asked.clear()
    for _ in range(3):
        kept.regions()
        kept.batches()
        kept.facts("waits", ONE_AREA)
    assert source.asked["batches"] == 1
    assert source.asked["facts"] == 1
    kept.facts("waits", Query(care_areas=("kna",)))
    kept.facts("waits", Query(care_areas=("kna",), first=LAST - 30))
    assert source.asked["facts"] == 1, "other months of a care area that has been read"
    kept.facts("waits", Query(care_areas=("kna",), provider=None))
    assert source.asked["facts"] == 2


@settings(deadline=None, max_examples=40)
@given(
    first=st.integers(-1, 70), months=st.integers(-1, 80), dataset=st.sampled_from(("waits", "production", "reporting"))
)
def test_months_are_cut_out_of_what_is_kept_as_the_source_would_have_answered(
    first: int, months: int, dataset: str
) -> None:
    areas = ("kna",) if dataset != "reporting" else ()
    asked = Query(care_areas=areas, first=LAST - first, last=LAST - first + months)
    for query in (asked, replace(asked, first=None), replace(asked, last=None), replace(asked, regions=("A", "B"))):
        pd.testing.assert_frame_equal(SHARED.facts(dataset, query), COUNTRY.facts(dataset, query))


def test_what_one_does_to_an_answer_does_not_reach_the_next() -> None:
    source = country()
    kept = KeptSource(source, source.version())
    kept.regions().clear()
    frame = kept.facts("waits", ONE_AREA)
    frame["waiting"] = -1.0
    frame.loc[0, "region"] = "?"
    assert kept.regions() == source.regions()
    pd.testing.assert_frame_equal(kept.facts("waits", ONE_AREA), source.facts("waits", ONE_AREA))


def test_a_new_version_asks_again() -> None:
    source = counting()
    renderer = Renderer(source, Viewer(), all_pages(), known=options.known, filters=options.filters)
    first = renderer.source
    assert renderer.source is first
    renderer._watch._seconds = 0.0
    source.version_number += 1
    assert renderer.source is not first


def test_the_kept_weigh_no_more_than_they_may() -> None:
    kept: KeepNewest[str] = KeepNewest(8, len)
    for key in "abcd":
        kept.get(key, lambda key=key: (key * 2, True))
    assert len(kept) == 4
    kept.get("e", lambda: ("ee", True))
    assert len(kept) == 4  # the oldest has left
    assert kept.get("a", lambda: ("new", False)) == "new"
    assert kept.get("x", lambda: ("xxx", True)) == "xxx"  # over a quarter: handed out, not kept
    assert kept.get("x", lambda: ("again", False)) == "again"


def many_areas(n: int) -> Counting:
    """The country with `n` care areas more, each with the waits of the first."""
    made = counting()
    first = made.area_rows[0]
    codes = [f"extra-{k:03}" for k in range(n)]
    made.area_rows = [*made.area_rows, *(replace(first, code=c, sort_order=900) for c in codes)]
    waits = made.frames["waits"]
    mine = waits[waits["care_area"] == first.code]
    copies = pd.concat([waits, *(mine.assign(care_area=c) for c in codes)], ignore_index=True)
    made.frames = {**made.frames, "waits": copies}
    return made


@pytest.mark.parametrize("path", ["/", "/vantetider", "/produktion"])
def test_a_page_reads_no_facts_of_care_areas_that_are_not_on_it(path: str) -> None:
    source = many_areas(12)
    answer = Renderer(source, Viewer(), all_pages(), known=options.known, filters=options.filters).answer(View(path))
    assert answer.cacheable
    country = {
        r.code for r in source.region_rows if not r.parent
    }  # what it publishes itself is few rows, and all shown
    about = [
        (d, q.care_areas)
        for d, q in source.queries
        if "care_area" in {c.name for c in DATASETS[d].keys} and d != "published-shares"
        if not (q.regions and set(q.regions) <= country)
    ]
    assert [(d, areas) for d, areas in about if not 0 < len(areas) <= 5] == []
    assert "waits" in {d for d, _ in about}


def test_the_last_month_of_an_earlier_state_is_the_sources_to_tell() -> None:
    source = country()
    kept = KeptSource(source, source.version())
    moment = datetime(2026, 9, 20, tzinfo=UTC)
    assert kept.latest_month(moment) == source.latest_month(moment)
    assert isinstance(kept.latest_month(), Month)
