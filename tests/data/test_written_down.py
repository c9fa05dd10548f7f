"""What is taken out or removed at the command line is in the log; where the log cannot be written, that is said."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lagesbild.data.engine import Database
from lagesbild.data.people import PgAudit
from lagesbild.domain.people import Event
from lagesbild.domain.swedish import swedish_time
from lagesbild.snapshots.store import Store
from tests.conftest import Call, PgServer
from tests.data.import_files import Importer
from tests.snapshots.made import FEBRUARY, bundle

pytestmark = pytest.mark.database
OpenAs = Callable[[str], Database]
SAID = "Varning: Det här står inte i loggen"
ROW = "2024-01,01,kat,,1234,"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, command_line: Call, tmp_path: Path) -> Call:
    """Runs the command line with a home of its own: (exit code, standard output, standard error)."""
    monkeypatch.setenv("LAGESBILD_HOME", str(tmp_path / "hem"))
    return command_line


@pytest.fixture
def at(
    monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path, database_url: str
) -> Callable[[], list[Event]]:
    """One month of waits, in the database of the command line; gives the log without the imports."""
    importer = Importer(database, tmp_path)
    importer.codes()
    importer.waits(ROW)
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)

    def log() -> list[Event]:
        with database_as_people() as people:
            return [e for e in PgAudit(people).events() if e.what != "import"]

    def database_as_people() -> Database:
        from lagesbild.data.engine import open_database
        from lagesbild.settings import Settings

        return open_database(Settings(database_url=database_url), role="people")

    return log


def test_an_export_is_in_the_log_with_who_what_and_which_choices(
    call: Call, at: Callable[[], list[Event]], tmp_path: Path
) -> None:
    today = str(swedish_time(datetime.now(UTC)).date())
    code, out, err = call("export", "waits", "--region", "01", "--from", "2024-01", "--as-of", today)
    assert (code, err) == (0, "")
    assert ROW in out
    (shown,) = at()
    assert (shown.what, shown.who, shown.role) == ("export", getpass.getuser(), "kommandorad")
    assert (shown.object, shown.detail) == ("waits", "csv, till standard ut")
    assert shown.choices.startswith(f"region=01&from=2024-01&as_of={today}")
    file = tmp_path / "ut.xlsx"
    assert call("export", "waits", "--out", str(file))[0] == 0
    assert (at()[0].detail, at()[0].choices) == (f"xlsx, 1 rad till {file}", "")


def test_what_was_not_handed_out_as_a_file_is_not_in_the_log(call: Call, at: Callable[[], list[Event]]) -> None:
    assert call("export", "waits", "--region", "99", "--out", "x.csv")[0] == 2
    assert call("export", "waits", "--out", "finns/inte/x.csv")[0] == 2
    assert at() == []


def test_pruned_snapshots_are_in_the_log_by_name(
    call: Call, at: Callable[[], list[Event]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = _three(tmp_path / "hem")
    monkeypatch.setenv("LAGESBILD_SNAPSHOTS_KEEP", "1")
    assert call("snapshot", "prune", "--dry-run")[0] == 0
    assert at() == [], "nothing has been removed"
    code, _, err = call("snapshot", "prune")
    assert code == 0
    assert SAID not in err
    (event,) = at()
    assert (event.what, event.who, event.object) == ("snapshot", getpass.getuser(), "gallring")
    assert event.detail == f"tar bort {names[0]}, {names[1]}"


def _three(home: Path) -> list[str]:
    return [Store(home).save(bundle(as_of=FEBRUARY + timedelta(days=n))).path.name for n in range(3)]


def test_a_database_that_is_not_migrated_is_exported_with_a_warning(
    call: Call, at: Callable[[], list[Event]], open_as: OpenAs
) -> None:
    with open_as("owner").begin() as owner:
        owner.exec_driver_sql("DROP TABLE audit")  # as before migration 0005
    code, out, err = call("export", "waits")
    assert code == 0
    assert ROW in out
    assert f"{SAID}. Databasen saknar tabeller.\nGör så här: Kör `lagesbild db upgrade`." in err
    code, out, err = call("--quiet", "export", "waits")
    assert (code, SAID in err) == (0, True), "a warning is said with --quiet"


@pytest.fixture
def reader_url(pg_server: PgServer, database_url: str) -> Iterator[str]:
    """The database for a user who may read and nothing else."""
    pg_server.run("CREATE ROLE bara_laser LOGIN IN ROLE lagesbild_read")
    user = pg_server.url("x").split("//")[1].split("@")[0]
    yield database_url.replace(f"//{user}@", "//bara_laser@", 1)
    pg_server.run("DROP ROLE bara_laser")


@pytest.mark.usefixtures("at")
def test_who_may_only_read_exports_with_a_warning(
    call: Call, reader_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", reader_url)
    file = tmp_path / "ut.csv"
    code, out, err = call("export", "waits", "--out", str(file))
    assert (code, out) == (0, "")
    assert ROW in file.read_text()
    assert f"{SAID}. Databasanvändaren saknar rättighet" in err


@pytest.mark.usefixtures("at")
def test_where_only_a_replica_is_known_nothing_is_made_to_hold_a_log(
    call: Call, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LAGESBILD_DATABASE_URL")
    monkeypatch.setenv("LAGESBILD_READ_URL", database_url)
    code, out, err = call("export", "waits")
    assert code == 0
    assert ROW in out
    assert f"{SAID}: bara en läsreplika är angiven." in err
    assert not (tmp_path / "hem").exists()


def test_pruning_without_a_database_makes_none(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAGESBILD_DATABASE_URL", raising=False)
    monkeypatch.delenv("LAGESBILD_READ_URL", raising=False)
    _three(tmp_path / "hem")
    monkeypatch.setenv("LAGESBILD_SNAPSHOTS_KEEP", "1")
    code, out, err = call("snapshot", "prune")
    assert (code, len(out.splitlines())) == (0, 2)
    assert f"{SAID}: det finns ingen databas." in err
    assert [p.name for p in (tmp_path / "hem").iterdir()] == ["snapshots"]
