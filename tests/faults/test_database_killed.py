"""PostgreSQL killed with kill -9 while readers ask: pages say so, show no other figure, and recover by themselves."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lagesbild.api.front import AT_ONCE
from lagesbild.data.embedded import installation
from lagesbild.data.engine import open_database
from lagesbild.data.postmaster import Postmaster
from lagesbild.data.system_user import server_user
from lagesbild.settings import Settings
from tests.faults.service import (
    AWAY,
    PATIENCE,
    RECOVERY,
    SOAK,
    Postgres,
    Readers,
    Service,
    fill,
    postgres,
    reading,
    service,
    until,
)

pytestmark = pytest.mark.database
SILENT = 3.0 if SOAK else 30.0  # the most that is waited for an answer while the database says nothing


@pytest.fixture
def home() -> Iterator[Path]:
    """Outside pytest's own directories, which only their owner can enter."""
    made = Path(tempfile.mkdtemp(prefix="lagesbild-fault-home-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _away(answer: Any) -> bool:
    return AWAY in json.dumps(answer, ensure_ascii=False)


def _again(running: Service, readers: Readers, shown: Any) -> None:
    """Until the page is back, within the time that is promised, and stays."""
    began = time.monotonic()
    until(lambda: _shows(running, shown), "the page is back")
    assert time.monotonic() - began < RECOVERY
    moment = time.monotonic()
    until(lambda: len(readers.since(moment)) > 40, "every connection of both pools has been used")
    assert all(answer == shown for answer in readers.since(moment)[:40])


def _shows(running: Service, shown: Any) -> bool:
    return bool(running.page() == shown)


def test_a_server_killed_under_load_and_started_again(tmp_path: Path, home: Path) -> None:
    with postgres() as server:
        fill(server.url, tmp_path).database.close()
        with service(server.url, home) as running:
            shown = running.page()
            assert not _away(shown)
            with reading(running.page) as readers:
                end = time.monotonic() + SOAK
                while True:
                    until(lambda: len(readers.answers) > 10, "readers are answered")
                    killed = time.monotonic()
                    server.kill()
                    until(lambda at=killed: any(map(_away, readers.since(at))), "pages say that the database is away")
                    assert running.get("/healthz").status == 200
                    assert running.get("/readyz").status == 503
                    assert b"lagesbild_database_up 0.0" in running.get("/metrics").body  # type: ignore[attr-defined]
                    server.start()
                    _again(running, readers, shown)
                    if time.monotonic() >= end:
                        break
            assert readers.faults == []
            assert all(answer == shown or _away(answer) for _, answer in readers.answers), "no other figure, ever"
            assert b"lagesbild_database_up 1.0" in running.get("/metrics").body  # type: ignore[attr-defined]
            assert running.process.poll() is None


def test_where_the_database_says_nothing_those_who_watch_are_told_so_past_all_who_wait(
    tmp_path: Path, home: Path
) -> None:
    with postgres() as server:
        fill(server.url, tmp_path).database.close()
        with service(server.url, home, workers=1) as running:
            shown = running.page()
            with reading(lambda: running.page(seconds=PATIENCE), readers=3 * AT_ONCE) as readers:
                until(lambda: len(readers.answers) > 10, "readers are answered")
                with server.silent():
                    for _ in range(3):
                        began = time.monotonic()
                        assert running.get("/readyz", SILENT).status == 503
                        assert running.get("/healthz", SILENT).status == 200
                        assert not SOAK or time.monotonic() - began < 3
                    assert b"lagesbild_database_up 0.0" in running.get("/metrics", PATIENCE).body  # type: ignore[attr-defined]
                until(running.ready, "it is ready again")
                _again(running, readers, shown)
            assert readers.faults == []


def test_the_embedded_server_killed_under_load_is_started_by_whoever_needs_it(tmp_path: Path, home: Path) -> None:
    with open_database(Settings(home=home, database_url=None), role="owner") as database:
        assert database.server is not None
        parts = database.server.conninfo()
        fill(f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}", tmp_path).database.close()
    cluster = home / "postgres"
    server = Postgres(Postmaster(cluster, installation() / "bin", server_user(home, cluster)))
    with service("", home) as running:
        shown = running.page()
        with reading(running.page) as readers:
            until(lambda: len(readers.answers) > 10, "readers are answered")
            server.kill()
            _again(running, readers, shown)
        assert readers.faults == []
        assert all(answer == shown or _away(answer) for _, answer in readers.answers)
