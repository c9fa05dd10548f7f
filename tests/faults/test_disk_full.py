"""A full disk: nothing half is stored, the error says so in Swedish, and with space again the same call works."""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from lagesbild.data.engine import Database, open_database
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.jobs.importing import import_file
from lagesbild.settings import Settings
from tests.data.import_files import WAITS, Importer
from tests.faults.service import Postgres, command, environment, fill, postgres, service
from tests.forecast.made_up import NaiveEngine

pytestmark = pytest.mark.database
KEYS = [(r, a) for r in ("01", "03", "14") for a in ("kat", "kna")]
LEFT = 1 << 18  # bytes left on the disk: less than the import and the run below take


def _can_mount() -> str:
    """Why no small file system can be mounted here; "" when one can."""
    if os.geteuid() != 0:
        return "only root can mount a small file system"
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"cannot mount: {done.stderr.strip()}"
        subprocess.run(["umount", place], check=True)
    return ""


@pytest.fixture(scope="module", autouse=True)
def _mountable() -> None:
    if why := _can_mount():
        pytest.skip(why)


@contextmanager
def full(directory: Path) -> Iterator[None]:
    """Nearly nothing left on the disk of a directory, for as long as the block runs."""
    told = os.statvfs(directory)
    ballast = directory / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, told.f_bavail * told.f_frsize - LEFT)
    try:
        yield
    finally:
        ballast.unlink()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """Data on a disk of its own, the write-ahead log on another: then a table that cannot grow is an error of the
    statement and the server goes on."""
    with postgres(size="160m") as made:
        made.kill()
        data = made.postmaster.directory
        wal = data.with_name("wal")
        subprocess.run(["cp", "-a", str(data / "pg_wal"), str(wal)], check=True)
        subprocess.run(["rm", "-r", str(data / "pg_wal")], check=True)
        (data / "pg_wal").symlink_to(wal)
        made.start()
        yield made


@pytest.fixture(scope="module")
def country(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importer]:
    importer = fill(server.url, tmp_path_factory.mktemp("files"))
    with open_database(Settings(database_url=server.url), role="owner").raw() as owner:
        owner.autocommit = True
        owner.execute("CHECKPOINT")
    yield importer
    importer.database.close()


def test_a_service_and_a_snapshot_on_a_full_disk(country: Importer, server: Postgres, tmp_path: Path) -> None:
    """Pages need no room: answers and metrics that cannot be kept for others are made and counted anyway."""
    home = tmp_path / "home"
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(home)], check=True)
    try:
        (home / "ballast").write_bytes(bytes(1_000_000))
        with service(server.url, home) as running:
            shown = running.page()
            assert all(running.page() == shown for _ in range(6))
            assert running.get("/metrics").status == 200
            told = environment(LAGESBILD_DATABASE_URL=server.url, LAGESBILD_HOME=str(home))
            snapshot = command("snapshot", "create")
            done = subprocess.run(snapshot, env=told, capture_output=True, text=True, check=False)
            assert done.returncode == 1
            assert "disken är full" in done.stderr
            assert "De bilder som fanns är kvar" in done.stderr
            assert "20 MB kan behövas" in done.stderr, "said before the work"
            assert not (home / "snapshots").exists()
            (home / "ballast").unlink()
            subprocess.run(["mount", "-o", "remount,size=32m", str(home)], check=True)
            done = subprocess.run(snapshot, env=told, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert running.page() == shown
            assert running.process.poll() is None
    finally:
        subprocess.run(["umount", str(home)], check=True)


def _large(country: Importer) -> Path:
    rows = (f"20{y:02}-{m:02},{r},{a},,{100 + y * m},1" for y in range(22) for m in range(1, 13) for r, a in KEYS)
    return country.file("\n".join([WAITS, *rows]), "stor.csv")


def test_an_import_that_does_not_fit(country: Importer, server: Postgres) -> None:
    path, before = _large(country), country.state()
    told = environment(LAGESBILD_DATABASE_URL=server.url)
    with full(server.postmaster.directory):
        with pytest.raises(DatabaseUnavailableError, match="Disken är full"):
            import_file(country.database, "waits", path)
        assert country.state() == before, "and what was there can be read"
        done = subprocess.run(
            command("import", "waits", str(path)), env=told, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "Fel: Disken är full." in done.stderr
        assert "Frigör plats och försök igen." in done.stderr
        assert "Traceback" not in done.stderr
    assert country.state() == before
    assert import_file(country.database, "waits", path).inserted == 22 * 12 * len(KEYS)


def test_a_forecast_run_that_does_not_fit(country: Importer, server: Postgres) -> None:
    source = PgSource(country.database)
    runs, version = source.runs(), source.version()
    with full(server.postmaster.directory), pytest.raises(DatabaseUnavailableError, match="Disken är full"):
        run_forecast(source, PgRunStore(country.database), n_paths=8_000, jobs=1, engine=NaiveEngine())
    assert source.runs() == runs
    assert source.version() == version
    assert _rows(country.database) == 0
    run = run_forecast(source, PgRunStore(country.database), n_paths=8_000, jobs=1, engine=NaiveEngine())
    assert source.runs()[0] == run


def _rows(database: Database) -> int:
    with database.raw() as connection:
        row = connection.execute("SELECT (SELECT count(*) FROM forecasts) + (SELECT count(*) FROM forecast_paths)")
        found = row.fetchone()
    assert found is not None
    return int(found[0])


def _import_for_ever(country: Importer, server: Postgres, stored: list[int]) -> None:
    """One row at a time, each in a file of 16 MB of the log, and the numbers of the batches in `stored`."""
    for n in itertools.count(1):
        with psycopg.connect(server.url, autocommit=True) as owner:
            owner.execute("SELECT pg_switch_wal()")
        path = country.file(f"{WAITS}\n{2000 + n // 12}-{n % 12 + 1:02},01,kat,,{n},1", f"{n}.csv")
        stored += import_file(country.database, "waits", path).batch_ids


def test_a_log_that_does_not_fit_stops_the_server_and_loses_nothing(tmp_path: Path) -> None:
    """Where even PostgreSQL's own log cannot be written it stops: what was stored is there when it is started again."""
    with postgres(size="160m") as server:
        country = fill(server.url, tmp_path, codes=("01",))
        state = country.state()
        stored: list[int] = []
        with full(server.postmaster.directory), pytest.raises((DatabaseUnavailableError, psycopg.OperationalError)):
            _import_for_ever(country, server, stored)
        server.kill()
        server.start()
        after = country.state()
        assert after[0] == [(state[0][0][0] + len(stored),)]
        assert [row[0] for row in after[1]] == [*(row[0] for row in state[1]), *stored]
        assert len(after[2]) == len(state[2]) + len(stored)
        assert country.waits("2024-01,01,kat,,3,1", name="igen.csv").inserted == 1
        country.database.close()
