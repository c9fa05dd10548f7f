"""Where the embedded server lives and who runs it: odd paths, closed directories, other users, Swedish faults."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from lagesbild.data import embedded
from lagesbild.domain.errors import DatabaseUnavailableError
from tests.data.embedded_homes import keep_a_row, kept_row, opened

pytestmark = pytest.mark.database


@pytest.mark.parametrize("name", ["x" * 120, "vård $HOME \"å\" 'b', c"], ids=["long", "odd"])
def test_long_and_odd_paths(home: Path, name: str) -> None:
    keep_a_row(home / name)
    assert kept_row(home / name) == 42


def test_an_occupied_socket_directory_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lagesbild.data.postmaster._SHORT", tmp_path)
    deep = home / ("x" * 120)
    digest = hashlib.sha256(os.fsencode(deep / "postgres")).hexdigest()[:16]
    (tmp_path / f"lagesbild-{digest}").mkdir(mode=0o755)  # open to others, so not ours
    with pytest.raises(DatabaseUnavailableError, match="tillhör någon annan"):
        opened(deep)


def test_a_home_that_cannot_be_made_is_told_in_swedish(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(DatabaseUnavailableError, match="en del av sökvägen är en fil") as caught:
        opened(tmp_path / "fil" / "home")
    assert "LAGESBILD_HOME" in caught.value.remedy


def test_a_database_of_another_major_version_is_not_touched(home: Path) -> None:
    keep_a_row(home)
    (home / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailableError, match="PostgreSQL 16"):
        opened(home)
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_damaged_configuration_is_told_with_the_words_of_the_server(home: Path) -> None:
    keep_a_row(home)
    with (home / "postgres" / "postgresql.conf").open("a") as config:
        config.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailableError, match="no_such_setting"):
        opened(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_below_a_closed_directory_opens_it_for_the_server_alone(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    keep_a_row(closed / "deep")
    assert kept_row(closed / "deep") == 42
    stranger = subprocess.run(
        ["/usr/bin/test", "-x", str(closed)], check=False, user=65534, group=65534, extra_groups=[]
    )
    assert stranger.returncode == 1, "others are still shut out"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_where_there_are_no_access_lists_passing_is_all_that_is_opened(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unsupported(user: object, directory: object) -> None:
        raise OSError("not supported")

    monkeypatch.setattr("lagesbild.data.system_user._grant_traversal", unsupported)
    home.mkdir()
    home.chmod(0o700)
    keep_a_row(home / "deep")
    assert home.stat().st_mode & 0o777 == 0o701
    assert str(home) in caplog.text


def copied_programs(where: Path) -> Path:
    """The wheel's PostgreSQL, with its libraries, at a place that any user can reach."""
    package = embedded.installation().parent
    for directory in (embedded.installation().relative_to(package.parent), Path(f"{package.name}.libs")):
        shutil.copytree(package.parent / directory, where / "packages" / directory, symlinks=True)
    return where / "packages" / embedded.installation().relative_to(package.parent)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_programs_installed_by_root_with_a_strict_umask(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = copied_programs(home)
    for path in (home / "packages", *(home / "packages").rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setattr(embedded, "installation", lambda: programs)
    keep_a_row(home / "own")
    assert kept_row(home / "own") == 42


# Python itself may lie below /root, so the process starts as root, loads what it needs, and then becomes `nobody`.
ORDINARY = """
import os, sys
from pathlib import Path
from lagesbild.data import embedded
from lagesbild.data.engine import open_database
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.settings import Settings
programs, warm, home = map(Path, sys.argv[1:])
with open_database(Settings(home=warm), role="owner") as database, database.connect() as connection:
    connection.exec_driver_sql("SELECT 1")
embedded.installation = lambda: programs
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for turn in (1, 2):
    with open_database(Settings(home=home), role="owner") as database, database.connect() as connection:
        print(connection.exec_driver_sql("SELECT 41 + 1").scalar_one(), (home / "postgres").stat().st_uid)
for forbidden in (warm, Path("/lagesbild-not-allowed")):
    try:
        open_database(Settings(home=forbidden), role="owner")
    except DatabaseUnavailableError as error:
        print(error.message)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests already run as an ordinary user")
def test_an_ordinary_user_has_a_server_of_its_own_and_is_told_about_others(home: Path) -> None:
    own = home / "ordinary"
    own.mkdir(parents=True)
    os.chown(own, 65534, 65534)
    programs = copied_programs(home)
    command = [sys.executable, "-c", ORDINARY, str(programs), str(home), str(own)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["42 65534", "42 65534"]
    assert "tillhör användaren lagesbild" in lines[2]
    assert "rättighet saknas" in lines[3]


def test_the_programs_missing_is_told(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DatabaseUnavailableError, match="inte installerad"):
        opened(home)


def test_a_client_sees_only_a_private_socket(home: Path) -> None:
    with opened(home) as database:
        assert database.server is not None
        parameters = database.server.conninfo()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=parameters["port"], user="postgres", dbname="lagesbild")
        assert Path(parameters["host"]).stat().st_mode & 0o077 == 0
