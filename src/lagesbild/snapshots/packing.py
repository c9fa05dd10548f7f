"""A snapshot as one zip: the same snapshot is always the same bytes."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Collection, Mapping
from typing import Final

from lagesbild.domain.errors import SnapshotError
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.limits import DEFAULT, Limits

LEVEL: Final = 9
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the zip format's first; the moment shown is in the manifest
_MODE: Final = stat.S_IFREG | 0o644
_UNIX: Final = 3


def pack(bundle: Bundle, limits: Limits = DEFAULT) -> bytes:
    """Files by name, fixed times and rights, deflate at LEVEL, no comments or extra fields.

    Another build of zlib may pack the same files to other bytes; the manifest, its checksum and its signature are the
    same even then. Raises SnapshotError for a snapshot larger than what is read back.
    """
    entries = bundle.entries
    sizes = [len(content) for content in entries.values()]
    if len(entries) > limits.files or max(sizes) > limits.file or sum(sizes) > limits.total:
        raise _too_large()
    if len(bundle.manifest_bytes) > limits.manifest:
        raise _too_large()
    packed, uniform = _write(entries, (), limits)
    if uniform:  # packed that well it could not be told from a zip bomb when read
        packed, _ = _write(entries, uniform, limits)
    if len(packed) > limits.packed:
        raise _too_large()
    return packed


def _write(entries: Mapping[str, bytes], stored: Collection[str], limits: Limits) -> tuple[bytes, list[str]]:
    """The zip, with the files in `stored` as they are; and the files that were packed more than reading accepts."""
    out, uniform = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", allowZip64=False) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, _MOMENT)
            info.create_system, info.external_attr = _UNIX, _MODE << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=LEVEL)
            if limits.is_bomb(info.file_size, info.compress_size):
                uniform.append(name)
    return out.getvalue(), uniform


def _too_large() -> SnapshotError:
    return SnapshotError(
        "Ögonblicksbilden blir större än vad som går att läsa tillbaka.", "Frys färre vårdområden eller månader."
    )
