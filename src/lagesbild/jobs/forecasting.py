"""Forecast runs: read the facts once, forecast every pair over processes, store one run in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import ForecastError, InputError
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.periods import Month
from lagesbild.domain.run_contents import PathKey, RunContents
from lagesbild.domain.source import COUNTRY, Query, Run, Source
from lagesbild.forecast.country import CountrySum
from lagesbild.forecast.engine import Engine, StatsmodelsEngine
from lagesbild.forecast.fanout import Executor, local_executor
from lagesbild.forecast.pair import FORECAST, SHARE, PairResult, Plan, forecast_pair
from lagesbild.forecast.panel import COLUMNS, Pair, Panel, panel_of
from lagesbild.forecast.rows import pair_rows

DEFAULT_PATHS: Final = 1_000
DEFAULT_SEED: Final = 20260101
STORED_PATHS: Final = ("waiting", SHARE, "added", "performed")
MAX_HORIZON: Final = 24

Progress = Callable[[int, int], None]  # (series done, series in all)


class RunStore(Protocol):
    """Stores one finished run, whole or not at all, and returns it with its number."""

    def store(self, run: Run, contents: RunContents) -> Run: ...


@dataclass(frozen=True)
class _Task:
    pair: Pair
    plan: Plan
    note: str


@dataclass(frozen=True)
class _Done:
    until: Month
    result: PairResult
    rows: pd.DataFrame


def _work(task: _Task) -> _Done:
    result = forecast_pair(task.pair, task.plan)
    rows = pair_rows(result, task.pair.until + 1, task.note)
    return _Done(task.pair.until, result, pd.DataFrame(rows))


def run_forecast(
    source: Source,
    store: RunStore,
    *,
    horizon: int = 12,
    until: Month | None = None,
    jobs: int | None = None,
    seed: int = DEFAULT_SEED,
    n_paths: int = DEFAULT_PATHS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    engine: Engine | None = None,
    as_of: datetime | None = None,
) -> Run:
    """Forecast every leaf region and care area on data up to `until` (default: the last month reported) and store it.

    The result depends on data, `until`, `horizon`, `n_paths` and `seed` alone, not on `jobs`. A run that fails or is
    killed stores nothing, so the last good one stays. Raises InputError when there is nothing to forecast from.
    """
    started, facts = time.perf_counter(), _Facts.read(source, until, horizon, as_of)
    plan = Plan(seed, horizon, n_paths, engine=engine or StatsmodelsEngine())
    tasks = [_Task(p, plan, "") for p in facts.panel.pairs(facts.until)]
    if not tasks:
        raise InputError("Det finns inga serier att göra prognoser av.", "Importera väntande eller produktion först.")
    made = _Made(facts.until + 1, len(facts.panel.regions))
    for done in _spread(tasks, jobs, executor, progress):
        made.add(done)
    run = facts.run("forecast", facts.until, plan, len(tasks), time.perf_counter() - started)
    return store.store(run, RunContents(made.forecasts(), made.stored_paths(), pd.DataFrame(made.gaps), made.facts))


def run_records(
    source: Source,
    store: RunStore,
    origins: Sequence[Month],
    *,
    horizon: int = 12,
    jobs: int | None = None,
    seed: int = DEFAULT_SEED,
    n_paths: int = DEFAULT_PATHS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    engine: Engine | None = None,
) -> list[Run]:
    """What would have been forecast at earlier months: the share within the limit only, no paths, one run an origin.

    It uses today's figures cut at each month, so later revisions are in it; every row says so. The breaks that began
    after the cut are left out. Reads the facts once and spreads all origins over one pool.
    """
    if not origins:
        return []
    started, facts = time.perf_counter(), _Facts.read(source, max(origins), horizon, None)
    plan = Plan(seed, horizon, n_paths, measures=(SHARE,), gaps=False, engine=engine or StatsmodelsEngine())
    made, tasks = {}, []
    for origin in origins:
        note = f"I efterhand: dagens uppgifter till och med {origin.sv}."
        made[origin] = _Made(origin + 1, len(facts.panel.regions), note)
        tasks += [_Task(p, plan, note) for p in facts.panel.pairs(origin)]
    for done in _spread(tasks, jobs, executor, progress):
        made[done.until].add(done)
    seconds = (time.perf_counter() - started) / len(origins)
    runs = []
    for origin, each in made.items():
        if each.sums:  # an origin at which nothing could be forecast is no record
            run = facts.run("record", origin, plan, each.pairs, seconds)
            runs.append(store.store(run, RunContents(each.forecasts())))
    return runs


def quarterly_origins(until: Month, count: int = 4) -> list[Month]:
    """The origins of the record: `count` months three apart, the last one three months before `until`, oldest first.

    >>> [str(m) for m in quarterly_origins(Month(2026, 10), 2)]
    ['2026-04', '2026-07']
    """
    return [until - 3 * k for k in range(count, 0, -1)]


@dataclass(frozen=True)
class _Facts:
    panel: Panel
    until: Month
    data_version: int
    data_as_of: datetime

    @classmethod
    def read(cls, source: Source, until: Month | None, horizon: int, as_of: datetime | None) -> _Facts:
        if not 1 <= horizon <= MAX_HORIZON:
            raise InputError(
                f"Prognosen kan inte sträcka sig {horizon} månader framåt.", f"Ange 1 till {MAX_HORIZON} månader."
            )
        version = source.version()  # before the facts: an import in between makes the run look older, never newer
        last = source.latest_month()
        if last is None:
            raise InputError("Det finns inga uppgifter att göra prognoser av.", "Importera väntande först.")
        end = last if until is None else until
        if end > last:
            raise InputError(
                f"Det finns inga uppgifter för {end.sv}.", f"Den senaste månaden är {last}; ange den eller en tidigare."
            )
        regions = [r.code for r in leaf_regions(source.regions())]
        areas = [a.code for a in sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))]
        frames = {
            name: source.facts(
                name, Query(regions=tuple(regions), last=end, as_of=as_of, provider=None if name == "capacity" else "")
            )
            for name in COLUMNS
        }
        panel = panel_of(frames, regions=regions, care_areas=areas, until=end, breaks=source.breaks())
        return cls(panel, end, version.version, as_of or version.changed_at)

    def run(self, kind: str, until: Month, plan: Plan, pairs: int, seconds: float) -> Run:
        return Run(
            run_id=0,
            kind=kind,
            created_at=datetime.now(UTC),
            data_version=self.data_version,
            data_as_of=self.data_as_of,
            until=until,
            horizon=plan.horizon,
            seed=plan.seed,
            code_version=version("lagesbild"),
            series=pairs * len(plan.measures),
            seconds=round(seconds, 3),
            paths=plan.n_paths,
        )


@dataclass
class _Made:
    """What is kept of the answers as they come in, so that memory does not grow with what is not stored."""

    first: Month
    regions: int
    note: str = ""
    pairs: int = 0
    rows: list[pd.DataFrame] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    paths: dict[PathKey, np.ndarray] = field(default_factory=dict)
    sums: dict[str, CountrySum] = field(default_factory=dict)
    facts: dict[tuple[str, str], PairFacts] = field(default_factory=dict)

    def add(self, done: _Done) -> None:
        result = done.result
        self.pairs += 1
        self.rows.append(done.rows)
        self.gaps += result.gaps
        if result.facts is not None:
            self.facts[result.region, result.care_area] = result.facts
        if result.paths:
            self.sums.setdefault(result.care_area, CountrySum(result.care_area, self.regions)).add(result)
        self._keep(result.region, result.care_area, result.paths)

    def _keep(self, region: str, care_area: str, paths: dict[tuple[str, str], np.ndarray]) -> None:
        for (measure, name), values in paths.items():
            if name == FORECAST and measure in STORED_PATHS:
                self.paths[region, care_area, measure] = values

    def forecasts(self) -> pd.DataFrame:
        """The rows of all pairs and then of the country."""
        country = [row for total in self.sums.values() for row in total.rows(self.first, self.note)]
        frames = [f for f in (*self.rows, pd.DataFrame(country)) if len(f)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def stored_paths(self) -> dict[PathKey, np.ndarray]:
        """Paths of all pairs and of the country."""
        for area, total in self.sums.items():
            self._keep(COUNTRY, area, total.paths())
        return self.paths


def _spread(
    tasks: list[_Task], jobs: int | None, executor: Executor | None, progress: Progress | None
) -> Iterator[_Done]:
    series = len(tasks[0].plan.measures) if tasks else 0
    try:
        for n, done in enumerate((executor or local_executor(jobs, len(tasks))).map(_work, tasks), start=1):
            yield done
            if progress:
                progress(n * series, len(tasks) * series)
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise ForecastError(
            "Prognoserna kunde inte göras; den senaste fullständiga körningen gäller fortfarande.",
            f"Kör igen; står felet kvar, rapportera det: {type(error).__name__}: {error}",
        ) from error
