"""How long does it take to freeze everything, and how large is it? Exits with 1 when a limit is passed (issue 5).

The whole demonstration country (21 regions x 3 care areas x 72 months) with its forecast is frozen by `lagesbild
snapshot create` as it is called, start of the program and all, then read back; and saved as `/ogonblicksbilder` does,
in one process that has started before. Beside it the same facts are read raw from the same database in the same run:
what a busy machine makes slower for all.

    .venv/bin/python -m benchmarks.snapshots [--keep DIRECTORY] [--repeat 3]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.web.data import database
from lagesbild.auth.forgery import HEADER
from lagesbild.data.engine import open_database
from lagesbild.data.fits import PgFitStore
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Query, Source
from lagesbild.factory import create_app
from lagesbild.freezing.routes import PATH
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.settings import Settings
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.store import Store
from lagesbild.snapshots.verifying import verify
from lagesbild.views.middles import Middles

LIMIT_SECONDS = 20.0
LIMIT_BYTES = 10_000_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What it gives, seconds by the clock, and of the processors in this process and those it has started and ended."""
    clock, cpu = time.perf_counter(), _processors()
    made = work()
    return made, time.perf_counter() - clock, _processors() - cpu


def _processors() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def raw(source: Source) -> int:
    """Rows of every dataset of facts, as they are stored."""
    return sum(len(source.facts(name, Query())) for name, spec in DATASETS.items() if spec.facts)


def forecast(settings: Settings) -> None:
    """The newest run of the demonstration, unless it is there."""
    with open_database(settings, role="write") as writer:
        source = PgSource(writer)
        if not source.runs():
            run_forecast(source, PgRunStore(writer), fits=PgFitStore(writer), middles=Middles())


def create(settings: Settings, home: Path, out: Path) -> None:
    """The command, in a process of its own. Raises CalledProcessError when it fails."""
    program = [sys.executable, "-c", "from lagesbild.cli import main; main()", "--quiet", "snapshot", "create"]
    environment = {**os.environ, "LAGESBILD_DATABASE_URL": str(settings.database_url), "LAGESBILD_HOME": str(home)}
    subprocess.run([*program, "--out", str(out)], check=True, env=environment, stdout=subprocess.DEVNULL)


def save(settings: Settings, home: Path) -> tuple[float, float]:
    """What the page's button does, in this process: seconds by the clock and of the processor. Raises RuntimeError when
    it is not saved."""
    with open_database(settings, role="read") as reader:
        client = create_app(PgSource(reader), settings, snapshots=Store(home)).test_client()
        answer, clock, cpu = timed(lambda: client.post(f"{PATH}/spara", json={}, headers={HEADER: "1"}))
    if answer.status_code != 200:
        raise RuntimeError(answer.get_data(as_text=True))
    return clock, cpu


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="make the database here, or use the one that is here")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    made: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory(prefix="lagesbild-snapshot-") as folder,
        database("demo", given.keep or Path(folder)) as settings,
    ):
        forecast(settings)
        out = Path(folder) / "bild.zip"
        with open_database(settings, role="read") as reader:
            rows, raw_clock, raw_cpu = timed(lambda: raw(PgSource(reader)))
        for _ in range(given.repeat):
            _, clock, cpu = timed(lambda: create(settings, Path(folder) / "hem", out))
            made.append((clock, cpu))
        page_clock, page_cpu = save(settings, Path(folder) / "sida")
        size = out.stat().st_size
        bundle, read_clock, _ = timed(lambda: read(out))
        report, verify_clock, _ = timed(lambda: verify(out))
    clock, cpu = (median(x) for x in zip(*made, strict=True))
    told = ", ".join(f"{c:.1f}" for c, _ in made)
    print(f"{rows} rows raw            {raw_clock:7.2f} s   processors {raw_cpu:6.2f} s")
    print(f"snapshot create          {clock:7.2f} s   processors {cpu:6.2f} s   of {told} s by the clock")
    print(f"saved from the page      {page_clock:7.2f} s   processors {page_cpu:6.2f} s")
    print(f"read, verify             {read_clock:7.2f}, {verify_clock:.2f} s")
    run = bundle.manifest.forecast_run
    print(f"size                     {size / 1e6:7.2f} MB, {len(bundle.files)} files, genuine: {report.genuine}")
    machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    print(f"forecast run             {run.run_id if run else 'none'}; {machine}")
    met = max(clock, page_clock) <= LIMIT_SECONDS and size <= LIMIT_BYTES and run is not None
    print(f"limits                   {LIMIT_SECONDS:.0f} s, {LIMIT_BYTES / 1e6:.0f} MB: {'met' if met else 'NOT MET'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
