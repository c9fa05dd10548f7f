"""Rolling-origin evaluation: what would have been forecast at earlier months, over what came, beside others' forecasts.

Everything at an origin is made from what was known there: models, calibration (priors from the other sets only) and the
recalibration of gap probabilities. Quantile loss (WQL) is twice the mean pinball loss of seven quantiles, over the
in-sample error of the seasonal naive forecast; all models are scored on the same forecasts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final, Protocol

import numpy as np

from lagesbild.domain.backtest import Backtest
from lagesbild.domain.periods import Month
from lagesbild.forecast.calibration import Errors, Factors, learn, pooled, prior_of, stretched_quantiles
from lagesbild.forecast.fanout import Executor
from lagesbild.forecast.fitting import Fits, live_anchor
from lagesbild.forecast.members import filled
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.peers import Peer
from lagesbild.forecast.pool import PooledForecaster
from lagesbild.forecast.references import REFERENCES, SEASONAL_NAIVE
from lagesbild.forecast.replay import SHARE, Replay, replay
from lagesbild.forecast.scoring import Forecasts, flag_tables, score_table
from lagesbild.forecast.series import WINDOW
from lagesbild.forecast.transforms import ceiling

PATHS: Final = 400
SEED: Final = 20260101
FIRST_ORIGIN: Final = 36  # months of a series before the first origin; of a short set, two years
SHORT_SET: Final = 48
_YEAR: Final = 12

Progress = Callable[[int, int], None]


class EvaluationSet(Protocol):
    """Series of one kind: a name, the measures it has, and pairs with every column of `panel.COLUMNS`."""

    @property
    def name(self) -> str: ...
    @property
    def measures(self) -> Sequence[str]: ...
    @property
    def pairs(self) -> Sequence[Pair]: ...


@dataclass(frozen=True)
class _Task:
    pair: Pair
    measures: tuple[str, ...]
    horizon: int
    origins: tuple[Month, ...]
    monthly: tuple[Month, ...]
    peers: tuple[Peer, ...]


@dataclass(frozen=True)
class Evaluated:
    """A replayed pair. Per (measure, origin): others' quantiles by name, the scale of the loss, and the ceiling."""

    replay: Replay
    peers: dict[tuple[str, int], dict[str, np.ndarray]] = field(default_factory=dict)  # measure, origin -> name -> q
    scales: dict[tuple[str, int], float] = field(default_factory=dict)
    tops: dict[tuple[str, int], float] = field(default_factory=dict)  # logarithm that no count of ours passes


def evaluate(
    sets: Sequence[EvaluationSet],
    *,
    horizon: int = 12,
    step: int = 3,
    origins: int | None = None,
    executor: Executor,
    peers: Sequence[Peer] = (),
    progress: Progress | None = None,
) -> Backtest:
    """Evaluate on some sets, at origins `step` months apart, at most the last `origins` of each series.

    Shares are also replayed every month, for the flags. `peers` stand beside the three references.
    """
    started = time.perf_counter()
    found = replayed(
        sets, horizon=horizon, step=step, origins=origins, executor=executor, peers=peers, progress=progress
    )
    names = [s.name for s in sets]
    factors = factors_of(found)
    scores = score_table(_forecasts(names, found, factors, horizon))
    flags, reliability = flag_tables(
        names, [[d.replay for d in mine] for mine in found], [f.get(SHARE, {}) for f in factors], horizon
    )
    made = max((len({k[1] for d in mine for k in d.scales}) for mine in found), default=0)
    seconds = round(time.perf_counter() - started, 1)
    return Backtest(datetime.now(UTC), version("lagesbild"), horizon, step, made, seconds, scores, flags, reliability)


def replayed(
    sets: Sequence[EvaluationSet],
    *,
    horizon: int,
    step: int,
    origins: int | None,
    executor: Executor,
    peers: Sequence[Peer] = (),
    progress: Progress | None = None,
) -> list[list[Evaluated]]:
    """Every pair of every set replayed, with the references' and peers' forecasts of the same months."""
    tasks, owner = [], []
    for number, each in enumerate(sets):
        for pair in each.pairs:
            owner.append(number)
            tasks.append(_task(pair, each, horizon, step, origins, (*REFERENCES, *peers)))
    found: list[list[Evaluated]] = [[] for _ in sets]
    for n, done in enumerate(executor.map(_work, tasks), start=1):
        found[owner[n - 1]].append(done)
        if progress:
            progress(n, len(tasks))
    return found


