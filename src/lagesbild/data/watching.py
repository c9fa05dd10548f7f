"""Two threads that look at the replica and at the primary, so that a server that hangs delays nobody but its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg

from lagesbild.data.engine import Database
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.replica import Lag, Limits, Look

_LOOK: Final = "SELECT version, pg_is_in_recovery(), pg_postmaster_start_time()::text FROM data_version"
_FIRST_SECONDS: Final = 7.0  # for the first looks: connecting gives up after five
_NEVER: Final = Look(at=-1e9)


@dataclass(frozen=True)
class Looks:
    """The latest look at each, and since when the replica has lacked something (see `Lag.since`)."""

    replica: Look = _NEVER
    primary: Look = _NEVER
    missing_since: float | None = None

    @property
    def compared(self) -> bool:
        return self.replica.version is not None and self.primary.version is not None

    def lag_seconds(self, now: float) -> float:
        return max(now - self.missing_since, 0.0) if self.missing_since is not None and self.compared else 0.0


class Watch:
    """Looks at both servers from `begin` to `end`; `looked` is called after every look, once both have
    been looked at."""

    def __init__(self, replica: Database, primary: Database, limits: Limits, looked: Callable[[], None]) -> None:
        self._servers = {"replica": replica, "primary": primary}
        self._wait = limits.check_seconds
        self._looked = looked
        self._starting, self._lock = threading.Lock(), threading.Lock()
        self._lag = Lag()
        self._looks = Looks()
        self._wake = {name: threading.Event() for name in self._servers}
        self._first = {name: threading.Event() for name in self._servers}
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Start, unless that is done; the first caller waits until both servers have been looked at once."""
        if self._threads:
            return
        with self._starting:
            if not self._threads and not self._ended.is_set():
                threads = [
                    threading.Thread(target=self._run, args=(name,), name=f"lagesbild-{name}", daemon=True)
                    for name in self._servers
                ]
                for thread in threads:
                    thread.start()
                until = time.monotonic() + _FIRST_SECONDS
                for first in self._first.values():
                    first.wait(max(until - time.monotonic(), 0))
                self._threads = threads

    def latest(self) -> Looks:
        return self._looks

    def look_now(self) -> None:
        """Have the replica looked at without waiting for its turn."""
        self._wake["replica"].set()

    def end(self) -> None:
        """Stop looking. A thread that hangs in a look is left behind: it ends with the process."""
        self._ended.set()
        for wake in self._wake.values():
            wake.set()
        for thread in self._threads:
            thread.join(1)

    def _run(self, name: str) -> None:
        connection: psycopg.Connection[Any] | None = None
        while not self._ended.is_set():
            self._wake[name].clear()
            connection, look = _look(self._servers[name], connection)
            self._keep(name, look)
            self._wake[name].wait(self._wait)
        if connection is not None:
            connection.close()

    def _keep(self, name: str, look: Look) -> None:
        with self._lock:
            if look.version is not None and name == "primary":
                self._lag.saw_primary(look.at, look.version)
            elif look.version is not None:
                self._lag.saw_replica(look.version)
            found = replace(self._looks, missing_since=self._lag.since)
            self._looks = replace(found, replica=look) if name == "replica" else replace(found, primary=look)
        self._first[name].set()
        if all(first.is_set() for first in self._first.values()):
            self._looked()


def _look(server: Database, connection: psycopg.Connection[Any] | None) -> tuple[psycopg.Connection[Any] | None, Look]:
    """The connection to look through next time, if it still works, and what was seen."""
    at = time.monotonic()  # before the question: what it tells may be older than its answer, never newer
    try:
        if connection is None or connection.closed:
            connection = server.raw()
            connection.autocommit = True
        found = connection.execute(_LOOK).fetchone()
    except (psycopg.Error, DatabaseUnavailableError):  # not there, starting, stopping, or not migrated yet
        if connection is not None:
            connection.close()
        return None, Look(at)
    return connection, Look(at, found[0], found[1], found[2]) if found else Look(at)
