"""What grows when the country does: 63, 6 300 and 63 000 pairs of region and care area, in one run.

21 regions with 3, 300 and 3 000 care areas over as many months, made by `lagesbild seed generate`. Measured for each:

- import: rows a second and peak memory of a process that loads every file (`lagesbild seed load`);
- page: its first view in a service just started (cold) and views nobody has asked for (live), the sizes taking turns;
  wall clock, and processor time of the web processes. A stored run with a row for every pair is made by SQL, its
  numbers drawn at random, so that pages with gaps have as much to find their way through as in earnest;
- gaps: the list of gaps of all care areas, for the public, as `/kapacitetsgap` works it out before it draws: the first
  in a process of its own and the one after it, processor time;
- forecast: the facts of every pair read into a panel, by a process of its own, then the pairs of the first `--part`
  care areas (0: all) forecast on a Dask cluster of one and of two workers.

    python -m benchmarks.scaling [--areas 3 300 3000] [--months 36] [--rounds 12] [--keep DIRECTORY]
        [--only STEP...] [--part CARE_AREAS]

Ratios are to the smallest size. Exit code 1 when a row's import, a live view or a pair's forecast costs more than
LIMIT times what it does there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import logging
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import quote, urlsplit

from benchmarks.views import _ask
from benchmarks.web.servers import ROOT, Service, ours
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.source import PgSource
from lagesbild.domain.source import Query
from lagesbild.settings import Settings

REGIONS: Final = 21
LIMIT: Final = 2.0
PAGES: Final = ("/", "/vantetider", "/produktion", "/utomlansvard", "/kapacitetsgap", "/prognos")
STEPS: Final = ("import", "page", "gaps", "forecast")
_RUN: Final = """
INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, series,
    seconds)
SELECT 'forecast', now(), version, now(), (SELECT max(period) FROM waits), 12, 1, 'scaling', 0, 0 FROM data_version
"""
# What is told to those who may not see all, of a tenth of the pairs: without it a page reads all waits to know which.
_TOLD_RUN: Final = """
INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, series,
    seconds, previous_run, calibration)
SELECT 'told', now(), data_version, now(), until, 12, 1, 'scaling', 0, 0, run_id, '{"threshold": 5}' FROM forecast_run
"""
_TOLD_GAPS: Final = """
INSERT INTO gaps (run_id, region, care_area, status, probability_3m, probability_6m, probability_12m, load,
    target_share, share_now, structural_share_now, capacity_per_month, free_per_month, extra_per_week_to_stabilise,
    opens_period)
SELECT t.run_id, region, care_area, status, probability_3m, probability_6m, probability_12m, load,
    target_share, share_now, structural_share_now, capacity_per_month, free_per_month, extra_per_week_to_stabilise,
    opens_period
FROM gaps, (SELECT max(run_id) AS run_id FROM forecast_run) t WHERE hashtext(region || care_area) % 10 = 0
"""
_PAIRS: Final = """
(SELECT DISTINCT region, care_area FROM waits WHERE provider = '' AND period = (SELECT max(period) FROM waits)) p,
(SELECT max(run_id) AS run_id, max(until) AS until FROM forecast_run) r
"""
_GAPS: Final = f"""
INSERT INTO gaps (run_id, region, care_area, status, probability_3m, probability_6m, probability_12m, load,
    target_share, share_now, structural_share_now, capacity_per_month, free_per_month, extra_per_week_to_stabilise,
    opens_period)
SELECT run_id, region, care_area,
    (ARRAY['none', 'none', 'none', 'watch', 'expected', 'open'])[1 + (random() * 5)::int], random() / 3, random() / 2,
    random(), 1, target, random(), random(), 100, 5, random() * 9, (until + interval '5 month')
FROM unnest(ARRAY[0.7, 0.8, 0.9]) target, {_PAIRS}
"""
_FORECASTS: Final = f"""
INSERT INTO forecasts (run_id, region, care_area, measure, role, model, period, horizon, mean, p50, lo50, hi50, lo80,
    hi80, lo95, hi95)
SELECT run_id, region, care_area, measure, 'forecast', 'pool', (until + h * interval '1 month')::date, h,
    m, m, m * .9, m * 1.1, m * .8, m * 1.2, m * .7, m * 1.3
