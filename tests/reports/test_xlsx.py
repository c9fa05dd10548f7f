"""The workbook, read back: names, types, formats, no formula from data, what must follow the figures."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.components.model import Column, Drawn, Row, Special, Table
from lagesbild.components.table import cell_text, decimals, is_number
from lagesbild.components.typed import PER_CENT, marked_columns
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Role, Viewer
from lagesbild.pages import options
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.about import COMMENT, cleaned
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document, Figure, Section
from lagesbild.reports.looking import Seen
from lagesbild.reports.xlsx import ABOUT, CONTENTS, xlsx
from lagesbild.reports.xlsx_cells import MONTH_FORMAT
from lagesbild.reports.xlsx_names import sheet_names
from tests.golden.situations import AREA, REGION, country_of
from tests.reports import office_documents as made

COUNCIL = made.council()


def opened(document: Document) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx(document)))


def with_table(table: Table, *, exact: bool = False) -> Document:
    sections = (Section("s", "Avsnitt", (Figure("f", "Fynd", "Mening.", table, "Källa: prov."),)),)
    return replace(COUNCIL, sections=sections, stamp=replace(COUNCIL.stamp, exact=exact))


def all_words(sheet: Any) -> str:
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(COUNCIL)


def test_one_sheet_a_table_between_contents_and_what_must_follow(book: Any) -> None:
    assert book.sheetnames == [
        CONTENTS,
        "Väntande per region",
        "Väntande i intervall",
        "Riket, månad för månad",
        "Gap och vad som stänger dem",
        "Styrdiagrammets tal",
        "Balans in ut riket",
        "Balans in ut riket 2",
        ABOUT,
    ]


def test_cells_have_the_types_of_what_they_hold(book: Any) -> None:
    sheet = book["Väntande per region"]
    rows = list(sheet.iter_rows())
    assert [c.value for c in rows[0]] == [
        "Region",
        "Antal: Väntande",
        "Antal: Över 90 dagar",
        "Andel inom 90 dagar",
        "Förändring, procentenheter",
        "Månad",
        "Anmärkning",
    ]
    country, gotland, norrbotten = rows[1], rows[3], rows[4]
    assert [c.value for c in country[:6]] == ["Riket", 5445, 753, 0.862, -2.2, datetime.fromisoformat("2024-01-01")]
    assert [c.number_format for c in country[1:6]] == [
        "#,##0",
        "#,##0",
        "0.0%",
        "+#,##0.0;-#,##0.0;#,##0.0",
        MONTH_FORMAT,
    ]
    assert [c.value for c in gotland[1:4]] == [120, "<5", ".."]
    assert (norrbotten[3].value, norrbotten[3].number_format) == (0.93, "0%"), "a share that had to be made coarse"
    assert (norrbotten[4].value, norrbotten[6].value) == ("saknas", "prel.")
    by_name = {r[0].value: [c.value for c in r[1:5]] for r in rows}
    assert by_name["Örebro"] == ["saknas"] * 4
    assert by_name["Uppsala"][2:] == ["utesluten", "för kort serie"]


def test_header_is_first_frozen_filtered_and_repeated_on_paper(book: Any) -> None:
    for name in book.sheetnames[1:-1]:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToHeight) == 0, "one page wide, as many high as needed"
        assert COUNCIL.stamp.synthetic in sheet.oddHeader.right.text
        assert COUNCIL.stamp.synthetic in all_words(sheet), "on the sheet itself too"
        assert COUNCIL.stamp.synthetic in sheet["A1"].comment.text


def test_the_filter_ends_where_the_table_does(book: Any) -> None:
    sheet = book["Gap och vad som stänger dem"]
    assert sheet.auto_filter.ref == "A1:D5"
    assert all(c.value is None for c in sheet[6])
    assert "Syntetiska data. Patientvald" in all_words(sheet)


def test_the_first_sheet_leads_to_every_other_and_holds_the_summary(book: Any) -> None:
    sheet = book[CONTENTS]
    links = {c.value: c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert links == {n: f"'{n}'!A1" for n in book.sheetnames[1:]}
    said = all_words(sheet)
    for words in (
        COUNCIL.title,
        COUNCIL.kicker,
        COUNCIL.warnings[0],
        COUNCIL.points[2].text,
        COMMENT,
        "Värmland utreder",
    ):
        assert words in said
    assert "86,2\u00a0%. Säkerställd försämring. 2,2 procentenheter lägre" in said


def test_the_last_sheet_holds_definitions_choices_and_sources(book: Any) -> None:
    said = all_words(book[ABOUT])
    stamp = COUNCIL.stamp
    for words in (stamp.selection, stamp.sources, stamp.as_of, stamp.version, stamp.coverage, stamp.protected):
        assert words in said
    assert "andelen inom gränsen är under 80 % två månader i rad" in said


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", '=HYPERLINK("http://x")', "http://x.se", "12", "{=1}"]
)
def test_no_cell_starts_a_formula_from_data(start: str) -> None:
    bad = f"{start}1+1"
    table = Table(
        bad, (Column("a", bad), Column("b", bad, "count", group=bad)), (Row((bad, bad), note=bad),), footnotes=(bad,)
    )
    document = with_table(table)
    document = replace(document, title=bad, kicker=bad, purpose=bad, warnings=(bad,))
    document = replace(document, stamp=replace(document.stamp, selection=bad, synthetic=bad))
    packed = zipfile.ZipFile(io.BytesIO(xlsx(document)))
    for name in packed.namelist():
        if "worksheets/sheet" in name and name.endswith(".xml"):
            assert b"<f>" not in packed.read(name)
    for sheet in opened(document):
        for row in sheet.iter_rows():
            for c in row:
                assert c.data_type in ("s", "n"), c.value
                assert c.value is None or c.data_type == "s" or isinstance(c.value, (int, float))
                assert not c.hyperlink or c.hyperlink.target is None, "links lead inside the book only"


@pytest.mark.parametrize(("exact", "expected"), [(False, 0.911), (True, 41 / 45)])
def test_numbers_hold_what_they_show_unless_the_reader_may_see_every_count(exact: bool, expected: float) -> None:
    table = Table(
        "t", (Column("a", "A"), Column("b", "B", "share")), (Row(("x", 41 / 45)), Row(("y", Drawn(41 / 45, None))))
    )
    sheet = opened(with_table(table, exact=exact))["t"]
    assert [sheet["B2"].value, sheet["B3"].value] == [expected, expected]


def test_equal_documents_give_equal_bytes() -> None:
    first = xlsx(COUNCIL)
    time.sleep(1.1)
    assert xlsx(COUNCIL) == first
    assert str(opened(COUNCIL).properties.created) == "2024-02-26 06:10:00"


@given(
    st.lists(made.TEXTS | st.sampled_from(["Historik", "History", "A", "a", "É", "innehåll", "'", "x" * 40, "😀" * 20]))
)
def test_names_of_sheets_are_legal_and_each_one_once(captions: list[str]) -> None:
    clean = [cleaned(replace(COUNCIL, title=c)).title for c in captions]
    names = sheet_names(clean, taken=(CONTENTS, ABOUT))
    assert len(names) == len(captions)
    lower = [n.lower() for n in (*names, CONTENTS, ABOUT)]
    assert len(set(lower)) == len(lower)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\']", name)
        assert name.lower() != "history"


def naive(value: Any, column: Column) -> Any:
    """What the cell should hold, worked out another way: from the words that the screen shows."""
    value = value.value if isinstance(value, Drawn) else value
    if isinstance(value, Month) and value.year >= 1900:
        return datetime.fromisoformat(f"{value}-01")
    said = cell_text(value, column)
    if not is_number(column) or isinstance(value, Special) or said == "saknas":
        return said
    if said.startswith("<"):  # some, but less than the last decimal that is shown
        return 0.0
    text = said.replace("\u00a0", "").replace("%", "").replace("−", "-").replace(",", ".").replace("+", "")
    return float(text) / (100 if column.kind in PER_CENT else 1)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.tables())
def test_every_cell_is_what_the_screen_shows(table: Table) -> None:
    table = cleaned(with_table(table)).figures[0].table
    book = opened(with_table(table))
    sheet = book[book.sheetnames[1]]
    columns = marked_columns(table)
    for y, row in enumerate(table.rows, 2):
        for x, (value, column) in enumerate(zip((*row.cells, row.note), columns, strict=False), 1):
            expected, found = naive(value, column), sheet.cell(y, x).value
            if isinstance(expected, float):
                step = 10.0 ** -(decimals(column) + (2 if column.kind in PER_CENT else 0))
                assert found == pytest.approx(expected, abs=step * 1.001)  # halves may be rounded either way
            elif isinstance(expected, str):
                assert (found or "").replace("\r", "\n") == expected, "openpyxl reads an empty text as none"
            else:
                assert found == expected


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.documents())
def test_any_document_can_be_made_and_opened(document: Document) -> None:
    assert len(opened(document).sheetnames) == 2 + len(document.figures)


@pytest.mark.parametrize(("role", "exact"), [("public", False), ("exact", True)])
def test_a_composed_briefing_says_whether_its_reader_may_see_every_count(role: Role, exact: bool) -> None:
    viewer = Viewer(role=role)
    renderer = Renderer(country_of("brus"), viewer, all_pages(), known=options.known, filters=options.filters)
    chosen = Selection(care_area=AREA, kind="region", region=REGION)
    document = briefing(chosen, lambda p, s: Seen(*look(renderer, p, s)), renderer.source, viewer)
    assert document.stamp.exact is exact
    decimals_told = max(
        len(repr(c.value).partition(".")[2])
        for sheet in opened(document).worksheets[1:-1]
        for row in sheet.iter_rows()
        for c in row
        if isinstance(c.value, float)
    )
    assert (decimals_told > 3) is exact
