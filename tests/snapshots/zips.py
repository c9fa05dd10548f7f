"""Zips as an attacker or a bad disk would make them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable

from lagesbild.snapshots.packing import pack
from tests.snapshots.made import bundle

WHOLE = pack(bundle(extra={"index.html": b"<!doctype html><title>x</title>" * 40}))
END = 22


def with_entry(name: str, content: bytes = b"x", *, mode: int = 0o100644, method: int = zipfile.ZIP_STORED) -> bytes:
    """A whole snapshot and one file more, under any name."""
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
        info.filename = name  # past what the constructor mends
        info.create_system, info.external_attr, info.compress_type = 3, mode << 16, method
        archive.writestr(info, content)
    return out.getvalue()


def directory(zipped: bytes) -> tuple[int, int, int]:
    """Entries, size and place of the directory."""
    entries, size, place = struct.unpack("<HLL", zipped[-END + 10 : -END + 20])
    return entries, size, place


def with_directory_field(name: str, offset: int, form: str, change: Callable[[int], int]) -> bytes:
    """WHOLE with a number changed in the directory's record of a file (offsets as in the zip specification)."""
    data = bytearray(WHOLE)
    at = data.index(b"PK\x01\x02", directory(WHOLE)[2])
    while True:
        length, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if data[at + 46 : at + 46 + length] == name.encode():
            (old,) = struct.unpack_from(form, data, at + offset)
            struct.pack_into(form, data, at + offset, change(old))
            return bytes(data)
        at += 46 + length + extra + comment


def flipped(zipped: bytes, places: Iterable[int]) -> bytes:
    data = bytearray(zipped)
    for at in places:
        data[at] ^= 0x55
    return bytes(data)


def content_place(name: str) -> int:
    """Where the packed bytes of a file in WHOLE begin."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        return archive.getinfo(name).header_offset + 30 + len(name)