FROM generate_series(1, 12) h, (VALUES ('waiting', 300), ('performed', 90)) v (measure, m), {_PAIRS}
"""


@dataclass
class Size:
    """One country: its data, its database and what was found. Seconds and megabytes."""

    areas: int
    folder: Path
    home: Path
    settings: Settings = field(default_factory=Settings)
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def row_us(self) -> float:
        """Microseconds a row of the import."""
        return 1e6 * float(self.found["import"]["seconds"]) / max(self.found["import"]["rows"], 1)

    @property
    def pairs(self) -> int:
        return REGIONS * self.areas


def child(step: str, url: str, *more: str) -> dict[str, Any]:
    """A step in a process of its own, so that its memory is its own; what it printed."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scaling", "--child", step, url, *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def import_step(url: str, folder: str) -> dict[str, Any]:
    from lagesbild.jobs.seeding import load_seed

    before, begun = _peak(), time.perf_counter()
    with open_database(Settings(database_url=url, read_url=None), role="write") as database:
        rows = load_seed(database, Path(folder)).rows
    return {"rows": rows, "seconds": time.perf_counter() - begun, "peak": _peak(), "program": before}


class Part:
    """A source with the first care areas of a country only; with all of them when `areas` is 0."""

    def __init__(self, source: PgSource, areas: int) -> None:
        self._source = source
        self._areas = areas

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def care_areas(self) -> list[Any]:
        return self._source.care_areas()[: self._areas or None]

    def runs(self, kind: str = "forecast") -> list[Any]:
        return []  # the run made by SQL is none to start from

    def facts(self, dataset: str, query: Query) -> Any:
        codes = tuple(a.code for a in self.care_areas()) if self._areas else ()
        return self._source.facts(dataset, replace(query, care_areas=codes))


def read_step(url: str) -> dict[str, Any]:
    from lagesbild.jobs.forecast_facts import Facts

    with open_database(Settings(database_url=url, read_url=None), role="read") as database:
        before, begun = _peak(), time.perf_counter()
        facts = Facts.read(Part(PgSource(database), 0), None, 12, None)  # type: ignore[arg-type]
        pairs = len(facts.panel.pairs(facts.until))
        return {"pairs": pairs, "seconds": time.perf_counter() - begun, "peak": _peak(), "program": before}


def gaps_step(url: str) -> dict[str, Any]:
    from lagesbild.domain.selection import Selection
    from lagesbild.domain.viewer import Viewer
    from lagesbild.views.gap_list import gap_list

    with open_database(Settings(database_url=url, read_url=None), role="read") as database:
        source, used = PgSource(database), [time.process_time()]
        for _ in range(2):
            found = gap_list(source, Selection(), Viewer())
            used.append(time.process_time())
        assert found is not None
        return {"flags": len(found.flagged), "first": used[1] - used[0], "again": used[2] - used[1], "peak": _peak()}


def forecast_step(url: str, workers: str, areas: str) -> dict[str, Any]:
    from distributed import Client, LocalCluster

    from lagesbild.forecast.dask_executor import DaskExecutor
    from lagesbild.jobs.forecasting import run_forecast
    from lagesbild.views.middles import Middles

    kept: dict[str, Any] = {}

    class Store:
        def store(self, run: Any, contents: Any) -> Any:
            kept["paths"] = sum(p.nbytes for p in contents.paths.values()) / 1e6
            kept["pairs"] = len({key[:2] for key in contents.paths if key[0]})
            return run

    alone = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0, "silence_logs": logging.CRITICAL}
    with (
        open_database(Settings(database_url=url, read_url=None), role="read") as database,
        LocalCluster(n_workers=int(workers), **alone) as cluster,
        Client(cluster) as client,
    ):
        used = sum(client.run(_loaded).values())  # what a worker loads once is no part of what a pair costs
        begun, own = time.perf_counter(), time.process_time()
        source = Part(PgSource(database), int(areas))
        executor = DaskExecutor(cluster.scheduler_address)
        run_forecast(source, Store(), executor=executor, middles=Middles())  # type: ignore[arg-type]
        seconds = time.perf_counter() - begun
        cpu = sum(client.run(_loaded).values()) - used
        return {**kept, "seconds": seconds, "cpu": cpu, "own": time.process_time() - own, "peak": _peak()}


def _loaded() -> float:
    """In a worker: everything it needs is there; the processor seconds it has used so far."""
    __import__("lagesbild.jobs.forecasting")
    return time.process_time()


