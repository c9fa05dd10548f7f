"""The presentation, read back: titles, notes, marks, alternative texts, tables, language, equal bytes."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from lagesbild.components.model import Column, Row, Table
from lagesbild.components.table import cell_text
from lagesbild.reports.about import COMMENT, cleaned, source_words
from lagesbild.reports.document import Document, Figure, Section
from lagesbild.reports.pptx import pptx
from tests.reports import office_documents as made
from tests.reports.reading import alternative, charts, opened, tables, words

COUNCIL = made.council()
DOCUMENTS = [made.council, made.assessment, made.hostile]
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def deck() -> Any:
    return opened(COUNCIL)


def test_the_deck_is_wide_and_its_look_is_our_own(deck: Any) -> None:
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9, abs=1e-3)
    assert [layout.name for layout in deck.slide_layouts] == [
        "Inledning",
        "Diagram",
        "Tabell",
        "Text",
        "Fritt",
        "Diagram bredvid varandra",
    ]
    packed = zipfile.ZipFile(io.BytesIO(pptx(COUNCIL)))
    theme = packed.read("ppt/theme/theme1.xml").decode()
    assert "Source Sans 3" in theme
    assert "Office Theme" not in theme
    assert not [n for n in packed.namelist() if "printerSettings" in n or "thumbnail" in n]


def test_every_title_is_a_title_placeholder_that_says_a_finding_once(deck: Any) -> None:
    titles = [slide.shapes.title.text for slide in deck.slides]
    for slide in deck.slides:
        assert slide.shapes.title.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
        assert slide.shapes[0] == slide.shapes.title, "read first"
    assert titles[0] == COUNCIL.title
    assert len(set(titles)) == len(titles)
    for figure in COUNCIL.figures:
        assert any(t.startswith(figure.title) for t in titles), figure.title
    assert "Inom 90 dagar: 86,2\u00a0%, säkerställd försämring" in titles


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_slide_has_mark_source_page_number_and_notes(document: Any) -> None:
    given_document = cleaned(document())
    for number, slide in enumerate(opened(document()).slides, 1):
        said, stamp = words(slide), given_document.stamp
        assert " ".join(stamp.synthetic.split()) in said
        assert f"Sida {number}" in said
        flat = " ".join(said.replace("\v", " ").split())
        assert " ".join(source_words(stamp).split()) in flat
        assert " ".join(f"Uttag {stamp.as_of}".split()) in flat
        notes = " ".join(slide.notes_slide.notes_text_frame.text.replace("\v", " ").split())
        for words_of in (stamp.selection, stamp.sources, stamp.as_of, stamp.version, stamp.coverage, stamp.protected):
            assert " ".join(words_of.split()) in notes
        last = [s.placeholder_format.type for s in list(slide.placeholders)[-2:]]
        assert PP_PLACEHOLDER.SLIDE_NUMBER in last


def test_a_document_of_real_figures_has_no_mark() -> None:
    real = replace(COUNCIL, stamp=replace(COUNCIL.stamp, synthetic=""))
    assert not any("Märkning" in alternative(s) for slide in opened(real).slides for s in slide.shapes)


def test_notes_say_the_definitions_that_the_slide_needs(deck: Any) -> None:
    by_title = {s.shapes.title.text: s.notes_slide.notes_text_frame.text for s in deck.slides}
    gap = by_title["Fyra gap behöver 56 fler operationer i månaden"]
    assert "Definition, Gap: andelen inom gränsen är under 80 % två månader i rad" in gap
    assert "Definition, Genomförda" not in gap
    assert "Källa till sidan: Syntetiska data. Patientvald" in gap


@pytest.mark.parametrize("document", DOCUMENTS)
def test_everything_that_is_not_a_placeholder_of_text_has_an_alternative_text(document: Any) -> None:
    for slide in opened(document()).slides:
        for shape in slide.shapes:
            if not shape.is_placeholder or shape.has_chart or shape.has_table:
                assert alternative(shape), (slide.shapes.title.text, shape.name)
            assert shape.width > 0
            assert shape.left + shape.width <= 12192000 + 1
            assert shape.top + shape.height <= 6858000 + 1, shape.name


def test_charts_are_told_by_their_own_alternative_texts(deck: Any) -> None:
    told = [alternative(shape) for shape, _ in charts(deck)]
    assert told == [f.chart.alt for f in COUNCIL.figures if f.chart]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_run_is_in_swedish(document: Any) -> None:
    packed = zipfile.ZipFile(io.BytesIO(pptx(document())))
    for name in packed.namelist():
        if name.endswith(".xml"):
            root = etree.fromstring(packed.read(name))
            assert {e.get("lang") for e in root.iter(f"{A}rPr", f"{A}endParaRPr") if e.get("lang")} <= {"sv-SE"}, name
            if name.startswith("ppt/slides/"):
                for run in root.iter(f"{A}r"):
                    assert run.find(f"{A}rPr").get("lang") == "sv-SE"
    assert Presentation(io.BytesIO(pptx(document()))).core_properties.language == "sv-SE"


def test_no_placeholder_waits_to_be_filled(deck: Any) -> None:
    for slide in deck.slides:
        for holder in slide.placeholders:
            assert holder.has_chart or holder.has_table or holder.text_frame.text.strip(), holder.name


def test_tables_are_real_with_the_header_flagged_and_swedish_numbers(deck: Any) -> None:
    gap = next(t for t in tables(deck) if "Gap och vad" in alternative(t)).table
    assert gap.first_row
    assert gap.first_col
    cells = [[c.text for c in row.cells] for row in gap.rows]
    assert cells[0] == ["Region", "Öppnar", "Sannolikhet", "Fler operationer i månaden"]
    assert cells[3] == ["Västernorrland", "maj 2024", "64\u00a0%", "5"]
    assert gap._tbl.tblPr.get("firstRow") == "1"


def test_an_empty_cell_is_no_taller_than_the_others_of_its_row() -> None:
    columns = (Column("a", "Region"), Column("b", "Anmärkning"))
    figure = Figure("x", "Tomma celler", "", Table("Tomma", columns, (Row(("Rad", "")),)), "Källa")
    deck = opened(replace(COUNCIL, sections=(Section("s", "Tal", (figure,)),), points=(), warnings=()))
    row = next(t for t in tables(deck) if "Tomma" in alternative(t)).table.rows[1]
    sizes = [{e.get("sz") for e in cell._tc.iter(f"{A}rPr", f"{A}endParaRPr")} for cell in row.cells]
    assert len(set.union(*sizes)) == 1
    assert None not in set.union(*sizes)


@pytest.mark.parametrize(("rows", "wide"), [(0, 3), (70, 3), (30, 26), (1, 1)])
def test_a_long_or_wide_table_is_split_and_loses_nothing(rows: int, wide: int) -> None:
    columns = (Column("a", "Region"), *(Column(f"c{k}", f"Antal nummer {k}", "count") for k in range(wide)))
    body = tuple(Row((f"Rad {r}", *(1000 * r + k for k in range(wide)))) for r in range(rows))
    figure = Figure("x", "Många tal", "", Table("Alla tal", columns, body), "Källa")
    document = replace(COUNCIL, sections=(Section("s", "Tal", (figure,)),), points=(), warnings=())
    found = set()
    for frame in tables(opened(document)):
        heads, *lines = [[c.text for c in row.cells] for row in frame.table.rows]
        assert heads[0] == "Region"
        assert frame.top + frame.height < 6.8 * 914400
        assert frame.left + frame.width <= 12.74 * 914400
        found |= {(line[0], h, c) for line in lines for h, c in zip(heads[1:], line[1:], strict=True)}
    expected = {
        (row.cells[0], c.title, cell_text(v, c))
        for row in body
        for v, c in zip(row.cells[1:], columns[1:], strict=True)
    }
    assert found == expected


def test_a_comment_is_marked_as_a_persons_words_and_kept_whole() -> None:
    long = "\n".join(f"Stycke {k}: " + "vi har talat med regionen om vad som behövs " * 12 for k in range(12))
    document = replace(COUNCIL, sections=(Section("s", "Läget", (), comment=long),))
    slides = [s for s in opened(document).slides if "kommentar" in s.shapes.title.text]
    assert len(slides) > 1
    assert all(COMMENT in words(s) for s in slides)
    said = " ".join(" ".join(words(s) for s in slides).split())
    assert all(f"Stycke {k}:" in said for k in range(12))
    assert said.count("regionen") == 12 * 12


def test_spaces_are_headed_empty_boxes() -> None:
    document = made.assessment()
    slides = [s for s in opened(document).slides if s.shapes.title.text == "Etik och prioriteringar"]
    boxes = [s for s in slides[0].shapes if alternative(s) == "Plats att skriva i: Etik och prioriteringar"]
    assert [b.text_frame.text for b in boxes] == [""]
    assert boxes[0].height > 3 * 914400
    assert "Hur påverkas de som inte kan resa?" in words(slides[0])


def test_sections_of_the_document_are_sections_of_the_deck() -> None:
    packed = zipfile.ZipFile(io.BytesIO(pptx(COUNCIL)))
    root = etree.fromstring(packed.read("ppt/presentation.xml"))
    found = [e.get("name") for e in root.iter("{*}section")]
    assert found == ["Sammanfattning", *(s.title for s in COUNCIL.sections), "Källor och urval"]
    listed = [e.get("id") for e in root.iter("{*}sldIdLst") for e in e if "2010" in e.tag]
    assert listed == [e.get("id") for e in root.iter("{*}sldId") if "2010" not in e.tag]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_equal_documents_give_equal_bytes_whenever_they_are_made(document: Any) -> None:
    first = pptx(document())
    time.sleep(2.1)  # zip files count in steps of two seconds
    assert pptx(document()) == first
    packed = zipfile.ZipFile(io.BytesIO(first))
    assert {i.date_time for i in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for name in packed.namelist():
        if name.endswith(".xlsx"):
            inner = zipfile.ZipFile(io.BytesIO(packed.read(name)))
            assert {i.date_time for i in inner.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_file_carries_the_datas_time_and_no_other() -> None:
    facts = opened(COUNCIL).core_properties
    assert str(facts.created) == str(facts.modified) == "2024-02-26 06:10:00"
    assert (facts.title, facts.author) == (COUNCIL.title, "Lägesbild")


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.documents())
def test_any_document_can_be_made_and_opened(document: Document) -> None:
    found = opened(document)
    assert all(s.shapes.title.text.strip() for s in found.slides)
    assert all(alternative(shape) or shape.is_placeholder for s in found.slides for shape in s.shapes)
    ids = [[s.shape_id for s in slide.shapes] for slide in found.slides]
    assert all(len(set(i)) == len(i) for i in ids)
