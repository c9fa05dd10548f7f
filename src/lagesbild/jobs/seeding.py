"""Loads data/seed, or any directory of `seed generate`, in an order that codes and revisions allow. Safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from lagesbild.data.engine import Database
from lagesbild.data.importers.files import inspect_file
from lagesbild.data.importers.sidecar import sidecar_content
from lagesbild.data.tables import batch
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError
from lagesbild.jobs.importing import import_file

SIDECAR_SUFFIX: Final = ".meta.json"
Progress = Callable[[str, int, int], None]
"""Told (file name, files done, files in all)."""


@dataclass(frozen=True)
class SeedFile:
    """A data file and what its sidecar says about it. `recorded_at` is ISO 8601, "" when the import decides."""

    path: Path
    dataset: str
    recorded_at: str

    @property
    def order(self) -> tuple[int, str, str]:
        """Codes before what refers to them, earlier publications before later ones."""
        return list(DATASETS).index(self.dataset), self.recorded_at, self.path.name


@dataclass(frozen=True)
class SeedSummary:
    """What loading did: files imported, files already there, rows stored."""

    imported: int
    skipped: int
    rows: int


def seed_files(directory: Path) -> list[SeedFile]:
    """Every file below `directory` whose sidecar names a dataset, in loading order.

    Raises InputError when the directory holds none, or a sidecar names an unknown dataset or lacks its file.
    """
    found = []
    for sidecar in sorted(directory.rglob(f"*{SIDECAR_SUFFIX}")):
        meta = sidecar_content(sidecar)
        if "dataset" not in meta:  # the map and the code list are read from where they lie
            continue
        path = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX))
        if meta["dataset"] not in DATASETS or not path.is_file():
            raise InputError(
                f"Följefilen {sidecar.name} hör inte till någon fil som går att läsa in.",
                "Kontrollera att datafilen finns och att ”dataset” är en av kontraktets datamängder.",
            )
        found.append(SeedFile(path, meta["dataset"], meta.get("recorded_at", "")))
    if not found:
        raise InputError(
            f"Katalogen {directory} innehåller inga filer att läsa in.",
            "Ange en katalog som `lagesbild seed generate` har skrivit, eller data/seed.",
        )
    return sorted(found, key=lambda f: f.order)


def load_seed(database: Database, directory: Path, progress: Progress = lambda name, done, total: None) -> SeedSummary:
    """Import everything below `directory` that is not already there.

    A file is there when a batch has its name and checksum: one query answers for all of them. `database` needs role
    `write`. Raises what `import_file` raises; files before the faulty one stay, and a repeat goes on from there.
    """
    files = seed_files(directory)
    known = _known_files(database)
    imported = skipped = rows = 0
    for number, file in enumerate(files):
        progress(file.path.name, number, len(files))
        if (file.dataset, file.path.name, inspect_file(file.path).sha256) in known:
            skipped += 1
            continue
        rows += import_file(database, file.dataset, file.path).inserted
        imported += 1
    progress("klart", len(files), len(files))
    return SeedSummary(imported, skipped, rows)


def check_demo_database(database: Database, directory: Path) -> None:
    """Raises InputError when the database holds somebody's own figures: made-up ones must never be mixed in with them.

    Own figures are batches of files that are not in `directory`, in a database without any made-up batch.
    """
    with database.engine.connect() as connection:
        batches = connection.execute(sa.select(batch.c.file_name, batch.c.synthetic)).all()
    own = sorted({b.file_name for b in batches} - {f.path.name for f in seed_files(directory)})
    if own and not any(b.synthetic for b in batches):
        raise InputError(
            f"Databasen innehåller redan egna uppgifter, bland annat från {own[0]}. "
            "Demonstrationen skulle blanda in påhittade tal.",
            "Visa det som finns med `lagesbild serve`, eller ange en ny katalog med LAGESBILD_HOME för demonstration.",
        )


def _known_files(database: Database) -> set[tuple[str, str, str]]:
    query = sa.select(batch.c.dataset, batch.c.file_name, batch.c.file_sha256)
    with database.engine.connect() as connection:
        return {(r.dataset, r.file_name, r.file_sha256) for r in connection.execute(query)}
