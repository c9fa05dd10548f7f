"""Anything can be given instead of a table; each time the answer is a Swedish sentence."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lagesbild.data.importers import files
from lagesbild.data.importers.faults import Faults, faults_csv, write_faults
from lagesbild.data.importers.files import inspect_file
from lagesbild.data.importers.sidecar import check_sha256, read_sidecar
from lagesbild.domain.errors import InputError

ZIP = b"PK\x03\x04"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tom"),
        (b"\x00\x01\x02binary", "inte text"),
        (b"a;b\n\x81\x8d\n", "inte text"),
        ("a;b\n1;2\n".encode("utf-16"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (ZIP + b"trasigt", "trasig"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        inspect_file(path)
    assert caught.value.remedy


def test_missing_file_and_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="finns inte"):
        inspect_file(tmp_path / "nej.csv")
    with pytest.raises(InputError, match="katalog"):
        inspect_file(tmp_path)


def test_encoding_and_checksum_are_found(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    for content, encoding, skip in (
        ("å".encode(), "utf-8", 0),
        ("å".encode("utf-8-sig"), "utf-8", 3),
        ("å".encode("cp1252"), "cp1252", 0),
    ):
        path.write_bytes(content)
        found = inspect_file(path)
        assert (found.encoding, found.skip, found.kind) == (encoding, skip, "csv")
        assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_zip_bombs_and_other_archives_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "fil.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000)
    assert inspect_file(path).kind == "xlsx"
    monkeypatch.setattr(files, "MAX_XLSX_UNPACKED", 50_000)
    with pytest.raises(InputError, match="packas upp"):
        inspect_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bild.png", "x")
    with pytest.raises(InputError, match="zip-arkiv"):
        inspect_file(path)


def test_sidecar_is_read_and_its_checksum_holds(tmp_path: Path) -> None:
    path = tmp_path / "waits.csv"
    path.write_text("x")
    assert read_sidecar(path).source == ""
    side = tmp_path / "waits.csv.meta.json"
    content = {"source": "SKR", "synthetic": True, "recorded_at": "2024-02-26T05:10:00Z", "sha256": "ab", "extra": 1}
    side.write_text(json.dumps(content))
    found = read_sidecar(path)
    assert (found.source, found.synthetic, found.provisional) == ("SKR", True, False)
    assert found.recorded_at == datetime(2024, 2, 26, 5, 10, tzinfo=UTC)
    with pytest.raises(InputError, match="kontrollsumman"):
        check_sha256(found, path, "cd")
    check_sha256(found, path, "ab")


@pytest.mark.parametrize("content", ["{", "[]", '{"synthetic": "ja"}', '{"source": 1}', '{"recorded_at": "igår"}'])
def test_a_wrong_sidecar_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "waits.csv"
    (tmp_path / "waits.csv.meta.json").write_text(content)
    with pytest.raises(InputError, match=r"waits\.csv\.meta\.json"):
        read_sidecar(path)


def test_faults_as_csv_for_people(tmp_path: Path) -> None:
    faults = Faults("f.csv")
    faults.add(7, "waiting", "=1+1", "ett heltal; inget annat", "Rätta.")
    faults.add(3, "", "x" * 500, "något", "Gör det.", warning=True)
    shown = [*faults.shown_errors, *faults.shown_warnings]
    lines = faults_csv(shown).split("\r\n")
    assert lines[1] == 'f.csv;7;waiting;\'=1+1;fel;"ett heltal; inget annat";Rätta.'
    assert ";varning;" in lines[2]
    assert len(lines[2]) < 200
    write_faults(tmp_path / "fel.csv", shown)
    assert (tmp_path / "fel.csv").read_bytes().startswith(b"\xef\xbb\xbffil;rad;")


def test_what_never_ends_or_can_be_read_only_once_is_not_begun() -> None:
    with pytest.raises(InputError, match="ingen vanlig fil") as caught:
        inspect_file(Path("/dev/zero"))
    assert caught.value.remedy
