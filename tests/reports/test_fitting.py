"""A document that is to take so many pages takes no more, however much there is to say; and nothing is lost."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import cycle, islice

import pdfplumber
import pytest

from lagesbild.components.model import Column, Row, Table
from lagesbild.domain.selection import Selection
from lagesbild.reports.document import Document, Figure, Prose, Section
from lagesbild.reports.shaping import AREAS_A_SHEET, pages_of
from lagesbild.reports.typeset import _count, pdf, sizes
from lagesbild.reports.typeset.content import content
from lagesbild.reports.typeset.fitting import divided
from tests.golden.test_briefings import composed_for
from tests.reports import made_up
from tests.reports.read_pdf import flat, opened, pages
from tests.reports.ua_rules import faults

NOTE = "Patientvald och medicinskt orsakad väntan är borträknad, och några månader visas inte. "
COLUMNS = (Column("region", "Region"), Column("status", "Läge"), Column("load", "Belastning", "number", 2))


def gaps(rows: int) -> Figure:
    table = Table("Gap", COLUMNS, tuple(Row((f"Region {k:02}", f"läge {k:02}", 0.9 + k / 100)) for k in range(rows)))
    return Figure("gap", f"{rows} gap", "Ordning: läge.", table, "Källa: gap.", table_shown=True)


def crowded(charts: int, notes: int, rows: int, wanted: int = 2) -> Document:
    """`charts` charts, each with a note of its own that is `notes` sentences long; a table; words; definitions."""
    drawn = islice(cycle((made_up.control_chart, made_up.fan, made_up.bands)), charts)
    figures = tuple(
        replace(make(), id=f"figur-{k}", half=True, source=f"Källa: {k}.", footnotes=(f"Not {k}. {NOTE * notes}",))
        for k, make in enumerate(drawn)
    )
    words = tuple(
        replace(gaps(2), id=f"ord-{k}", title=f"I ord {k}", summary=NOTE * notes, in_words=True, half=True)
        for k in range(3)
    )
    terms = tuple((f"Begrepp {k}", NOTE * 2) for k in range(6))
    sections = (
        Section("sammanfattning", "Korthet", (made_up.facts(), gaps(rows)), flows=True),
        Section("vantetider", "Väntetider", figures, flows=True),
        Section("kvalitet", "Kvalitet", words, flows=True),
        Section("definitioner", "Definitioner", (Prose(terms),)),
    )
    return replace(made_up.bare(), sections=sections, pages=wanted)


# from what has room at the usual size to what needs every step
@pytest.mark.parametrize(
    ("charts", "notes", "rows", "wanted"),
    [(3, 1, 3, 2), (6, 1, 8, 2), (7, 2, 8, 2), (7, 4, 30, 2), (0, 1, 6, 1), (0, 3, 63, 1)],
)
def test_no_more_pages_than_wanted_and_nothing_lost(charts, notes, rows, wanted):
    doc = crowded(charts, notes, rows, wanted)
    made = pdf(doc)
    read = pages(made)
    before = next((k for k, page in enumerate(read) if "Bilaga." in page), len(read))
    assert before <= wanted
    assert any("Om underlaget" in page for page in read[:before])
    assert (before < len(read)) == any("Bilagan på nästa sida har mer" in page for page in read[:before])
    assert faults(opened(made)) == []
    whole = flat(" ".join(read))
    for text in (*(f"Not {k}." for k in range(charts)), *(f"Begrepp {k}" for k in range(6)), "I ord 2"):
        assert text in whole
    assert [k for k in range(rows) if f"Region {k:02}" not in whole] == []
    with pdfplumber.open(io.BytesIO(made)) as opened_:
        assert min(c["size"] for p in opened_.pages for c in p.chars if c["text"] not in "¹²³") >= sizes.LEAST - 0.01


# what a sheet of one care area can hold at most: both its charts, every region's gap, long notes and definitions
@pytest.mark.parametrize(
    ("charts", "notes", "rows"), [(0, 0, 1), (2, 1, 3), (2, 2, 21), (2, 4, 21), (0, 4, 63), (3, 3, 63)]
)
def test_a_sheet_for_preparedness_is_one_page_whatever_there_is_to_say(charts, notes, rows):
    doc = replace(crowded(charts, notes, rows, 1), kind="beredskap")
    made = pdf(doc)
    read = pages(made)
    assert len(read) == 1
    whole = flat(read[0])
    assert faults(opened(made)) == []
    assert "Bilaga" not in whole
    gone = [k for k in range(rows) if f"Region {k:02}" not in whole]
    lost = [k for k in range(6) if f"Begrepp {k}" not in whole]
    if gone or lost:
        assert "Arbetsboken (XLSX) till bladet har mer:" in whole
    if gone:
        assert f"av {rows} rader; resten står i arbetsboken." in whole
    assert len(gone) < rows


def test_charts_are_as_high_and_type_as_large_as_there_is_room_for():
    def used(doc: Document) -> set[float]:
        with pdfplumber.open(io.BytesIO(pdf(doc))) as read:
            return {round(c["size"], 1) for c in read.pages[0].chars}

    assert sizes.HEADING in used(crowded(1, 1, 3))
    assert sizes.HEADING not in used(crowded(7, 4, 8))


def test_a_document_of_any_number_of_pages_is_left_alone():
    assert "Bilaga." not in " ".join(pages(pdf(crowded(7, 4, 30, wanted=0))))


def test_what_a_person_has_commented_stays_and_the_rest_of_a_long_table_is_told():
    doc = crowded(1, 1, 9)
    said = replace(doc, sections=tuple(replace(s, comment="Obs.") if s.id == "kvalitet" else s for s in doc.sections))
    body, appendix = divided(said, words=True, rows=4)
    assert [s.id for s in body.sections] == ["sammanfattning", "vantetider", "kvalitet", "bilaga"]
    assert body.sections[2] == said.sections[2]
    assert [s.id for s in appendix] == ["sammanfattning", "definitioner"]
    kept, rest = body.sections[0].blocks[1], appendix[0].blocks[0]
    assert isinstance(kept, Figure)
    assert isinstance(rest, Figure)
    assert kept.table.rows + rest.table.rows == gaps(9).table.rows
    assert kept.summary.endswith("De 4 första av 9 rader; resten står i bilagan.")
    assert rest.title == "9 gap: de övriga 5 raderna"


@pytest.mark.parametrize(("areas", "wanted"), [(0, 1), (1, 1), (AREAS_A_SHEET, 1), (AREAS_A_SHEET + 1, 2), (10, 4)])
def test_the_sheet_is_a_page_for_each_three_care_areas(areas, wanted):
    free = replace(gaps(areas), id="ledig-kapacitet")
    assert pages_of("beredskap", (Section("prognos", "P", (free,)),), one_area=False) == wanted
    assert pages_of("region", (), one_area=True) == 2
    assert pages_of("region", (), one_area=False) == pages_of("radet", (), one_area=True) == 0


def test_a_document_of_any_length_takes_a_page_less_where_little_is_on_its_last():
    saved = []
    for charts, notes in ((3, 2), (4, 2), (5, 2), (6, 2)):
        doc = crowded(charts, notes, 8, 0)
        made = opened(pdf(doc))
        usual = _count(json.dumps(content(doc)))
        saved.append(usual - len(made.pages))
        with pdfplumber.open(io.BytesIO(pdf(doc))) as read:
            assert min(c["size"] for p in read.pages for c in p.chars if c["text"] not in "¹²³") >= sizes.FLOOR - 0.01
    assert min(saved) == 0, "what has room is as it was"
    assert max(saved) == 1


@pytest.mark.parametrize("chosen", [{}, {"healthcare_region": "Norra"}, {"region": "R1"}], ids=" ".join)
def test_the_care_areas_charts_are_on_the_first_page(chosen):
    doc = composed_for("försämring", Selection(kind="radet", **chosen))
    begin = [f"{f.title.partition(':')[0]}:" for f in doc.figures if f.facts]  # titles beside each other share lines
    assert len(begin) >= 2
    first, *rest = pages(pdf(doc))
    assert [t for t in begin if t not in first] == []
    assert not any(t in page for t in begin for page in rest)