def _task(
    pair: Pair, each: EvaluationSet, horizon: int, step: int, origins: int | None, peers: tuple[Peer, ...]
) -> _Task:
    start = FIRST_ORIGIN if pair.months > SHORT_SET else 2 * _YEAR
    last = pair.until - 1
    all_months = [pair.first + k for k in range(start - 1, last - pair.first + 1)]
    wanted = all_months[::-1][::step][::-1]
    kept = wanted[-origins:] if origins else wanted
    monthly = [m for m in all_months if kept and m >= kept[0]]
    return _Task(pair, tuple(each.measures), horizon, tuple(kept), tuple(monthly), peers)


def _work(task: _Task) -> Evaluated:
    fits = Fits(PooledForecaster())
    draws = Draws.of(SEED, PATHS, task.horizon + _YEAR)
    monthly = task.monthly if SHARE in task.measures else ()
    made = replay(task.pair, task.measures, task.origins, task.horizon, draws, fits, monthly, anchor=live_anchor)
    done = Evaluated(made)
    wanted = {m.ordinal for m in task.origins}
    for measure, errors in made.errors.items():
        for k, origin in enumerate(errors.origin.tolist()):
            if origin not in wanted or np.isnan(errors.actual[k]).all():
                continue
            series = task.pair.cut(Month.from_ordinal(origin)).series(measure).last(WINDOW)
            scale = _seasonal_error(series.values, series.kind == "share")
            done.scales[measure, origin] = scale
            if series.kind == "count":
                done.tops[measure, origin] = ceiling(float(np.nanmax(series.values)))
            scaled, _ = filled(series)
            done.peers[measure, origin] = _others(task.peers, scaled, task.horizon)
    return done


def _others(peers: Sequence[Peer], scaled: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    """Name -> quantiles of every peer. One that cannot forecast a series is given the seasonal naive forecast of it, as
    whoever used it would have to; left out of the comparison it would be judged on the easier series alone."""
    out: dict[str, np.ndarray] = {}
    stand_in = SEASONAL_NAIVE.quantiles(scaled, horizon)
    for peer in peers:
        try:
            out[peer.name] = peer.quantiles(scaled, horizon)
        except ValueError:
            out[peer.name] = stand_in
    return out


def _seasonal_error(values: np.ndarray, share: bool) -> float:
    """Mean absolute change from the same month a year before, at least a thousandth or half a patient."""
    changes = np.abs(values[_YEAR:] - values[:-_YEAR])
    known = changes[~np.isnan(changes)]
    return max(float(known.mean()) if len(known) else 0.0, 1e-3 if share else 0.5)


def factors_of(found: list[list[Evaluated]]) -> list[dict[str, dict[int, Factors]]]:
    """Per set: measure -> month -> factors in force, with a prior learnt from the other sets alone."""
    by_set: list[dict[str, Errors]] = []
    for mine in found:
        by_measure: dict[str, list[Errors]] = {}
        for done in mine:
            for measure, errors in done.replay.errors.items():
                by_measure.setdefault(measure, []).append(errors)
        by_set.append({m: pooled(e) for m, e in by_measure.items()})
    out = []
    for k, own in enumerate(by_set):
        factors = {}
        for measure, errors in own.items():
            others = [p[measure] for j, p in enumerate(by_set) if j != k and measure in p]
            factors[measure] = learn(errors, int(errors.origin.max()), prior_of(others))
        out.append(factors)
    return out


def _forecasts(
    names: Sequence[str], found: list[list[Evaluated]], factors: list[dict[str, dict[int, Factors]]], horizon: int
) -> Forecasts:
    """Every scored forecast as long arrays: models on the model's own scale, outcomes, scales."""
    rows: list[tuple[str, str, int, str, np.ndarray, np.ndarray, float]] = []
    for name, mine, in_force in zip(names, found, factors, strict=True):
        for done in mine:
            for measure, errors in done.replay.errors.items():
                for k, origin in enumerate(errors.origin.tolist()):
                    if (measure, origin) not in done.scales:
                        continue
                    actual, scale = errors.actual[k], done.scales[measure, origin]
                    native = errors.quantiles[k]
                    ours = {"forecast": stretched_quantiles(native, in_force[measure][origin]), "pool": native}
                    top = done.tops.get((measure, origin), np.inf)
                    ours = {model: np.minimum(q, top) for model, q in ours.items()}
                    for model, q in {**ours, **done.peers[measure, origin]}.items():
                        rows.append((name, measure, origin, model, q, actual, scale))
    return Forecasts.of(rows, horizon)
