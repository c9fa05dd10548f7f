"""A process killed in the middle and a full disk: what was there is there, and nothing half is."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lagesbild.domain.errors import InputError, SnapshotStoreError
from lagesbild.snapshots import atomic
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.store import Store, save_as
from lagesbild.snapshots.verifying import verify
from tests.snapshots.made import FEBRUARY, bundle

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
BIG = {"slump.bin": os.urandom(3_000_000)}
# writes for ever, a snapshot larger than a page of the disk's buffer, and says when it has begun
WRITER = """
import os, sys
from datetime import timedelta
from pathlib import Path
from lagesbild.snapshots.store import Store
from tests.snapshots.made import DECEMBER, bundle
store = Store(Path(sys.argv[1]))
print("igång", flush=True)
for k in range(100_000):
    store.save(bundle(extra={"slump.bin": os.urandom(3_000_000)}, as_of=DECEMBER + timedelta(minutes=k)))
"""
# holds an unfinished file until it is killed
HOLDER = """
import os, sys, time
from pathlib import Path
from lagesbild.snapshots import atomic
folder = Path(sys.argv[1])
with atomic._part(folder, 0o644) as (path, descriptor):
    os.write(descriptor, b"halv")
    print(path.name, flush=True)
    time.sleep(600)
"""


def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def _left_over(store: Store) -> list[str]:
    return [n for n in os.listdir(store.folder) if n.endswith(atomic.PART)]


def test_a_process_killed_in_the_middle_leaves_only_whole_snapshots(tmp_path):
    """Killed again and again until it has been met while writing; every file of every round is whole."""
    store, met = Store(tmp_path), False
    for attempt in range(30):
        child = _start(WRITER, str(tmp_path))
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "igång\n"
            end = time.monotonic() + PATIENCE
            while not (store.folder.exists() and _left_over(store)) and time.monotonic() < end:
                time.sleep(0.001)
            time.sleep(0.002 * (attempt % 7))
            child.send_signal(signal.SIGKILL)
        finally:
            child.kill()
            child.communicate()
        met = met or bool(_left_over(store))
        found = store.listed()
        assert all(s.manifest is not None for s in found)
        assert all(verify(s.path).genuine for s in found)
        if met and attempt >= 2:
            break
    assert met, "never killed while an unfinished file was there"
    store.prepare()  # what the next start does
    assert _left_over(store) == []


def test_an_unfinished_file_is_removed_only_when_its_writer_is_gone(tmp_path):
    store = Store(tmp_path).prepare()
    child = _start(HOLDER, str(store.folder))
    try:
        assert child.stdout is not None
        name = child.stdout.readline().strip()
        assert _left_over(store) == [name]
        store.prepare()
        assert _left_over(store) == [name], "taken from under its writer"
        assert store.listed() == []
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.communicate()
    store.prepare()
    assert _left_over(store) == []


def _full_disk(tmp_path: Path) -> Path:
    """A file system of 1 MB; skips where none can be mounted."""
    small = tmp_path / "liten"
    small.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system; RLIMIT_FSIZE stands in for it below")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"cannot mount: {done.stderr.strip()}")
    return small


def test_a_full_disk_leaves_what_was_there_and_nothing_half(tmp_path):
    small = _full_disk(tmp_path)
    try:
        store = Store(small)
        first = store.save(bundle())
        with pytest.raises(SnapshotStoreError, match="disken är full") as caught:
            store.save(bundle(extra=BIG, as_of=FEBRUARY))
        assert "kvar" in caught.value.message
        assert os.listdir(store.folder) == [first.path.name]
        assert verify(first.path).genuine
        with pytest.raises(InputError, match="disken är full"):
            save_as(first.path, bundle(extra=BIG))
        assert verify(first.path).genuine
        assert store.save(bundle(as_of=FEBRUARY)).new, "room enough for a small one"
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_file_that_may_not_grow_leaves_what_was_there_and_nothing_half(tmp_path):
    """The same without being root: the kernel stops the write after 1 MB."""
    store = Store(tmp_path)
    first = store.save(bundle())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
        with pytest.raises(SnapshotStoreError, match="större än"):
            store.save(bundle(extra=BIG, as_of=FEBRUARY))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert os.listdir(store.folder) == [first.path.name]
    assert store.save(bundle(extra=BIG, as_of=FEBRUARY)).path.read_bytes() == pack(bundle(extra=BIG, as_of=FEBRUARY))


def test_a_file_system_without_hard_links_keeps_both_of_one_name(tmp_path, monkeypatch):
    """As FAT and some network disks; a fault of the system is the one thing to fake."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    store = Store(tmp_path)
    store.save(bundle())
    second = store.save(bundle(reason="storm"))
    assert second.path.name.endswith("-2.zip")
    assert _left_over(store) == []
    assert all(verify(s.path).genuine for s in store.listed())
