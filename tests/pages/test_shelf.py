"""Answers in files: found by those who may see them and nobody else, bounded, and never half."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.source import DataVersion
from lagesbild.pages.shelf import Shelf

WHEN = datetime(2026, 11, 1, tzinfo=UTC)
ONE, TWO = DataVersion(1, WHEN), DataVersion(2, WHEN + timedelta(days=1))


def files(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file()]


def test_what_is_put_is_there_for_another_process_with_the_same_owner(tmp_path: Path) -> None:
    Shelf(tmp_path, "public", 10_000).put(ONE, "/vantetider", b"svar\n\x00", "form")
    found = Shelf(tmp_path, "public", 10_000).get(ONE, "/vantetider")
    assert found is not None
    assert (found.body, found.word) == (b"svar\n\x00", "form")


def test_nobody_else_finds_it(tmp_path: Path) -> None:
    Shelf(tmp_path, "exact", 10_000).put(ONE, "/", b"3 patienter")
    public = Shelf(tmp_path, "public", 10_000)
    assert public.get(ONE, "/") is None
    assert Shelf(tmp_path, "exact", 10_000).get(TWO, "/") is None
    assert Shelf(tmp_path, "exact", 10_000).get(DataVersion(1, TWO.changed_at), "/") is None
    assert Shelf(tmp_path, "exact", 10_000).get(ONE, "/om") is None
    # nor when the file itself has been moved to where the public looks
    (exact,) = files(tmp_path)
    public.put(ONE, "/", b"<5 patienter")
    (own,) = (f for f in files(tmp_path) if f != exact)
    os.replace(exact, own)
    assert public.get(ONE, "/") is None


def test_only_the_owner_of_the_process_can_read_the_folders(tmp_path: Path) -> None:
    Shelf(tmp_path / "answers", "exact", 10_000).put(ONE, "/", b"3 patienter")
    (place,) = (tmp_path / "answers").iterdir()
    assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0


def test_a_damaged_file_is_no_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "public", 10_000)
    shelf.put(ONE, "/", b"ett svar")
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[:9], b"[]\nett svar", whole.replace(b"ett", b"att")):
        file.write_bytes(broken)
        assert shelf.get(ONE, "/") is None, broken
    file.write_bytes(whole)
    assert shelf.get(ONE, "/") is not None


def test_older_versions_go_and_a_process_that_lags_removes_nothing_newer(tmp_path: Path) -> None:
    ahead, behind = Shelf(tmp_path, "public", 10_000), Shelf(tmp_path, "public", 10_000)
    behind.put(ONE, "/", b"gammalt")
    behind.all_made(ONE)
    assert behind.has_all(ONE)
    ahead.put(TWO, "/", b"nytt")
    assert behind.get(ONE, "/") is None
    assert not behind.has_all(ONE)
    late = Shelf(tmp_path, "public", 10_000)
    late.put(ONE, "/om", b"sent")
    found = ahead.get(TWO, "/")
    assert found is not None
    assert found.body == b"nytt"


def test_what_another_owner_keeps_stays_when_a_version_is_new(tmp_path: Path) -> None:
    Shelf(tmp_path, "another database", 10_000).put(ONE, "/", b"deras")
    Shelf(tmp_path, "public", 10_000).put(TWO, "/", b"ours")
    assert Shelf(tmp_path, "another database", 10_000).get(ONE, "/") is not None


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(1, 400), min_size=1, max_size=40), limit=st.integers(2_000, 6_000))
def test_it_never_grows_over_its_limit_and_the_newest_is_there(
    tmp_path_factory: object, sizes: list[int], limit: int
) -> None:
    root: Path = tmp_path_factory.mktemp("shelf")  # type: ignore[attr-defined]
    shelf = Shelf(root, "o", limit)
    for k, size in enumerate(sizes):
        shelf.put(ONE, str(k), os.urandom(size))
        assert sum(f.stat().st_size for f in files(root)) <= limit
    assert shelf.get(ONE, str(len(sizes) - 1)) is not None


def test_the_oldest_go_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "o", 3_000)
    for k in range(30):
        shelf.put(ONE, str(k), bytes(300))
        for file in files(tmp_path):  # a file system may know no more than the second
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 10))
    there = [k for k in range(30) if shelf.get(ONE, str(k))]
    assert there == list(range(there[0], 30))
    assert 3 <= len(there) <= 8


def test_a_disk_that_cannot_be_written_is_as_no_shelf(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    shelf = Shelf(tmp_path / "taken", "o", 1_000)
    shelf.put(ONE, "/", b"svar")
    shelf.all_made(ONE)
    assert shelf.get(ONE, "/") is None
    assert not shelf.has_all(ONE)


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from lagesbild.domain.source import DataVersion
from lagesbild.pages.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]), "o", 60_000)
for k in range(300):
    shelf.put(DataVersion(1, datetime(2026, 11, 1, tzinfo=UTC)), str(k % 7), bytes([k % 7]) * (2_000 + k % 7))
"""


def test_two_that_write_at_once_never_show_half_an_answer(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) for _ in range(2)]
    shelf, right = Shelf(tmp_path, "o", 60_000), 0
    while any(w.poll() is None for w in writers):
        for k in range(7):
            found = shelf.get(ONE, str(k))
            right += found is not None and found.body == bytes([k]) * (2_000 + k)
            assert found is None or found.body == bytes([k]) * (2_000 + k)
    assert [w.wait() for w in writers] == [0, 0]
    assert right > 0
    assert not [f for f in files(tmp_path) if f.name.endswith(".writing")]


def test_threads_of_one_process_do_not_write_over_each_other(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "o", 1_000_000)

    def write() -> None:
        for _ in range(20):
            shelf.put(ONE, "/", b"x" * 50_000)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    found = shelf.get(ONE, "/")
    assert found is not None
    assert found.body == b"x" * 50_000
