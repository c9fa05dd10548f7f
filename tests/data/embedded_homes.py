"""What the tests of the embedded server share: a process that uses it, and looks at it from outside."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psutil

from lagesbild.data.engine import Database, open_database
from lagesbild.settings import Settings

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
