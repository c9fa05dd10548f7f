"""Forecast runs: read the facts once, forecast every pair over processes, store one run in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import ForecastError, InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY, Query, Run, Source
from lagesbild.forecast.country import CountrySum
from lagesbild.forecast.engine import Engine, StatsmodelsEngine
from lagesbild.forecast.fanout import Executor, local_executor
from lagesbild.forecast.pair import FORECAST, SHARE, PairResult, Plan, forecast_pair
from lagesbild.forecast.panel import COLUMNS, Pair, Panel, panel_of
from lagesbild.forecast.rows import pair_rows

DEFAULT_PATHS: Final = 1_000
DEFAULT_SEED: Final = 20260101
STORED_PATHS: Final = ("waiting", SHARE)
MAX_HORIZON: Final = 24

Progress = Callable[[int, int], None]  # (series done, series in all)
PathKey = tuple[str, str, str]  # region, care area, measure


class RunStore(Protocol):
    """Stores one finished run, whole or not at all, and returns it with its number."""

    def store(self, run: Run, forecasts: pd.DataFrame, paths: dict[PathKey, np.ndarray], gaps: pd.DataFrame) -> Run: ...


@dataclass(frozen=True)
class _Task:
    pair: Pair
    plan: Plan
    note: str


@dataclass(frozen=True)
class _Done:
    result: PairResult
    rows: list[dict[str, Any]]


def _work(task: _Task) -> _Done:
    result = forecast_pair(task.pair, task.plan)
    return _Done(result, pair_rows(result, task.pair.until + 1, task.note))


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
    done = list(_spread(tasks, jobs, executor, progress))
    rows, sums = _collect(done, len(facts.panel.regions), facts.until + 1, "")
    paths = {
        (d.result.region, d.result.care_area, m): values
        for d in done
        for (m, name), values in d.result.paths.items()
        if name == FORECAST and m in STORED_PATHS
    }
    for area, total in sums.items():
        paths |= {
            (COUNTRY, area, m): v for (m, name), v in total.paths().items() if name == FORECAST and m in STORED_PATHS
        }
    gaps = pd.DataFrame([row for d in done for row in d.result.gaps])
    run = facts.run("forecast", facts.until, plan, len(tasks), time.perf_counter() - started)
    return store.store(run, pd.DataFrame(rows), paths, gaps)


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
    tasks, counts = [], []
    for origin in origins:
        note = f"I efterhand: dagens uppgifter till och med {origin.sv}."
        mine = [_Task(p, plan, note) for p in facts.panel.pairs(origin)]
        counts.append(len(mine))
        tasks += mine
    done = list(_spread(tasks, jobs, executor, progress))
    seconds = (time.perf_counter() - started) / len(origins)
    runs, at = [], 0
    for origin, count in zip(origins, counts, strict=True):
        note = f"I efterhand: dagens uppgifter till och med {origin.sv}."
        rows, _ = _collect(done[at : at + count], len(facts.panel.regions), origin + 1, note)
        at += count
        run = facts.run("record", origin, plan, count, seconds)
        runs.append(store.store(run, pd.DataFrame(rows), {}, pd.DataFrame()))
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
        )


def _spread(tasks: list[_Task], jobs: int | None, executor: Executor | None, progress: Progress | None) -> list[_Done]:
    if not tasks:
        raise InputError("Det finns inga serier att göra prognoser av.", "Importera väntande eller produktion först.")
    series, done = len(tasks[0].plan.measures), []
    try:
        for answer in (executor or local_executor(jobs, len(tasks))).map(_work, tasks):
            done.append(answer)
            if progress:
                progress(len(done) * series, len(tasks) * series)
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise ForecastError(
            "Prognoserna kunde inte göras; den senaste fullständiga körningen gäller fortfarande.",
            f"Kör igen; står felet kvar, rapportera det: {type(error).__name__}: {error}",
        ) from error
    return done


def _collect(
    done: Sequence[_Done], regions: int, first: Month, note: str
) -> tuple[list[dict[str, Any]], dict[str, CountrySum]]:
    rows = [row for d in done for row in d.rows]
    sums: dict[str, CountrySum] = {}
    for d in done:
        area = d.result.care_area
        if d.result.paths:
            sums.setdefault(area, CountrySum(area, regions)).add(d.result)
    for total in sums.values():
        rows += total.rows(first, note)
    return rows, sums
