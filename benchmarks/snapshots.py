"""How long does it take to freeze everything, and how large is it? Exits with 1 when a limit is passed (issue 5).

The whole demonstration country (21 regions x 3 care areas x 72 months) is frozen, packed and read back. Beside it the
same facts are read raw from the same database in the same run: what a busy machine makes slower for both.

    .venv/bin/python -m benchmarks.snapshots [--keep DIRECTORY]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.web.data import database
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.freeze import freeze
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.verifying import verify

LIMIT_SECONDS = 20.0
LIMIT_BYTES = 10_000_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What it gives, seconds by the clock and of the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - clock, time.process_time() - cpu


def raw(source: Source) -> int:
    """Rows of every dataset of facts, as they are stored."""
    return sum(len(source.facts(name, Query())) for name, spec in DATASETS.items() if spec.facts)


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="make the database here, or use the one that is here")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="lagesbild-snapshot-") as folder,
        database("demo", given.keep or Path(folder)) as settings,
        open_database(settings, role="read") as reader,
    ):
        source, now = PgSource(reader), datetime.now(UTC)
        rows, raw_clock, raw_cpu = timed(lambda: raw(source))
        bundle, clock, cpu = timed(lambda: freeze(source, now, Viewer(), now=now))
        packed, pack_clock, _ = timed(lambda: pack(bundle))
        _, read_clock, _ = timed(lambda: read(packed))
        report, verify_clock, _ = timed(lambda: verify(packed))
    total = clock + pack_clock
    print(f"{rows} rows raw            {raw_clock:7.2f} s   processor {raw_cpu:6.2f} s")
    print(f"freeze                   {clock:7.2f} s   processor {cpu:6.2f} s   {cpu / raw_cpu:.1f} times the raw rows")
    print(f"pack, read, verify       {pack_clock:7.2f}, {read_clock:.2f}, {verify_clock:.2f} s")
    print(f"size                     {len(packed) / 1e6:7.2f} MB, {len(bundle.files)} files, genuine: {report.genuine}")
    met = total <= LIMIT_SECONDS and len(packed) <= LIMIT_BYTES
    print(f"limits                   {LIMIT_SECONDS:.0f} s, {LIMIT_BYTES / 1e6:.0f} MB: {'met' if met else 'NOT MET'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
