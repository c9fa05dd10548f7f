"""What each role can and cannot do, tried on the server; and what a web process does when the database goes away."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa

from lagesbild.data.engine import READ_ROLE, WRITE_ROLE, Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.roles import apply_roles
from lagesbild.data.source import PgSource
from lagesbild.data.tables import metadata
from lagesbild.data.version import bump
from lagesbild.domain.errors import ConfigError, DatabaseUnavailableError
from lagesbild.settings import Settings

pytestmark = pytest.mark.database
OpenAs = Callable[[str], Database]

ROW = (
    "INSERT INTO waits (period, region, care_area, provider, waiting, value_status, recorded_at, batch_id) "
    "VALUES ('2024-01-01', '01', 'a', '', 5, 'reported', '2024-02-15', 1)"
)
CHANGES = ["UPDATE {} SET batch_id = 2", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} ADD x int"]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_reading_role_may_read_and_nothing_else(open_as: OpenAs, table: str) -> None:
    with open_as("read").raw() as connection:
        connection.autocommit = True
        connection.execute("SET default_transaction_read_only = off")  # so that only the privileges are tried
        assert connection.execute("SELECT current_user").fetchone() == (READ_ROLE,)
        connection.execute(f"SELECT * FROM {table} LIMIT 1")  # type: ignore[call-overload]
        column = next(iter(metadata.tables[table].columns)).name
        forbidden = [
            f"INSERT INTO {table} DEFAULT VALUES",
            f'UPDATE {table} SET "{column}" = NULL',
            f"DELETE FROM {table}",
        ]
        for statement in (*forbidden, f"TRUNCATE {table}", f"DROP TABLE {table}", "CREATE TABLE mine (n int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)  # type: ignore[call-overload]


def test_a_reading_connection_is_read_only_even_where_the_role_is_missing(open_as: OpenAs) -> None:
    database = open_as("read")
    with database.raw() as connection:
        connection.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute(ROW)
    with pytest.raises(DatabaseUnavailableError, match="skrivskyddad"), database.begin() as pooled:
        pooled.exec_driver_sql(f"RESET ROLE; {ROW}")


def test_the_writing_role_adds_rows_and_bumps_but_never_changes_or_removes(open_as: OpenAs) -> None:
    with open_as("write").raw() as connection:
        connection.autocommit = True
        assert connection.execute("SELECT current_user").fetchone() == (WRITE_ROLE,)
        connection.execute(ROW)
        connection.execute("INSERT INTO batch (dataset, source, recorded_at, rows) VALUES ('waits', 'x', now(), 1)")
        connection.execute("ANALYZE waits")
        assert bump(connection) == 1
        for table in sorted(set(metadata.tables) - {"data_version"}):
            column = next(iter(metadata.tables[table].columns)).name
            for statement in (f'UPDATE {table} SET "{column}" = NULL', f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)  # type: ignore[call-overload]
        for statement in (
            "DELETE FROM data_version",
            "UPDATE data_version SET only_row = true",
            "DROP TABLE waits_2024",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM waits_2024")  # not past the parent either


def test_a_fault_of_privilege_is_told_in_swedish_with_a_remedy(open_as: OpenAs) -> None:
    with (
        pytest.raises(DatabaseUnavailableError, match="saknar rättighet") as caught,
        open_as("write").begin() as pooled,
    ):
        pooled.exec_driver_sql("DELETE FROM waits")
    assert "lagesbild db upgrade" in caught.value.remedy


def test_tables_made_later_are_readable_without_being_named(open_as: OpenAs) -> None:
    with open_as("owner").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE later AS SELECT 1 AS n")
    with open_as("read").connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM later").scalar_one() == 1


@pytest.fixture
def login(empty_database_url: str) -> Settings:
    """A database handed to a user who is neither superuser nor allowed to make roles, as a hosting company does."""
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE modest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        connection.execute("ALTER SCHEMA public OWNER TO modest")
    return Settings(database_url=empty_database_url.replace("postgres@", "modest@", 1))


def test_a_modest_owner_can_migrate_read_and_write(login: Settings) -> None:
    with open_database(login, role="owner") as owner:
        assert upgrade(owner)
    with open_database(login, role="write") as writer, writer.raw() as connection:
        connection.execute(ROW)
        bump(connection)
    with open_database(login, role="read") as reader:
        assert PgSource(reader).version().version == 1
        with pytest.raises(DatabaseUnavailableError, match=r"skrivskyddad|saknar rättighet"), reader.begin() as pooled:
            pooled.exec_driver_sql(ROW)


def test_missing_roles_are_named(open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lagesbild.data.roles._CREATE", "SELECT '{role}'")
    monkeypatch.setattr("lagesbild.data.roles.READ_ROLE", "no_such_role")
    with open_as("owner").begin() as connection:
        assert apply_roles(connection) == ["no_such_role"]


def test_the_pool_recovers_when_the_server_drops_its_connections(open_as: OpenAs) -> None:
    """What a restart looks like from a client: every connection it holds is dead."""
    source = PgSource(open_as("read"))
    barrier = threading.Barrier(4)

    def several() -> list[int]:
        seen: list[int] = []

        def ask() -> None:
            barrier.wait()
            seen.append(source.version().version)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seen

    assert several() == [0] * 4
    with open_as("owner").raw() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert several() == [0] * 4


def test_a_server_that_is_not_there_is_told_in_swedish_and_found_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(settings, role="read") as database:
        source, right = PgSource(database), dict(database._conninfo)
        monkeypatch.setitem(database._conninfo, "port", "1")
        with pytest.raises(DatabaseUnavailableError, match="svarar inte") as caught:
            source.version()
        assert "LAGESBILD_DATABASE_URL" in caught.value.remedy
        monkeypatch.setitem(database._conninfo, "port", right["port"])
        assert source.version().version == 0


def test_a_database_without_tables_says_what_to_do(empty_database_url: str) -> None:
    with open_database(Settings(database_url=empty_database_url), role="read") as database:
        with pytest.raises(DatabaseUnavailableError, match="saknar tabeller") as caught:
            PgSource(database).version()
        assert caught.value.remedy == "Kör `lagesbild db upgrade`."


@pytest.mark.parametrize("spelled", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_every_spelling_of_the_address_is_understood(database_url: str, spelled: str) -> None:
    url = database_url.replace("postgresql://", spelled, 1)
    with open_database(Settings(database_url=url), role="read") as database:
        assert PgSource(database).version().version == 0


def test_the_read_address_is_used_for_reading_only(database_url: str) -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", read_url=database_url)
    with open_database(settings, role="read") as database:
        assert PgSource(database).version().version == 0
    with open_database(settings, role="write") as database, pytest.raises(DatabaseUnavailableError):
        PgSource(database).version()


@pytest.mark.parametrize("wrong", ["mysql://a:hemligt@b/c", "postgresql://a:hemligt@b:xx/c?nonsense=1"])
def test_an_address_that_is_none_is_a_fault_of_the_setting_without_the_password(wrong: str) -> None:
    with pytest.raises(ConfigError, match="LAGESBILD_DATABASE_URL") as caught:
        open_database(Settings(database_url=wrong), role="read")
    assert "hemligt" not in str(caught.value)


def test_bump_counts_up_inside_the_callers_transaction(open_as: OpenAs) -> None:
    database = open_as("write")
    source = PgSource(database)
    with database.connect() as connection:
        assert bump(connection) == 1
        connection.rollback()
    assert source.version().version == 0
    before = source.version().changed_at
    with database.begin() as connection:
        bump(connection)
        assert bump(connection) == 2
    assert source.version().version == 2
    assert source.version().changed_at > before


def test_our_own_faults_in_sql_are_not_dressed_up_as_the_databases(open_as: OpenAs) -> None:
    with pytest.raises(sa.exc.ProgrammingError), open_as("read").connect() as connection:
        connection.exec_driver_sql("SELEKT 1")
