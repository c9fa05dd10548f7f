"""`lagesbild db maintain` on a real database: what goes, what stays, and that a second run finds nothing to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lagesbild.cli import upkeep
from lagesbild.cli.database import app as commands
from lagesbild.data import maintenance
from lagesbild.data.engine import Database
from lagesbild.data.maintenance import Wishes, Work, carry_out, look, years_before
from lagesbild.data.old_runs import BACKTEST_TABLES, RUN_TABLES
from lagesbild.data.partitions import TABLES
from lagesbild.data.source import PgSource
from lagesbild.data.tables import LAST_YEAR
from lagesbild.domain.errors import DatabaseUnavailableError, InputError
from lagesbild.domain.source import Query
from tests.data.import_files import Importer

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 26, tzinfo=UTC)
WISHES = Wishes(NOW, years_ahead=10, runs_before=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture
def owner(open_as: Callable[[str], Database]) -> Database:
    return open_as("owner")


@pytest.fixture
def data(open_as: Callable[[str], Database], tmp_path: Path) -> Importer:
    """An importer with the codes loaded, in the writing role."""
    importer = Importer(open_as("write"), tmp_path)
    importer.codes()
    return importer


def run(owner: Database, statement: str) -> list[tuple[Any, ...]]:
    with owner.raw() as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def add_run(owner: Database, made: str, kind: str = "forecast", previous: int | None = None) -> int:
    """A forecast run with a row in each of its tables; its number."""
    [(number,)] = run(
        owner,
        "INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, "
        f"series, seconds, previous_run) VALUES ('{kind}', '{made}', 1, '{made}', '2020-01-01', 12, 1, '0', 1, 1, "
        f"{previous or 'NULL'}) RETURNING run_id",
    )
    for statement in (
        f"INSERT INTO forecasts (run_id, region, care_area, measure, role, model, period, horizon) "
        f"VALUES ({number}, '01', 'kat', 'waiting', 'forecast', 'm', '2020-02-01', 1)",
        f"INSERT INTO forecast_paths VALUES ({number}, '01', 'kat', 'waiting', 1, 1, '')",
        f"INSERT INTO forecast_pair VALUES ({number}, '01', 'kat', '{{}}')",
        f"INSERT INTO gaps (run_id, region, care_area, status, target_share) VALUES ({number}, '01', 'kat', 'none', 1)",
        f"INSERT INTO gap_record VALUES ({number}, '01', 'kat', 1, '2019-01-01', 0.5, 'none', NULL, 12)",
    ):
        run(owner, statement)
    return number


def add_backtest(owner: Database, made: str) -> int:
    [(number,)] = run(
        owner,
        "INSERT INTO backtest_run (created_at, code_version, horizon, step, origins, seconds) "
        f"VALUES ('{made}', '0', 12, 3, 2, 1) RETURNING backtest_id",
    )
    run(
        owner,
        "INSERT INTO backtest (backtest_id, data_set, measure, model, block, origin_year, forecasts) "
        f"VALUES ({number}, 'd', 'waiting', 'forecast', 'all', 0, 1)",
    )
    return number


def add_fit(owner: Database, made: str, anchor: str, data_hash: str) -> None:
    run(
        owner,
        f"INSERT INTO forecast_fit VALUES ('01', 'kat', 'waiting', '{anchor}', '{data_hash}', '{{}}', '{made}')",
    )


def numbers(owner: Database, table: str, key: str) -> set[int]:
    return {n for (n,) in run(owner, f"SELECT DISTINCT {key} FROM {table}")}


def test_a_database_that_lacks_nothing_is_left_alone(owner: Database) -> None:
    assert look(owner, WISHES) == Work()
    assert carry_out(owner, WISHES).nothing
    assert run(owner, "SELECT version FROM data_version") == [(0,)]


def test_partitions_are_made_for_the_years_to_come_just_like_the_first_ones(owner: Database) -> None:
    wishes = replace(WISHES, years_ahead=LAST_YEAR + 2 - NOW.year)
    assert {(m.table, m.year, m.rows) for m in look(owner, wishes).missing} == {
        (t, y, 0) for t in TABLES for y in (LAST_YEAR + 1, LAST_YEAR + 2)
    }
    carry_out(owner, wishes)
    assert look(owner, wishes).nothing
    for table in TABLES:
        described = [
            run(
                owner,
                "SELECT a.attname, a.atttypid, a.attnotnull, pg_get_expr(d.adbin, d.adrelid), "
                "(SELECT array_agg(k ORDER BY n) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY u(k, n) "
                " WHERE i.indrelid = a.attrelid AND i.indisprimary) "
                "FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) "
                f"WHERE attrelid = '{table}_{year}'::regclass AND attnum > 0 ORDER BY attnum",
            )
            for year in (LAST_YEAR, LAST_YEAR + 1)
        ]
        assert described[0] == described[1]


def test_rows_of_a_year_without_a_partition_move_into_one_and_read_the_same(owner: Database, data: Importer) -> None:
    data.waits("1998-03,01,kat,,70,60", "1998-03,01,kna,,<5,", "1999-12,03,kat,,8,8", "2024-01,01,kat,,9,9")
    source = PgSource(data.database)
    before, version = source.facts("waits", Query()), source.version()
    assert run(owner, "SELECT count(*) FROM waits_other") == [(3,)]
    assert [(m.name, m.rows) for m in look(owner, WISHES).missing] == [("waits_1998", 2), ("waits_1999", 1)]
    carry_out(owner, WISHES)
    assert run(owner, "SELECT count(*) FROM waits_other") == [(0,)]
    assert run(owner, "SELECT tableoid::regclass::text, count(*) FROM waits GROUP BY 1 ORDER BY 1") == [
        ("waits_1998", 2), ("waits_1999", 1), ("waits_2024", 1),
    ]  # fmt: skip
    assert source.facts("waits", Query()).equals(before)
    assert source.version() == version
    data.waits("1998-04,01,kat,,71,60")  # the next row finds its way there
    assert run(owner, "SELECT count(*) FROM waits_1998") == [(3,)]
    assert look(owner, WISHES).missing == []


def test_old_runs_go_with_all_their_rows_and_the_ones_still_needed_stay(owner: Database) -> None:
    gone = add_run(owner, "2012-01-01")
    started_from = add_run(owner, "2013-01-01", previous=gone)
    record = add_run(owner, "2014-01-01", kind="record")  # the newest of its kind, however old
    kept = add_run(owner, "2024-01-01", previous=started_from)
    later = add_run(owner, "2024-02-01", previous=kept)
    gone_too = add_run(owner, "2012-01-01", kind="told", previous=gone)  # what was told of a run goes and stays with it
    stays_too = add_run(owner, "2013-01-01", kind="told", previous=started_from)
    old_test, new_test = add_backtest(owner, "2012-01-01"), add_backtest(owner, "2013-01-01")
    work = look(owner, WISHES)
    assert (work.runs, work.backtests) == ([gone, gone_too], [old_test])
    assert carry_out(owner, WISHES) == replace(work, bloated={})
    for table in RUN_TABLES:
        assert numbers(owner, table, "run_id") == {started_from, record, kept, later, stays_too}, table
    assert numbers(owner, "backtest", "backtest_id") == numbers(owner, "backtest_run", "backtest_id") == {new_test}
    assert run(owner, "SELECT version FROM data_version") == [(1,)]
    assert look(owner, WISHES).nothing
    assert look(owner, replace(WISHES, runs_before=None)).nothing
    everything = look(owner, replace(WISHES, runs_before=NOW))
    assert everything.runs == [
        started_from,
        stays_too,
    ]  # the one that the newest started from stays, and the newest of each kind


def test_fits_that_were_replaced_or_are_old_go_without_a_new_data_version(owner: Database) -> None:
    add_fit(owner, "2026-01-01", "2025-12-01", "first")
    add_fit(owner, "2026-02-01", "2025-12-01", "revised")
    add_fit(owner, "2026-02-01", "2026-03-01", "other month")
    add_fit(owner, "2024-01-01", "2023-12-01", "old")
    assert look(owner, WISHES).fits == 2
    carry_out(owner, WISHES)
    assert run(owner, "SELECT data_hash FROM forecast_fit ORDER BY 1") == [("other month",), ("revised",)]
    assert run(owner, "SELECT version FROM data_version") == [(0,)]


def test_every_table_of_a_run_is_emptied() -> None:
    from lagesbild.data.tables import metadata

    with_key = {"run_id": set(RUN_TABLES), "backtest_id": set(BACKTEST_TABLES)}
    for key, tables in with_key.items():
        assert {t.name for t in metadata.tables.values() if key in t.columns} == tables


def test_facts_go_only_when_asked_for_and_then_of_whole_years(owner: Database, data: Importer) -> None:
    data.waits("1998-03,01,kat,,70,60", "2013-12,01,kat,,7,6", "2014-01,01,kat,,8,7", "2026-01,03,kat,,9,9")
    wishes = replace(WISHES, facts_before=2014)
    version = PgSource(owner).version().version
    work = look(owner, wishes)
    assert (work.facts, work.missing) == ({"waits": 2}, [])  # no partition is made for what is about to go
    carry_out(owner, wishes)
    assert run(owner, "SELECT DISTINCT period::text FROM waits ORDER BY 1") == [("2014-01-01",), ("2026-01-01",)]
    assert run(owner, "SELECT to_regclass('waits_2013'), to_regclass('capacity_2000')") == [(None, None)]
    assert PgSource(owner).version().version == version + 1
    assert look(owner, wishes).nothing
    assert look(owner, WISHES).nothing
    data.waits("2013-12,01,kat,,7,6")  # a year that comes back gets its partition again
    assert [(m.name, m.rows) for m in look(owner, WISHES).missing] == [("waits_2013", 1)]
    with pytest.raises(InputError, match="också årets uppgifter"):
        look(owner, replace(WISHES, facts_before=2027))


def test_statistics_of_the_whole_table_are_made_when_rows_have_come(owner: Database, data: Importer) -> None:
    """Autovacuum counts in the partitions only, never in the table they are parts of."""
    data.waits("2024-01,01,kat,,9,9", "2025-01,03,kat,,9,9")
    assert "waits" in look(owner, WISHES).stale
    carry_out(owner, WISHES)
    counted = run(owner, "SELECT count(*) FROM pg_stats WHERE tablename = 'waits' AND inherited")
    assert counted[0][0] > 0
    assert look(owner, WISHES).nothing


def test_a_table_full_of_dead_rows_is_pointed_out(owner: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "_DEAD_ROWS", 0)
    add_fit(owner, "2026-01-01", "2025-12-01", "one")
    with owner.raw() as connection:
        connection.execute("DELETE FROM forecast_fit")
        connection.commit()
        connection.execute("SELECT pg_stat_force_next_flush()")
    assert look(owner, WISHES).bloated == {"forecast_fit": 1}
    assert upkeep.lines(Work(bloated={"waits_2024": 12345}), done=True)[-1] == (
        "Tips: waits_2024 har 12\u00a0345 döda rader. Går det inte över av sig självt, kör VACUUM (ANALYZE) waits_2024."
    )


def test_it_waits_for_an_import_but_not_for_ever_and_two_at_once_agree(
    owner: Database, open_as: Callable[[str], Database], data: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.waits("1998-03,01,kat,,70,60")
    monkeypatch.setattr(maintenance, "_WAIT", "SET LOCAL lock_timeout = '50ms'")
    with open_as("write").raw() as importing:
        maintenance.wait_lock(importing)
        with pytest.raises(DatabaseUnavailableError, match="upptagen"):
            carry_out(owner, WISHES)
        assert run(owner, "SELECT count(*) FROM waits_other") == [(1,)]
    monkeypatch.undo()
    both = [threading.Thread(target=carry_out, args=(open_as("owner"), WISHES)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert run(owner, "SELECT count(*) FROM waits_1998") == [(1,)]


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    return lambda *given: CliRunner().invoke(commands, ["maintain", *given])


def test_the_command_tells_what_it_would_do_and_does_it_once(
    command: Callable[..., Any], owner: Database, data: Importer
) -> None:
    data.waits("1998-03,01,kat,,70,60")
    gone = add_run(owner, "2001-01-01")
    add_run(owner, "2024-01-01")
    would = command("--dry-run").stderr.splitlines()
    assert would == [
        "Partitioner skulle göras i waits: 1998, dit 1 rad skulle flyttas.",
        f"Skulle tas bort: 1 prognoskörning (nummer {gone}).",
        f"Statistiken skulle räknas om för {', '.join(sorted(TABLES))}.",
    ]
    did = command().stderr.splitlines()
    assert did[:2] == [
        "Partitioner gjordes i waits: 1998, dit 1 rad flyttades.",
        f"Togs bort: 1 prognoskörning (nummer {gone}).",
    ]
    assert did[-1] == "Uppgifterna har fått ett nytt versionsnummer."
    assert command().stderr == "Det finns inget att göra.\n"


def test_the_command_removes_no_facts_without_a_confirmation(command: Callable[..., Any], data: Importer) -> None:
    data.waits("2013-12,01,kat,,7,6", "2014-01,01,kat,,8,7")
    refused = command("--facts-before", "2014")
    assert isinstance(refused.exception, InputError)
    assert "(antal rader: 1). Ingenting har ändrats." in str(refused.exception)
    assert "--confirm" in refused.exception.remedy
    assert "Skulle tas bort: 1 rad i waits." in command("--facts-before", "2014", "--dry-run").stderr
    assert data.query("SELECT count(*) FROM waits") == [(2,)]
    assert "Togs bort: 1 rad i waits." in command("--facts-before", "2014", "--confirm").stderr
    assert data.query("SELECT period::text FROM waits") == [("2014-01-01",)]


def test_runs_are_kept_for_ever_when_the_setting_says_so(
    command: Callable[..., Any], owner: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(owner, "2001-01-01")
    add_run(owner, "2002-01-01")
    monkeypatch.setenv("LAGESBILD_RUNS_KEEP_YEARS", "0")
    assert command().stderr == "Det finns inget att göra.\n"
    monkeypatch.setenv("LAGESBILD_RUNS_KEEP_YEARS", "5")
    assert "1 prognoskörning" in command().stderr


def test_the_writing_role_may_not(open_as: Callable[[str], Database], owner: Database) -> None:
    add_run(owner, "2001-01-01")
    add_run(owner, "2002-01-01")
    with pytest.raises(DatabaseUnavailableError, match="saknar rättighet"):
        carry_out(open_as("write"), WISHES)
    assert len(numbers(owner, "forecast_run", "run_id")) == 2


def test_examples() -> None:
    import doctest

    for module in (maintenance, upkeep):
        assert doctest.testmod(module).failed == 0
    assert years_before(NOW, 10) == datetime(2016, 11, 26, tzinfo=UTC)
