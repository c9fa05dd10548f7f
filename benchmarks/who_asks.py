"""What it costs a request to know who asks: a session looked up, a key seen for the first time, a token taken.

Against `SELECT 1` through the same pool, in turns, so that a busy machine is busy for all of them. Medians.

    .venv/bin/python -m benchmarks.who_asks [--repeat 500]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.people import PgPeople
from lagesbild.domain.person import Person
from lagesbild.settings import Settings


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=500)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory(prefix="lagesbild-who-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root the server runs as another user
        settings = Settings(home=home, database_url=None)
        with open_database(settings, role="owner") as owner, open_database(settings, role="people") as database:
            upgrade(owner)
            people = PgPeople(database)
            people.open_session("a", Person("support", "x", "X"), "", 1)

            def plain() -> None:
                with database.connect() as connection:
                    connection.execute(sa.text("SELECT 1")).scalar_one()

            tasks: dict[str, Callable[[], object]] = {
                "SELECT 1": plain,
                "session": lambda: people.session("a", "", 30),
                "first_time": lambda: people.first_time(str(time.perf_counter_ns()), 60),
                "wait": lambda: people.wait("k", 1e9, 1e9),
            }
            wall: dict[str, list[float]] = {name: [] for name in tasks}
            busy: dict[str, list[float]] = {name: [] for name in tasks}
            for _ in range(repeat):
                for name, task in tasks.items():
                    started, used = time.perf_counter(), time.process_time()
                    task()
                    wall[name].append(time.perf_counter() - started)
                    busy[name].append(time.process_time() - used)
            for name in tasks:
                print(f"{name:<12} {median(wall[name]) * 1e3:6.2f} ms   processor {median(busy[name]) * 1e3:5.2f} ms")


if __name__ == "__main__":
    main()
