"""How much does history cost a reader? Prints the ratio; exits with 1 when it is above the limit.

21 regions x 300 care areas x 120 months = 756 000 rows of `waits`, imported a month at a time and each revised once
with the next month's import, against the same 756 000 current values in a table without history (same columns, its key
as primary key). Read: one care area, all regions, 120 months (2 520 rows), by the same client code. Interleaved,
medians.

    .venv/bin/python benchmarks/current_state.py [--regions 21] [--care-areas 300] [--months 120] [--repeat 40]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psycopg
from psycopg import sql

from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.queries.current_rows import among, current_rows
from lagesbild.data.queries.facts import fact_form
from lagesbild.data.source import PgSource
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Query
from lagesbild.settings import Settings

LIMIT = 3.0
FIRST = Month(2015, 1)
SPEC = DATASETS["waits"]
FORMS: dict[str, Form] = {c.name: fact_form(c) for c in SPEC.columns}
COLUMNS = [sql.Identifier(n) for n in FORMS]
KEY = "care_area, period, region, provider"


def lines(months: list[Month], regions: int, areas: int, recorded: datetime, batch: int, seed: int) -> Iterator[str]:
    """COPY text of some months, in the order a national file has: month, region, care area."""
    drawn = np.random.default_rng(seed).integers(0, 400, (len(months) * regions * areas, 12))
    rows = iter(drawn.tolist())
    for month in months:
        for region in range(regions):
            for area in range(areas):
                counts = next(rows)
                values = [sum(counts[:7]), sum(counts[:3]), *counts[:7], counts[7] % 9, counts[8] % 9, 61.5, counts[9]]
                cells = [f"{month}-01", f"r{region:02}", f"a{area:03}", "", *values, "reported", "\\N", recorded, batch]
                yield "\t".join(map(str, cells)) + "\n"


def fill(connection: psycopg.Connection[Any], regions: int, areas: int, months: int) -> None:
    """Each import brings a new month and revises the one before; then the table without history is made from it."""
    start = datetime(2015, 2, 15, tzinfo=UTC)
    every = [FIRST + k for k in range(months)]
    for k in range(months + 1):
        with connection.cursor() as cursor, cursor.copy("COPY waits FROM STDIN") as copy:
            for line in lines(every[max(0, k - 1) : k + 1], regions, areas, start + timedelta(days=30 * k), k + 1, k):
                copy.write(line)
    for k in range(months + 1):
        connection.execute(
            "INSERT INTO batch (dataset, source, recorded_at, rows) VALUES ('waits', 'benchmark', %s, 0)",
            [start + timedelta(days=30 * k)],
        )
    connection.execute(
        f"CREATE TABLE plain AS SELECT DISTINCT ON ({KEY}) * FROM waits ORDER BY {KEY}, recorded_at DESC"
    )
    connection.execute("CREATE TABLE plain_in_order AS SELECT * FROM plain ORDER BY period, region, care_area")
    connection.execute("DROP TABLE plain")
    connection.execute(f"ALTER TABLE plain_in_order ADD PRIMARY KEY ({KEY})")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE waits")
    connection.execute("VACUUM ANALYZE plain_in_order")


def queries(first: Month, last: Month) -> dict[str, sql.Composed]:
    """The plain read, the chosen query, and the two that were considered."""
    where: list[sql.Composable] = [
        among("care_area", ("a007",)),
        sql.SQL("period >= {}").format(sql.Literal(first.first_day)),
        sql.SQL("period <= {}").format(sql.Literal(last.first_day)),
    ]
    parts = {"columns": sql.SQL(", ").join(COLUMNS), "where": sql.SQL(" AND ").join(where)}
    later = sql.SQL(
        "NOT EXISTS (SELECT 1 FROM waits n WHERE (n.care_area, n.period, n.region, n.provider) = "
        "(w.care_area, w.period, w.region, w.provider) AND (n.recorded_at, n.batch_id) > (w.recorded_at, w.batch_id))"
    )
    window = sql.SQL(
        "SELECT {columns} FROM (SELECT *, row_number() OVER (PARTITION BY care_area, period, region, provider "
        "ORDER BY recorded_at DESC, batch_id DESC) AS nth FROM waits WHERE {where}) w WHERE nth = 1"
    )
    return {
        "plain": sql.SQL("SELECT {columns} FROM plain_in_order WHERE {where}").format(**parts),
        "current": current_rows("waits", COLUMNS, where),
        "not exists": sql.SQL("SELECT {columns} FROM waits w WHERE {where} AND {later}").format(**parts, later=later),
        "window": window.format(**parts),
    }


def interleaved(tasks: dict[str, Callable[[], object]], repeat: int) -> dict[str, float]:
    """Median milliseconds of each, taken in turns so that a busy machine is busy for all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(repeat + 3):
        for name, task in tasks.items():
            begun = time.perf_counter()
            task()
            if turn >= 3:  # the first turns warm caches
                taken[name].append((time.perf_counter() - begun) * 1000)
    return {name: median(times) for name, times in taken.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--regions", 21), ("--care-areas", 300), ("--months", 120), ("--repeat", 40)):
        parser.add_argument(name, type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lagesbild-bench-") as home:
        Path(home).chmod(0o755)
        with open_database(Settings(home=Path(home), database_url=None, read_url=None), role="owner") as database:
            upgrade(database)
            begun = time.perf_counter()
            with database.raw() as connection:
                fill(connection, given.regions, given.care_areas, given.months)
                print(f"filled in {time.perf_counter() - begun:.0f} s")
                asked = queries(FIRST, FIRST + (given.months - 1))
                frames = {name: fetch(connection, query, FORMS) for name, query in asked.items()}
                for name, frame in frames.items():
                    same = frame.sort_values(list(FORMS)[:4]).reset_index(drop=True)
                    assert same.equals(frames["plain"].sort_values(list(FORMS)[:4]).reset_index(drop=True)), name
                tasks: dict[str, Callable[[], object]] = {
                    name: lambda query=query: fetch(connection, query, FORMS) for name, query in asked.items()
                }
                source, bounded = PgSource(database), Query(care_areas=("a007",), first=FIRST)
                tasks["Source.facts"] = lambda: source.facts("waits", bounded)
                tasks["Source.facts, no months given"] = lambda: source.facts("waits", Query(care_areas=("a007",)))
                times = interleaved(tasks, given.repeat)
    rows = given.regions * given.care_areas * given.months
    print(f"{rows} current rows of {2 * rows}; read {len(frames['plain'])} of them (median of {given.repeat}):")
    for name, milliseconds in times.items():
        print(f"  {name:<30} {milliseconds:7.2f} ms  {milliseconds / times['plain']:5.2f} x plain")
    ratio = times["current"] / times["plain"]
    print(f"current_state ratio {ratio:.2f} (limit {LIMIT:.0f})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
