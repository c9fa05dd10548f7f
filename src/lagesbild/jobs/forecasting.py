"""Forecast runs: read the facts once, learn from earlier months, forecast every pair over processes, store one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import pandas as pd

from lagesbild.domain.errors import ForecastError, InputError
from lagesbild.domain.fits import FitKey, FitStore, MemoryFits
from lagesbild.domain.periods import Month
from lagesbild.domain.run_contents import RunContents, Told
from lagesbild.domain.source import Run, Source
from lagesbild.forecast.calibration import Calibration
from lagesbild.forecast.engine import Engine
from lagesbild.forecast.fanout import Executor, local_executor
from lagesbild.forecast.pair import SHARE, PairResult, Plan, forecast_pair
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.pool import POOL
from lagesbild.forecast.replay import Replay
from lagesbild.forecast.rows import pair_rows
from lagesbild.jobs.earlier_flags import NEWEST, run_before, statuses, told_statuses
from lagesbild.jobs.evidence import (
    Pool,
    ReplayTask,
    chosen,
    evidence_of,
    pool_of,
    record_of,
    replay_pair,
    skill_of,
)
from lagesbild.jobs.forecast_facts import Facts
from lagesbild.jobs.forecast_made import Made
from lagesbild.jobs.middle import Middles, fits_of_middle, kept_apart, middle_pairs

DEFAULT_PATHS: Final = 1_000
DEFAULT_SEED: Final = 20260101

Progress = Callable[[int, int], None]  # (pieces of work done, pieces in all)
Item = TypeVar("Item")
Answer = TypeVar("Answer")
_Known = dict[tuple[str, str], dict[FitKey, dict[str, Any]]]


class RunStore(Protocol):
    """Stores one finished run, whole or not at all, and returns it with its number."""

    def store(self, run: Run, contents: RunContents) -> Run: ...


@dataclass(frozen=True)
class _Task:
    pair: Pair
    plan: Plan
    note: str = ""
    fits: Mapping[FitKey, dict[str, Any]] | None = None
    previous: Mapping[float, str] | None = None


def _work(task: _Task) -> tuple[Month, PairResult, pd.DataFrame]:
    result = forecast_pair(task.pair, task.plan, task.fits, task.previous)
    return task.pair.until, result, pd.DataFrame(pair_rows(result, task.pair.until + 1, task.note))


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
    fits: FitStore | None = None,
    previous_run: int | None = NEWEST,
    middles: Middles | None = None,
) -> Run:
    """Forecast every leaf region and care area on data up to `until` (default: the last month reported) and store it.

    First earlier months are replayed, which gives the calibration of the bands, the recalibration of gap probabilities
    and the record of warnings. The result depends on data, `until`, `horizon`, `n_paths`, `seed` and the flags of the
    run before alone, not on `jobs`, nor on what `fits` already knows. A run that fails or is killed stores nothing, so
    the last good one stays. `engine` stands in for the pooled one in tests; then nothing is replayed. `previous_run`:
    the run whose flags the hysteresis starts from, None for none. `middles` says which pairs are forecast once more for
    those who may not see all; without it they are told nothing of a gap where counts are hidden. Raises InputError
    when there is nothing to forecast from.
    """
    started, facts = time.perf_counter(), Facts.read(source, until, horizon, as_of)
    pairs = facts.panel.pairs(facts.until)
    if not pairs:
        raise InputError("Det finns inga serier att göra prognoser av.", "Importera väntande eller produktion först.")
    kept = fits or MemoryFits()
    known = _known(kept, pairs)
    replayed = [] if engine else chosen(pairs)
    middle = middle_pairs(middles, source, facts, as_of, pairs)
    keys = {(p.region, p.care_area) for p in replayed}
    middle_replayed = [p for p in middle if (p.region, p.care_area) in keys]
    new: dict[FitKey, dict[str, Any]] = {}
    made = Made(facts.until + 1, facts.names)
    made_told = Made(facts.until + 1, facts.names, country_wanted=False)
    with _workers(jobs, executor, len(pairs)) as used:
        work = _Work(used, progress, len(replayed) + len(pairs) + len(middle_replayed) + len(middle))

        def replays_with(pool: Pool) -> list[Replay]:
            tasks = []
            for p in replayed:
                key = (p.region, p.care_area)
                tasks.append(ReplayTask(p, horizon, seed, known.get(key, {}) | _of(new, key), pool))
            out = []
            for done in work.through(replay_pair, tasks):
                new.update(done.fits)
                out.append(done.replay)
            return out

        replays = replays_with(POOL)
        skill = skill_of(replays)
        pool = pool_of(skill)
        if pool != POOL:  # a baseline has beaten the pool: what is shown is calibrated by its own errors
            work.total += len(replayed)
            replays = replays_with(pool)
        evidence = evidence_of(replays, facts.until, horizon, pool, skill)
        plan = Plan(
            seed,
            horizon,
            n_paths,
            calibration=evidence.calibration,
            recalibration=evidence.recalibration,
            pool=pool,
            engine=engine,
        )
        before = run_before(source, facts.until, previous_run)
        flags_before = statuses(source, before, evidence)
        tasks = []
        for p in pairs:
            key = (p.region, p.care_area)
            tasks.append(_Task(p, plan, fits=known.get(key, {}) | _of(new, key), previous=flags_before.get(key)))
        for _, result, rows in work.through(_work, tasks):
            made.add(result, rows)
        known_middle = {key: fits_of_middle(of_pair) for key, of_pair in known.items()}
        mids = [
            ReplayTask(p, horizon, seed, known_middle.get((p.region, p.care_area), {}), pool, share_only=True)
            for p in middle_replayed
        ]
        middle_replays = []
        for done in work.through(replay_pair, mids):
            made_told.fits |= done.fits
            middle_replays.append(done.replay)
        record = record_of(middle_replays, evidence, horizon)
        known_flags = told_statuses(source, before, evidence, record)
        told_tasks = []
        for p in middle:
            key = (p.region, p.care_area)
            fitted = known_middle.get(key, {}) | _of(made_told.fits, key)
            told_tasks.append(_Task(p, plan, fits=fitted, previous=known_flags.get(key)))
        for _, result, rows in work.through(_work, told_tasks):
            made_told.add(result, rows)
    told = None
    if middles is not None:
        told = Told(made_told.contents(record), middles.threshold, len(middle) * len(plan.measures))
    run = facts.run(
        "forecast",
        facts.until,
        plan,
        len(tasks),
        time.perf_counter() - started,
        previous_run=before.run_id if before else None,
        calibration=evidence.to_json(),
    )
    stored = store.store(run, made.contents(evidence.record, told))
    kept.keep(new | made.fits | kept_apart(made_told.fits))
    return stored


def run_records(
    source: Source,
    store: RunStore,
    origins: Sequence[Month],
    *,
    made_by: Run | None = None,
    horizon: int = 12,
    jobs: int | None = None,
    seed: int = DEFAULT_SEED,
    n_paths: int = DEFAULT_PATHS,
    progress: Progress | None = None,
    executor: Executor | None = None,
    engine: Engine | None = None,
    fits: FitStore | None = None,
) -> list[Run]:
    """What would have been forecast at earlier months: the share within the limit only, no paths, one run an origin.

    It uses today's figures cut at each month, so later revisions are in it; every row says so. The breaks that began
    after the cut are left out. `made_by` is the run whose history of factors calibrates each origin as it would have
    been then. Reads the facts once and spreads all origins over one pool.
    """
    if not origins:
        return []
    started, facts = time.perf_counter(), Facts.read(source, max(origins), horizon, None)
    history: Mapping[str, Any] = made_by.calibration.get("share_history", {}) if made_by else {}
    pool = dict(POOL) | {m: tuple(p) for m, p in (made_by.calibration if made_by else {}).get("pool", {}).items()}
    kept = fits or MemoryFits()
    plan = Plan(seed, horizon, n_paths, measures=(SHARE,), gaps=False, pool=pool, engine=engine)
    made: dict[Month, Made] = {}
    tasks = []
    for origin in origins:
        note = f"I efterhand: dagens uppgifter till och med {origin.sv}."
        made[origin] = Made(origin + 1, facts.names, note, paths_wanted=False)
        then = history.get(str(origin))
        mine = plan if then is None else _with(plan, Calibration.of({SHARE: then}))
        pairs = facts.panel.pairs(origin)
        known = _known(kept, pairs)
        tasks += [_Task(p, mine, note, known.get((p.region, p.care_area), {})) for p in pairs]
    with _workers(jobs, executor, len(tasks)) as used:
        for until, result, rows in _Work(used, progress, len(tasks)).through(_work, tasks):
            made[until].add(result, rows)
    seconds = (time.perf_counter() - started) / len(origins)
    runs = []
    for origin, each in made.items():
        kept.keep(each.fits)
        if each.sums:  # an origin at which nothing could be forecast is no record
            run = facts.run("record", origin, plan, each.pairs, seconds)
            runs.append(store.store(run, each.contents([])))
    return runs


def quarterly_origins(until: Month, count: int = 4) -> list[Month]:
    """The origins of the record: `count` months three apart, the last one three months before `until`, oldest first.

    >>> [str(m) for m in quarterly_origins(Month(2026, 10), 2)]
    ['2026-04', '2026-07']
    """
    return [until - 3 * k for k in range(count, 0, -1)]


def _with(plan: Plan, calibration: Calibration) -> Plan:
    return replace(plan, calibration=calibration)


def _of(fits: Mapping[FitKey, dict[str, Any]], pair: tuple[str, str]) -> dict[FitKey, dict[str, Any]]:
    return {key: parameters for key, parameters in fits.items() if key[:2] == pair}


def _known(fits: FitStore, pairs: Sequence[Pair]) -> _Known:
    out: _Known = {}
    for key, parameters in fits.latest([(p.region, p.care_area) for p in pairs]).items():
        out.setdefault(key[:2], {})[key] = parameters
    return out


def _workers(jobs: int | None, executor: Executor | None, items: int) -> AbstractContextManager[Executor]:
    """The executor given, which its owner closes, or processes of this machine for as long as the work goes on."""
    return nullcontext(executor) if executor is not None else local_executor(jobs, items)


@dataclass
class _Work:
    """Spreads pieces of work and tells how far it has come."""

    executor: Executor
    progress: Progress | None
    total: int
    done: int = 0

    def through(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Answers in the items' order. What goes wrong inside becomes a ForecastError."""
        if not items:
            return
        try:
            for answer in self.executor.map(function, items):
                yield answer
                self.done += 1
                if self.progress:
                    self.progress(self.done, self.total)
        except (InputError, ForecastError, MemoryError):
            raise
        except Exception as error:
            raise ForecastError(
                "Prognoserna kunde inte göras; den senaste fullständiga körningen gäller fortfarande.",
                f"Kör igen; står felet kvar, rapportera det: {type(error).__name__}: {error}",
            ) from error
