"""Files for people: what a page had to round itself is still a number, that a spreadsheet can add up and sort."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.machine_file import machine_cell
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.table import cell_text

NB = "\u00a0"
COLUMNS = (
    Column("region", "Region"),
    Column("share", "Andel", "share"),
    Column("net", "Netto", "signed"),
    Column("wait_days", "Dagar", "days"),
)
ROWS = (
    Row(("Riket", 0.8734, 4.0, 30.0)),
    Row(("Åby", f"87{NB}%", "\u22123", "saknas")),
    Row(("Lillö", Special("suppressed"), f"1{NB}234", "–")),
)
CARD = FigureCard("x", "Titel", "", Table("t", COLUMNS, ROWS), "Källa: prov.")


def test_a_share_in_whole_per_cent_is_a_number_in_csv() -> None:
    lines = csv_bytes(CARD, []).decode("utf-8-sig").splitlines()
    assert lines[:4] == ["Region;Andel, %;Netto;Dagar", "Riket;87,3;4;30", "Åby;87;-3;saknas", "Lillö;<5;1234;–"]


def test_a_share_in_whole_per_cent_is_a_number_in_xlsx_that_looks_as_on_the_page() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(CARD, ["Titel"])))["Tabell"]
    share, coarse = sheet["B2"], sheet["B3"]
    assert (share.value, share.number_format) == (0.873, "0.0%"), "no more decimals than the page"
    assert (coarse.value, coarse.number_format) == (0.87, "0%")
    assert (sheet["C3"].value, sheet["C4"].value) == (-3, 1234)
    assert (sheet["B4"].value, sheet["D3"].value, sheet["D4"].value) == ("<5", "saknas", "–")


def test_six_of_many_thousands_are_not_nothing_in_a_file_either() -> None:
    """0 % beside six persons would be a zero that nobody counted."""
    columns = (Column("band", "Band"), Column("share", "Andel", "share"), Column("n", "Antal", "count"))
    rows = (Row(("366 dagar eller fler", 6 / 22848, 6)), Row(("ingen", 0.0, 0)))
    card = FigureCard("a", "A", "", source="Källa.", table=Table("T", columns, rows))
    lines = csv_bytes(card, []).decode("utf-8-sig").splitlines()
    assert lines[1:3] == ["366 dagar eller fler;<0,1;6", "ingen;0,0;0"]
    sheet = load_workbook(io.BytesIO(xlsx_bytes(card, []))).worksheets[0]
    assert [sheet.cell(y, 2).value for y in (2, 3)] == ["<0,1\u00a0%", 0]


def test_every_form_rounds_a_share_as_the_screen_does() -> None:
    """0.8975 is 89.8 % when it is rounded as per cent, and 0.897 as a fraction."""
    column = Column("share", "Andel", "share")
    card = FigureCard(
        "a", "A", "", source="Källa.", table=Table("T", (Column("r", "Region"), column), (Row(("A", 0.8975)),))
    )
    assert cell_text(0.8975, column) == "89,8\u00a0%"
    assert csv_bytes(card, []).decode("utf-8-sig").splitlines()[1] == "A;89,8"
    assert load_workbook(io.BytesIO(xlsx_bytes(card, []))).worksheets[0].cell(2, 2).value == 0.898
    assert machine_cell(0.8975, column) == "0.898"
