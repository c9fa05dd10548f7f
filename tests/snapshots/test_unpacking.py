"""A zip that anybody may have made: nothing leaves its folder, nothing fills memory, and every refusal says why."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.errors import InputError, LagesbildError, SnapshotError, SnapshotUnsafeError
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.limits import Limits, fault_in_name
from lagesbild.snapshots.manifest import MANIFEST
from lagesbild.snapshots.reading import read, read_manifest
from lagesbild.snapshots.verifying import verify
from tests.snapshots.zips import END, WHOLE, content_place, directory, flipped, with_directory_field, with_entry

LINK, PIPE = 0o120777, 0o010644


@pytest.mark.parametrize(
    "name",
    [
        "../utanfor.txt", "data/../../utanfor.txt", "/etc/passwd", "//server/del", "C:/a.txt", "C:a.txt", "c:\\a.txt",
        "data\\..\\a.txt", "a\x00b.txt", "a\x1b[2J.txt", "a//b.txt", "./a.txt", "a/./b.txt", "con", "data/NUL.csv",
        "a.txt:dold", "slut. ", "a" * 201, "a\u202etxt.exe",
    ],
)  # fmt: skip
def test_a_name_that_leads_astray_is_refused(name):
    for open_it in (read, read_manifest, verify):
        with pytest.raises(SnapshotUnsafeError, match="namn") as caught:
            open_it(with_entry(name))
        assert caught.value.remedy
        assert caught.value.message.isprintable()


@given(name=st.text(max_size=40))
def test_a_name_without_fault_stays_in_its_folder_on_every_system(name):
    import ntpath
    import posixpath

    if fault_in_name(name):
        return
    for system in (posixpath, ntpath):
        root = "/r" if system is posixpath else "C:\\r"
        assert system.normpath(system.join(root, name)).startswith(root + system.sep)


@pytest.mark.parametrize("mode", [LINK, PIPE, 0o060644])
def test_links_and_devices_are_refused(mode):
    with pytest.raises(SnapshotUnsafeError, match="länk"):
        read(with_entry("data/lank.csv", b"/etc/passwd", mode=mode))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["data/waits.csv", "DATA/waits.csv", "Manifest.JSON"])
def test_two_files_of_one_name_are_refused(name):
    with pytest.raises(SnapshotUnsafeError, match="två filer"):
        read(with_entry(name))


def test_a_folder_of_its_own_is_no_file_and_no_fault():
    assert verify(with_entry("data/", b"", mode=0o040755)).genuine
    with pytest.raises(SnapshotUnsafeError):
        read(with_entry("data/", b"innehall", mode=0o040755))


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = with_entry("bomb.csv", b"\0" * 20_000_000, method=zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    try:
        with pytest.raises(SnapshotUnsafeError, match="zip-bomb"):
            read(bomb)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "limits, said",
    [
        (Limits(packed=1_000), "större än"),
        (Limits(files=2), "fler än 2 filer"),
        (Limits(file=100), "för stor"),
        (Limits(total=300), "packas upp till mer"),
        (Limits(manifest=100), "förteckning som är för stor"),
        (Limits(ratio=5, small=0), "zip-bomb"),
        (Limits(name=5), "för långt"),
    ],
)
def test_every_limit_holds(limits, said):
    with pytest.raises(SnapshotUnsafeError, match=said):
        read(WHOLE, limits)


def test_a_file_that_unpacks_to_more_than_it_declares_is_stopped_on_the_way():
    name = "index.html"
    lying = bytearray(with_directory_field(name, 24, "<L", lambda size: size - 1))
    struct.pack_into("<L", lying, content_place(name) - len(name) - 30 + 22, 1)  # and in the file's own header
    with pytest.raises(SnapshotError, match=name):
        read(bytes(lying))
    assert verify(bytes(lying)).damaged == (name,)


def test_a_file_that_declares_much_and_holds_little_is_told_as_damaged():
    lying = with_directory_field("index.html", 24, "<L", lambda size: size + 7)
    with pytest.raises(SnapshotError, match=r"index\.html"):
        read(lying)
    assert verify(lying).damaged == ("index.html",)


def test_files_that_share_packed_bytes_are_refused():
    """As in the densest bombs: one core of packed bytes, counted by many files."""
    with pytest.raises(SnapshotUnsafeError, match="ligger i varandra"):
        read(with_directory_field("index.html", 42, "<L", lambda _: content_place("data/waits.csv") - 44))


def test_a_zip_inside_is_never_opened():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 50_000_000)
    report = verify(with_entry("inre.zip", inner.getvalue()))
    assert report.extra == ("inre.zip",)
    assert read(with_entry("inre.zip", inner.getvalue())).files["inre.zip"] == inner.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"inte en zip" * 100, WHOLE[:-1], WHOLE[: len(WHOLE) // 2], WHOLE[1:],
        WHOLE + b"x", b"MZ" + WHOLE, WHOLE[:-2] + b"\x03\x00abc",
    ],
)  # fmt: skip
def test_what_is_cut_or_no_zip_is_told_so(content):
    for open_it in (read, read_manifest, verify):
        with pytest.raises(SnapshotError) as caught:
            open_it(content, shown="bild.zip")
        assert "bild.zip" in caught.value.message
        assert caught.value.remedy
        assert caught.value.exit_code == 2


def test_a_directory_larger_than_its_files_is_refused_before_it_is_read():
    entries, size, place = directory(WHOLE)
    filler = b"\0" * 5_000_000
    end = WHOLE[-END : -END + 10] + struct.pack("<HLLH", entries, size + len(filler), place, 0)
    with pytest.raises(SnapshotUnsafeError, match="innehållsförteckning"):
        read(WHOLE[:-END] + filler + end)


def test_a_locked_or_strangely_packed_zip_is_told_so():
    with pytest.raises(SnapshotError, match="lösenord"):
        read(with_directory_field("index.html", 8, "<H", lambda flags: flags | 1))
    with pytest.raises(SnapshotError, match="sätt som inte läses"):
        read(with_directory_field("index.html", 10, "<H", lambda _: zipfile.ZIP_LZMA))


def test_a_zip_without_manifest_is_no_snapshot():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lasmig.txt", "hej")
    with pytest.raises(SnapshotError, match=r"manifest\.json saknas"):
        read(out.getvalue())


def test_a_file_that_cannot_be_opened_is_told_so(tmp_path):
    for path, why in ((tmp_path / "finns-inte.zip", "finns inte"), (tmp_path, "katalog")):
        with pytest.raises(SnapshotError, match=why):
            read(path)


def _try_everything(content: bytes) -> None:
    """Whatever the bytes, the answer is a snapshot, a report, or one of our own errors in Swedish."""
    for use in (read, read_manifest, verify, lambda c: compare(read(c), read(WHOLE))):
        told: LagesbildError | None = None
        try:
            use(content)
        except LagesbildError as error:
            told = error
        if told is not None:
            assert isinstance(told, InputError)
            assert told.message.endswith(".")
            assert told.remedy


@given(data=st.data())
def test_mutated_bytes_give_only_our_errors(data):
    mutated = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        what = data.draw(st.sampled_from(["set", "cut", "insert", "repeat"]))
        if what == "set":
            mutated[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del mutated[at : at + data.draw(st.integers(1, 50))]
        elif what == "insert":
            mutated[at:at] = data.draw(st.binary(min_size=1, max_size=50))
        else:
            mutated[at:at] = mutated[at : at + data.draw(st.integers(1, 200))]
        if not mutated:
            break
    _try_everything(bytes(mutated))


@given(content=st.binary(max_size=300), tail=st.booleans())
def test_random_bytes_give_only_our_errors(content, tail):
    _try_everything(content + (WHOLE[-END:] if tail else b""))


@given(offset=st.integers(0, 3_000), value=st.integers(0, 255))
def test_every_byte_of_the_directory_may_be_wrong(offset, value):
    """Mutations spread over the file rarely meet the records that decide how it is read."""
    place = directory(WHOLE)[2]
    data = bytearray(WHOLE)
    data[place + offset % (len(data) - place)] = value
    _try_everything(bytes(data))


@given(mutation=st.data())
def test_a_mutated_manifest_gives_only_our_errors(mutation):
    """Past the zip's own checksum: the manifest is changed and packed anew."""
    made = read(WHOLE)
    content = bytearray(made.manifest_bytes)
    for _ in range(mutation.draw(st.integers(1, 4))):
        content[mutation.draw(st.integers(0, len(content) - 1))] = mutation.draw(st.integers(32, 126))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, file in {**made.files, MANIFEST: bytes(content)}.items():
            archive.writestr(name, file)
    _try_everything(out.getvalue())


def test_a_flipped_bit_in_a_file_is_found_wherever_it_is():
    for name in ("data/waits.csv", "index.html"):
        report = verify(flipped(WHOLE, [content_place(name) + 5]))
        assert (report.damaged or report.differ) == (name,)
        assert not report.genuine
