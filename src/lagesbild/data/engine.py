"""Connections. Where the database is comes from the settings; what a connection may do comes from its role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from lagesbild.domain.errors import ConfigError, DatabaseOutdatedError, DatabaseUnavailableError
from lagesbild.domain.replica import Limits
from lagesbild.settings import Settings

if TYPE_CHECKING:
    from lagesbild.data.embedded import EmbeddedServer

Role = Literal["read", "write", "people", "owner"]
READ_ROLE, WRITE_ROLE, PEOPLE_ROLE = "lagesbild_read", "lagesbild_write", "lagesbild_people"
_ROLE_NAMES: Final[dict[Role, str]] = {"read": READ_ROLE, "write": WRITE_ROLE, "people": PEOPLE_ROLE, "owner": ""}
EMBEDDED: Final = "postgres"  # where in LAGESBILD_HOME the embedded server keeps its data
T = TypeVar("T")
_CONNECT_SECONDS: Final = "5"
# A server whose machine or network is gone says nothing: without these a read waits two hours for it. Milliseconds in
# the last; on a Unix socket none of them means anything.
_SILENCE: Final = {
    "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "15000"
}  # fmt: skip
# One round trip on a new connection: the least privileged role if it is there, nothing writable for readers, and no
# JIT, which takes longer than any of our queries.
_PREPARE: Final = """
SELECT set_config('jit', 'off', false), set_config('timezone', 'UTC', false),
       set_config('default_transaction_read_only', %(read_only)s, false),
       (SELECT set_config('role', rolname, false) FROM pg_roles
        WHERE rolname = %(role)s AND pg_has_role(current_user, oid, 'MEMBER'))
"""


class Database:
    """A pool of connections in one role. `server` is the embedded server it holds on to, if any.

    Usable as a context manager; safe to use from many threads; not to be used across a fork.
    """

    def __init__(self, conninfo: dict[str, Any], role: Role, server: EmbeddedServer | None = None) -> None:
        self.role = role
        self.server = server
        ours = {"connect_timeout": _CONNECT_SECONDS, "application_name": "lagesbild", **_SILENCE}
        self._conninfo = {**ours, **conninfo}
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self.raw,
            pool_pre_ping=True,  # a restarted server costs one failed ping, not an error page
            pool_size=8,
            max_overflow=16,
            pool_timeout=20,
        )

    def raw(self) -> psycopg.Connection[Any]:
        """A new psycopg connection of one's own, for COPY and the like; as a context manager it commits and closes.

        Raises DatabaseUnavailableError. An embedded server that has died is started again first.
        """
        try:
            return self._connect()
        except psycopg.OperationalError as error:
            if self.server is None:
                raise unavailable(error) from error
        self.server.ensure_running()
        try:
            return self._connect()
        except psycopg.OperationalError as error:
            raise unavailable(error) from error

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(**self._conninfo)
        connection.autocommit = True
        read_only = "on" if self.role == "read" else "off"
        connection.execute(_PREPARE, {"role": _ROLE_NAMES[self.role], "read_only": read_only})
        connection.autocommit = False
        return connection

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A pooled connection without a commit at the end, database faults told as DatabaseUnavailableError."""
        with speaking_swedish(), self.engine.connect() as connection:
            try:
                yield connection
            finally:
                _give_up_if_lost(connection)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A pooled connection in a transaction that commits at the end or rolls back on an exception."""
        with speaking_swedish(), self.engine.begin() as connection:
            yield connection

    def reading(self, question: Callable[[psycopg.Connection[Any]], T]) -> T:
        """The answer to a question that changes nothing, asked in one transaction. It may be asked more than once.

        Raises DatabaseUnavailableError, and what the question raises.
        """
        with self.connect() as connection:
            return question(driver(connection))

    def saw(self, version: int) -> None:
        """Somebody in this process has been told this data version: matters where two servers are read."""

    def close(self) -> None:
        """Close the pool and let go of the embedded server (the last one to leave stops it)."""
        self.engine.dispose()
        if self.server is not None:
            self.server.detach()
            self.server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _give_up_if_lost(connection: sa.Connection) -> None:
    """SQLAlchemy knows nothing of what is asked through psycopg: handed back a connection whose server has died since,
    it would fill the log with how it could not roll back. On a living one this is the roll-back it would have made."""
    if connection.closed or connection.invalidated:
        return
    try:
        driver(connection).rollback()
    except psycopg.Error:
        connection.invalidate()


def driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    """The psycopg connection of a pooled one."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def open_database(settings: Settings, *, role: Role) -> Database:
    """Connect to the configured server, or start the embedded one when none is configured.

    `read` = the web and exports (LAGESBILD_READ_URL when set, with LAGESBILD_DATABASE_URL in reserve: see
    `data.replica`), `write` = imports and jobs, `people` = who is logged in, `owner` = migrations. Does not connect yet
    to a configured server, so the web starts without it. Raises ConfigError for an address that cannot be read and
    DatabaseUnavailableError when the embedded server cannot be started.
    """
    if role == "read" and settings.read_url:
        replica = Database(_conninfo(settings.read_url, "LAGESBILD_READ_URL"), role)
        if settings.database_url in (None, settings.read_url):
            return replica  # one server is all there is
        from lagesbild.data.replica import ReplicatedDatabase  # it is made of Databases: see above

        limits = Limits(settings.replica_lag_seconds, settings.replica_check_seconds)
        return ReplicatedDatabase(replica, _configured(settings.database_url, role), limits)
    if settings.database_url:
        return _configured(settings.database_url, role)
    try:
        from lagesbild.data.embedded import attach  # file locks as in Unix: elsewhere a server must be configured
    except ImportError as error:
        raise DatabaseUnavailableError(
            "Den inbyggda databasen finns inte för det här operativsystemet.",
            "Ange en PostgreSQL-server med LAGESBILD_DATABASE_URL.",
        ) from error
    server = attach(settings.home)
    return Database(server.conninfo(), role, server)


