"""The presentation of one region: few slides, every finding on one of them, nothing over anything else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from lagesbild.components.table import cell_text
from lagesbild.domain.selection import Selection
from lagesbild.reports.about import definitions
from lagesbild.reports.document import Document, Figure, Section, Space
from tests.golden.situations import AREA, GROUP, REGION, SITUATIONS
from tests.golden.test_briefings import composed_for
from tests.reports import made_up
from tests.reports.reading import charts, opened, words

MOST = {AREA: 8, "": 12}  # slides of one care area, of all


@cache
def region(situation: str, area: str) -> Document:
    return composed_for(situation, Selection(care_area=area, region=REGION, kind="region"))


def flat(text: str) -> str:
    return " ".join(text.replace("\v", " ").split())


@pytest.mark.parametrize("area", MOST)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_few_slides_that_hold_every_finding(situation: str, area: str) -> None:
    document = region(situation, area)
    assert document.few_slides
    deck = opened(document)
    assert len(deck.slides) <= MOST[area]
    said = flat(" ".join(words(s) for s in deck.slides))
    for figure in document.figures:
        assert flat(figure.title) in said
    assert len(list(charts(deck))) == sum(f.chart is not None for f in document.figures)
    titles = [s.shapes.title.text for s in deck.slides]
    assert len(set(titles)) == len(titles)
    notes = flat(list(deck.slides)[-1].notes_slide.notes_text_frame.text)
    assert all(flat(f"{term}: {text}") in notes for term, text in definitions(document))


@cache
def council(situation: str, **chosen: str) -> Document:
    return composed_for(situation, Selection(kind="radet", **chosen))  # type: ignore[arg-type]


COUNCILS = ({}, {"region": REGION}, {"care_area": AREA}, {"care_area": AREA, "region": REGION})


@pytest.mark.parametrize("chosen", COUNCILS, ids=lambda c: " ".join(c) or "alla")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_council_is_shown_few_slides_that_hold_every_finding(situation: str, chosen: dict[str, str]) -> None:
    document = council(situation, **chosen)
    deck = opened(document)
    assert len(deck.slides) <= 12
    said = flat(" ".join(words(s) for s in deck.slides))
    for block in document.figures:
        assert flat(block.title) in said
    titles = [s.shapes.title.text for s in deck.slides]
    assert len(set(titles)) == len(titles)
    own = [f for f in document.figures if f.facts]
    assert bool(own) == ("care_area" not in chosen)
    for block in own:
        (slide,) = (s for s in deck.slides if flat(block.title) in flat(s.shapes.title.text))
        assert sum(s.has_chart for s in slide.shapes) == 1
        assert len(block.facts) == 3
        for fact in block.facts:
            assert flat(f"{fact.name} {fact.value}") in flat(words(slide)), "name above value"


ASSESSED = (
    {},
    {"care_area": AREA},
    {"care_area": AREA, "region": REGION},
    {"care_area": AREA, "healthcare_region": GROUP},
)


@pytest.mark.parametrize("chosen", ASSESSED, ids=lambda c: " ".join(c) or "alla")
@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_assessment_has_a_slide_for_each_question_and_few_for_what_data_answer(
    situation: str, chosen: dict[str, str]
) -> None:
    document = composed_for(situation, Selection(kind="bedomning", **chosen))  # type: ignore[arg-type]
    deck = opened(document)
    assert len(deck.slides) <= 13
    titles = [s.shapes.title.text for s in deck.slides]
    assert len(set(titles)) == len(titles)
    said = flat(" ".join(words(s) for s in deck.slides))
    assert [f.title for f in document.figures if flat(f.title) not in said] == []
    asked = [b for s in document.sections for b in s.blocks if isinstance(b, Space)]
    assert len(asked) == 5
    boxes_of = [[x for x in s.shapes if x.name.startswith("Plats att skriva i")] for s in deck.slides]
    assert [len(b) for b in boxes_of if b] == [2, 2, 1], "a slide for each question of the template"
    for question in asked:
        (slide,) = (s for s in deck.slides for x in s.shapes if x.name == f"Plats att skriva i: {question.heading}")
        assert flat(question.heading) in flat(words(slide))
        assert flat(question.question) in flat(words(slide))
    for box in (x for b in boxes_of for x in b):
        assert box.height > deck.slide_height / 2
        assert box.width > deck.slide_width * 0.4
    assert "Tabellerna står i arbetsboken (XLSX)." in said


def test_nothing_stands_over_an_assessments_boxes() -> None:
    for slide in opened(composed_for("försämring", Selection(kind="bedomning", care_area=AREA))).slides:
        for a, b in combinations(boxes(slide), 2):
            across, down = min(a[3], b[3]) - max(a[1], b[1]), min(a[4], b[4]) - max(a[2], b[2])
            assert across <= 27432 or down <= 27432, (slide.shapes.title.text, a[0], b[0])


def test_bars_of_many_regions_have_a_slide_of_their_own() -> None:
    ranked = made_up.ranked()
    for rows, held in ((12, [2]), (13, [1, 1])):
        chart = replace(ranked.chart, rows=(ranked.chart.rows * 13)[:rows])
        some = (replace(ranked, chart=chart, half=True, title="Fynd 1"), replace(made_up.fan(), half=True))
        deck = opened(replace(made_up.bare(), few_slides=True, sections=(Section("p", "Prognos", some),)))
        assert [n for s in deck.slides if (n := sum(x.has_chart for x in s.shapes))] == held


def test_the_title_is_of_what_the_section_is_about_and_of_the_one_that_has_changed() -> None:
    def titled(section: str, *figures: Figure) -> str:
        document = replace(made_up.bare(), few_slides=True, sections=(Section(section, "Avsnitt", figures),))
        return next(s.shapes.title.text for s in opened(document).slides if any(x.has_chart for x in s.shapes))

    def named(id_: str, judgement: str = "") -> Figure:
        facts = (replace(made_up.facts().items[0], judgement=judgement),) if judgement else ()
        # words that would have been taken for a judgement
        return replace(made_up.fan(), id=id_, title=f"Fynd {id_}, säkerställd försämring", half=True, facts=facts)

    assert titled("vantetider", named("vantetid"), named("andel-a")).startswith("Fynd andel-a,")
    same, worse = named("andel-a", "noise"), named("andel-b", "worse")
    assert titled("vantetider", same, worse).startswith("Fynd andel-b,")
    assert titled("vantetider", named("x", "worse"), same).startswith("Fynd andel-a,")
    assert titled("kvalitet", named("x"), named("y")).startswith("Fynd x,")


def test_key_figures_beside_a_chart_have_room() -> None:
    for chosen in ({}, {"region": REGION}):
        for situation in ("försämring", "skyddat", "saknas"):
            for slide in opened(council(situation, **chosen)).slides:
                for a, b in combinations(boxes(slide), 2):
                    across, down = min(a[3], b[3]) - max(a[1], b[1]), min(a[4], b[4]) - max(a[2], b[2])
                    assert across <= 27432 or down <= 27432, (slide.shapes.title.text, a[0], b[0])


def boxes(slide: Any) -> list[tuple[str, int, int, int, int]]:
    """Name and sides of what stands between title and foot."""
    return [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]


@pytest.mark.parametrize("area", MOST)
def test_nothing_stands_over_anything_else(area: str) -> None:
    for situation in ("försämring", "skyddat", "saknas"):
        for slide in opened(region(situation, area)).slides:
            for a, b in combinations(boxes(slide), 2):
                across, down = min(a[3], b[3]) - max(a[1], b[1]), min(a[4], b[4]) - max(a[2], b[2])
                # the boxes of kicker and title share two hundredths of an inch, without words
                assert across <= 27432 or down <= 27432, (slide.shapes.title.text, a[0], b[0])


def test_a_chart_alone_has_a_slide_and_four_take_two() -> None:
    document = made_up.bare()
    one = [replace(made_up.fan(), id=f"f{k}", title=f"Fynd {k}", half=True) for k in range(4)]
    for n, wanted in ((1, [1]), (2, [2]), (3, [3]), (4, [2, 2])):
        deck = opened(replace(document, few_slides=True, sections=(Section("p", "Prognos", tuple(one[:n])),)))
        held = [sum(s.has_chart for s in slide.shapes) for slide in deck.slides]
        assert [h for h in held if h] == wanted


def test_a_table_of_one_row_is_told_and_one_of_more_is_a_table() -> None:
    gaps = made_up.gaps()
    assert isinstance(gaps, Figure)
    for rows, tables in ((1, 0), (2, 1)):
        block = replace(gaps, table=replace(gaps.table, rows=gaps.table.rows[:rows]), table_shown=True, chart=None)
        document = replace(made_up.bare(), few_slides=True, sections=(Section("g", "Gap", (block,)),))
        deck = opened(document)
        assert sum(s.has_table for slide in deck.slides for s in slide.shapes) == tables
        first = cell_text(block.table.rows[0].cells[0], block.table.columns[0])
        assert first in flat(" ".join(words(s) for s in deck.slides))


def test_a_long_table_takes_two_slides_and_says_where_the_rest_is() -> None:
    table = replace(made_up.gaps().table, rows=made_up.gaps().table.rows[:1] * 90)
    block = replace(made_up.gaps(), table=table, table_shown=True, chart=None, half=False)
    deck = opened(replace(made_up.bare(), few_slides=True, sections=(Section("g", "Gap", (block,)),)))
    held = [s.table for slide in deck.slides for s in slide.shapes if s.has_table]
    assert len(held) == 2
    rows = sum(len(t.rows) - 1 for t in held)
    assert f"De {rows} första av 90 rader; resten står i arbetsboken (XLSX)." in flat(" ".join(map(words, deck.slides)))


def test_a_person_s_comment_is_kept() -> None:
    document = region("brus", AREA)
    said = replace(document, sections=tuple(replace(s, comment="Se protokoll 12.") for s in document.sections[:1]))
    assert "Se protokoll 12." in flat(" ".join(words(s) for s in opened(said).slides))
