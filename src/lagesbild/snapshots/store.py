"""Where snapshots are kept: `LAGESBILD_HOME/snapshots`, one zip each. The files are all there is; there is no index."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lagesbild.domain.errors import InputError, SnapshotError, SnapshotStoreError, why
from lagesbild.domain.viewer import Role
from lagesbild.snapshots import atomic
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.manifest import Manifest, file_name
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read_manifest
from lagesbild.snapshots.retention import Keep, Kept, expired
from lagesbild.snapshots.room import lacking, needed

FOLDER: Final = "snapshots"
_SAVING: Final = ".saving.lock"
_MOST_OF_ONE_NAME: Final = 1_000  # snapshots of one minute


@dataclass(frozen=True)
class Stored:
    """A file in the store. `manifest` None: damaged, and `fault` says how in Swedish."""

    path: Path
    size: int
    saved_at: datetime
    manifest: Manifest | None
    checksum: str = ""  # SHA-256 of the manifest
    fault: str = ""

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Saved:
    """What came of saving. `new` is False when the very same snapshot was there already."""

    path: Path
    size: int
    new: bool


class Store:
    """The snapshots in a home. Any number of processes may use it at once.

    `without_exact`: as if those with exact small counts were not there, nor damaged ones, of which nobody knows.
    """

    def __init__(self, home: Path, *, without_exact: bool = False) -> None:
        self.folder = home / FOLDER
        self._home = home
        self._without_exact = without_exact

    def seen_by(self, role: Role) -> Store:
        """The same store as a viewer may see it."""
        return self if role == "exact" else Store(self._home, without_exact=True)

    def prepare(self) -> Store:
        """Make the folder, and remove what a killed process left unfinished. Raises SnapshotStoreError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic.remove_left_over(self.folder)
        except OSError as error:
            raise self._refused(error) from error
        return self

    def check_room(self) -> None:
        """Before a snapshot is made: raises SnapshotStoreError when there is no room for one like the last."""
        wanted = needed(self.folder)
        if (free := lacking(self.folder, wanted)) is not None:
            raise SnapshotStoreError(
                f"Katalogen ”{self.folder}” har inte plats för en bild till: {_full(free, wanted)}. "
                "De bilder som fanns är kvar.",
                "Ge plats och försök igen, eller ange en annan katalog med LAGESBILD_HOME.",
            )

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else is making a snapshot for this store, in whichever web process: one takes 15 s of a whole
        processor. Let go of by the kernel when the process is killed. Raises SnapshotStoreError."""
        self.prepare()
        with ExitStack() as held:
            try:
                mine = held.enter_context(atomic.alone(self.folder / _SAVING))
            except OSError as error:
                raise self._refused(error) from error
            yield mine

    def save(self, bundle: Bundle) -> Saved:
        """Keep a snapshot: whole or not at all. One of the same minute that differs gets `-2`, `-3` ... in its name.

        Raises SnapshotStoreError when there is no room or no right to write; what was there before still is.
        """
        self.prepare()
        content = pack(bundle)
        try:
            path, new = atomic.write_new(self.folder, _names(file_name(bundle.manifest)), content, _mode(bundle))
        except OSError as error:
            raise self._refused(error) from error
        return Saved(path, len(content), new)

    def listed(self) -> list[Stored]:
        """Every snapshot, newest moment first, then the damaged ones. Only manifests are read.

        Raises SnapshotStoreError when the folder cannot be read; one that is not there yet is empty.
        """
        try:
            paths = sorted(p for p in self.folder.glob("*.zip") if p.is_file())
        except OSError as error:
            raise self._refused(error, "läsa") from error
        found = [s for s in map(_stored, paths) if s is not None]
        if self._without_exact:
            found = [s for s in found if s.manifest is not None and s.manifest.role == "public"]
        whole = [s for s in found if s.manifest]
        whole.sort(key=lambda s: (s.manifest.as_of if s.manifest else s.saved_at, s.saved_at, s.name), reverse=True)
        return [*whole, *(s for s in found if not s.manifest)]

    def find(self, given: str) -> Path:
        """The file that a person means: a path, or the name of one in the store, with or without `.zip`.

        Raises InputError.
        """
        try:
            if Path(given).is_file():
                return Path(given)
            if given and Path(given).name == given:
                for name in (given, f"{given}.zip"):
                    if (self.folder / name).is_file():
                        return self.folder / name
        except (OSError, ValueError):  # too long, or with a NUL in it
            pass
        raise InputError(
            f"Ögonblicksbilden ”{given}” finns inte.", "Ange en fil, eller ett namn ur `lagesbild snapshot list`."
        )

    def named(self, name: str) -> Path:
        """A file of the store by its name alone: nothing else on the machine can be asked for. Raises InputError."""
        found = {s.name: s.path for s in self.listed()}
        if name not in found:
            raise InputError(f"Det finns ingen sparad bild ”{name[:120]}”.", "Välj en ur listan.")
        return found[name]

    def prune(
        self, rule: Keep, now: datetime, *, also_reasoned: bool = False, dry_run: bool = False, spare: str = ""
    ) -> list[str]:
        """Remove those that the rule lets go, but never `spare`; returns their names, the oldest first.

        Damaged files stay: a person must look at them.

        Raises SnapshotStoreError.
        """
        kept = [Kept(s.name, s.manifest, s.saved_at) for s in self.listed() if s.manifest]
        names = [k.name for k in expired(kept, rule, now, also_reasoned=also_reasoned) if k.name != spare]
        if dry_run or not names:
            return names
        try:
            for name in names:
                (self.folder / name).unlink(missing_ok=True)
            atomic.sync_folder(self.folder)
        except OSError as error:
            raise self._refused(error) from error
        return names

    def _refused(self, error: OSError, to: str = "skriva till") -> SnapshotStoreError:
        reason = why(error, making=to != "läsa")
        return SnapshotStoreError(
            f"Katalogen ”{self.folder}” går inte att {to}: {reason}. De bilder som fanns är kvar.",
            "Ge plats eller rättighet och försök igen, eller ange en annan katalog med LAGESBILD_HOME.",
        )


def check_room_for(path: Path, store: Store) -> None:
    """Before a snapshot is made for a file of one's own choice: raises InputError when its folder is not there or has
    no room for one like the last in the store."""
    wanted = needed(store.folder)
    reason = "den finns inte och kan inte skapas"
    if path.parent.is_dir():
        if (free := lacking(path.parent, wanted)) is None:
            return
        reason = _full(free, wanted)
    raise InputError(f"Filen ”{path}” går inte att skriva: {reason}.", "Ange en annan fil med --out.")


def _full(free: int, wanted: int) -> str:
    return f"disken är full, {free // 1_000_000} MB ledigt och {math.ceil(wanted / 1e6)} MB kan behövas"


def save_as(path: Path, bundle: Bundle) -> Saved:
    """Write a snapshot to a file of one's own choice, in place of what may be there. Raises InputError."""
    content = pack(bundle)
    try:
        atomic.write_over(path, content, _mode(bundle))
    except OSError as error:
        raise InputError(
            f"Filen ”{path}” går inte att skriva: {why(error, making=True)}.", "Ange en annan fil med --out."
        ) from error
    return Saved(path, len(content), True)


def _mode(bundle: Bundle) -> int:
    """Exact small counts are for the owner alone; what is protected may be read by all."""
    return 0o600 if bundle.manifest.role == "exact" else 0o644


def _names(first: str) -> Iterator[str]:
    stem, suffix = os.path.splitext(first)
    yield first
    for n in range(2, _MOST_OF_ONE_NAME):
        yield f"{stem}-{n}{suffix}"


def _stored(path: Path) -> Stored | None:
    """None when the file has gone since the folder was listed."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Stored(path, 0, datetime.fromtimestamp(0, UTC), None, fault=f"Filen går inte att läsa: {why(error)}.")
    saved_at = datetime.fromtimestamp(told.st_mtime, UTC)
    try:
        manifest, content = read_manifest(path)
    except SnapshotError as error:
        return Stored(path, told.st_size, saved_at, None, fault=error.message)
    return Stored(path, told.st_size, saved_at, manifest, hashlib.sha256(content).hexdigest())