def is_made(settings: Settings) -> bool:
    """Whether there is a database to open: a server is configured, or the embedded one has been made before."""
    return bool(settings.database_url) or (settings.home.expanduser() / EMBEDDED).exists()


def _configured(url: str, role: Role) -> Database:
    return Database(_conninfo(url, "LAGESBILD_DATABASE_URL"), role)


def _conninfo(url: str, variable: str) -> dict[str, Any]:
    """libpq parameters of an address; SQLAlchemy's spelling (postgresql+psycopg://) is understood too."""
    scheme, separator, rest = url.partition("://")
    try:
        if separator and scheme.split("+")[0] not in ("postgresql", "postgres"):
            raise ValueError(scheme)
        return conninfo_to_dict(f"postgresql://{rest}" if separator else url)
    except (psycopg.ProgrammingError, ValueError) as error:
        raise ConfigError(
            f"Adressen i {variable} är inte en PostgreSQL-adress.",
            "Skriv den som postgresql://användare:lösenord@värd:5432/databas.",
        ) from error


_REMEDIES: Final[tuple[tuple[type[psycopg.Error], str, str], ...]] = (
    (psycopg.errors.UndefinedTable, "Databasen saknar tabeller.", "Kör `lagesbild db upgrade`."),
    (psycopg.errors.UndefinedColumn, "Databasen är äldre än programmet.", "Kör `lagesbild db upgrade`."),
    (
        psycopg.errors.InsufficientPrivilege,
        "Databasanvändaren saknar rättighet till det som skulle göras.",
        "Kör `lagesbild db upgrade` som databasens ägare, eller ge användaren rollen lagesbild_read eller "
        "lagesbild_write.",
    ),
    (
        psycopg.errors.ReadOnlySqlTransaction,
        "Databasen är skrivskyddad.",
        "Ange den skrivbara servern med LAGESBILD_DATABASE_URL.",
    ),
    (psycopg.errors.TooManyConnections, "Databasen har inga lediga anslutningar.", "Försök igen om en stund."),
    # a replica breaks off a question that has taken longer than it may wait with what the primary sends
    (psycopg.errors.SerializationFailure, "Servern avbröt frågan för att kunna följa med.", "Försök igen."),
    (psycopg.errors.QueryCanceled, "Frågan till databasen avbröts.", "Försök igen."),
    (psycopg.errors.LockNotAvailable, "Databasen är upptagen av en annan körning.", "Försök igen om en stund."),
    (psycopg.errors.DeadlockDetected, "Databasen är upptagen av en annan körning.", "Försök igen."),
    (psycopg.errors.DiskFull, "Disken är full.", "Frigör plats och försök igen."),
    (
        psycopg.OperationalError,
        "Databasen svarar inte.",
        "Kontrollera att PostgreSQL är igång och att LAGESBILD_DATABASE_URL stämmer.",
    ),
    (
        psycopg.InterfaceError,
        "Förbindelsen med databasen bröts.",
        "Försök igen. Kontrollera annars att PostgreSQL är igång.",
    ),
)
_OURS: Final = tuple(kind for kind, _, _ in _REMEDIES)


@contextmanager
def speaking_swedish() -> Iterator[None]:
    """Turn faults of the database itself into DatabaseUnavailableError; faults in our own SQL stay what they are."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise DatabaseUnavailableError("Alla databasanslutningar är upptagna.", "Försök igen om en stund.") from error
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, DatabaseUnavailableError):
            raise error.orig from error
        if isinstance(error.orig, _OURS):
            raise unavailable(error.orig) from error
        raise
    except _OURS as error:
        raise unavailable(error) from error


def unavailable(error: psycopg.Error) -> DatabaseUnavailableError:
    """The Swedish error for a fault of the database itself (one of the kinds above)."""
    message, remedy = next((m, r) for kind, m, r in _REMEDIES if isinstance(error, kind))
    refused = isinstance(error, psycopg.OperationalError) and error.sqlstate is None  # never got as far as a session
    outdated = isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn)
    kind = DatabaseOutdatedError if outdated else DatabaseUnavailableError
    return kind(message, remedy + (_reason(str(error)) if refused else ""))


def _reason(said: str) -> str:
    """A login fault told apart from a server that is not there; libpq's own text only goes to the log."""
    if "authentication failed" in said or "no password supplied" in said:
        return " Servern godtog inte användarnamnet eller lösenordet."
    if "too many clients" in said or "remaining connection slots" in said:
        return " Servern har inga lediga anslutningar just nu."
    if "does not exist" in said:
        return " Databasen eller användaren i adressen finns inte."
    return ""