@contextmanager
def database(size: Size) -> Iterator[Database]:
    """The database of a size, as its owner; empty and migrated when it was not there."""
    size.home.mkdir(parents=True, exist_ok=True)
    size.home.chmod(0o755)  # as root the server runs as another user
    with open_database(Settings(home=size.home, database_url=None, read_url=None), role="owner") as owner:
        assert owner.server is not None
        where = owner.server.conninfo()
        url = (
            f"postgresql://{where['user']}@/{where['dbname']}?host={quote(where['host'], safe='')}&port={where['port']}"
        )
        size.settings = Settings(database_url=url, read_url=None)
        upgrade(owner)
        yield owner


def load(size: Size, owner: Database, months: int) -> None:
    """Generate and import, unless that is done; then the run made by SQL."""
    if not (size.folder / "regions.csv").exists():
        program = str(Path(sys.executable).with_name("lagesbild"))
        given = ["--regions", str(REGIONS), "--care-areas", str(size.areas), "--months", str(months)]
        command = [program, "--quiet", "seed", "generate", *given, "--no-providers", "--out", str(size.folder)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    told = child("import", size.settings.database_url or "", str(size.folder))
    kept = size.folder.with_suffix(".json")  # of the run that did import, beside the data of `--keep`
    if told["rows"]:
        kept.write_text(json.dumps(told))
    size.found["import"] = json.loads(kept.read_text())
    with owner.raw() as connection:
        connection.autocommit = True
        if told["rows"]:
            for statement in (_RUN, _GAPS, _FORECASTS, _TOLD_RUN, _TOLD_GAPS):
                connection.execute(statement)
            connection.execute("UPDATE data_version SET version = version + 1, changed_at = clock_timestamp()")
            connection.execute("VACUUM (ANALYZE)")
        size.found["bytes"] = connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]  # type: ignore[index]


def ask(service: Service, path: str, area: str, region: str, month: str) -> tuple[float, int]:
    """Seconds and bytes of one view."""
    line = http.client.HTTPConnection(urlsplit(service.base).netloc, timeout=120)
    begun = time.perf_counter()
    body = json.dumps(_ask(path, area, region, month))
    line.request("POST", "/_dash-update-component", body, {"Content-Type": "application/json"})
    answer = line.getresponse()
    size = len(answer.read())
    assert answer.status == 200, (path, answer.status)
    line.close()
    return time.perf_counter() - begun, size


def pages(sizes: Sequence[Size], rounds: int) -> dict[str, list[list[float]]]:
    """Page -> for each size: cold ms, live ms, live processor ms, kilobytes."""
    with open_database(sizes[0].settings, role="read") as reader:
        source = PgSource(reader)
        latest, regions = source.latest_month(), [r.code for r in source.regions() if r.code != "SE"]
        area = source.care_areas()[0].code
    assert latest is not None
    out: dict[str, list[list[float]]] = {}
    with ExitStack() as running:
        services = [running.enter_context(ours(s.settings, "/")) for s in sizes]
        for path in PAGES:
            views = [("" if path == "/" else area, r, str(latest - k)) for r in regions for k in range(6)]
            random.Random(7).shuffle(views)
            cold = [ask(s, path, *views[0])[0] for s in services]
            live: list[list[float]] = [[] for _ in services]
            weight = [0.0] * len(services)
            used = [s.cpu_seconds() for s in services]
            for view in views[1 : rounds + 1]:
                for k, service in enumerate(services):
                    seconds, weight[k] = ask(service, path, *view)
                    live[k].append(seconds)
            used = [s.cpu_seconds() - u for s, u in zip(services, used, strict=True)]
            out[path] = [
                [1000 * c, 1000 * median(t), 1000 * u / rounds, w / 1000]
                for c, t, u, w in zip(cold, live, used, weight, strict=True)
            ]
            print(f"  {path}", *(" / ".join(f"{x:.0f}" for x in row) for row in out[path]), sep="   ", flush=True)
    return out


def table(title: str, sizes: Sequence[Size], rows: Sequence[tuple[str, Callable[[Size], float], str]]) -> None:
    """Values and ratios to the smallest size."""
    print(f"\n{title:44}" + "".join(f"{s.pairs:>12}" for s in sizes) + "    ratios", flush=True)
    for name, value, form in rows:
        values = [value(s) for s in sizes]
        ratios = "  ".join(f"{v / values[0]:.2f}" if values[0] else "-" for v in values[1:])
        print(f"{name:44}" + "".join(f"{v:>12{form}}" for v in values) + f"    {ratios}", flush=True)


