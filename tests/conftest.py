"""Fixtures for tests that need PostgreSQL: one embedded server a session, a fresh migrated database a test."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from lagesbild.cli import main as run_main
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.settings import Settings
from tests.distribution import DearestFirst, place

# The same examples every time: a change's run tells of the change. A random search is asked for, see CONTRIBUTING.md.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

TEMPLATE = "lagesbild_template"
_numbers = itertools.count(1)

Call = Callable[..., tuple[int, str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first; within a file the order stays."""
    items.sort(key=lambda item: place(item.nodeid.split("::", 1)[0]))


def pytest_collection_finish() -> None:
    """What thousands of collected tests hold on to stays as long as the process: a full collection of what is no longer
    used walked through it for 0.9 s of processor every time, and now for 0.02."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> DearestFirst | None:
    """Ours where the Makefile's is asked for; any other as xdist has it."""
    return DearestFirst(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command line here, wide enough for every table: (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lagesbild", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as stopped:
            run_main()
        text = capsys.readouterr()
        return int(stopped.value.code or 0), text.out, text.err

    return run


class PgServer:
    """The session's server. `url(name)` is the address of one of its databases."""

    def __init__(self, database: Database) -> None:
        assert database.server is not None
        self._parameters = database.server.conninfo()

    def url(self, name: str) -> str:
        host = quote(self._parameters["host"], safe="")
        return f"postgresql://{self._parameters['user']}@/{name}?host={host}&port={self._parameters['port']}"

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PgServer]:
    """An embedded server of this session's own, with durability off: its data are thrown away."""
    home = Path(tempfile.mkdtemp(prefix="lagesbild-test-"))
    home.chmod(0o755)  # as root the server runs as another user
    with open_database(Settings(home=home, database_url=None), role="owner") as database:
        server = PgServer(database)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        server.run(f"CREATE DATABASE {TEMPLATE}")
        with open_database(Settings(database_url=server.url(TEMPLATE)), role="owner") as template:
            upgrade(template)
        yield server
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def empty_database_url(pg_server: PgServer) -> Iterator[str]:
    """Address of a database without tables."""
    name = f"test_{next(_numbers)}"
    pg_server.run(f"CREATE DATABASE {name}")
    yield pg_server.url(name)
    pg_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(pg_server: PgServer) -> Iterator[str]:
    """Address of a fresh, migrated, empty database (for settings, LAGESBILD_DATABASE_URL, subprocesses)."""
    name = f"test_{next(_numbers)}"
    pg_server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    yield pg_server.url(name)
    pg_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings that point at `database_url`."""
    return Settings(database_url=database_url)


@pytest.fixture
def open_as(settings: Settings) -> Iterator[Callable[[str], Database]]:
    """`open_as("read")`, `open_as("write")`, `open_as("owner")`: the fresh database in a role, closed at the end."""
    opened: list[Database] = []

    def open_role(role: str) -> Database:
        opened.append(open_database(settings, role=role))  # type: ignore[arg-type]
        return opened[-1]

    yield open_role
    for database in opened:
        database.close()


@pytest.fixture
def database(open_as: Callable[[str], Database]) -> Database:
    """The fresh database in the writing role, as imports and jobs see it."""
    return open_as("write")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all who ask, wherever they are: a process can have one Playwright."""
    from tests.browser.conftest import CHROMIUM, FLAGS

    assert CHROMIUM, "Chromium saknas: apt-get install chromium"
    with sync_playwright() as play:
        # pages of one reader share a process, see `Readers`
        started = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--process-per-site"])
        yield started
        started.close()
