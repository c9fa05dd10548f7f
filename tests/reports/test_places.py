"""A briefing about a healthcare region has its own production; one about a whole has what is published of it."""

from __future__ import annotations

import pytest

from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.domain.briefing import KINDS
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.looking import look
from lagesbild.reports.checks import checks
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document, Facts, Figure, Prose
from lagesbild.reports.from_card import number
from lagesbild.reports.looking import Seen
from lagesbild.reports.sections.all_areas import largest
from lagesbild.reports.text import text
from lagesbild.reports.typeset import pdf
from tests.golden.situations import AREA
from tests.golden.test_briefings import renderer_for
from tests.reports.read_pdf import pages


def made(situation: str, **chosen: str) -> Document:
    shown = renderer_for(situation)
    return briefing(Selection(**chosen), lambda p, s: Seen(*look(shown, p, s)), shown.source, Viewer())  # type: ignore[arg-type]


def production(document: Document) -> Figure:
    return next(f for f in document.figures if f.id == "produktion-regioner")


def test_a_healthcare_region_s_production_is_the_sum_of_what_its_regions_show():
    document = made("försämring", care_area=AREA, healthcare_region="Norra")
    found = production(document)
    whole, *regions = found.table.rows
    assert len(regions) == 3, "one that has it as its second is summed in its first, as on the pages"
    assert whole.cells[0] == "Norra"
    shown = renderer_for("försämring")
    names = [c.name for c in found.table.columns]
    for row, code in zip(regions, ("R1", "R2", "R3"), strict=True):
        page = Seen(*look(shown, "/region/<code>", Selection(region=code, care_area=AREA)))
        own = page.card("laget-i-tal")
        assert own is not None
        told = dict(zip((c.name for c in own.table.columns), own.table.rows[0].cells, strict=True))
        for column in ("waiting", "added", "performed"):
            assert number(row.cells[names.index(column)]) == number(told[column])
    for column in ("waiting", "added", "performed"):
        k = names.index(column)
        assert number(whole.cells[k]) == sum(number(r.cells[k]) or 0.0 for r in regions), column
    series = {f.id: f for f in document.figures}
    assert {"balans", "kapacitet", "styrdiagram"} <= set(series)
    assert "Produktion och balans" in " ".join(pages(pdf(document)))


@pytest.mark.parametrize("group", ["", "Norra"])
def test_of_all_care_areas_each_has_a_row_that_says_what_its_own_page_says(group):
    document = made("försämring", healthcare_region=group)
    assert {"Produktion och balans", "Utomlänsvård"} <= {s.title for s in document.sections}
    tables = {f.id: f.table for f in document.figures}
    balances = tables["balans-vardomraden"]
    assert [r.cells[0] for r in balances.rows] == ["Knäprotesoperation", "Kataraktoperation"]
    shown = renderer_for("försämring")
    own = Seen(*look(shown, "/produktion", Selection(care_area=AREA, healthcare_region=group))).card("balans")
    assert own is not None
    names = [c.name for c in own.table.columns]
    assert names == [c.name for c in balances.columns[1:]]
    values = [number(c) for c in balances.rows[0].cells[2:]]
    assert values == [number(c) for c in own.table.rows[-1].cells[1:]]
    assert any(values)
    journeys = tables["utomlansvard-vardomraden"]
    assert journeys.rows[0].cells[0] == "Knäprotesoperation"
    assert journeys.columns[1].name == "sent"


def test_the_largest_is_told_when_all_are_known_and_it_is_alone():
    def table(*values):
        rows = tuple(Row((name, v)) for name, v in zip(("Katarakt", "Knäprotes", "Bråck"), values, strict=False))
        return Table("", (Column("care_area", "Vårdområde"), Column("waiting", "Väntande", "count")), rows)

    assert largest(table(10.0, 30.0, 20.0), "waiting") == ("knäprotes", 30.0)
    assert largest(table(10.0, 30.0, Special("secondary")), "waiting") is None
    assert largest(table(30.0, 30.0, 20.0), "waiting") is None
    assert largest(table(10.0), "waiting") is None


def test_a_section_that_was_asked_for_and_has_nothing_is_told_to_who_makes_the_briefing():
    document = made("försämring", contents="sammanfattning.riket")
    assert [s.id for s in document.sections] == ["sammanfattning", "definitioner"]
    assert (False, "Valt men inte med, uppgifter saknas: Riket, SKR:s tabell.") in checks(document)
    assert all(good for good, _ in checks(made("försämring", contents="sammanfattning")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_briefing_about_the_whole_that_regions_are_parts_of(kind):
    for area in (AREA, ""):
        told = text(made("försämring", region="LAND", care_area=area, kind=kind))
        assert "Riket" in told


def test_all_care_areas_of_a_healthcare_region_open_with_it_and_the_country_stands_beside():
    chosen = {"kind": "radet", "healthcare_region": "Norra"}
    document = made("försämring", **chosen)
    assert document.title.endswith(" i Norra")
    assert not any("hela riket visas" in w for w in document.warnings)
    first = next(b for s in document.sections for b in s.blocks if isinstance(b, Facts))
    country = {k.name: k.value for k in look(renderer_for("försämring"), "/", Selection())[0].key_figures}
    assert first.items
    for item in first.items:
        assert item.what.endswith(", sjukvårdsregion Norra")
        assert f"Riket: {country[item.name]}".strip() in item.change
        page = Seen(*look(renderer_for("försämring"), "/vardomrade/<code>", Selection(care_area=AREA, **chosen)))
        if item.name == next(a.name for a in renderer_for("försämring").source.care_areas() if a.code == AREA):
            assert item.value.replace("\u00a0", " ").startswith(page.key_figures[0].value.replace("\u00a0", " "))
    table = next(f for f in document.figures if f.id == "statusmatris").table
    assert len(table.rows) == 4, "its three regions, and the country"
    assert "serier" not in " ".join(p.heading for p in document.points), "the country's count of gaps is not its own"


@pytest.mark.parametrize("situation", ["brus", "försämring", "saknas", "skyddat"])
def test_what_a_healthcare_region_opens_with_is_true_of_it(situation):
    document = made(situation, kind="beredskap", healthcare_region="Norra")
    assert "riket" not in document.title
    own = {s.id: s for s in document.sections}["sammanfattning"]
    judged = {i.name: i.judgement for b in own.blocks if isinstance(b, Facts) for i in b.items}
    assert ("sämre" in document.title) == ("worse" in judged.values())
    assert ("bättre" in document.title) == ("better" in judged.values())


def test_of_a_month_whose_forecast_is_another_s_a_healthcare_region_opens_without_gaps():
    last = renderer_for("försämring").source.latest_month()
    told = {}
    for month in (last, last - 1):
        document = made("försämring", kind="radet", healthcare_region="Norra", month=month)
        summary = next(s for s in document.sections if s.id == "sammanfattning")
        said = [p for b in summary.blocks if isinstance(b, Prose) for p in b.paragraphs]
        told[month] = any("gap" in str(t) for t in (*said, *(p.heading for p in document.points)))
    assert told == {last: True, last - 1: False}