def report(sizes: Sequence[Size], steps: Sequence[str], rounds: int, part: int) -> bool:
    """Measure what is left, print everything; whether the limits hold."""
    first, met = sizes[0], True

    def each(size: Size, run: str, what: str) -> float:
        return 1e3 * float(size.found[run][what]) / float(size.found[run]["pairs"])

    if "import" in steps:
        rows = [
            ("rows", lambda s: s.found["import"]["rows"], ".0f"),
            ("seconds", lambda s: s.found["import"]["seconds"], ".1f"),
            ("microseconds a row", lambda s: s.row_us, ".1f"),
            ("peak memory, MB", lambda s: s.found["import"]["peak"], ".0f"),
            ("database, MB", lambda s: s.found["bytes"] / 1e6, ".0f"),
        ]  # fmt: skip
        table("import, pairs", sizes, rows)
        met &= max(s.row_us for s in sizes) <= LIMIT * first.row_us
    if "page" in steps:
        told = pages(sizes, rounds)
        for n, what in enumerate(("cold, ms", "live, ms", "live, processor ms of the web tier", "answer, kB")):
            made = [(path, lambda s, n=n, path=path: told[path][sizes.index(s)][n], ".1f") for path in PAGES]
            table(f"page {what}; pairs", sizes, made)
        met &= all(row[1] <= LIMIT * per_page[0][1] for per_page in told.values() for row in per_page)
    if "gaps" in steps:
        for s in sizes:
            s.found["gaps"] = child("gaps", s.settings.database_url or "")
        rows = [
            ("flags", lambda s: s.found["gaps"]["flags"], ".0f"),
            ("first, processor seconds", lambda s: s.found["gaps"]["first"], ".2f"),
            ("first, milliseconds a pair", lambda s: 1e3 * s.found["gaps"]["first"] / s.pairs, ".2f"),
            ("again, processor seconds", lambda s: s.found["gaps"]["again"], ".2f"),
            ("peak memory, MB", lambda s: s.found["gaps"]["peak"], ".0f"),
        ]  # fmt: skip
        table("list of gaps of all care areas, pairs", sizes, rows)
    if "forecast" in steps:
        for s in sizes:
            s.found["read"] = child("read", s.settings.database_url or "")
            for workers in ("1", "2"):
                s.found[f"dask{workers}"] = child("forecast", s.settings.database_url or "", workers, str(part))
        rows = [
            ("reading all facts, seconds", lambda s: s.found["read"]["seconds"], ".2f"),
            ("reading all facts, peak MB", lambda s: s.found["read"]["peak"], ".0f"),
            ("reading, milliseconds a pair", lambda s: 1e3 * s.found["read"]["seconds"] / s.pairs, ".2f"),
            ("pairs forecast", lambda s: s.found["dask1"]["pairs"], ".0f"),
            ("1 Dask worker, seconds", lambda s: s.found["dask1"]["seconds"], ".1f"),
            ("2 Dask workers, seconds", lambda s: s.found["dask2"]["seconds"], ".1f"),
            ("1 Dask worker, processor ms a pair", lambda s: each(s, "dask1", "cpu"), ".0f"),
            ("2 Dask workers, processor ms a pair", lambda s: each(s, "dask2", "cpu"), ".0f"),
            ("the run's own process, processor ms a pair", lambda s: each(s, "dask2", "own"), ".1f"),
            ("the run's own process, peak MB", lambda s: s.found["dask2"]["peak"], ".0f"),
            ("paths kept, kB a pair", lambda s: 1e3 * s.found["dask1"]["paths"] / s.found["dask1"]["pairs"], ".0f"),
        ]
        table("forecast, pairs", sizes, rows)
        met &= all(each(s, "dask1", "cpu") <= LIMIT * each(first, "dask1", "cpu") for s in sizes)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, nargs="+", default=[3, 300, 3000])
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--keep", type=Path, help="where data and databases are, or are left for the next run")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--part", type=int, default=1, help="care areas that are forecast of each size; 0: all")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        steps = {"import": import_step, "read": read_step, "gaps": gaps_step, "forecast": forecast_step}
        step = steps[given.child[0]]
        print(json.dumps(step(*given.child[1:])))
        return 0
    with ExitStack() as stack:
        under = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lagesbild-scaling-")))
        under.mkdir(parents=True, exist_ok=True)
        under.chmod(0o755)
        sizes = [Size(a, under / f"data-{a}", under / f"home-{a}") for a in given.areas]
        for size in sizes:
            load(size, stack.enter_context(database(size)), given.months)
            print(f"{size.pairs} pairs: {size.found['import']}, {size.found['bytes'] / 1e6:.0f} MB", flush=True)
        return 0 if report(sizes, given.only, given.rounds, given.part) else 1


if __name__ == "__main__":
    sys.exit(main())
