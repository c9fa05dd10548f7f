"""What a run learns from replaying earlier months: how wide bands must be, what a probability is worth, the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lagesbild.domain.fits import FitKey
from lagesbild.domain.periods import Month
from lagesbild.domain.recalibration import Recalibration
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.calibration import Calibration, Errors, Factors, learn, pooled
from lagesbild.forecast.fitting import Fits
from lagesbild.forecast.gaps import TARGETS, YEAR
from lagesbild.forecast.pair import SHARE
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import POOL, PooledForecaster
from lagesbild.forecast.priors import PRIOR_FACTORS, PRIOR_RECALIBRATION
from lagesbild.forecast.recalibrating import Cases, adapted, cases_of
from lagesbild.forecast.replay import POOL_NAME, Replay, origins_of, replay
from lagesbild.forecast.warning_record import past_only, warning_record

QUARTERS: Final = 16  # replayed quarters' ends: four years of errors, one of them pooled conformal, then adaptive
MONTHS: Final = 36  # replayed months of the share, for the recalibration and the record
REPLAY_PATHS: Final = 200
ENOUGH: Final = 200  # known months, all series together, before a baseline may take the pool's place
Pool = Mapping[str, tuple[str, ...]]
MOST_PAIRS: Final = 500  # factors are pooled over series: more of them would cost memory and say nothing new


@dataclass(frozen=True)
class ReplayTask:
    """One pair to replay, and the fits that are known of it."""

    pair: Pair
    horizon: int
    seed: int
    fits: Mapping[FitKey, dict[str, Any]]
    pool: Pool = field(default_factory=lambda: POOL)
    share_only: bool = False  # for the record of warnings: nothing is learnt of it


@dataclass(frozen=True)
class Replayed:
    """The replay, and the fits made for it."""

    replay: Replay
    fits: dict[FitKey, dict[str, Any]]


def replay_pair(task: ReplayTask) -> Replayed:
    """Replay a pair: every measure at quarters' ends, the share at every month. Runs anywhere."""
    until = task.pair.until
    fits = Fits(PooledForecaster(task.pool), task.fits)
    draws = Draws.of(task.seed, REPLAY_PATHS, task.horizon + YEAR)
    made = replay(
        task.pair,
        (SHARE,) if task.share_only else MEASURES,
        [] if task.share_only else origins_of(until, QUARTERS, 3),
        task.horizon,
        draws,
        fits,
        origins_of(until, MONTHS, 1),
    )
    return Replayed(made, fits.made)


def pool_of(skill: Mapping[str, Mapping[str, float]]) -> Pool:
    """The pool to forecast with: POOL, but for a measure in which it does not beat both baselines, the better of them.

    `skill` as `skill_of`.
    """
    pool: dict[str, tuple[str, ...]] = dict(POOL)
    for measure, losses in skill.items():
        best = min(losses, key=lambda name: losses[name])
        if best != POOL_NAME:
            pool[measure] = (best,)
    return pool


def skill_of(replays: Sequence[Replay]) -> dict[str, dict[str, float]]:
    """Measure -> mean quantile loss, on the model's scale, of the pool and of each baseline over all replayed series;
    measures with fewer than ENOUGH known months left out."""
    out: dict[str, dict[str, float]] = {}
    for measure in MEASURES:
        mine = [r.losses[measure] for r in replays if measure in r.losses]
        months = sum(loss[POOL_NAME][1] for loss in mine)
        if months >= ENOUGH:
            out[measure] = {name: sum(loss[name][0] for loss in mine) / months for name in mine[0]}
    return out


def chosen(pairs: Sequence[Pair]) -> list[Pair]:
    """At most MOST_PAIRS of them, evenly spread over their order."""
    if len(pairs) <= MOST_PAIRS:
        return list(pairs)
    return [pairs[int(k)] for k in np.linspace(0, len(pairs) - 1, MOST_PAIRS)]


@dataclass(frozen=True)
class Evidence:
    """Factors in force at each replayed origin and now, per measure; the recalibration now; the record of warnings."""

    until: Month
    factors: Mapping[str, Mapping[int, Factors]]
    recalibration: Recalibration
    record: list[dict[str, Any]] = field(default_factory=list)
    pairs: int = 0
    skill: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    pool: Pool = field(default_factory=lambda: POOL)
    cases: Cases | None = None

    @property
    def calibration(self) -> Calibration:
        return Calibration({m: f[self.until.ordinal] for m, f in self.factors.items()})

    def to_json(self) -> dict[str, Any]:
        """What the run stores: today's factors, the share's at earlier months (for the record), recalibration."""
        share = self.factors.get(SHARE, {})
        history = {str(Month.from_ordinal(m)): Calibration({SHARE: f}).to_json()[SHARE] for m, f in share.items()}
        return {
            "factors": self.calibration.to_json(),
            "share_history": history,
            "recalibration": self.recalibration.to_json(),
            "replayed_pairs": self.pairs,
            "pool": {m: list(names) for m, names in self.pool.items() if names != POOL[m]},
            "loss": {m: {name: round(x, 6) for name, x in each.items()} for m, each in self.skill.items()},
        }


def evidence_of(
    replays: Sequence[Replay],
    until: Month,
    horizon: int,
    pool: Pool = POOL,
    skill: Mapping[str, Mapping[str, float]] | None = None,
) -> Evidence:
    """Learn from replays, whose order must not depend on where they were made. Without any, the priors hold. `skill` is
    what the choice of `pool` rested on."""
    factors: dict[str, Mapping[int, Factors]] = {}
    for measure in MEASURES:
        factors[measure] = learn(_pooled(replays, measure, horizon), until.ordinal, PRIOR_FACTORS[measure])
    cases = cases_of(replays, TARGETS, dict(factors[SHARE]), horizon)
    return Evidence(
        until,
        factors,
        adapted(cases, until.ordinal, PRIOR_RECALIBRATION),
        warning_record(replays, TARGETS, cases, past_only(cases, PRIOR_RECALIBRATION)),
        len(replays),
        skill_of(replays) if skill is None else skill,
        pool,
        cases,
    )


def record_of(replays: Sequence[Replay], learnt: Evidence, horizon: int) -> list[dict[str, Any]]:
    """The record of other replays, as `learnt` would have warned of them at each origin; nothing is learnt of them."""
    if learnt.cases is None or not replays:
        return []
    mine = learnt.factors[SHARE]
    # a month at which nothing could be learnt has today's factors
    now = mine[learnt.until.ordinal]
    origins = {int(o) for r in replays if r.structure is not None for o in r.structure.origin}
    cases = cases_of(replays, TARGETS, {o: mine.get(o, now) for o in origins}, horizon)
    return warning_record(replays, TARGETS, cases, past_only(learnt.cases, PRIOR_RECALIBRATION, cases))


def _pooled(replays: Iterable[Replay], measure: str, horizon: int) -> Errors:
    mine = [r.errors[measure] for r in replays if measure in r.errors]
    if not mine:
        return Errors(np.empty(0, int), np.empty((0, 7, horizon)), np.empty((0, horizon)))
    return pooled(mine)
