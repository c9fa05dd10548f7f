"""Sessions, attempts, rates and the log in PostgreSQL: who may do what to them, and that all processes agree."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from lagesbild.cli.audit import _moment, audit
from lagesbild.cli.main import app
from lagesbild.data.engine import PEOPLE_ROLE, Database
from lagesbild.data.people import PgAudit, PgPeople, at_command_line, note_in
from lagesbild.data.people_tables import people as tables
from lagesbild.domain.people import WHAT_SV, Attempt, Event
from lagesbild.domain.person import Person

pytestmark = pytest.mark.database
OpenAs = Callable[[str], Database]
ANNA = Person("planner", "SE-1", "Anna Ek", "21")


@pytest.fixture
def people(open_as: OpenAs) -> PgPeople:
    return PgPeople(open_as("people"))


def later(open_as: OpenAs, statement: str) -> None:
    """As if time had gone."""
    with open_as("owner").begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_session_is_whose_it_is_until_it_is_closed(people: PgPeople) -> None:
    people.open_session("a", ANNA, "rules", 1)
    assert people.session("a", "rules", 30) == ANNA
    assert people.session("a", "other rules", 30) is None
    assert people.session("b", "rules", 30) is None
    assert people.close_session("a") == ANNA
    assert people.close_session("a") is None
    assert people.session("a", "rules", 30) is None


def test_the_statement_of_the_manual_ends_every_session_of_one_person(people: PgPeople, open_as: OpenAs) -> None:
    for browser in ("a", "b"):
        people.open_session(browser, ANNA, "", 1)
    people.open_session("c", Person("council", "SE-2", "Bo"), "", 1)
    manual = (Path(__file__).parents[2] / "docs" / "login.md").read_text(encoding="utf-8")
    (statement,) = re.findall(r"`(DELETE FROM login_session [^`]*)`", manual)
    later(open_as, statement.replace("SE2321000016-ABCD", "SE-1"))
    assert [people.session(browser, "", 30) is None for browser in "abc"] == [True, True, False]


def test_a_session_ends_idle_or_at_its_end_and_being_seen_counts(people: PgPeople, open_as: OpenAs) -> None:
    people.open_session("a", ANNA, "", 1)
    later(open_as, "UPDATE login_session SET seen_at = seen_at - interval '29 minutes'")
    assert people.session("a", "", 30) == ANNA
    later(open_as, "UPDATE login_session SET seen_at = seen_at - interval '29 minutes'")
    assert people.session("a", "", 30) == ANNA, "it was seen in between"
    later(open_as, "UPDATE login_session SET seen_at = seen_at - interval '31 minutes'")
    assert people.session("a", "", 30) is None
    people.open_session("b", ANNA, "", 1)
    later(open_as, "UPDATE login_session SET ends_at = ends_at - interval '61 minutes'")
    assert people.session("b", "", 30) is None


def test_an_attempt_is_taken_once_by_its_browser_in_time(people: PgPeople, open_as: OpenAs) -> None:
    attempt = Attempt("nonce", "verifier", "/andra")
    people.begin("s", "browser", attempt)
    assert people.take("s", "browser", 10) == attempt
    assert people.take("s", "browser", 10) is None
    people.begin("s", "browser", attempt)
    assert people.take("s", "other", 10) is None
    assert people.take("s", "browser", 10) is None, "one try"
    people.begin("s", "browser", attempt)
    later(open_as, "UPDATE login_attempt SET made_at = made_at - interval '11 minutes'")
    assert people.take("s", "browser", 10) is None


def test_what_is_over_is_removed_when_somebody_logs_in(people: PgPeople, open_as: OpenAs) -> None:
    people.open_session("old", ANNA, "", 1)
    people.wait("old", 1, 1)
    people.begin("old", "b", Attempt("n", "v", "/"))
    for table, column in (("login_session", "ends_at"), ("rate_bucket", "at"), ("login_attempt", "made_at")):
        later(open_as, f"UPDATE {table} SET {column} = {column} - interval '2 days'")
    people.begin("new", "b", Attempt("n", "v", "/"))
    with open_as("owner").connect() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one()
            for t in ("login_session", "rate_bucket", "login_attempt")
        ]
    assert counts == [0, 0, 1]


def test_a_key_is_new_once_until_its_seconds_are_over(people: PgPeople, open_as: OpenAs) -> None:
    assert [people.first_time("k", 60), people.first_time("k", 60), people.first_time("l", 60)] == [True, False, True]
    later(open_as, "UPDATE used_once SET until = until - interval '61 seconds'")
    assert people.first_time("k", 60)


def test_eight_that_come_at_once_with_one_key_are_one_first(people: PgPeople) -> None:
    assert sum(at_once(8, lambda: people.first_time("k", 60))) == 1


def test_a_bucket_gives_no_token_twice_and_fills_with_time(people: PgPeople, open_as: OpenAs) -> None:
    waits = at_once(8, lambda: people.wait("k", 3, 3))
    assert sorted(w == 0 for w in waits) == [False] * 5 + [True] * 3
    assert all(0 < w <= 20 for w in waits if w)
    later(open_as, "UPDATE rate_bucket SET at = at - interval '41 seconds'")
    assert [people.wait("k", 3, 3) == 0 for _ in range(3)] == [True, True, False]
    later(open_as, "UPDATE rate_bucket SET at = at - interval '1 day'")
    assert [people.wait("k", 3, 3) == 0 for _ in range(4)] == [True, True, True, False], "never more than it holds"


def at_once(n: int, act: Callable[[], object]) -> list:
    found: list = []
    start = threading.Barrier(n)

    def go() -> None:
        start.wait()
        found.append(act())

    threads = [threading.Thread(target=go) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == n
    return found


@pytest.mark.parametrize("role", ["read", "write"])
def test_readers_and_jobs_see_nobody(open_as: OpenAs, role: str) -> None:
    with open_as(role).raw() as connection:
        connection.autocommit = True
        connection.execute("SET default_transaction_read_only = off")
        for table in tables.tables:
            for statement in (
                f"SELECT * FROM {table}",
                f"DELETE FROM {table}",
                f"UPDATE {table} SET {_first(table)} = NULL",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)  # type: ignore[call-overload]


def _first(table: str) -> str:
    return next(iter(tables.tables[table].columns)).name


def test_the_log_grows_and_nothing_in_it_changes(people: PgPeople, open_as: OpenAs) -> None:
    people.note(Event("login", "SE-1", "planner"))
    PgAudit(open_as("write")).note(Event("snapshot", "root", "kommandorad"))
    for role in ("people", "write"):
        with open_as(role).raw() as connection:
            connection.autocommit = True
            if role == "people":
                assert connection.execute("SELECT current_user").fetchone() == (PEOPLE_ROLE,)
            for statement in (
                "UPDATE audit SET who = 'x'",
                "DELETE FROM audit",
                "TRUNCATE audit",
                "DROP TABLE audit",
                "ALTER TABLE audit ADD x int",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
    assert [e.what for e in PgAudit(open_as("people")).events()] == ["snapshot", "login"]


def test_the_people_role_touches_no_figures(open_as: OpenAs) -> None:
    with open_as("people").raw() as connection:
        connection.autocommit = True
        for statement in ("SELECT * FROM waits", "DELETE FROM waits", "INSERT INTO batch DEFAULT VALUES"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_an_event_is_kept_as_it_was_told_and_found(people: PgPeople, open_as: OpenAs) -> None:
    told = Event(
        "export", "SE-1", "planner", "/ladda-ner/x.csv", "region=21", "192.0.2.7", "åäö \0 '; DROP TABLE audit"
    )
    people.note(told)
    people.note(Event("login", "SE-2"))
    log = PgAudit(open_as("people"))
    found = log.events(who="SE-1")[0]
    assert (found.what, found.choices, found.address) == (told.what, told.choices, told.address)
    assert found.detail == "åäö  '; DROP TABLE audit"
    assert found.at is not None
    assert log.events(first=found.at)[-1] == found
    assert found not in log.events(before=found.at)
    assert len(log.events(most=1)) == 1


def test_an_import_is_written_down_with_what_it_changed_or_not_at_all(open_as: OpenAs) -> None:
    event = at_command_line("import", "waits", "fil.csv, 3 rader")
    with open_as("write").raw() as connection:
        note_in(connection, event)
        connection.rollback()
        note_in(connection, event)
    found = PgAudit(open_as("people")).events()
    assert [(e.what, e.object, e.role) for e in found] == [("import", "waits", "kommandorad")]


def test_the_commands_write_down_imports_and_print_the_log(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: PgPeople
) -> None:
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    file = tmp_path / "regioner.csv"
    file.write_text("code,name,short_name,healthcare_region\n21,Region Gävleborg,Gävleborg,mellansverige\n", "utf-8")
    for _ in range(2):
        assert CliRunner().invoke(app, ["import", "regions", str(file)]).exit_code == 0
    people.note(Event("export", "SE-1", "planner", "/x", "=cmd|' /C calc'!A0"))
    shown = CliRunner().invoke(app, ["audit"]).stdout
    assert shown.count("import") == 1, "the second changed nothing"
    assert "regioner.csv, 1 rader, dataversion 1" in shown
    assert "planerare" in shown
    assert "Svensk tid" in shown
    as_csv = CliRunner().invoke(app, ["audit", "--format", "csv", "--who", "SE-1"]).stdout
    assert as_csv.splitlines()[0] == "at,who,role,what,object,choices,address,detail"
    assert datetime.fromisoformat(as_csv.splitlines()[1].partition(",")[0]).tzinfo is not None
    assert "'=cmd" in as_csv
    assert "import" not in as_csv
    none = CliRunner().invoke(app, ["audit", "--to", "2001-01-01"])
    assert "inga sådana rader" in none.stderr
    assert "2026-13-01" in str(CliRunner().invoke(app, ["audit", "--from", "2026-13-01"]).exception)


@pytest.mark.parametrize(
    "moment, told",
    [
        (datetime(2026, 11, 26, 9, 38, 12, tzinfo=UTC), "2026-11-26T10:38:12+01:00"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2026-07-02T00:30:00+02:00"),
    ],
)
def test_programs_are_told_the_zone_of_a_time(moment: datetime, told: str) -> None:
    assert _moment(Event("login", at=moment)) == told
    assert datetime.fromisoformat(told) == moment


def test_every_event_has_a_swedish_name() -> None:
    assert audit.__doc__
    assert all(text for text in WHAT_SV.values())


def test_what_one_web_process_knows_the_others_know_at_once(open_as: OpenAs) -> None:
    one, other = PgPeople(open_as("people")), PgPeople(open_as("people"))
    one.open_session("a", ANNA, "", 1)
    assert other.session("a", "", 30) == ANNA
    assert one.first_time("k", 60)
    assert not other.first_time("k", 60)
    assert one.wait("b", 1, 1) == 0
    assert other.wait("b", 1, 1) > 0
    other.close_session("a")
    assert one.session("a", "", 30) is None
