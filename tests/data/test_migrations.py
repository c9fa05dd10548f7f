"""The migrated schema is what tables.py says, and migrating is safe to repeat and to do twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from typer.testing import CliRunner

from lagesbild.cli.database import app as commands
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import _scripts, current, head, upgrade
from lagesbild.data.people_tables import people
from lagesbild.data.source import PgSource
from lagesbild.data.tables import DATASET_TABLES, FIRST_YEAR, LAST_YEAR, index_order, metadata
from lagesbild.domain.datasets import DATASETS, FACT_DATASETS
from lagesbild.domain.errors import DatabaseOutdatedError, InputError
from lagesbild.settings import Settings

pytestmark = pytest.mark.database


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    with open_database(Settings(database_url=empty_database_url), role="owner") as database:
        yield database


@pytest.fixture
def owner(settings: Settings) -> Iterator[Database]:
    with open_database(settings, role="owner") as database:
        yield database


def test_an_empty_database_is_brought_to_the_newest_revision_once(empty: Database) -> None:
    assert current(empty) is None
    assert upgrade(empty)[-1] == head()
    assert current(empty) == head()
    assert upgrade(empty) == []


def test_four_that_migrate_at_once_agree(empty: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: upgrade(empty), range(4)))
    assert sorted(map(bool, done)) == [False, False, False, True]


def test_a_failing_migration_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(connection: sa.Connection) -> list[str]:
        raise RuntimeError("power cut")

    monkeypatch.setattr("lagesbild.data.migrate.apply_roles", failing)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(empty)
    with empty.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_a_database_of_a_newer_program_is_refused(owner: Database) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InputError, match="9999"):
        upgrade(owner)


def test_the_commands_upgrade_and_tell_where_the_database_is(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", empty_database_url)
    before = CliRunner().invoke(commands, ["status"])
    assert before.exit_code == 0
    assert "Databasens revision: saknas" in before.stdout
    assert "Kör `lagesbild db upgrade`." in before.stdout
    assert "uppgraderad till revision" in CliRunner().invoke(commands, ["upgrade"]).stderr
    assert "redan uppgraderad" in CliRunner().invoke(commands, ["upgrade"]).stderr
    assert "Databasen är aktuell." in CliRunner().invoke(commands, ["status"]).stdout


@pytest.mark.parametrize("metadata", [metadata, people], ids=["figures", "people"])
def test_the_migrated_schema_is_what_tables_py_says(owner: Database, metadata: sa.MetaData) -> None:
    def _ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or name in metadata.tables

    with owner.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_name": _ours}
        )
        assert compare_metadata(context, metadata) == []
        inspector = sa.inspect(connection)
        for table in metadata.tables.values():
            columns = {c["name"]: c["nullable"] for c in inspector.get_columns(table.name)}
            assert columns == {c.name: c.nullable for c in table.columns}, table.name
            key = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert key == [c.name for c in table.primary_key.columns], table.name


@pytest.mark.parametrize("dataset", FACT_DATASETS)
def test_facts_are_partitioned_by_year_with_the_region_in_the_key(owner: Database, dataset: str) -> None:
    table = DATASET_TABLES[dataset].name
    with owner.connect() as connection:
        key = sa.inspect(connection).get_pk_constraint(table)["constrained_columns"]
        bounds = connection.exec_driver_sql(
            "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i "
            "JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass ORDER BY 1",
            (table,),
        ).all()
    assert {"region", "home_region"} & set(key)
    assert key == list(index_order(DATASETS[dataset]))
    years = [
        (f"{table}_{y}", f"FOR VALUES FROM ('{y}-01-01') TO ('{y + 1}-01-01')")
        for y in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    assert [tuple(b) for b in bounds] == [*years, (f"{table}_other", "DEFAULT")]


def test_the_version_row_is_one_and_stays_one(owner: Database) -> None:
    with owner.connect() as connection:
        assert connection.exec_driver_sql("SELECT version FROM data_version").scalar_one() == 0
        for second in ("true", "false"):
            with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
                connection.exec_driver_sql(f"INSERT INTO data_version VALUES ({second}, 1, now())")


def test_a_database_without_tables_is_told_apart_from_one_that_does_not_answer(empty_database_url):
    with (
        open_database(Settings(database_url=empty_database_url), role="read") as database,
        pytest.raises(DatabaseOutdatedError, match="saknar tabeller"),
    ):
        PgSource(database).version()


def test_a_run_of_the_first_version_is_readable_after_the_second(empty: Database) -> None:
    """Made before calibration, facts for scenarios and the record of warnings: they are empty, not an error."""
    scripts = _scripts()

    def to_first(revision: Any, _: MigrationContext) -> Any:
        return scripts._upgrade_revs("0001", revision)

    with (
        empty.begin() as connection,
        EnvironmentContext(Config(), scripts, fn=to_first, destination_rev="0001") as environment,
    ):
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
        connection.execute(
            sa.text(
                "INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, "
                "code_version, series, seconds) VALUES ('forecast', now(), 1, now(), '2026-01-01', 12, 1, '0.0', 1, 1)"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO gaps (run_id, region, care_area, status, target_share) VALUES (1, '01', 'k', 'none', .8)"
            )
        )
    assert current(empty) == "0001"
    assert upgrade(empty) == ["0002", "0003", "0004", "0005"]
    source = PgSource(empty)
    run = source.runs()[0]
    assert (run.paths, run.previous_run, dict(run.calibration)) == (1_000, None, {})
    assert source.gaps(run.run_id)["lean"].isna().all()
    assert source.gap_record(run.run_id).empty
    assert source.pair_facts(run.run_id, "01", "k") is None
    assert source.backtest().empty
