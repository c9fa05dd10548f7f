"""Fitting the recalibration of gap probabilities, past-only, from replayed forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.gap_openings import NEVER, opening_steps, probability, under
from lagesbild.domain.recalibration import NAMES, Recalibration, features
from lagesbild.forecast.calibration import Calibration, Factors
from lagesbild.forecast.replay import SHARE, Replay, Structure
from lagesbild.forecast.transforms import from_scale

YEAR: Final = 12
RIDGE: Final = 4.0  # pull towards the prior, in units of one case's information: a few dozen cases begin to matter
_STEPS: Final = 50
_CLOSE: Final = 1e-8


@dataclass(frozen=True)
class Cases:
    """Situations in which no gap was open, one row a series, origin and target.

    `x` rows of `features`; `origin` ordinals; `opened` months ahead at which a gap opened within a year (NEVER when
    none did); `known` months of that year that have come; `series` index of the series, `target` as a share;
    `month` the median opening month ahead on the paths that open, NaN when none does.
    """

    series: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    x: np.ndarray
    paths_share: np.ndarray
    month: np.ndarray
    opened: np.ndarray
    known: np.ndarray

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def event(self) -> np.ndarray:
        """Whether a gap opened within the year, bool (n,)."""
        return np.asarray(self.opened <= YEAR)

    @property
    def decided(self) -> np.ndarray:
        """Whether that is known by now, bool (n,)."""
        return self.event | (self.known >= YEAR)

    @property
    def decided_in_time(self) -> np.ndarray:
        """Whether the whole year after has come, bool (n,): what is scored, so that quick events weigh no more."""
        return np.asarray(self.known >= YEAR)

    def where(self, keep: np.ndarray) -> Cases:
        return Cases(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def cases_of(replays: Sequence[Replay], targets: Sequence[float], factors: dict[int, Factors], horizon: int) -> Cases:
    """All cases of some replays, their paths calibrated with the factors in force at each origin."""
    rows: list[tuple[float, ...]] = []
    for index, each in enumerate(replays):
        if each.structure is not None:
            rows += _cases(index, each.structure, targets, factors, horizon)
    table = np.array(rows, float).reshape(len(rows), 10)
    series, origin, target, share, month, now, lowest, growth, opened, known = table.T
    return Cases(
        series.astype(int),
        origin.astype(int),
        target,
        features(share, now - target, lowest - target, growth),
        share,
        month,
        opened.astype(int),
        known.astype(int),
    )


def _cases(
    index: int, s: Structure, targets: Sequence[float], factors: dict[int, Factors], horizon: int
) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for k in range(len(s)):
        calibrated = Calibration({SHARE: factors[int(s.origin[k])]}).apply(s.paths[k], SHARE)
        structural = from_scale(calibrated, "share", 1.0) - s.season[k]
        known = int((~np.isnan(s.came[k])).sum())
        for target in targets:
            if under(s.recent[k], target).all():
                continue  # open already
            steps = opening_steps(float(s.now[k]), structural, target)
            came = np.where(np.isnan(s.came[k]), 1.0, s.came[k])[None, :YEAR]
            opened = int(opening_steps(float(s.now[k]), came, target)[0])
            opening = steps[steps < NEVER]
            month = float(np.median(opening)) if len(opening) else float("nan")
            rows.append(
                (
                    index,
                    s.origin[k],
                    target,
                    probability(steps, min(YEAR, horizon)),
                    month,
                    s.now[k],
                    s.lowest[k],
                    s.growth[k],
                    opened,
                    known,
                )
            )
    return rows


def fit(cases: Cases, prior: Recalibration, names: Iterable[str] = NAMES) -> Recalibration:
    """Logistic regression on all cases, pulled towards `prior` by RIDGE: what is learnt once from many real series.

    Only the coefficients of `names` are used; the others are 0. With no cases the prior itself.
    """
    chosen = np.array([n in set(names) for n in NAMES])
    start = np.where(chosen, np.array(prior.coefficients), 0.0)
    if not len(cases):
        return Recalibration(tuple(start), 0, 0)
    out = np.zeros(len(NAMES))
    out[chosen] = _newton(cases.x[:, chosen], cases.event, start[chosen], 1.0)
    return Recalibration(tuple(out), len(cases), int(cases.event.sum()))


def adapted(cases: Cases, until: int, prior: Recalibration) -> Recalibration:
    """The prior with a level and a slope of its own, learnt from the cases whose year had come by `until`.

    No more than that: cases of one series overlap by eleven months of twelve and share their season, so they count as a
    twelfth each. With coefficients of its own the synthetic country, in which nearly every list stays where it is,
    learnt that what has never happened never will: 4 % for a list that was three points above and falling.
    """
    used = cases.where((cases.origin + YEAR <= until) & cases.decided)
    if not len(used):
        return Recalibration(prior.coefficients, 0, 0)
    said = np.clip(used.x @ np.array(prior.coefficients), -30, 30)
    level, slope = _newton(np.column_stack([np.ones(len(used)), said]), used.event, np.array([0.0, 1.0]), 1 / YEAR)
    moved = slope * np.array(prior.coefficients)
    moved[0] += level
    return Recalibration(tuple(moved), len(used), int(used.event.sum()))


def _newton(x: np.ndarray, event: np.ndarray, start: np.ndarray, weight: float) -> np.ndarray:
    """Coefficients of a logistic regression with every case counted as `weight`, pulled towards `start` by RIDGE."""
    beta, y = start.copy(), event.astype(float)
    for _ in range(_STEPS):  # the ridge keeps it convex and finite when cases separate
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = weight * x.T @ (p - y) + RIDGE * (beta - start)
        hessian = weight * (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta = beta - step
        if np.abs(step).max() < _CLOSE:
            break
    return beta
