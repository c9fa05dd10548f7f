"""What a service of several processes counts together, and how a scrape of any of them tells it.

prometheus_client's multiprocess mode: each process counts in files of its own in one directory, which whoever is asked
adds up; a counter of a process that has died stays in the sum, so sums never go back. `serve` makes the directory and
names it in the environment before any process is started. Without it, as in tests, an application counts for itself.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lagesbild.settings import METRICS_DIRECTORY

_BUCKETS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
# Of each file, taken up before it is written through memory: a write to a full disk would kill the process. Twice what
# all kinds and statuses together need.
_ALLOCATED: Final = 1 << 17
_log = logging.getLogger("lagesbild.metrics")


class Metrics:
    """Requests of all processes, and what `collectors` tell when somebody asks. Nothing is made before `began` or the
    first count: a process that web processes are forked from has files of its own no more than it answers."""

    def __init__(self, *collectors: Collector) -> None:
        self._collectors = collectors

    def began(self) -> None:
        """This web process is about to answer."""
        self._counting.started.inc()

    def answered(self, kind: str, status: int, seconds: float) -> None:
        self._counting.requests.labels(kind, str(status)).inc()
        self._counting.seconds.labels(kind).observe(seconds)

    def told(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._counting.registry)

    @cached_property
    def _counting(self) -> _Counting:
        return _counting(self._collectors)


@dataclass(frozen=True)
class _Counting:
    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    started: Counter


def _counting(collectors: Sequence[Collector]) -> _Counting:
    registry = CollectorRegistry()
    shared = _shared_directory()
    own = registry if shared is None else None
    made = _Counting(
        registry,
        Counter("lagesbild_requests", "Requests answered.", ["kind", "status"], registry=own),
        Histogram("lagesbild_request_seconds", "Seconds a request took.", ["kind"], registry=own, buckets=_BUCKETS),
        Counter("lagesbild_worker_starts", "Web processes started since the service was.", registry=own),
    )
    if shared is not None:
        MultiProcessCollector(registry, str(shared))  # type: ignore[no-untyped-call]
    for collector in collectors:
        registry.register(collector)
    return made


def _shared_directory() -> Path | None:
    """Where this process counts with others, ready to be written to; None when it counts alone."""
    named = os.environ.get(METRICS_DIRECTORY)
    if named and values.ValueClass is not values.MutexValue:
        try:
            for kind in ("counter", "histogram"):
                _allocate(Path(named) / f"{kind}_{os.getpid()}.db")
            return Path(named)
        except OSError as error:
            _log.warning("mätvärdena gäller bara en webbprocess, ty %s går inte att skriva till: %s", named, error)
    values.ValueClass = values.MutexValue  # chosen at import otherwise, by what the environment was then
    return None


def _allocate(path: Path) -> None:
    """There whole or not at all: another process may be adding up."""
    if path.exists():  # of one that had this number before: its sums are gone on with
        return
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, _ALLOCATED)
            else:
                file.write(bytes(_ALLOCATED))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
