"""Opening a zip that anybody may have made: what it declares is checked before anything is unpacked, and what is
unpacked is counted while it comes. Nothing is ever written to disk, and an archive inside is never opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lagesbild.domain.errors import SnapshotError, SnapshotUnsafeError, why
from lagesbild.snapshots.limits import DEFAULT, Limits, fault_in_name, first_double, is_special
from lagesbild.snapshots.manifest import MANIFEST, SIGNATURE
from lagesbild.snapshots.names import quoted

_END: Final = struct.Struct("<4s4H2LH")  # the record a zip ends with: disks, entries, size and place of the directory
_LOCAL: Final = 30  # bytes before a file's name; a name and its content follow
_SMALLEST_ENTRY: Final = 46  # bytes of a file in the directory, before its name
_CHUNK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_AGAIN: Final = "Hämta ögonblicksbilden på nytt från den som gjorde den."


class DamagedEntryError(SnapshotError):
    """One file in the zip cannot be unpacked; the others may be whole."""


@dataclass(frozen=True)
class Archive:
    """An opened zip that has passed every check of what it declares."""

    shown: str  # its name in messages
    zip: zipfile.ZipFile
    infos: dict[str, zipfile.ZipInfo]
    limits: Limits
    size: int  # bytes of the zip

    def content(self, name: str, most: int | None = None) -> bytes:
        """A file, unpacked. Raises SnapshotUnsafeError when more comes than is declared or allowed (`most`),
        DamagedEntryError when it does not unpack to what its checksum in the zip says."""
        info = self.infos[name]
        bound = min(info.file_size, self.limits.file if most is None else most)
        parts, total = [], 0
        try:
            with self.zip.open(info) as stream:
                while part := stream.read(_CHUNK):
                    total += len(part)
                    if total > bound:
                        raise self.unsafe(f"{quoted(name)} är större än den får vara")
                    parts.append(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
            raise DamagedEntryError(f"{quoted(name)} i ”{self.shown}” är skadad.", _AGAIN) from error
        except OSError as error:
            raise SnapshotError(f"”{self.shown}” går inte att läsa: {why(error)}.", _AGAIN) from error
        if total != info.file_size:
            raise DamagedEntryError(f"{quoted(name)} i ”{self.shown}” är avhuggen.", _AGAIN)
        return b"".join(parts)

    def unsafe(self, said: str) -> SnapshotUnsafeError:
        return _unsafe(self.shown, said)


@contextmanager
def opened(source: Path | bytes, limits: Limits = DEFAULT, shown: str = "") -> Iterator[Archive]:
    """Open a snapshot's zip from a file or from bytes.

    Raises SnapshotError when it cannot be read or is no snapshot, SnapshotUnsafeError when it is larger, fuller or
    stranger than any snapshot is.
    """
    name = shown or (source.name if isinstance(source, Path) else "filen")
    stream: IO[bytes]
    try:
        stream = source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
    except (OSError, ValueError) as error:
        reason = f": {why(error)}" if isinstance(error, OSError) else ""
        raise SnapshotError(f"”{name}” går inte att läsa{reason}.", "Ange en ögonblicksbild, en zip-fil.") from error
    with stream:
        try:
            size = _check_end(stream, name, limits)
            with zipfile.ZipFile(stream) as archive:
                yield Archive(name, archive, _checked(archive, name, limits, size), limits, size)
        except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError, IndexError) as error:
            raise SnapshotError(f"”{name}” är skadad eller ingen zip-fil.", _AGAIN) from error
        except OSError as error:
            raise SnapshotError(f"”{name}” går inte att läsa: {why(error)}.", _AGAIN) from error


def _check_end(stream: IO[bytes], shown: str, limits: Limits) -> int:
    """Read the zip's last record before `zipfile` reads the directory it points at, which may itself be huge.

    A snapshot is one piece: nothing before, nothing after, no comment, no zip64. Returns the size in bytes.
    """
    size = stream.seek(0, io.SEEK_END)
    if size > limits.packed:
        raise _unsafe(shown, f"är större än {limits.packed // 1_000_000} MB")
    if size < _END.size:
        raise SnapshotError(f"”{shown}” är tom eller avhuggen.", _AGAIN)
    stream.seek(size - _END.size)
    mark, disk, first_disk, here, entries, length, place, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\x05\x06" or disk or first_disk or here != entries or comment:
        raise SnapshotError(
            f"”{shown}” är avhuggen, skadad eller ingen zip-fil gjord av Lägesbild.",
            _AGAIN,
        )
    if entries > limits.files:
        raise _unsafe(shown, f"har fler än {limits.files} filer")
    if length > entries * (_SMALLEST_ENTRY + 4 * limits.name) or length < entries * _SMALLEST_ENTRY:
        raise _unsafe(shown, "har en innehållsförteckning som inte stämmer")
    if place + length != size - _END.size:
        raise _unsafe(shown, "har något före, efter eller mellan det som förteckningen tar upp")
    stream.seek(0)
    return size


def _checked(archive: zipfile.ZipFile, shown: str, limits: Limits, size: int) -> dict[str, zipfile.ZipInfo]:
    """Every file by name, folders left out, once all that they declare has been found reasonable."""
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise _unsafe(shown, f"har fler än {limits.files} filer")
    for info in infos:
        _check_entry(info, shown, limits)
    double = first_double(i.filename.rstrip("/") for i in infos)
    if double is not None:
        raise _unsafe(shown, f"har två filer som heter {quoted(double)}")
    if sum(i.file_size for i in infos) > limits.total:
        raise _unsafe(shown, f"packas upp till mer än {limits.total // 1_000_000} MB")
    _check_places(infos, shown, archive.start_dir)
    files = {i.filename: i for i in infos if not i.is_dir()}
    if MANIFEST not in files:
        raise SnapshotError(f"”{shown}” är ingen ögonblicksbild: {MANIFEST} saknas.", _AGAIN)
    if files[MANIFEST].file_size > limits.manifest or (SIGNATURE in files and files[SIGNATURE].file_size > _CHUNK):
        raise _unsafe(shown, "har en förteckning som är för stor")
    return files


def _check_entry(info: zipfile.ZipInfo, shown: str, limits: Limits) -> None:
    folder = info.is_dir()
    name = info.orig_filename  # before zipfile cuts it at a NUL or turns its slashes
    fault = fault_in_name(name.removesuffix("/") if folder else name, limits)
    if fault or info.filename != name:
        raise _unsafe(shown, f"har en fil vars namn {fault or 'kan läsas på två sätt'}: {quoted(name)}")
    if is_special(info.external_attr >> 16):
        raise _unsafe(shown, f"har en länk eller annat som inte är en fil: {quoted(name)}")
    if info.flag_bits & _ENCRYPTED:
        raise SnapshotError(f"”{shown}” är låst med lösenord.", "Be om ögonblicksbilden utan lösenord.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SnapshotError(f"”{shown}” är packad på ett sätt som inte läses.", _AGAIN)
    if info.file_size > limits.file or (folder and info.file_size):
        raise _unsafe(shown, f"har en fil som är för stor: {quoted(name)}")
    if limits.is_bomb(info.file_size, info.compress_size):
        raise _unsafe(shown, f"är packad som en zip-bomb: {quoted(name)}")


def _check_places(infos: list[zipfile.ZipInfo], shown: str, end: int) -> None:
    """No two files may share packed bytes, as they do in the densest bombs."""
    reached = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < reached:
            raise _unsafe(shown, f"har filer som ligger i varandra: {quoted(info.filename)}")
        reached = info.header_offset + _LOCAL + len(info.orig_filename) + info.compress_size
    if reached > end:
        raise SnapshotError(f"”{shown}” är avhuggen eller skadad.", _AGAIN)


def _unsafe(shown: str, said: str) -> SnapshotUnsafeError:
    return SnapshotUnsafeError(f"”{shown}” öppnas inte: den {said}.", f"Använd inte filen. {_AGAIN}")
