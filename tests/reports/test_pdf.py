"""The PDF, read by others than those who made it: accessible, complete, the same every time."""

from __future__ import annotations

import io
import itertools
import re
import threading
from dataclasses import replace
from functools import cache

import pdfplumber
import pikepdf
import pytest

from lagesbild.components.table import cell_text
from lagesbild.reports.checksum import checksum
from lagesbild.reports.document import Document, Facts, Figure, Prose, Space
from lagesbild.reports.geometry import draw
from lagesbild.reports.typeset import TEMPLATES, pages_svg, pdf, preview, sizes
from lagesbild.reports.typeset.content import moment
from lagesbild.reports.typeset.figures import on_paper
from tests.reports import made_up
from tests.reports.read_pdf import bookmarks, elements, flat, headings, opened, overlapping, pages, stray
from tests.reports.ua_rules import faults

NAMES = list(made_up.documents())


@cache
def document(name: str) -> Document:
    return made_up.documents()[name]


@cache
def made(name: str) -> bytes:
    return pdf(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_is_accessible_and_in_which_language(name):
    read = opened(made(name))
    assert str(read.Root.Lang) == "sv-SE"
    assert bool(read.Root.MarkInfo.Marked)
    assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
    with read.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert meta["dc:title"] == document(name).title
        assert meta["xmp:CreateDate"].startswith("2024-02-26T06:10")


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_of_pdf_ua_that_a_program_can_try_is_broken(name):
    assert faults(opened(made(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_headings_begin_at_the_top_and_skip_no_level(name):
    levels = [int(h[1]) for h in headings(opened(made(name)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_heading_is_a_bookmark(name):
    doc = document(name)
    wanted = [doc.title]
    for section in doc.sections:
        wanted += [section.title] * (bool(section.title) and section.id != "sammanfattning")  # has the document's
        wanted += [b.title for b in section.blocks if isinstance(b, Figure)]
        wanted += [b.heading for b in section.blocks if isinstance(b, Space)]
    assert [flat(t) for t in bookmarks(opened(made(name)))] == [flat(t) for t in [*wanted, "Om underlaget"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_has_its_alternative_text_and_every_chart_is_there(name):
    doc = document(name)
    found = [e.alt for e in elements(opened(made(name))) if e.kind == "Figure"]
    assert all(found)
    assert [a for a in found if a in {f.chart.alt for f in doc.figures if f.chart}] == [
        f.chart.alt for f in doc.figures if f.chart
    ]
    lines = [k for s in doc.sections for b in s.blocks if isinstance(b, Facts) for k in b.items if k.spark]
    assert sum("linje över" in a for a in found) == len(lines)


@pytest.mark.parametrize("name", NAMES)
def test_tables_have_heading_cells_for_their_columns(name):
    tables = [f.table for f in document(name).figures if f.table_shown or f.chart is None]
    tree = elements(opened(made(name)))
    assert sum(e.kind == "Table" for e in tree) == len(tables)
    heads = [e for e in tree if e.kind == "TH"]
    grouped = sum(len({c.group for c in t.columns}) if any(c.group for c in t.columns) else 0 for t in tables)
    assert len(heads) == sum(len(t.columns) for t in tables) + grouped
    assert {e.scope for e in heads} == ({"Column"} if tables else set())


@pytest.mark.parametrize("name", NAMES)
def test_charts_are_drawn_and_not_pictures_and_all_fonts_come_with_it(name):
    read = opened(made(name))
    fonts = {}
    for page in read.pages:
        assert not page.get_images()
        fonts |= dict(page.Resources.get("/Font", {}).items())
    assert fonts
    for font in fonts.values():
        name_of = str(font.BaseFont)
        assert "SourceSans3" in name_of
        assert "/ToUnicode" in font
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    with pdfplumber.open(io.BytesIO(made(name))) as plumbed:
        assert not any(page.images for page in plumbed.pages)


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_can_be_read_in_it_is_there(name):
    doc = document(name)
    text = " ".join(pages(made(name)))
    wanted = [doc.title, doc.kicker, doc.purpose, *(p.heading for p in doc.points)]
    for section in doc.sections:
        wanted += [section.title] * (section.id != "sammanfattning") + [*section.comment.splitlines()]
        for block in section.blocks:
            if isinstance(block, Figure):
                wanted.append(block.title)
            elif isinstance(block, Facts):
                wanted += [t for k in block.items for t in (k.name, k.value, k.change)]
            elif isinstance(block, Prose):
                wanted += [t for p in block.paragraphs for t in ((p,) if isinstance(p, str) else p)]
            else:
                wanted += [block.heading, block.question]
    assert [t for t in wanted if flat(t) not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_tables_and_charts_say_the_numbers_of_the_document(name):
    """Each row of a table is one line, its cells in order; each word of a chart stands by itself on the page."""
    data = made(name)
    with pdfplumber.open(io.BytesIO(data)) as read:
        lines = [flat(line["text"]) for p in read.pages for line in p.extract_text_lines()]
    drawn = " ".join(pages(data))
    for figure in document(name).figures:
        if figure.table_shown or figure.chart is None:
            for row in on_paper(figure.table, (), short=figure.half).rows:
                cells = [flat(cell_text(v, c)) for v, c in zip(row.cells, figure.table.columns, strict=True)]
                pattern = r"[¹²³]?\d? ".join(re.escape(c) for c in cells)
                assert any(re.search(pattern, line) for line in lines), cells
        if figure.chart is not None:
            width = sizes.HALF if figure.half else sizes.WIDTH
            assert [t for t in draw(figure.chart, width).texts if not _stands(flat(t), drawn)] == []


def _stands(text: str, page: str) -> bool:
    """Words of charts beside each other come in one line with others between: each word by itself is enough."""
    return text in page or all(word in page for word in text.split(" "))


@pytest.mark.parametrize(("name", "n"), [("council", 2), ("region", 2), ("bare", 1)])
def test_a_briefing_is_two_pages(name, n):
    assert len(opened(made(name)).pages) == n


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_a4_and_nothing_leaves_them_or_lies_over_something_else(name):
    data = made(name)
    for page in opened(data).pages:
        assert [round(float(x), 1) for x in page.MediaBox] == [0, 0, 595.3, 841.9]
    assert stray(data, 30) == []
    assert overlapping(data) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_what_it_is_and_where_it_is_from(name):
    doc, texts = document(name), pages(made(name))
    for number, text in enumerate(texts, 1):
        assert text.startswith("Lägesbild")
        assert f"Sida {number} av {len(texts)}" in text
        assert flat(doc.purpose) in text
        assert doc.stamp.synthetic in text
        for fact in (doc.stamp.sources, doc.stamp.until, doc.stamp.as_of, doc.stamp.version, checksum(doc)):
            assert flat(fact) in text
    assert ("Syntetiska data" in " ".join(texts)) == bool(doc.stamp.synthetic)


def test_the_mark_and_the_sources_are_read_aloud_once():
    """What is repeated on every page is passed over by a screen reader; the same words must stand in the text too."""
    text = tagged_text(made("council"))
    assert text.count("Syntetiska data") == 2  # at the head of the first page, and under "Om underlaget"
    assert text.count(made_up.STAMP.sources) == 1
    assert "Sida" not in text


def tagged_text(data: bytes) -> str:
    """All text that belongs to the structure tree, without what is marked as an artifact."""
    with pdfplumber.open(io.BytesIO(data)) as read:
        return "".join(c["text"] for p in read.pages for c in p.chars if c["mcid"] is not None)


def test_what_is_read_first_stands_first():
    text = flat(tagged_text(made("council")))
    order = ["Knäprotesoperation, hela riket", "Två regioner ligger", "Läget: 86,2", "Gap: Gävleborg", "Åtgärd: 56",
             "Innan siffrorna", "ligger under 80", "Jönköping", "Riket väntas", "troligast", "Gap och vad",
             "Alla operationer", "juli 2023", "januari 2024", "Om underlaget"]  # fmt: skip
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places[:12] == sorted(places[:12])
    assert text.find("Om underlaget") > text.find("Definitioner") > text.find("Alla operationer")


def test_a_comment_is_marked_as_somebodys_words():
    text = " ".join(pages(made("council")))
    assert "Kommentar från den som gjort underlaget Frågan tas upp på mötet den 4 mars. Stödkansliet" in text
    assert "Kommentar" not in " ".join(pages(made("region")))


def test_real_figures_are_said_to_be_real_among_synthetic_ones():
    text = " ".join(pages(made("council")))
    assert "Verkliga tal. Nytillkomna" in text
    assert text.count("Verkliga tal") == 1


@pytest.mark.parametrize("name", NAMES)
def test_equal_documents_are_equal_files(name):
    assert pdf(made_up.documents()[name]) == made(name)


def test_another_document_is_another_file_with_another_checksum():
    doc = document("council")
    other = replace(doc, sections=(replace(doc.sections[0], comment="Ny"), *doc.sections[1:]))
    assert checksum(other) != checksum(doc)
    assert checksum(replace(doc)) == checksum(doc)
    assert re.fullmatch(r"[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}", checksum(doc))


def test_many_may_be_made_at_once():
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(pdf(document("council")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [made("council")] * 4


@pytest.mark.parametrize("name", NAMES)
def test_typst_has_nothing_to_remark(name, caplog):
    """It warns of fonts it cannot find and of pages that do not come to rest."""
    pdf(document(name))
    assert caplog.records == []


def test_the_preview_is_a_picture_of_every_page():
    shown = preview(document("council"))
    assert len(shown) == 2
    for page in shown:
        assert page.startswith(b"\x89PNG")
        assert int.from_bytes(page[16:20], "big") in (1240, 1241)  # 8.27 inches at 150 dots
    assert preview(document("bare"), dpi=40)[0].startswith(b"\x89PNG")
    assert [s[:4] for s in pages_svg(document("council"))] == ["<svg"] * 2


def test_templates_and_measures_agree_on_sizes():
    look = (TEMPLATES / "look.typ").read_text(encoding="utf-8")
    told = {n: float(v) for n, v in re.findall(r"#let ([\w-]+) = ([\d.]+)pt$", look, re.MULTILINE)}
    assert told == {"side": sizes.MARGIN, "gutter": sizes.GUTTER}
    usual = sizes.type_sizes(0)
    named = {"body": sizes.BODY, "title": sizes.TITLE, "summary": sizes.SUMMARY, "note": sizes.NOTE,
             "small": sizes.FLOOR, "section": sizes.SECTION, "table": sizes.TABLE, "head": sizes.HEAD,
             "heading": sizes.HEADING}  # fmt: skip
    assert {k: usual[k] for k in named} == named
    # what the blocks are set in comes with the data: no size of type stands in the templates but those of the page
    own = {t.name for t in TEMPLATES.glob("*.typ") if re.search(r"text\(size: [\d.]+pt", t.read_text("utf-8"))}
    assert own == {"page.typ"}


def test_nothing_is_smaller_than_eight_points():
    for name in NAMES:
        with pdfplumber.open(io.BytesIO(made(name))) as read:
            smallest = min(c["size"] for p in read.pages for c in p.chars if c["text"] not in "¹²³")
        assert smallest >= sizes.FLOOR - 0.01


def test_the_date_of_a_document_without_one_is_left_out():
    doc = replace(document("bare"), stamp=replace(made_up.STAMP, as_of="nyss"))
    data = pdf(doc)
    assert data == pdf(doc)
    assert moment("2024-13-45") is None
    assert isinstance(opened(data), pikepdf.Pdf)
