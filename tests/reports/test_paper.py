"""What paper leaves out, says once and fits on its pages; and that no other form loses any of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lagesbild.components.model import Column, KeyFigure, Row, Special, Table
from lagesbild.domain.selection import Selection
from lagesbild.reports.document import Document, Facts, Figure, Point, Prose, Section
from lagesbild.reports.html import html
from lagesbild.reports.shaping import shaped
from lagesbild.reports.text import text
from lagesbild.reports.typeset import pdf
from lagesbild.reports.typeset.figures import common, notes, on_paper, said_once
from tests.golden.situations import AREA
from tests.golden.test_briefings import composed_for
from tests.reports import made_up
from tests.reports.read_pdf import opened, pages

COLUMNS = (
    Column("region", "Region"),
    Column("waiting", "Väntande", "count"),
    Column("load", "Belastning", "number", 2),
)


def figure(id_: str = "f", source: str = "Källa: prov, uttag 2024-02-26. 20 av 21 regioner.", **more: object) -> Figure:
    rows = (Row(("Lillö", 4711, 0.97)), Row(("Åby", 815, 1.03)))
    return replace(Figure(id_, f"Titel {id_}", "Sammanfattning.", Table("Tabell", COLUMNS, rows), source), **more)  # type: ignore[arg-type]


def document(*blocks: object, **more: object) -> Document:
    bare = replace(made_up.bare(), sections=(Section("prov", "Avsnitt", blocks),))  # type: ignore[arg-type]
    return replace(bare, **more)  # type: ignore[arg-type]


def on_pages(doc: Document) -> str:
    return " ".join(pages(pdf(doc)))


def test_a_figure_in_words_has_its_table_everywhere_but_on_paper():
    doc = document(figure(in_words=True, footnotes=("En kort not.", "En lång not om tabellen. " * 10)))
    paper = on_pages(doc)
    assert "Titel f Sammanfattning." in paper
    assert "En kort not." in paper
    assert "om tabellen" not in paper
    assert "4 711" not in paper
    for other in (html(doc), text(doc)):
        assert "4 711" in other
        assert "om tabellen" in other


def test_what_paper_leaves_out_is_in_the_other_forms():
    facts = Facts((KeyFigure("Kö", "", "12", ""), KeyFigure("Gap", "", "3", "")), off_paper=("Kö",))
    prose = Prose(("Står ovan.", "Står bara här."), off_paper=("Står ovan.",))
    doc = document(figure(table_shown=True, off_paper=("load",)), facts, prose)
    paper = on_pages(doc)
    assert "Belastning" not in paper
    assert "Står ovan." not in paper
    assert "Kö" not in paper
    assert "Gap: 3." in paper
    assert "Står bara här." in paper
    for other in (html(doc), text(doc)):
        assert all(t in other for t in ("Belastning", "Står ovan.", "Kö"))


def test_a_source_that_figures_share_is_said_once_and_one_that_differs_stays():
    same = (figure("a"), figure("b"))
    assert on_pages(document(*same)).count("Källa: prov, uttag 2024-02-26.") == 1
    other = figure("c", "Källa: annan. 20 av 21 regioner.")
    shared = common((*same, other))
    assert said_once(shared, (*same, other)) == (
        "Källa där ingen annan anges: prov, uttag 2024-02-26. För alla figurer: 20 av 21 regioner."
    )
    assert [n for n in notes(other) if n not in shared] == ["Källa: annan."]
    unsourced = figure("d", "Utan.")
    assert common((*same, unsourced)) == ()  # would be said to be from where the others are


def test_one_row_is_names_and_values():
    four = (*COLUMNS, Column("x", "troligast", group="Gapet öppnar"))
    one = Table("T", four, (Row(("Lillö", 4711, 0.97, "december 2025")),))
    paper = on_pages(document(figure(table=one)))
    assert "Gapet öppnar, troligast" in paper
    assert "december 2025" in paper
    assert "dec 2025" in on_pages(document(figure("a", table=one, half=True), figure("b", half=True)))


def test_why_a_cell_is_protected_is_said_once_for_the_document():
    cell = Special("secondary", reason="Skyddat så att ett litet tal inte kan räknas fram.")
    late = Special("missing", reason="Byter system.")
    table = Table("T", COLUMNS[:2], (Row(("A", cell)), Row(("B", late))))
    assert [r.cells[1].reason for r in on_paper(table, ()).rows] == ["", "Byter system."]
    stamp = replace(made_up.STAMP, protected="Tal under 5 är skyddade.")
    paper = on_pages(document(figure(table=table), stamp=stamp))
    assert paper.count("”skyddat”") == 1
    assert "Skyddat så" not in paper


def test_the_mark_is_two_words_and_all_of_it_stands_at_the_end():
    doc = document(figure(), stamp=replace(made_up.STAMP, synthetic="Påhittade tal, utom där annat står."))
    paper = on_pages(doc)
    assert paper.count("Syntetiska data") == len(opened(pdf(doc)).pages)
    assert paper.count("Påhittade tal, utom där annat står.") == 1


def test_sections_that_flow_have_no_heading_unless_somebody_has_said_something_of_them():
    summary = Section("sammanfattning", "Korthet", (Facts((KeyFigure("Kö", "", "12", ""),)),))
    rest = (
        Section("prognos", "Prognos", (figure("gap"),)),
        Section("vantetider", "Väntetider", (figure("a"),), "Obs."),
    )
    made = shaped("region", (summary, *rest), (Point("Kö: 12", "Står här."),), one_area=True)
    assert [(s.id, s.flows) for s in made] == [("sammanfattning", True), ("vantetider", False)]
    assert [b.id for b in made[0].blocks if isinstance(b, Figure)] == ["gap"]
    assert made[0].blocks[0] == replace(summary.blocks[0], off_paper=("Kö",))


@pytest.mark.parametrize("situation", ["försämring", "saknas", "preliminärt", "skyddat"])
def test_one_region_and_care_area_is_two_pages(situation):
    for code in ("R1", "R2"):
        doc = composed_for(situation, Selection(care_area=AREA, region=code, kind="region"))
        assert len(opened(pdf(doc)).pages) == 2


@pytest.mark.parametrize(("kind", "most"), [("beredskap", 1), ("radet", 4)])
def test_a_sheet_for_preparedness_and_four_pages_for_the_council(kind, most):
    chosen = Selection(care_area=AREA if kind == "radet" else "", kind=kind)
    doc = composed_for("försämring", chosen)
    assert len(opened(pdf(doc)).pages) <= most
    if kind == "radet":
        first = pages(pdf(doc))[0]
        assert all(f.title.replace("\u00a0", " ") in first for f in doc.figures if f.id in ("prognos", "gap"))
