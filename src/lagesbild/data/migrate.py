"""Alembic without its command line: the migrations in `migrations/versions`, run in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lagesbild.data.engine import Database
from lagesbild.data.roles import apply_roles
from lagesbild.data.tables import metadata
from lagesbild.domain.errors import DatabaseOutdatedError, InputError

_LOCK: Final = 4_702_111_234  # any constant number; the lock belongs to the database it is taken in


def upgrade(database: Database) -> list[str]:
    """Bring the schema to the newest revision and apply the roles. Returns the revisions that were run, oldest first.

    All or nothing. Two processes may call it at once: the second waits and finds nothing left to do. Needs a database
    opened with role `owner`. Raises InputError when the database was made by a newer program.
    """
    with database.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = _revision(connection)
        known = [s.revision for s in reversed(list(_scripts().walk_revisions()))]
        if before is not None and before not in known:
            raise InputError(
                f"Databasen har revision {before}, som den här versionen av Lägesbild inte känner till.",
                "Uppgradera programmet; databasen är gjord av en nyare version.",
            )
        if before != known[-1]:
            _run(connection)
        apply_roles(connection)
        return known if before is None else known[known.index(before) + 1 :]


def hold_schema(connection: psycopg.Connection[Any]) -> None:
    """Wait until nobody else changes tables, and keep others from it until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def current(database: Database) -> str | None:
    """The revision the database has, None when it has never been migrated."""
    with database.connect() as connection:
        return _revision(connection)


def check_current(database: Database) -> None:
    """Before long work: raises DatabaseOutdatedError when the schema is older than this program, and
    DatabaseUnavailableError. One that a newer program made may do, and is tried."""
    revision = current(database)
    if revision is None:
        raise DatabaseOutdatedError("Databasen saknar tabeller.", "Kör `lagesbild db upgrade`.")
    known = {s.revision for s in _scripts().walk_revisions()}
    if revision in known and revision != head():
        raise DatabaseOutdatedError("Databasen är äldre än programmet.", "Kör `lagesbild db upgrade`.")


def head() -> str:
    """The newest revision this program knows."""
    revision = _scripts().get_current_head()
    assert revision is not None
    return str(revision)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).with_name("migrations")))


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _run(connection: sa.Connection) -> None:
    scripts = _scripts()

    def steps(revision: Any, _: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
