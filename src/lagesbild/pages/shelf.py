"""Answers in files: what one web process has made the others hand out, also after a restart.

A file is one answer. Its folder is named after who may see it and which program made it, then after the data version;
its name is the hash of what was asked, and its first line says all of that in full, so that a file that lies in the
wrong place answers nothing. Files come into place whole (written beside, then renamed); two that write the same write
the same. A damaged, unreadable or missing file, and a disk that is full or cannot be written, are as no file.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import orjson

from lagesbild.domain.source import DataVersion

_log = logging.getLogger("lagesbild.pages")
_DONE: Final = "all-made"
_BESIDE: Final = ".writing"
_FULL: Final = 0.8  # of the limit is left after removing, so that several processes between two rounds stay under it
_ROUND: Final = 0.05  # of the limit is written by a process before it looks again
_ABANDONED_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Shelved:
    """An answer's bytes as they were put, and the word that was put beside them."""

    body: bytes
    word: str


class Shelf:
    """Answers under `root`, for those who share `owner` (everything beside data and address that an answer depends on:
    program, viewer, settings). `limit`: bytes of all files under `root` together, whoever owns them.

    Safe for many threads and processes. Never raises for what the disk does.
    """

    def __init__(self, root: Path, owner: str, limit: int) -> None:
        self._root = root
        self._owner = owner
        self._limit = limit
        self._place = root / _hash(owner)
        self._written: float = limit  # so that the first to be put looks at what is there
        self._seen: DataVersion | None = None
        self._lock = threading.Lock()
        self._complained = False

    def get(self, version: DataVersion, asked: str) -> Shelved | None:
        """What was put for the same owner, data version and question."""
        try:
            head, _, body = self._file(version, asked).read_bytes().partition(b"\n")
            told = orjson.loads(head)
            right = told["of"] == self._of(version, asked) and told["sum"] == zlib.crc32(body)
            return Shelved(body, told["word"]) if right else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, version: DataVersion, asked: str, body: bytes, word: str = "") -> None:
        """Keep an answer that was made of data of this version; older versions of the owner are removed."""
        self.tidy(version)
        head = orjson.dumps({"of": self._of(version, asked), "word": word, "sum": zlib.crc32(body)})
        self._write(self._file(version, asked), head + b"\n" + body)

    def has_all(self, version: DataVersion) -> bool:
        """Whether somebody has said `all_made` of this version."""
        return (self._folder(version) / _DONE).exists()

    def all_made(self, version: DataVersion) -> None:
        """Remember that everything that is to be made ahead has been."""
        self._write(self._folder(version) / _DONE, b"")

    def has_room(self, share: float) -> bool:
        """Whether the files take less than a share of the limit."""
        return sum(size for _, size, _ in self._files()) < share * self._limit

    def tidy(self, version: DataVersion) -> None:
        """Remove what this owner has of earlier versions; once for each version that this process meets."""
        with self._lock:
            if self._seen == version:
                return
            self._seen = version
        now = self._folder(version)
        with suppress(OSError):
            for other in self._place.iterdir():
                # a process that has not seen the newest version yet must not remove what belongs to it
                if other != now and (_number(other) < version.version or _idle(other) > _ABANDONED_SECONDS):
                    shutil.rmtree(other, ignore_errors=True)

    def _of(self, version: DataVersion, asked: str) -> str:
        return f"{self._owner} {version.version} {version.changed_at.isoformat()} {asked}"

    def _folder(self, version: DataVersion) -> Path:
        return self._place / f"{version.version}-{version.changed_at.timestamp():.6f}"

    def _file(self, version: DataVersion, asked: str) -> Path:
        return self._folder(version) / _hash(asked)

    def _write(self, file: Path, content: bytes) -> None:
        beside = file.with_name(f"{file.name}-{os.getpid()}-{threading.get_ident()}{_BESIDE}")
        try:
            for folder in (self._place, file.parent):  # each told: what a folder is in gets the usual rights
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_bytes(content)
            os.replace(beside, file)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            if not self._complained:
                self._complained = True
                _log.warning("svar kan inte sparas i %s: %s", self._root, error)
            return
        with self._lock:
            self._written += len(content)
            look = self._written > _ROUND * self._limit
            if look:
                self._written = 0
        if look:
            self._make_room()

    def _make_room(self) -> None:
        """Remove the oldest files until the rest is well under the limit."""
        found = sorted(self._files())
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= _FULL * self._limit:
                return
            with suppress(OSError):
                path.unlink(missing_ok=True)
                total -= size

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When written, size and path of each file under the root."""
        for folder, _, names in os.walk(self._root):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError):
                    told = path.stat()
                    yield told.st_mtime, told.st_size, path


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _number(folder: Path) -> float:
    """The version's number in a folder's name; what is not a version's folder counts as newest."""
    number = folder.name.partition("-")[0]
    return int(number) if number.isdecimal() else float("inf")


def _idle(folder: Path) -> float:
    """Seconds since something was put in a folder."""
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
