"""CSV in every form: which cells stand on which line, and that the quick way and the careful way agree."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.data.importers import csv_rows
from lagesbild.data.importers.blocks import Block
from lagesbild.data.importers.csv_rows import careful_blocks, csv_blocks, fast_blocks
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.files import inspect_file
from lagesbild.data.importers.headers import Header
from lagesbild.domain.datasets import DATASETS

CAPACITY = DATASETS["capacity"]
HEAD = "period,region,care_area,provider,capacity,committed"
Rows = list[tuple[int, tuple[str, ...]]]


def rows_of(blocks: list[Block]) -> Rows:
    found: Rows = []
    for block in blocks:
        columns = [block.cells[p].to_pylist() for p in sorted(block.cells)]
        found += [(int(n), tuple(c[i] for c in columns)) for i, n in enumerate(block.lines)]
    return sorted(found)


def read(tmp_path: Path, content: bytes) -> tuple[Rows, Faults]:
    path = tmp_path / "capacity.csv"
    path.write_bytes(content)
    faults = Faults("capacity.csv")
    header, blocks = csv_blocks(inspect_file(path), CAPACITY, faults)
    assert header is not None
    return rows_of(list(blocks)), faults


ROW = ("2024-01", "01", "kat", "", "10", "")


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\n2024-01,01,kat,,10,\n".encode(),
        f"{HEAD}\n2024-01,01,kat,,10,".encode(),
        f"{HEAD}\r\n2024-01,01,kat,,10,\r\n".encode(),
        f"{HEAD}\r2024-01,01,kat,,10,\r".encode(),
        f"{HEAD}\n2024-01,01,kat,,10,\n".encode("utf-8-sig"),
        f"{HEAD}\n2024-01,01,kat,,10,\n".replace(",", ";").encode(),
        f"{HEAD}\n2024-01,01,kat,,10,\n\n,,,,,\n \n".encode(),
        f"{HEAD},,\n2024-01,01,kat,,10,,,\n".encode(),
        f'{HEAD}\n"2024-01","01","kat","","10",""\n'.encode(),
        "Period;Region;Vårdområde;Vårdgivare;Kapacitet;bokad_kapacitet\n2024-01;01;kat;;10;\n".encode("cp1252"),
    ],
    ids=["plain", "no last end", "crlf", "cr", "bom", "semicolon", "blank tail", "blank columns", "quoted", "swedish"],
)
def test_the_same_row_in_every_form(tmp_path: Path, content: bytes) -> None:
    rows, faults = read(tmp_path, content)
    assert [(line, cells[:6]) for line, cells in rows] == [(2, ROW)]
    assert faults.errors == 0


def test_a_line_that_only_tells_the_delimiter_and_blank_lines_before_the_header(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, f"sep=;\n\n{HEAD.replace(',', ';')}\n2024-01;01;kat;;10;\n".encode())
    assert rows == [(4, ROW)]


def test_windows_1252_letters_arrive_whole(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, f"{HEAD}\n2024-01,01,kat,Ängelholm–Öst,10,\n".encode("cp1252"))
    assert rows[0][1][3] == "Ängelholm–Öst"


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    text = f'{HEAD}\n2024-01,01,kat,"a\nb;c,""d""",1,\n\n2024-02,01,kat,,2,\n"2024-03",01,kat,,3,\n'
    rows, faults = read(tmp_path, text.encode())
    assert [line for line, _ in rows] == [2, 5, 6]
    assert rows[0][1][3] == 'a\nb;c,"d"'
    assert faults.errors == 0


def test_ragged_rows_are_told_with_their_line_and_the_others_are_read(tmp_path: Path) -> None:
    text = f"{HEAD}\n2024-01,01,kat,,1\n2024-02,01,kat,,2,\n2024-03,01,kat,,3,4,5\n"
    rows, faults = read(tmp_path, text.encode())
    assert [line for line, _ in rows] == [3]
    assert [(f.line, f.value) for f in faults.shown_errors] == [(2, "5 fält"), (4, "7 fält")]


