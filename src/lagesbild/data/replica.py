"""Reads from the replica for as long as it is well, from the primary otherwise.

Two threads look at the two servers; a reader only looks at what they found. Each connection to the replica is asked for
its data version when this process has been told a newer one than the connection is known to have, so nobody is shown an
older state after a newer one, however short the lag. All questions are reads: one that a dying server breaks off is
asked again of the other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

import psycopg
import sqlalchemy as sa

from lagesbild.data.engine import Database, driver
from lagesbild.data.watching import Watch
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.replica import IN_SWEDISH, Condition, Limits, ReplicaState, judge, silent

_log = logging.getLogger("lagesbild.replica")
_VERSION: Final = "SELECT version FROM data_version"
_KNOWN: Final = "lagesbild-data-version"  # what a pooled connection's server had when it was asked: it only goes up
T = TypeVar("T")


class ReplicatedDatabase(Database):
    """A `Database` for readers over two: the replica, and the primary it copies. Both are closed with it.

    Takes no part in writing. Threads start with the first question, so it may be made before a fork, not used.
    """

    def __init__(self, replica: Database, primary: Database, limits: Limits | None = None) -> None:
        self.role = "read"
        self.server = primary.server
        self.engine = primary.engine  # for who must have the pool itself; everything else chooses
        self.replica, self.primary = replica, primary
        self._limits = limits or Limits()
        self._watch = Watch(replica, primary, self._limits, self._looked)
        self._lock = threading.Lock()
        self._told = -1  # the newest data version that anybody in this process has been told
        self._doubted = -1.0  # when a read of the replica last failed
        self._condition: Condition = "well"
        self._switches = 0
        self._primary_up = True

    def state(self) -> ReplicaState:
        """How the replica is, by the latest looks. Asks no server, except before anything has been read."""
        self._watch.begin()
        now = time.monotonic()
        condition, looks = self._judged(now), self._watch.latest()
        behind = max((looks.primary.version or 0) - (looks.replica.version or 0), 0) if looks.compared else 0
        with self._lock:
            return ReplicaState(
                condition,
                self._usable(now),
                behind,
                looks.lag_seconds(now),
                self._switches,
                not silent(looks.primary, now, self._limits),
            )

    def reading(self, question: Callable[[psycopg.Connection[Any]], T]) -> T:
        """The answer of the replica when it may be asked, else of the primary, else of whichever answers.

        Raises DatabaseUnavailableError when neither does, and what the question raises.
        """
        failed: DatabaseUnavailableError | None = None
        for place in self._places():
            try:
                with self._connected(place) as connection:
                    return question(driver(connection))
            except DatabaseUnavailableError as error:
                failed = self._failed(place, error, failed)
        assert failed is not None
        raise failed

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """As `Database.connect`; only what comes before the first question is tried elsewhere when a server is gone."""
        with ExitStack() as opened:
            yield self._first(lambda place: opened.enter_context(self._connected(place)))

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """As `connect`: there is nothing to commit."""
        with self.connect() as connection:
            yield connection

    def raw(self) -> psycopg.Connection[Any]:
        return self._first(self._raw)

    def saw(self, version: int) -> None:
        with self._lock:
            self._told = max(self._told, version)

    def close(self) -> None:
        self._watch.end()
        self.replica.close()
        self.primary.close()
        self.server = None

    def _places(self) -> tuple[Database, Database]:
        self._watch.begin()
        usable = self._usable(time.monotonic())
        return (self.replica, self.primary) if usable else (self.primary, self.replica)

    def _first(self, open_: Callable[[Database], T]) -> T:
        failed: DatabaseUnavailableError | None = None
        for place in self._places():
            try:
                return open_(place)
            except DatabaseUnavailableError as error:
                failed = self._failed(place, error, failed)
        assert failed is not None
        raise failed

    @contextmanager
    def _connected(self, place: Database) -> Iterator[sa.Connection]:
        """Raises DatabaseUnavailableError for a replica that has not got what this process has been told."""
        with place.connect() as connection:
            if place is self.replica and connection.info.get(_KNOWN, -1) < self._told:
                connection.info[_KNOWN] = connection.exec_driver_sql(_VERSION).scalar_one()
                if connection.info[_KNOWN] < self._told:
                    raise _OlderThanShownError
            yield connection

    def _raw(self, place: Database) -> psycopg.Connection[Any]:
        connection = place.raw()
        if place is self.replica:
            found = connection.execute(_VERSION).fetchone()
            connection.rollback()
            if found is None or found[0] < self._told:
                connection.close()
                raise _OlderThanShownError
        return connection

    def _failed(
        self, place: Database, error: DatabaseUnavailableError, before: DatabaseUnavailableError | None
    ) -> DatabaseUnavailableError:
        """Which error to raise if nobody answers: the primary's. A replica that failed is looked at before it is asked
        again; one that is only behind stays in use for whoever has been told less."""
        if place is self.primary:
            return error
        if not isinstance(error, _OlderThanShownError):
            self._doubted = time.monotonic()
            self._watch.look_now()
        return before or error

    def _judged(self, now: float) -> Condition:
        looks = self._watch.latest()
        return judge(looks.primary, looks.replica, looks.lag_seconds(now), now, self._limits)

    def _usable(self, now: float) -> bool:
        return self._judged(now) == "well" and self._watch.latest().replica.at > self._doubted

    def _looked(self) -> None:
        """After every look, in the thread that looked: says it once when reads change server, and when the primary
        falls silent, which nobody who reads the replica would notice."""
        now = time.monotonic()
        condition, up = self._judged(now), not silent(self._watch.latest().primary, now, self._limits)
        with self._lock:
            was_up, self._primary_up = self._primary_up, up
            before, self._condition = self._condition, condition
            moved = (before == "well") != (condition == "well")
            self._switches += moved
        if up != was_up:
            _log.log(
                logging.INFO if up else logging.WARNING,
                "Den skrivbara servern svarar igen."
                if up
                else "Den skrivbara servern svarar inte; inget kan läsas in eller sparas förrän den gör det.",
            )
        if condition != before:
            _log.log(
                logging.INFO if condition == "well" else logging.WARNING,
                "Läskopian %s; läsningar går till %s.",
                IN_SWEDISH[condition],
                "läskopian" if condition == "well" else "den skrivbara servern",
            )


class _OlderThanShownError(DatabaseUnavailableError):
    """The replica answers, but this process has already shown something newer."""

    def __init__(self) -> None:
        super().__init__("Läskopian har inte de senaste uppgifterna än.", "Försök igen om en stund.")
