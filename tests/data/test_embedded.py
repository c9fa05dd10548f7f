"""The embedded server's life: started together, left one by one, killed, moved, owned by others. Real processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from lagesbild.data import embedded
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.settings import Settings

pytestmark = pytest.mark.database

# A user of the server: says "ready PID-OF-SERVER", then waits until its standard input closes.
USER = """
import sys
from lagesbild.data.engine import open_database
from lagesbild.settings import Settings
with open_database(Settings(home=sys.argv[1]), role="owner") as database:
    with database.raw() as connection:
        connection.execute("SELECT 1")
    print("ready", (database.server.cluster / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that any user can reach (pytest's own directories are closed to the server's user when we are root)."""
    parent = Path(tempfile.mkdtemp(prefix="lagesbild-home-"))
    parent.chmod(0o755)
    yield parent / "home"
    for process in servers(parent / "home" / "postgres"):
        process.kill()
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_configured_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAGESBILD_DATABASE_URL", "LAGESBILD_READ_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def user_process(home: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(home)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def opened(home: Path) -> Database:
    return open_database(Settings(home=home, database_url=None), role="owner")


def servers(cluster: Path) -> list[psutil.Process]:
    """PostgreSQL processes at work in a data directory, found without the code under test."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(cluster):
                found.append(process)
        except psutil.Error:
            continue
    return found


def said_ready(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    word, number = process.stdout.readline().split()
    assert word == "ready"
    return int(number)


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate()
    assert process.returncode == 0


def keep_a_row(home: Path) -> None:
    with opened(home) as database, database.raw() as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")


def kept_row(home: Path) -> int:
    with opened(home) as database, database.raw() as connection:
        row = connection.execute("SELECT n FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def test_two_that_start_at_once_share_one_server_and_the_last_stops_it(
    home: Path, user_process: Callable[[], subprocess.Popen[str]]
) -> None:
    first, second, third = user_process(), user_process(), user_process()
    assert said_ready(first) == said_ready(second) == said_ready(third)
    leave(first)
    leave(third)
    assert servers(home / "postgres"), "the second process still uses the server"
    leave(second)
    assert not servers(home / "postgres")
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_two_holds_in_one_process_count_separately(home: Path) -> None:
    with opened(home) as outer:
        opened(home).close()
        with outer.raw() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        outer.close()
        outer.close()
    assert not servers(home / "postgres")


def test_writes_are_durable_and_nothing_listens_on_the_network(home: Path) -> None:
    with opened(home) as database, database.raw() as connection:
        for setting, value in (
            ("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on"),
            ("data_checksums", "on"), ("listen_addresses", ""), ("server_encoding", "UTF8"),
        ):  # fmt: skip
            shown = connection.execute("SELECT current_setting(%s)", [setting]).fetchone()
            assert (setting, shown) == (setting, (value,))
    assert (home / "postgres").stat().st_mode & 0o077 == 0


def test_a_server_killed_under_a_running_process_comes_back_with_everything_committed(home: Path) -> None:
    keep_a_row(home)
    with opened(home) as database:
        with database.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        for process in servers(home / "postgres"):
            process.kill()
        with database.connect() as connection:  # the pool's old connection is dead: pinged, replaced, server restarted
            assert connection.exec_driver_sql("SELECT n FROM kept").scalar_one() == 42
    assert not servers(home / "postgres")


def test_a_web_process_with_a_configured_address_recovers_when_the_server_is_restarted(home: Path) -> None:
    with opened(home) as owner:
        assert owner.server is not None
        upgrade(owner)
        place = owner.server.conninfo()
        url = f"postgresql://{place['user']}@/{place['dbname']}?host={place['host']}&port={place['port']}"
        with open_database(Settings(database_url=url), role="read") as web:
            source = PgSource(web)
            assert source.version().version == 0
            owner.server._postmaster.stop()
            for _ in range(2):
                with pytest.raises(DatabaseUnavailableError, match="svarar inte"):
                    source.version()
            owner.server.ensure_running()
            assert source.version().version == 0


def test_after_kill_9_of_the_using_process_the_next_one_takes_the_server_over(
    home: Path, user_process: Callable[[], subprocess.Popen[str]]
) -> None:
    keep_a_row(home)
    process = user_process()
    server = said_ready(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert psutil.pid_exists(server)
    assert kept_row(home) == 42
    assert not servers(home / "postgres"), "the last one to leave in order stops it"


def test_after_kill_9_of_everything_the_next_start_recovers(
    home: Path, user_process: Callable[[], subprocess.Popen[str]]
) -> None:
    keep_a_row(home)
    process = user_process()
    said_ready(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for server in servers(home / "postgres"):
        server.kill()
    assert (home / "postgres" / "postmaster.pid").exists()
    assert kept_row(home) == 42


def test_helpers_left_by_a_killed_server_do_not_block_the_next(home: Path) -> None:
    keep_a_row(home)
    database = opened(home)
    busy = database.raw()
    parent = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    helpers = [p for p in servers(home / "postgres") if p.pid != parent]
    for helper in helpers:
        helper.suspend()  # cannot notice that its server is gone
    os.kill(parent, signal.SIGKILL)
    with database.raw() as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    assert not any(h.is_running() and h.status() != psutil.STATUS_ZOMBIE for h in helpers)
    busy.close()
    database.close()


def test_a_stale_pid_file_whose_number_now_belongs_to_somebody_else(home: Path) -> None:
    """As after a restart of the machine: PostgreSQL alone would refuse, since a process with that number lives."""
    keep_a_row(home)
    owner = (home / "postgres").stat()
    sleeper = subprocess.Popen(["/bin/sleep", "600"], user=owner.st_uid) if os.geteuid() == 0 else None
    sleeper = sleeper or subprocess.Popen(["/bin/sleep", "600"])
    stale = home / "postgres" / "postmaster.pid"
    stale.write_text(f"{sleeper.pid}\n{home / 'postgres'}\n1700000000\n5432\n{home / 'postgres'}\n\n 1 2\nready\n")
    (home / "postgres" / ".s.PGSQL.5432").touch()
    os.chown(stale, owner.st_uid, owner.st_gid)
    try:
        assert kept_row(home) == 42
        assert sleeper.poll() is None, "the innocent process was left alone"
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_start_killed_while_making_the_database_leaves_nothing_in_the_way(home: Path) -> None:
    (home / ".postgres-half").mkdir(parents=True)
    (home / ".postgres-half" / "PG_VERSION").write_text("18\n")
    keep_a_row(home)
    assert sorted(p.name for p in home.iterdir()) == ["postgres", "postgres.lock", "postgres.users"]


def test_first_starts_killed_at_any_moment_do_not_spoil_the_next(
    home: Path, user_process: Callable[[], subprocess.Popen[str]]
) -> None:
    for delay in (0.4, 0.7, 1.0, 1.3, 1.6):
        process = user_process()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    keep_a_row(home)
    assert kept_row(home) == 42
    assert not list(home.glob(".postgres-*"))


FORKING = """
import os, sys
from lagesbild.data.engine import open_database
from lagesbild.settings import Settings
settings = Settings(home=sys.argv[1])
with open_database(settings, role="owner") as database, database.raw() as connection:
    child = os.fork()
    if child == 0:
        open_database(settings, role="owner").close()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert connection.execute("SELECT 1").fetchone() == (1,)
"""


def test_a_forked_child_has_a_hold_of_its_own(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORKING, str(home)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not servers(home / "postgres")


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


def test_leaving_while_somebody_arrives_never_takes_the_server_away(home: Path) -> None:
    """Many short visits by several processes: every one of them must find a server that answers."""
    visits = """
import sys
from lagesbild.data.engine import open_database
from lagesbild.settings import Settings
for _ in range(6):
    with open_database(Settings(home=sys.argv[1]), role="read") as database, database.raw() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
"""
    opened(home).close()
    command = [sys.executable, "-c", visits, str(home)]
    visitors = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for visitor in visitors:
        _, trouble = visitor.communicate()
        assert visitor.returncode == 0, trouble
    deadline = time.monotonic() + 10
    while servers(home / "postgres") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not servers(home / "postgres")


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
