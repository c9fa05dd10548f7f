"""Two imports at once, and an import that is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest

from lagesbild.data import staging
from lagesbild.data.engine import Database
from lagesbild.jobs.importing import import_file
from tests.data.import_files import WAITS, Importer

pytestmark = pytest.mark.database
PATIENCE = 60  # seconds until a step that should come is taken not to come


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    made.waits("2024-01,01,kat,,10,5")
    return made


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"did not happen: {what}"
        time.sleep(0.02)


def waiting_backends(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE d.datname = current_database() AND NOT l.granted"
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_killed_in_the_middle_leaves_the_state_before(
    importer: Importer, database_url: str, open_as: Callable[[str], Database]
) -> None:
    path = importer.file("\n".join([WAITS, *(f"20{y:02}-01,01,kat,,{y},1" for y in range(10, 24))]), "stor.csv")
    before = importer.state()
    environment = {**os.environ, "LAGESBILD_DATABASE_URL": database_url}
    command = [sys.executable, "-c", "from lagesbild.cli import main; main()", "import", "waits", str(path)]
    with open_as("owner").raw() as watcher:
        with watcher.transaction():
            watcher.execute("LOCK TABLE waits IN SHARE MODE")  # lets it read and stage, stops it at the first new row
            child = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                until(lambda: waiting_backends(watcher) == 1 or child.poll() is not None, "import at its last step")
                assert child.poll() is None, child.communicate()
                child.send_signal(signal.SIGKILL)
            finally:
                child.kill()
                child.communicate()
        watcher.commit()
        until(lambda: staging.try_lock(watcher), "the killed import's transaction ends")
    assert importer.state() == before
    assert import_file(importer.database, "waits", path).inserted == 14  # and the lock is free again


def test_an_import_waits_for_the_one_before_and_sees_what_it_stored(importer: Importer) -> None:
    told: list[str] = []
    waits = Event()

    def progress(what: str, done: int, total: int) -> None:
        told.append(what)
        if what.startswith("väntar"):
            waits.set()

    path = importer.file(f"{WAITS}\n2024-01,01,kat,,11,5\n", "andra.csv")
    with ThreadPoolExecutor(1) as pool, importer.database.raw() as first:
        with first.transaction():
            assert staging.try_lock(first)
            later = pool.submit(import_file, importer.database, "waits", path, progress=progress)
            assert waits.wait(PATIENCE)
            assert not later.done()
            row = first.execute("SELECT clock_timestamp()").fetchone()
        result = later.result(PATIENCE)
    assert row is not None
    assert result.inserted == 1
    assert result.recorded_at > row[0]  # its "now" began when its turn came
    assert told[0] == "väntar på en annan import"


def test_many_at_once_never_mix(importer: Importer) -> None:
    """Eight files about the same keys: afterwards the state is one of the files, whole."""
    rows = [f"20{y:02}-{m:02},{r},kat,," for y in range(15, 24) for m in range(1, 13) for r in ("01", "03")]
    paths = [importer.file("\n".join([WAITS, *(f"{row}{n}," for row in rows)]), f"fil{n}.csv") for n in range(100, 108)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda p: import_file(importer.database, "waits", p), paths))
    assert [r.inserted for r in results] == [len(rows)] * 8
    newest = (
        "SELECT DISTINCT waiting FROM (SELECT DISTINCT ON (period, region) waiting FROM waits "
        "WHERE period < '2024-01-01' ORDER BY period, region, recorded_at DESC, batch_id DESC) s"
    )
    last = max(results, key=lambda r: r.recorded_at)
    assert importer.query(newest) == [(int(last.file[3:6]),)]
    versions = [r.version for r in results]
    assert len(set(versions)) == 8
