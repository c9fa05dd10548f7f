"""Import of one file: read, judged as a whole, and stored in one transaction. All of it or nothing."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data import batches, judging, staging
from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.data.importers.blocks import Block
from lagesbild.data.importers.checks import check_rows
from lagesbild.data.importers.csv_rows import csv_blocks
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.fhir import production_rows
from lagesbild.data.importers.files import InputFile, inspect_file
from lagesbild.data.importers.headers import Header
from lagesbild.data.importers.sidecar import Sidecar, check_sha256, read_sidecar
from lagesbild.data.importers.typed import read_block
from lagesbild.data.importers.xlsx_rows import xlsx_blocks
from lagesbild.data.known_codes import known_codes
from lagesbild.data.people import at_command_line, note_in
from lagesbild.data.version import bump
from lagesbild.domain.dataset_spec import Dataset
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import Fault, InputError, UnknownCodeError
from lagesbild.domain.swedish import swedish_time

FHIR: Final = "fhir"
IMPORTABLE: Final = (*DATASETS, FHIR)
_ANALYZE_FROM: Final = 10_000  # rows; a smaller import does not change what the planner should believe
_NOW: Final = (
    "SELECT greatest(t, (SELECT max(recorded_at) + interval '1 microsecond' FROM batch)), t "
    "FROM (SELECT clock_timestamp() AS t) s"
)
_log = logging.getLogger("lagesbild.jobs")
Progress = Callable[[str, int, int], None]
"""Told (what is going on, in Swedish; how far; out of how much, 0 = unknown)."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did. `inserted` + `unchanged` = `rows`; nothing was stored when `batch_ids` is empty.

    `version` is the data version afterwards, None when it was not raised (nothing new, or a dry run).
    """

    dataset: str
    file: str
    rows: int
    inserted: int
    unchanged: int
    batch_ids: tuple[int, ...]
    version: int | None
    recorded_at: datetime
    source: str
    synthetic: bool
    provisional: bool
    dry_run: bool
    warnings: list[Fault]
    warning_total: int
    seconds: float


@dataclass
class _Import:
    """One import on its way through."""

    connection: psycopg.Connection[Any]
    file: InputFile
    faults: Faults
    progress: Progress
    today: date
    batch: batches.NewBatch
    rows: int = 0
    inserted: int = 0
    batch_ids: tuple[int, ...] = ()


def import_file(
    database: Database,
    dataset: str,
    path: Path,
    *,
    source: str | None = None,
    recorded_at: datetime | None = None,
    synthetic: bool | None = None,
    provisional: bool | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    today: date | None = None,
) -> ImportResult:
    """Validate a file and store what is new in it, as one batch.

    `dataset` is one of IMPORTABLE. What is None is taken from the sidecar `<file>.meta.json`, else: the file's name,
    now, not synthetic, not provisional. `database` needs role `write`.
    Raises ImportRejectedError (all faults of the file), InputError (no such dataset, unreadable file, wrong sidecar,
    a time in the future) and DatabaseUnavailableError; in every case nothing has changed.
    """
    started = perf_counter()
    find_importable(dataset)
    file = inspect_file(path)
    sidecar = read_sidecar(path)
    check_sha256(sidecar, path, file.sha256)
    now = datetime.now(UTC)
    moment = _moment(recorded_at, sidecar, now)
    batch = batches.NewBatch(
        dataset=dataset,
        source=(source or sidecar.source or f"Import av {file.name}").strip(),
        recorded_at=moment or now,
        file_name=file.name,
        file_sha256=file.sha256,
        synthetic=sidecar.synthetic if synthetic is None else synthetic,
        provisional=sidecar.provisional if provisional is None else provisional,
    )
    faults = Faults(file.name)
    with speaking_swedish(), database.raw() as connection:
        told: Progress = progress or (lambda what, done, total: None)
        work = _Import(connection, file, faults, told, today or swedish_time(now).date(), batch)
        with connection.transaction(force_rollback=dry_run):
            _take_turn(work, fixed_time=moment is not None)
            if (delivery := _delivery(work, dataset)) is not None:
                _load(work, *delivery, completes=dataset == FHIR)
            faults.reject()
            version = bump(connection) if work.batch_ids and not dry_run else None
            if version is not None:
                told_rows = f"{file.name}, {work.inserted} rader, dataversion {version}"
                note_in(connection, at_command_line("import", dataset, told_rows))
        if version is not None and work.inserted >= _ANALYZE_FROM and dataset in DATASETS:
            told("uppdaterar statistik", 0, 0)
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(DATASETS[dataset].table)))
    return ImportResult(
        dataset=dataset,
        file=file.name,
        rows=work.rows,
        inserted=work.inserted,
        unchanged=work.rows - work.inserted,
        batch_ids=() if dry_run else work.batch_ids,
        version=version,
        recorded_at=work.batch.recorded_at,
        source=batch.source,
        synthetic=batch.synthetic,
        provisional=batch.provisional,
        dry_run=dry_run,
        warnings=faults.shown_warnings,
        warning_total=faults.warnings,
        seconds=perf_counter() - started,
    )


def find_importable(name: str) -> None:
    """Raises UnknownCodeError, with the likely right name, when there is no such dataset to import."""
    if name in IMPORTABLE:
        return
    near = get_close_matches(name.lower().replace("_", "-"), IMPORTABLE, n=1)
    hint = f"Menade du ”{near[0]}”? " if near else ""
    raise UnknownCodeError(
        f"Det finns ingen datamängd ”{name}” att importera.", f"{hint}Välj en av: {', '.join(IMPORTABLE)}."
    )


def _moment(recorded_at: datetime | None, sidecar: Sidecar, now: datetime) -> datetime | None:
    """When the figures became known: as told, else as the sidecar says, else None (now, once it is our turn)."""
    moment = recorded_at or sidecar.recorded_at
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now:
        raise InputError(
            f"Tidpunkten {moment.isoformat()} ligger i framtiden.",
            "recorded_at är när uppgifterna blev kända; utelämna den för nu.",
        )
    return moment


def _take_turn(work: _Import, *, fixed_time: bool) -> None:
    """Wait for other imports. Only then does "now" begin, so a later import always has a later time, also where the
    clock has been set back since the one before: what comes last is what counts."""
    if not staging.try_lock(work.connection):
        work.progress("väntar på en annan import", 0, 0)
        staging.wait_lock(work.connection)
    if not fixed_time:
        row = work.connection.execute(_NOW).fetchone()
        assert row is not None
        recorded_at, clock = row
        if recorded_at > clock:
            _log.warning(
                "klockan visar %s, men den senaste importen är från %s; den här får tiden strax efter den", *row[::-1]
            )
        work.batch = replace(work.batch, recorded_at=recorded_at)


Deliver = Iterator[tuple[Header, Block]]


def _delivery(work: _Import, dataset: str) -> tuple[Dataset, Deliver] | None:
    """What the file brings: rows of a dataset. None when there are none to read, and the faults say why."""
    if dataset == FHIR:
        found = production_rows(work.file, known_codes(work.connection), work.faults)
        if found is None and not work.faults.errors:
            expected = "minst en rapport om vårdgaranti eller väntetid"
            work.faults.add(0, "", "", expected, "Kontrollera att rätt fil har exporterats.")
        return None if found is None else (DATASETS["production"], iter([found]))
    if work.file.kind == "json":
        raise InputError(f"”{work.file.name}” är en JSON-fil.", f"Ange CSV eller XLSX, eller importera den som {FHIR}.")
    reader = xlsx_blocks if work.file.kind == "xlsx" else csv_blocks
    header, blocks = reader(work.file, DATASETS[dataset], work.faults)
    if header is None:
        return None
    return DATASETS[dataset], zip(itertools.repeat(header), blocks)


def _load(work: _Import, spec: Dataset, delivery: Deliver, *, completes: bool) -> None:
    """Stage the rows, judge them together, and store those that are new.

    `completes`: cells that a message leaves empty keep their known values.
    """
    connection, faults = work.connection, work.faults
    codes = known_codes(connection)
    staging.create(connection, spec)
    with (
        connection.cursor() as cursor,
        cursor.copy(staging.copy_command(spec)) as copy,
        ThreadPoolExecutor(1, "lagesbild-copy") as server,  # PostgreSQL takes one block while the next is read
    ):
        sent: Future[None] | None = None
        for header, block in delivery:
            typed = read_block(spec, block, header, codes, work.today, faults)
            check_rows(typed, codes, faults)
            rows = staging.as_csv(typed, work.batch.provisional)
            if sent is not None:
                sent.result()
            sent = server.submit(copy.write, rows)
            work.progress("läser", min(block.done, work.file.size), work.file.size)
        if sent is not None:
            sent.result()
    staged = batches.staged_rows(connection)
    if not staged and not faults.errors:
        faults.add(0, "", "", "minst en rad under rubriken", "Kontrollera att rätt fil och rätt blad har exporterats.")
    work.progress("granskar", work.file.size, work.file.size)
    moment = work.batch.recorded_at
    judging.check_duplicates(connection, spec, faults)
    judging.check_parents(connection, spec, faults)
    if completes:
        batches.complete_from_known(connection, spec, moment)
    left = staged - batches.drop_unchanged(connection, spec, moment)
    judging.check_parts(connection, spec, moment, faults)
    work.rows += staged
    if left and not faults.errors:
        work.progress("sparar", work.file.size, work.file.size)
        work.inserted += left
        batch = replace(work.batch, dataset=spec.name)
        work.batch_ids = (*work.batch_ids, batches.store(connection, spec, batch, left))
    staging.drop(connection)
