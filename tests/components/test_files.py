"""Files for people: what a page had to round itself is still a number, that a spreadsheet can add up and sort."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.model import Column, FigureCard, Row, Special, Table

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
