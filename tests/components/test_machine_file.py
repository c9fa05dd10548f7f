"""The CSV for programs: what a program reads is what the screen shows, and no more."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.components.machine_file import About, machine_cell, machine_csv, machine_names
from lagesbild.components.model import Column, Drawn, FigureCard, Row, Special, Table
from lagesbild.components.table import cell_text
from lagesbild.domain.periods import Month
from tests import gallery


def rows_of(table: Table, *, exact: bool = False) -> list[list[str]]:
    card = FigureCard("x", "Titel", "", table, "Källa: prov.")
    data = machine_csv(card, About({}, "prov", synthetic=False), exact=exact)
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    assert [r[-2:] for r in rows] == [["source", "synthetic"], *[["prov", "false"]] * len(table.rows)]
    return [r[:-2] for r in rows]


def test_a_row_says_by_itself_where_when_and_whether_it_is_made_up() -> None:
    columns = (Column("region", "Region"), Column("waiting", "Väntar", "count"))
    rows = (Row(("Riket", 30)), Row((Drawn("Åby", {"type": "A"}), 20), note="prel."))
    table = Table("t", columns, rows, period="2026-10")
    about = About({"region": {"Åby": "02"}}, "=påhittade", synthetic=True)
    assert machine_csv(FigureCard("x", "T", "", table, "Källa."), about).decode("utf-8").splitlines() == [
        "region,waiting,note,region_code,period,source,synthetic",
        "Riket,30,,,2026-10,'=påhittade,true",
        "Åby,20,provisional,02,2026-10,'=påhittade,true",
    ]
    months = Table("t", (Column("period", "Månad", "month"),), (Row((Month(2026, 9),)),), period="2026-10")
    told = machine_csv(FigureCard("x", "T", "", months, "Källa."), about).decode("utf-8").splitlines()
    assert told == ["period,source,synthetic", "2026-09,'=påhittade,true"], "a row's own month is not said twice"


def test_heading_and_rows_only_with_every_state_told_apart() -> None:
    rows = rows_of(gallery.table())
    assert rows[0] == ["region", "waiting", "over", "share", "change", "month", "note"]
    assert len(rows) == 1 + len(gallery.table().rows)
    by_name = {r[0]: r[1:] for r in rows[1:]}
    assert by_name["Riket"] == ["5445", "753", "0.862", "-2.2", "2024-01", ""]
    assert by_name["Gotland"] == ["120", "<5", "..", "0", "2024-01", ""]
    assert by_name["Norrbotten"] == ["134", "20", "0.853", "", "2024-01", "provisional"]
    assert by_name["Örebro"] == ["", "", "", "", "2024-01", ""]
    assert by_name["Uppsala"] == ["214", "28", "excluded", "too_short", "2024-01", ""]
    assert "'=cmd|x" in by_name


def test_names_are_machine_names_and_each_is_one_column() -> None:
    columns = [Column("kna-1_Share", "A"), Column("kna_1_share", "B"), Column("ö", "C"), Column("", "D")]
    assert machine_names(columns) == ["kna_1_share", "kna_1_share_2", "column", "column_2"]


SHARE = Column("share", "Andel", "share")


@pytest.mark.parametrize(
    ("value", "column", "expected"),
    [
        ("–", SHARE, ""),
        ("93\u00a0%", SHARE, "0.93"),
        ("\u22122,5", Column("c", "C", "points"), "-2.5"),
        ("12\u00a0345", Column("c", "C", "count"), "12345"),
        ("oktober 2026", Column("period", "Månad"), "2026-10"),
        ("maj 2024", Column("period", "Månad"), "2024-05"),
        ("Östergötland", Column("region", "Region"), "Östergötland"),
        (float("nan"), SHARE, ""),
        (float("inf"), SHARE, ""),
        (-0.0001, Column("c", "C", "points"), "0"),
        (Month(2024, 3), Column("m", "M", "month"), "2024-03"),
        (Special("suppressed", "<10"), SHARE, "<10"),
        (Special("suppressed", "skyddat"), SHARE, ".."),
        (Special("secondary"), SHARE, ".."),
        (7, Column("limit", "Gräns"), "7"),
        (Drawn("öppet sedan april 2024", {"type": "Span"}), Column("gap", "Gap"), "öppet sedan april 2024"),
        (Drawn(0.5, {"type": "Span"}), SHARE, "0.5"),
    ],
)
def test_cells(value: Any, column: Column, expected: str) -> None:
    assert machine_cell(value, column) == expected


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from(["count", "signed", "share", "points", "days", "number", "probability"]),
    st.none() | st.integers(0, 2),
)
def test_a_public_file_tells_the_number_the_screen_shows_and_not_a_digit_more(
    value: float, kind: Any, decimals: int | None
) -> None:
    decimals = None if kind == "count" else decimals  # a count is whole
    column = Column("x", "X", kind, decimals)
    told = machine_cell(value, column)
    same = machine_cell(cell_text(value, column).lstrip("<"), column)  # "<0,1 %": somebody, too few for a decimal
    # the screen rounds the per cent, the file the fraction: a half may fall on either side of the last digit
    digits = {"count": 0, "signed": 0, "days": 0, "probability": 2, "share": 3}.get(kind, 1)
    digits = digits if decimals is None else decimals + (2 if kind in ("share", "probability") else 0)
    assert abs(float(told) - float(same)) <= 1.01 * 10**-digits
    assert len(told.partition(".")[2]) <= digits
    assert float(machine_cell(value, column, exact=True)) == pytest.approx(value, rel=1e-11, abs=1e-11)


def test_a_row_of_a_public_file_is_rounded_and_an_exact_one_is_not() -> None:
    table = Table("t", (Column("region", "Region"), SHARE), (Row(("Riket", 41 / 45)),))
    assert rows_of(table)[1] == ["Riket", "0.911"]
    assert float(rows_of(table, exact=True)[1][1]) == pytest.approx(41 / 45)
