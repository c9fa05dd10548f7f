"""The same snapshot is the same bytes, and is read back as it was."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.errors import SnapshotError, SnapshotNewerError
from lagesbild.snapshots.bundle import seal
from lagesbild.snapshots.limits import Limits
from lagesbild.snapshots.manifest import FORMAT, MANIFEST, file_name, from_bytes, to_bytes
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read, read_manifest
from tests.snapshots.made import bundle, facts

ROOT = Path(__file__).resolve().parents[2]
NAMES = st.from_regex(r"[a-z0-9_][a-z0-9._-]{0,20}(/[a-z0-9_][a-z0-9._-]{0,10})?", fullmatch=True)


@given(files=st.dictionaries(NAMES, st.binary(max_size=2_000), max_size=6))
def test_whatever_is_packed_is_read_back_the_same(files):
    try:
        made = seal(files, facts())
    except SnapshotError:  # a name that not every computer can store
        return
    assert read(pack(made)) == made


def test_the_order_files_come_in_does_not_matter():
    files = {"b.csv": b"2", "a.csv": b"1", "data/c.csv": b"3"}
    assert pack(seal(files, facts())) == pack(seal(dict(reversed(files.items())), facts()))


def test_another_process_makes_the_same_bytes():
    code = (
        "import sys, hashlib; from tests.snapshots.made import bundle; from lagesbild.snapshots.packing import pack\n"
    )
    code += "sys.stdout.write(hashlib.sha256(pack(bundle())).hexdigest())"
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert made[0] == made[1] != ""


def test_nothing_in_the_zip_tells_when_or_by_whom_it_was_packed():
    with zipfile.ZipFile(io.BytesIO(pack(bundle()))) as archive:
        infos = archive.infolist()
    assert [i.filename for i in infos] == sorted(i.filename for i in infos)
    assert {i.date_time for i in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {i.external_attr >> 16 for i in infos} == {0o100644}
    assert {(i.comment, i.extra) for i in infos} == {(b"", b"")}


def test_the_same_moment_in_another_zone_is_the_same_manifest():
    elsewhere = facts().as_of.astimezone(timezone(timedelta(hours=9)))
    assert bundle(as_of=elsewhere).manifest_bytes == bundle().manifest_bytes


def test_the_name_tells_the_moment_on_swedish_clocks_and_what_is_invented():
    told = facts(as_of=datetime(2026, 11, 15, 12, 0, tzinfo=UTC))
    assert file_name(told) == "lagesbild-2026-11-15-1300-syntetisk.zip"
    assert file_name(told.model_copy(update={"synthetic": ""})) == "lagesbild-2026-11-15-1300.zip"


def test_the_manifest_answers_for_every_file_and_is_its_own_bytes_again():
    made = bundle(extra={"index.html": b"<!doctype html>"})
    assert set(made.manifest.files) == set(made.files)
    assert to_bytes(from_bytes(made.manifest_bytes, "x")) == made.manifest_bytes
    assert read_manifest(pack(made)) == (made.manifest, made.manifest_bytes)
    assert len(made.checksum) == 64


@pytest.mark.parametrize(
    "name", ["", "../a", "/a", "a\\b", "å.csv", ".gömd", "nul.txt", "a//b", "manifest.json", "manifest.sig", "a b.csv"]
)
def test_a_name_that_not_every_computer_can_store_is_refused(name):
    with pytest.raises(SnapshotError):
        seal({name: b""}, facts())


def test_two_names_that_some_computers_take_for_one_are_refused():
    with pytest.raises(SnapshotError, match=r"heter ”A\.csv”"):
        seal({"a.csv": b"", "A.csv": b""}, facts())
    with pytest.raises(SnapshotError):
        seal({"Manifest.json": b""}, facts())


def test_a_table_without_its_file_is_refused():
    tables = bundle().manifest.tables
    with pytest.raises(SnapshotError, match="saknar sin fil"):
        seal({}, facts(tables=tables))


@pytest.mark.parametrize("limits", [Limits(packed=500), Limits(file=100), Limits(total=300), Limits(files=3)])
def test_what_could_not_be_read_back_is_not_written(limits):
    with pytest.raises(SnapshotError, match="läsa tillbaka"):
        pack(bundle(), limits)


def test_a_uniform_file_is_kept_as_it_is_so_that_it_is_not_taken_for_a_bomb():
    made = seal({"tom.csv": b"," * 3_000_000, "annan.csv": b"1"}, facts())
    packed = pack(made)
    assert len(packed) > 3_000_000
    assert read(packed) == made
    assert pack(made) == packed


def _with_manifest(change) -> bytes:
    raw = json.loads(bundle().manifest_bytes)
    change(raw)
    return json.dumps(raw).encode()


def test_a_newer_format_says_what_can_be_done():
    with pytest.raises(SnapshotNewerError, match=r"index\.html") as caught:
        from_bytes(_with_manifest(lambda raw: raw.update(format=FORMAT + 1, files="annat")), "bild.zip")
    assert f"format {FORMAT + 1}" in caught.value.message


def test_fields_that_a_later_program_added_do_not_hinder():
    content = _with_manifest(lambda raw: raw.update(nytt={"a": 1}))
    assert from_bytes(content, "x").files == bundle().manifest.files


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.pop("as_of"),
        lambda raw: raw.update(as_of="2023-12-18T05:10:00"),  # whose clock?
        lambda raw: raw.update(threshold="5"),
        lambda raw: raw.update(threshold=True),
        lambda raw: raw.update(format="1"),
        lambda raw: raw.update(title="\x1b]0;rubrik\x07"),
        lambda raw: raw["files"].update({"../ut": {"sha256": "0" * 64, "size": 0}}),
        lambda raw: raw["files"].update({MANIFEST: {"sha256": "0" * 64, "size": 0}}),
        lambda raw: raw["files"]["data/waits.csv"].update(sha256="kort"),
        lambda raw: raw["files"]["data/waits.csv"].update(size=-1),
        lambda raw: raw["tables"]["waits"].update(keys=3),
        lambda raw: raw["tables"]["waits"]["measures"][0].update(form="okänd"),
        lambda raw: raw.update(signing={"key_id": "x", "public_key": "y"}),
    ],
)
def test_a_manifest_that_is_wrong_says_where(change):
    with pytest.raises(SnapshotError, match="är fel"):
        from_bytes(_with_manifest(change), "bild.zip")


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"1", b"{}", b"[" * 100_000, b'{"kind": 5}', b"1" * 5_000])
def test_what_is_no_manifest_is_told_so(content):
    with pytest.raises(SnapshotError):
        from_bytes(content, "bild.zip")
