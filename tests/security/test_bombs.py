"""Files that unpack to more than they are, and XML that asks for other files: refused in Swedish, in little memory."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from lagesbild.domain.errors import InputError
from tests.security.parsers import SAMPLES, read_fhir, read_table, workbook, zipped

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 12))
DOCTYPES = {
    "laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
    "file": '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
    "address": '<!DOCTYPE x [<!ENTITY a11 SYSTEM "http://192.0.2.1/x">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "outside": '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
}


@pytest.mark.parametrize("kind", list(DOCTYPES))
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(kind: str, part: str, tmp_path: Path) -> None:
    parts = workbook(SAMPLES["regions"])
    text = parts[part].decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    text = text[:start] + DOCTYPES[kind] + text[start:]
    parts[part] = text.replace("Region A", "&a11;").encode()
    path = tmp_path / "fil.xlsx"
    path.write_bytes(zipped(parts))
    tracemalloc.start()
    try:
        faults = read_table("regions", path)
        # a description elsewhere is never fetched, and styles are not read: then the table is what it was
        assert faults is None or kind == "outside" or part == "xl/styles.xml"
        assert faults is None or "root:" not in str(faults.shown_errors)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_workbook_that_says_it_is_huge_is_not_unpacked(tmp_path: Path) -> None:
    content = bytearray(packed(workbook(SAMPLES["regions"])))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (2_000_000_000).to_bytes(4, "little")  # unpacked size of the last file
    path = tmp_path / "fil.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match="packas upp till mer"):
        _inspected(path)


def test_a_workbook_that_says_it_is_small_gives_no_more_than_it_says(tmp_path: Path) -> None:
    parts = workbook(SAMPLES["regions"])
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + b" " * 20_000_000)
    content = bytearray(packed(parts))
    at = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path = tmp_path / "fil.xlsx"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        assert read_table("regions", path) is None
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fil.xlsx"
    path.write_bytes(zipped({**workbook(SAMPLES["regions"]), **{f"x/{k}": b"" for k in range(5_001)}}))
    with pytest.raises(InputError):
        _inspected(path)


def test_names_in_a_workbook_lead_nowhere(tmp_path: Path) -> None:
    """Nothing is written from a workbook; a part whose name leads out is one that nobody reads."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "fil.xlsx"
    path.write_bytes(zipped({**workbook(SAMPLES["regions"]), "../../ut.txt": b"x", "/ut.txt": b"x"}))
    before = sorted(tmp_path.rglob("*"))
    assert read_table("regions", path) is not None
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "text", ["[" * 300_000, '{"a":' * 100_000, json.dumps({"resourceType": "Bundle", "entry": [[[]]] * 9})]
)
def test_deep_json_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "fil.json"
    path.write_text(text)
    assert read_fhir(path) is None


def test_an_endless_cell_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(SAMPLES["regions"].encode() + b'\n99,"' + b"x" * 2_000_000)
    faults = read_table("regions", path)
    assert faults is not None
    assert faults.errors


def _inspected(path: Path) -> None:
    from lagesbild.data.importers.files import inspect_file

    inspect_file(path)
