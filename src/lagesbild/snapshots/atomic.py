"""A file is there whole or not at all: not after a full disk, not after a kill, not when two write at once.

Written beside its place under a name of its own, forced to disk, and only then given its name. A writer holds a lock on
its unfinished file; the kernel lets go of the lock when the process ends, however it ends, so a later run can tell what
is left over from what is being written.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows: what is left over is told by its age
    fcntl = None  # type: ignore[assignment]

PART: Final = ".part"
_STALE_SECONDS: Final = 86_400  # where there are no locks; no snapshot takes a day to write
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def write_new(folder: Path, names: Iterator[str], content: bytes, mode: int = 0o644) -> tuple[Path, bool]:
    """Store content under the first of `names` that is free, or is taken by the very same content.

    Returns the path, and whether it is new. Raises OSError; then nothing of it is left.
    """
    with _part(folder, mode) as (part, descriptor):
        _write_all(descriptor, content)
        os.fsync(descriptor)
        for name in names:
            target = folder / name
            try:
                _place(part, target)
            except FileExistsError:
                if _holds(target, content):
                    return target, False
                continue
            sync_folder(folder)
            return target, True
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def write_over(target: Path, content: bytes, mode: int = 0o644) -> None:
    """Store content under exactly that name, in place of what may be there. Raises OSError; then that still is."""
    with _part(target.parent, mode) as (part, descriptor):
        _write_all(descriptor, content)
        os.fsync(descriptor)
        part.replace(target)
    sync_folder(target.parent)


def remove_left_over(folder: Path) -> list[str]:
    """Remove unfinished files whose writer is gone. Returns their names. Raises OSError."""
    removed = []
    for path in sorted(folder.glob(f".*{PART}")):
        if path.is_file() and not path.is_symlink() and _abandoned(path):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def sync_folder(folder: Path) -> None:
    """Force the folder's own list of names to disk, where the system has such a thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _part(folder: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """A new unfinished file, locked; gone afterwards whatever happened."""
    while True:
        path = folder / f".{secrets.token_hex(8)}{PART}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        try:
            if not _lock(descriptor) or not _still_there(path, descriptor):
                continue  # another process took it for left over before it was locked
            yield path, descriptor
            return
        finally:
            # unlinked while still locked: nobody can take it up in between
            path.unlink(missing_ok=True) if os.name != "nt" else None
            os.close(descriptor)
            path.unlink(missing_ok=True)


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Whether nobody else, in this process or another, is inside with the same file. Raises OSError. Where there are no
    locks everybody is let in."""
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _place(part: Path, target: Path) -> None:
    """Give the file its name unless it is taken (FileExistsError); a rename would silently replace it."""
    try:
        os.link(part, target)
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    if target.exists():  # a file system without hard links: here two writers of one name could meet
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    part.rename(target)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _lock(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _abandoned(path: Path) -> bool:
    try:
        if fcntl is None:
            return time.time() - path.stat().st_mtime > _STALE_SECONDS
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)
