"""The embedded server's life: started together, left one by one, killed, restarted. Real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.settings import Settings
from tests.data.embedded_homes import keep_a_row, kept_row, leave, opened, said_ready, servers

pytestmark = pytest.mark.database


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


def test_a_command_told_to_stop_stops_its_server_too(home: Path) -> None:
    script = """
import sys, time
from lagesbild.cli.main import app, main
from lagesbild.data.engine import open_database
from lagesbild.settings import load_settings

@app.command("vila")
def rest() -> None:
    with open_database(load_settings(), role="owner"):
        print("ready", 0, flush=True)
        time.sleep(600)

sys.argv = ["lagesbild", "vila"]
main()
"""
    environment = {**os.environ, "LAGESBILD_HOME": str(home)}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
    said_ready(process)
    assert servers(home / "postgres")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert not servers(home / "postgres")
