"""A migration that is killed in the middle leaves the schema before it, with all data; run again, it is done."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext

from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import _scripts, current, head
from lagesbild.data.tables import metadata
from lagesbild.settings import Settings
from tests.data.test_import_interrupted import waiting_backends
from tests.faults.service import command, environment, until

pytestmark = pytest.mark.database


@pytest.fixture
def first(empty_database_url: str) -> Iterator[Database]:
    """A database of the first release, with a row that nobody may lose."""
    scripts = _scripts()

    def to_first(revision: Any, _: MigrationContext) -> Any:
        return scripts._upgrade_revs("0001", revision)

    with open_database(Settings(database_url=empty_database_url), role="owner") as database:
        with (
            database.begin() as connection,
            EnvironmentContext(Config(), scripts, fn=to_first, destination_rev="0001") as there,
        ):
            there.configure(connection=connection, target_metadata=metadata)
            there.run_migrations()
            connection.execute(
                sa.text("INSERT INTO batch (dataset, source, recorded_at, rows) VALUES ('waits', 'A', now(), 0)")
            )
        yield database


def _tables(database: Database) -> set[str]:
    with database.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_a_migration_killed_in_the_middle_is_as_if_it_had_never_begun(first: Database, empty_database_url: str) -> None:
    tables = _tables(first)
    upgrade = command("db", "upgrade")
    told = environment(LAGESBILD_DATABASE_URL=empty_database_url)
    with psycopg.connect(empty_database_url) as reader:
        # the last migration waits for somebody who reads a table that the second changes
        reader.execute("LOCK TABLE forecast_run IN ACCESS SHARE MODE")
        child = subprocess.Popen(upgrade, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            until(lambda: waiting_backends(reader) == 1 or child.poll() is not None, "the migration is in the middle")
            assert child.poll() is None, child.communicate()
            child.send_signal(signal.SIGKILL)
        finally:
            child.kill()
            child.communicate()
    assert current(first) == "0001"
    assert _tables(first) == tables
    done = subprocess.run(upgrade, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "uppgraderad" in done.stderr
    assert current(first) == head()
    with first.connect() as connection:
        assert connection.execute(sa.text("SELECT source FROM batch")).scalar_one() == "A"
