"""A primary and a streaming replica of it, both real, made with the programs of the wheel; and how they are hurt."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from lagesbild.data.embedded import installation
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.postmaster import Postmaster
from lagesbild.data.replica import ReplicatedDatabase
from lagesbild.data.version import bump
from lagesbild.domain.replica import Limits, ReplicaState
from lagesbild.settings import Settings
from tests.data.embedded_homes import servers

QUICK = Limits(lag_seconds=0.3, check_seconds=0.05)
PATIENCE = 20.0  # for what happens by itself; a machine that is busy takes its time


class Server:
    """One of the two. `url` is its address, `directory` its data."""

    def __init__(self, postmaster: Postmaster) -> None:
        self.postmaster = postmaster
        self.directory = postmaster.directory
        self.parameters = postmaster.conninfo()

    @property
    def url(self) -> str:
        p = self.parameters
        return f"postgresql://{p['user']}@/{p['dbname']}?host={quote(p['host'], safe='')}&port={p['port']}"

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(**self.parameters, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """kill -9 of the server and of all its helpers, as when the machine goes."""
        for process in servers(self.directory):
            process.send_signal(signal.SIGKILL)
        wait_until(lambda: not servers(self.directory))

    def start(self) -> None:
        self.postmaster.ensure_running()


class Streaming:
    """Primary and replica, up and level."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="lagesbild-streaming-"))
        self.home.chmod(0o755)  # as root the servers run as another user
        self.owner = open_database(Settings(home=self.home / "primary", database_url=None), role="owner")
        assert self.owner.server is not None
        own = self.owner.server._postmaster
        self.primary = Server(own)
        for setting in ("fsync", "full_page_writes"):
            self.primary.run(f"ALTER SYSTEM SET {setting} = off")
        self.primary.run("SELECT pg_reload_conf()")
        upgrade(self.owner)
        place = self.home / "replica" / "postgres"
        place.mkdir(parents=True, mode=0o700)
        if own.user:
            os.chown(place, own.user.uid, own.user.gid)
        self.replica = Server(Postmaster(place, installation() / "bin", own.user))
        self.copy()

    def copy(self) -> None:
        """`pg_basebackup` of the primary, set up to follow it (-R), and started."""
        p = self.primary.parameters
        source = ("-h", p["host"], "-p", p["port"], "-U", p["user"])
        self.replica.postmaster._run(
            "pg_basebackup", *source, "-D", ".", "-R", "-X", "stream", "-c", "fast", "--no-sync", seconds=120
        )
        (self.replica.directory / "postmaster.pid").unlink(missing_ok=True)
        self.replica.start()
        self.level()

    def level(self) -> None:
        """Wait until the replica has everything."""
        wait_until(lambda: self.version(self.replica) == self.version(self.primary))

    def version(self, server: Server) -> int:
        return int(server.run("SELECT version FROM data_version")[0][0])

    def bump(self) -> int:
        """Something new in the primary."""
        with self.owner.begin() as connection:
            return bump(connection)

    def reader(self, limits: Limits = QUICK) -> ReplicatedDatabase:
        settings = Settings(database_url=self.primary.url, read_url=self.replica.url)
        with open_database(settings, role="read") as made:
            assert isinstance(made, ReplicatedDatabase)
            replica, primary = (Database(d._conninfo, "read") for d in (made.replica, made.primary))
        return ReplicatedDatabase(replica, primary, limits)

    def stop(self) -> None:
        self.owner.close()
        for server in (self.primary, self.replica):
            for process in servers(server.directory):
                process.kill()
        shutil.rmtree(self.home, ignore_errors=True)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def becomes(reader: ReplicatedDatabase, what: Callable[[ReplicaState], bool]) -> None:
    wait_until(lambda: what(reader.state()))


def asked_of(reader: Database) -> str:
    """Which server answers: `replica` or `primary`."""
    copying = reader.reading(lambda c: c.execute("SELECT pg_is_in_recovery()").fetchone())
    assert copying is not None
    return "replica" if copying[0] else "primary"
