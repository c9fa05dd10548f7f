"""How fast is an import, against raw COPY of the same rows into the same table? Exits with 1 when below the limit.

1 000 000 rows of `waits` with bands: regions x care areas x months, each with the region's own row and its providers
as parts, so that every check has work to do. COPY is given finished rows (ISO dates, batch, time) and checks nothing.
The two take turns on one server, each into an empty table and with a checkpoint before; median of the rounds. The
import runs in a process of its own, so its peak memory is its own.

    .venv/bin/python -m benchmarks.import_speed [--rows 1000000] [--rounds 3] [--totals-only]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv

from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month
from lagesbild.jobs.importing import import_file
from lagesbild.settings import Settings

LIMIT = 0.3
REGIONS, MONTHS, PARTS = 21, 120, 4
FIRST = Month(2016, 1)
NAMES = [c.name for c in DATASETS["waits"].columns]
WHEN = "2026-01-01 00:00:00+00"


def month_columns(month: Month, areas: int, parts: int, seed: int) -> pa.Table:
    """One month of a national file: for every region and care area the region's own row, then its providers."""
    pairs, each = REGIONS * areas, parts + 1
    draw = np.random.default_rng([seed, month.ordinal])
    bands = draw.integers(0, 400, (pairs, each, len(WAIT_BANDS)))
    bands[:, 0] = bands[:, 1:].sum(axis=1) + bands[:, 0] if parts else bands[:, 0]
    flat = bands.reshape(-1, len(WAIT_BANDS))
    regions = np.repeat([f"{r:02}" for r in range(REGIONS)], areas * each)
    codes = np.tile(np.repeat([f"a{a:03}" for a in range(areas)], each), REGIONS)
    providers = [f"{r}-p{p}" if p else "" for r, p in zip(regions, np.tile(range(each), pairs), strict=True)]
    columns: dict[str, object] = dict.fromkeys(NAMES, pa.nulls(pairs * each, pa.int64()))
    columns |= {"period": [str(month)] * (pairs * each), "region": regions, "care_area": codes, "provider": providers}
    columns |= {"waiting": flat.sum(axis=1), "within_limit": flat[:, :3].sum(axis=1)}
    columns |= dict(zip(WAIT_BANDS, flat.T, strict=True))
    columns["excluded_medical"] = flat[:, 0] // 9
    columns["wait_days_median"] = np.round(draw.uniform(20, 200, pairs * each), 1)
    return pa.table(columns)


def write_files(folder: Path, areas: int, parts: int) -> tuple[Path, Path, int]:
    """The same rows as people send them, and as COPY takes them."""
    plain, finished = folder / "waits.csv", folder / "waits.copy"
    rows = 0
    with plain.open("wb") as sent, finished.open("wb") as raw:
        sent.write(f"{','.join(NAMES)}\n".encode())
        for number in range(MONTHS):
            table = month_columns(FIRST + number, areas, parts, 1)
            rows += table.num_rows
            pacsv.write_csv(table, sent, pacsv.WriteOptions(include_header=False, quoting_style="none"))
            days = pa.array([f"{FIRST + number}-01"] * table.num_rows)
            table = table.set_column(0, "period", days)
            for name, value in (("value_status", "reported"), ("recorded_at", WHEN), ("batch_id", "1")):
                table = table.append_column(name, pa.array([value] * table.num_rows))
            pacsv.write_csv(table, raw, pacsv.WriteOptions(include_header=False, quoting_style="needed"))
    return plain, finished, rows


def fill_codes(connection: psycopg.Connection, areas: int, parts: int) -> None:
    """The codes the files refer to."""
    tail = f"'reported', '{WHEN}', 1"
    regions = "INSERT INTO regions (code, name, short_name, value_status, recorded_at, batch_id) "
    connection.execute(regions + f"SELECT lpad(n::text, 2, '0'), n, n, {tail} FROM generate_series(0, {REGIONS - 1}) n")
    connection.execute(
        "INSERT INTO care_areas (code, name, value_status, recorded_at, batch_id) "
        f"SELECT 'a' || lpad(n::text, 3, '0'), n, {tail} FROM generate_series(0, {areas - 1}) n"
    )
    connection.execute(
        "INSERT INTO providers (code, name, region, value_status, recorded_at, batch_id) "
        f"SELECT code || '-p' || p, p, code, {tail} FROM regions, generate_series(1, {max(parts, 1)}) p"
    )


def empty(database: Database) -> None:
    with database.raw() as connection:
        connection.execute("TRUNCATE waits, batch")
        connection.commit()
        connection.autocommit = True
        connection.execute("CHECKPOINT")


def copy_seconds(database: Database, path: Path) -> float:
    """Raw COPY, commit included."""
    columns = ", ".join([*NAMES, "value_status", "recorded_at", "batch_id"])
    begun = time.perf_counter()
    command = f"COPY waits ({columns}) FROM STDIN (FORMAT csv)"
    with database.raw() as connection, connection.cursor() as cursor, cursor.copy(command) as copy:
        for block in blocks(path):
            copy.write(block)
    return time.perf_counter() - begun


def blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield block


def import_child(url: str, path: Path) -> None:
    """In a process of its own: import, and tell seconds and peak memory before and after."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_database(Settings(database_url=url), role="write") as database:
        result = import_file(database, "waits", path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": result.seconds, "inserted": result.inserted, "before": before, "peak": peak}))


def imported(url: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.import_speed", "--child", url, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--totals-only", action="store_true", help="no provider rows")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        import_child(given.child[0], Path(given.child[1]))
        return 0
    parts = 0 if given.totals_only else PARTS
    areas = -(-given.rows // (REGIONS * MONTHS * (parts + 1)))
    with tempfile.TemporaryDirectory(prefix="lagesbild-bench-") as home:
        Path(home).chmod(0o755)
        folder = Path(home) / "files"
        folder.mkdir()
        plain, finished, rows = write_files(folder, areas, parts)
        with open_database(Settings(home=Path(home), database_url=None, read_url=None), role="owner") as database:
            upgrade(database)
            assert database.server is not None
            where = database.server.conninfo()
            url = f"postgresql://{where['user']}@/{where['dbname']}?host={where['host']}&port={where['port']}"
            with database.raw() as connection:
                fill_codes(connection, areas, parts)
            copies, imports = [], []
            for number in range(given.rounds):
                empty(database)
                copies.append(copy_seconds(database, finished))
                empty(database)
                imports.append(imported(url, plain))
                assert imports[-1]["inserted"] == rows
                print(
                    f"  round {number + 1}: COPY {copies[-1]:.1f} s, import {imports[-1]['seconds']:.1f} s", flush=True
                )
            again = imported(url, plain)
            assert again["inserted"] == 0
    took = median(i["seconds"] for i in imports)
    ratio = median(copies) / took
    peak, before = max(i["peak"] for i in imports) / 1024, min(i["before"] for i in imports) / 1024
    print(f"{rows} rows of waits, file {plain.name}: COPY {median(copies):.1f} s, import {took:.1f} s")
    print(f"  same file again, nothing new: {again['seconds']:.1f} s")
    print(f"  peak memory of the import {peak:.0f} MB, of which {before:.0f} MB are the program itself")
    print(f"import_speed ratio {ratio:.2f} (limit {LIMIT})")
    return 0 if ratio >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
