"""Workbooks as Excel makes them: typed cells, dates, empty columns and rows, other sheets."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.files import inspect_file
from lagesbild.data.importers.xlsx_rows import xlsx_blocks
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError

HEAD = ["period", "region", "vårdområde", "kapacitet"]


def book(path: Path, rows: list[list[Any]]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.create_sheet("Annat").append(["skräp", 1])
    workbook.save(path)
    return path


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    faults = Faults("f")
    header, blocks = xlsx_blocks(inspect_file(path), DATASETS["capacity"], faults)
    assert header is not None, faults.shown_errors
    found = []
    for block in blocks:
        for i, line in enumerate(block.lines):
            found.append((int(line), {n: block.cells[p][i].as_py() for n, p in header.places.items()}))
    assert not faults.errors
    return found


def test_typed_cells_become_the_text_of_a_csv(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [datetime(2024, 1, 1), "01", "kat", 12],  # noqa: DTZ001 - Excel knows no time zones
        [date(2024, 1, 31), 1, "kat", 12.0],
        ["2024M01", "01", "kat", "<5"],
        [45292, "01", "kat", None],
    ]
    found = read(book(tmp_path / "f.xlsx", rows))
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert [r["period"] for _, r in found] == ["2024-01-01", "2024-01-31", "2024M01", "45292"]
    assert [r["region"] for _, r in found] == ["01", "1", "01", "01"]
    assert [r["capacity"] for _, r in found] == ["12", "12", "<5", ""]


def test_blank_rows_and_columns_and_lines_as_excel_counts(tmp_path: Path) -> None:
    rows = [
        [],
        [*HEAD, None, None],
        [],
        ["2024-01", "01", "kat", 1, None, " "],
        [None] * 6,
        ["2024-02", "01", "kat"],
        [],
    ]
    assert [line for line, _ in read(book(tmp_path / "f.xlsx", rows))] == [4, 6]


def test_an_empty_first_sheet_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Första bladet"):
        read(book(tmp_path / "f.xlsx", []))


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<trasig")
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(InputError, match="går inte att läsa"):
        read(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """A workbook whose XML declares entities (the "billion laughs") is refused, not swallowed."""
    good = book(tmp_path / "good.xlsx", [HEAD, ["2024-01", "01", "kat", 1]])
    evil = tmp_path / "evil.xlsx"
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = bomb.encode() + text[text.index(b"<workbook") :]
            target.writestr(name, text)
    with pytest.raises(InputError, match="går inte att läsa"):
        read(evil)


@cache
def _whole_workbook() -> bytes:
    """Made once: a workbook holds the time it was made, so the next second's may have another length."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [HEAD, *(["2024-01", "01", "kat", n] for n in range(50))]
        return book(Path(folder) / "f.xlsx", rows).read_bytes()


@given(st.data())
@settings(max_examples=60, deadline=None, database=None)  # a stored example would be about another day's bytes
def test_a_workbook_damaged_anywhere_is_told(data: st.DataObject) -> None:
    """A broken download: any byte of any packed part may be wrong. It is read or refused, never a fault of ours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.xlsx"
        content = bytearray(_whole_workbook())
        start = data.draw(st.integers(4, len(content) - 1))
        for place in range(start, min(start + data.draw(st.integers(1, 40)), len(content))):
            content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        with suppress(InputError):
            _, blocks = xlsx_blocks(inspect_file(path), DATASETS["capacity"], Faults("f"))
            for block in blocks:
                assert len(block.lines) <= 50


@pytest.mark.parametrize("part", ["docProps/core.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_that_does_not_unpack_is_told(tmp_path: Path, part: str) -> None:
    path = book(tmp_path / "f.xlsx", [HEAD, *(["2024-01", "01", "kat", n] for n in range(50))])
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(part).header_offset + 30 + len(part)
    content = bytearray(path.read_bytes())
    for place in range(start + 10, start + 60):
        content[place] ^= 0x55
    path.write_bytes(content)
    with pytest.raises(InputError, match="går inte att läsa"):
        read(path)


@pytest.mark.parametrize(("number", "line"), [("19999999999999999", None), ("1048577", None), ("1048576", 1_048_576)])
def test_a_row_that_says_it_has_a_number_no_sheet_goes_to(tmp_path: Path, number: str, line: int | None) -> None:
    """As found: `xlsx`, FUZZ=100000, FUZZ_SEED=2026-11-26. All rows before it were handed over, empty, for ever."""
    path = book(tmp_path / "f.xlsx", [HEAD, ["2024-01", "01", "kat", 5]])
    far = tmp_path / "g.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(far, "w") as made:
        for part in archive.namelist():
            made.writestr(part, archive.read(part).replace(b'<row r="2"', f'<row r="{number}"'.encode()))
    if line is None:
        with pytest.raises(InputError, match="går inte att läsa"):
            read(far)
        return
    assert [n for n, _ in read(far)] == [line]
