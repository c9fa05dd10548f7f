"""The three services side by side: the same PostgreSQL, two workers each, started and stopped here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.web.content import AREAS, CHANGES_MONTHS, SHOWN_MONTHS
from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.source import Query
from lagesbild.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 2
PATIENCE_SECONDS: Final = 180  # three services and the rest of a busy machine
_TRACKER: Final = 25_000_000  # bytes; what multiprocessing starts beside the workers is smaller, a worker larger


@dataclass(frozen=True)
class Service:
    """A running service. `change_page` is the address whose filter is changed."""

    name: str
    base: str
    process: psutil.Process
    change_page: str

    def processes(self) -> list[psutil.Process]:
        """The starter and its workers."""
        return [self.process, *self.process.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Used so far by the workers, in the program and in the kernel."""
        return sum(t.user + t.system for t in (p.cpu_times() for p in self.processes()))

    def memory(self) -> tuple[float, float]:
        """Megabytes of the workers and, where there is one, of the process they were forked from: proportional (shared
        pages divided) and unique (what would be free without them). The starter, which waits, is not among them."""
        children = (p.memory_full_info() for p in self.process.children(recursive=True))
        found = [m for m in children if m.rss > _TRACKER]
        return sum(m.pss for m in found) / 1e6, sum(m.uss for m in found) / 1e6


@contextmanager
def ours(settings: Settings, page: str, *, ahead: bool = False) -> Iterator[Service]:
    """As `lagesbild serve` runs it. `ahead`: answers are made before anybody asks, as they are in use."""
    program = str(Path(sys.executable).with_name("lagesbild"))
    with tempfile.TemporaryDirectory(prefix="lagesbild-views-home-") as home:
        environment = {"LAGESBILD_DATABASE_URL": settings.database_url, "LAGESBILD_WORKERS": str(WORKERS)}
        # answers are shared as always; where none are made ahead, "live" means what it says
        environment |= {"LAGESBILD_HOME": home, "LAGESBILD_PREPARE": str(ahead)}
        with _started("Lägesbild", [program, "serve"], environment, page) as service:
            yield service


@contextmanager
def reference(name: str, module: str, environment: dict[str, str]) -> Iterator[Service]:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "error", "--no-ws"]
    with _started(name, [*command, f"{module}:server"], environment, "/", port) as service:
        yield service


@contextmanager
def _started(
    name: str, command: list[str], environment: dict[str, Any], page: str, port: int | None = None
) -> Iterator[Service]:
    if port is None:
        with closing(socket.socket()) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD_")}
    env |= {"PYTHONPATH": str(ROOT / "src")}  # this tree's own program, whichever is installed
    env |= {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process)
        yield Service(name, base, psutil.Process(process.pid), base + page)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    """Until every worker has answered: a page is asked for often enough that all of them have met one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline, answers = time.monotonic() + PATIENCE_SECONDS, 0
    while answers < 8 * WORKERS:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{base} svarar inte")
        try:
            with opener.open(f"{base}/_dash-layout", timeout=5) as answer:
                answers += answer.status == 200
        except OSError:
            time.sleep(0.2)


def constants(source: PgSource, target: Path) -> dict[str, Any]:
    """What the floor hands out, read once from the same rows; written to `target` and returned."""
    leaves = leaf_regions(source.regions())
    latest = source.latest_month()
    assert latest is not None
    codes = tuple(r.code for r in leaves)
    recent = source.facts("waits", Query(regions=codes, first=latest, last=latest))
    areas = [a for a in source.care_areas() if a.code in set(recent["care_area"])][:AREAS]
    months = [latest - k for k in reversed(range(CHANGES_MONTHS))]
    views = []
    for area in areas:
        query = Query(regions=codes, care_areas=(area.code,), first=months[0] - (SHOWN_MONTHS - 1), last=latest)
        rows = source.facts("waits", query)
        cells = {
            (r.region, f"{r.period:%Y-%m}"): (r.waiting, r.within_limit)
            for r in rows[["region", "period", "waiting", "within_limit"]].itertuples()
        }
        for month in months:
            shown = [str(month - k) for k in reversed(range(SHOWN_MONTHS))]
            share = [[_share(*cells.get((c, m), (None, None))) for m in shown] for c in codes]
            waiting = [_number(cells.get((c, shown[-1]), (None,))[0]) for c in codes]
            views.append({"area": area.code, "months": shown, "share": share, "waiting": waiting})
    given = {
        "regions": [r.short_name for r in leaves],
        "areas": [{"value": a.code, "label": a.name} for a in areas],
        "months": [str(m) for m in months],
        "views": views,
    }
    target.write_text(json.dumps(given), encoding="utf-8")
    return given


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)


def _share(waiting: float | None, within: float | None) -> float | None:
    whole, part = _number(waiting), _number(within)
    return None if not whole or part is None else round(100 * part / whole, 1)