def test_a_quote_that_never_ends_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    _, faults = read(tmp_path, f'{HEAD}\n2024-01,01,kat,"a,1,\n2024-02,01,kat,,2,\n'.encode())
    assert [f.line for f in faults.shown_errors] == [2]
    assert "citattecken" in faults.shown_errors[0].expected


def test_a_value_under_a_blank_heading_is_a_fault(tmp_path: Path) -> None:
    _, faults = read(tmp_path, f"{HEAD},\n2024-01,01,kat,,1,,7\n".encode())
    assert [(f.line, f.value) for f in faults.shown_errors] == [(2, "7")]


def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "BLOCK_BYTES", 50)
    lines = [f"2024-01,01,kat,p{n},{n}," for n in range(200)]
    lines[120] = '2024-01,01,kat,"p\n120",120,'
    rows, faults = read(tmp_path, "\n".join([HEAD, *lines]).encode())
    assert [cells[4] for _, cells in rows] == [str(n) for n in range(200)]
    assert [line for line, _ in rows] == [*range(2, 123), *range(124, 203)]
    assert faults.errors == 0


cell = st.text(st.sampled_from("09aÅ <,.;-\u00a0"), max_size=4)


@given(st.lists(st.lists(cell, min_size=1, max_size=5), max_size=200), st.sampled_from([",", ";"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_quick_and_the_careful_way_agree(rows: list[list[str]], delimiter: str, crlf: bool) -> None:
    """Any text without quote signs: the same cells on the same lines, and the same faults."""
    end = "\r\n" if crlf else "\n"
    text = "".join(delimiter.join(c.replace(delimiter, "") for c in row) + end for row in rows).encode()
    _agree(text, delimiter)


@given(
    st.lists(st.one_of(st.tuples(st.integers(60, 140), st.just("")), st.tuples(st.just(1), cell)), max_size=4),
    st.integers(100, 3_000),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_a_line_longer_than_all_others_together(rows: list[tuple[int, str]], longest: int, last: bool) -> None:
    """It cannot be halved away: the fuzz found a table of blank lines before one such that was halved for ever."""
    lines = [line for times, line in rows for _ in range(times)]
    lines.insert(len(lines) if last else len(lines) // 2, "a," * longest)
    _agree("".join(f"{line}\n" for line in lines).encode(), ",")


def test_blank_lines_before_a_long_one_are_read(tmp_path: Path) -> None:
    """As found: `csv reporting`, FUZZ=100000, FUZZ_SEED=2026-11-26."""
    rows, faults = read(tmp_path, (f"{HEAD}\n" + 700 * "\n" + 400 * "x," + "\n").encode())
    assert rows == []
    assert [(f.line, f.value) for f in faults.shown_errors] == [(702, "401 fält")]


def _agree(text: bytes, delimiter: str) -> None:
    header = Header({"a": 0, "b": 1}, (2,), 3)
    told: list[Faults] = [Faults("f"), Faults("f")]
    fast = rows_of(list(fast_blocks(text, "utf-8", header, delimiter, 2, 0, told[0])))
    careful = rows_of(list(careful_blocks(io.BytesIO(text), "utf-8", header, delimiter, 2, 0, told[1])))
    assert fast == careful
    assert told[0].shown_errors == told[1].shown_errors


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_what_a_csv_writer_quotes_is_read_back(cells: list[tuple[str, str]]) -> None:
    kept = [(a, b) for a, b in cells if (a + b).strip() and "\0" not in a + b]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(kept)
    try:
        body = out.getvalue().encode()
    except UnicodeEncodeError:  # half a surrogate pair cannot be in a file
        return
    faults = Faults("f")
    header = Header({"a": 0, "b": 1}, (), 2)
    found = rows_of(list(careful_blocks(io.BytesIO(body), "utf-8", header, ",", 1, 0, faults)))
    assert [cells for _, cells in found] == kept
    assert faults.errors == 0
