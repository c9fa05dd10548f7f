"""From a zip to a snapshot: all of it, or only what it says about itself."""

from __future__ import annotations

from pathlib import Path

from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.limits import DEFAULT, Limits
from lagesbild.snapshots.manifest import MANIFEST, SIGNATURE, Manifest, from_bytes
from lagesbild.snapshots.unpacking import Archive, opened


def read(source: Path | bytes, limits: Limits = DEFAULT, shown: str = "") -> Bundle:
    """The whole snapshot. That every file is what the manifest says is not checked here but by `verifying.check`.

    `source`: a path, or the content of the file; `shown`: its name in messages. Raises SnapshotError (and its kinds)
    for anything that is not a whole, safe snapshot of a format this program knows.
    """
    with opened(source, limits, shown) as archive:
        manifest_bytes, manifest = read_manifest_of(archive)
        files = {n: archive.content(n) for n in sorted(archive.infos) if n not in (MANIFEST, SIGNATURE)}
        signature = archive.content(SIGNATURE) if SIGNATURE in archive.infos else None
    return Bundle(manifest, manifest_bytes, files, signature)


def read_manifest(source: Path | bytes, limits: Limits = DEFAULT, shown: str = "") -> tuple[Manifest, bytes]:
    """Only the manifest and its bytes: what a list needs, without unpacking the rest. Raises SnapshotError."""
    with opened(source, limits, shown) as archive:
        manifest_bytes, manifest = read_manifest_of(archive)
    return manifest, manifest_bytes


def read_manifest_of(archive: Archive) -> tuple[bytes, Manifest]:
    content = archive.content(MANIFEST, archive.limits.manifest)
    return content, from_bytes(content, archive.shown)
