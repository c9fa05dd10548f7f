"""A snapshot as values: its files, and the manifest that answers for each of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from lagesbild.domain.errors import SnapshotError
from lagesbild.snapshots import keys
from lagesbild.snapshots.limits import first_double, is_plain
from lagesbild.snapshots.manifest import MANIFEST, SIGNATURE, Digest, Facts, Manifest, to_bytes


@dataclass(frozen=True)
class Bundle:
    """`files`: name -> content, without the manifest and its signature, in the order they are stored (by name).

    What was read from a file need not be what the manifest says: `verifying.check` tells.
    """

    manifest: Manifest
    manifest_bytes: bytes
    files: Mapping[str, bytes]
    signature: bytes | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of the manifest, which holds those of all files: one number for the whole, however it is packed."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()

    @property
    def entries(self) -> dict[str, bytes]:
        """Every file as it is stored, by name."""
        whole = {**self.files, MANIFEST: self.manifest_bytes}
        if self.signature is not None:
            whole[SIGNATURE] = self.signature
        return dict(sorted(whole.items()))


def digest(content: bytes) -> Digest:
    return Digest(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def seal(files: Mapping[str, bytes], facts: Facts, key: keys.PrivateKey | None = None) -> Bundle:
    """Close a snapshot: the manifest takes the digest of every file, and is signed when there is a key.

    Raises SnapshotError for a name that not every computer can store, for two names that some computers take for one,
    and for a table whose file is not there: faults of whoever made the content.
    """
    for name in files:
        if not is_plain(name) or name in (MANIFEST, SIGNATURE):
            raise SnapshotError(
                f"En fil i en ögonblicksbild kan inte heta ”{name}”.", "Använd a-z, 0-9, punkt och streck."
            )
    double = first_double([*files, MANIFEST, SIGNATURE])
    if double:
        raise SnapshotError(f"Två filer i ögonblicksbilden heter ”{double}”.", "Ge dem olika namn.")
    for table in facts.tables.values():
        if table.file not in files:
            raise SnapshotError(f"Tabellen ”{table.title}” saknar sin fil {table.file}.", "Lägg till filen.")
    ordered = dict(sorted(files.items()))
    manifest = Manifest(
        **{name: getattr(facts, name) for name in Facts.model_fields},
        created=facts.as_of,
        signing=keys.signing(key) if key else None,
        files={name: digest(content) for name, content in ordered.items()},
    )
    written = to_bytes(manifest)
    return Bundle(manifest, written, ordered, key.sign(written) if key else None)
