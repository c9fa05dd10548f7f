"""Calibrated bands: how much wider or narrower than the models' own, learned from errors known at the time.

One factor per measure, level (50, 80, 95 %) and block of three months ahead, pooled over series, since 24-72 months of
one series cannot tell a 95 % quantile. In its first year a factor is pooled conformal: the quantile of how far outcomes
fell from the median, in units of the model's own band, drawn towards a prior from other data. After that it is adaptive
(ACI): each month it moves by RATE times what the band covered less than promised. An error counts once its month is
known, never before (Gibbs and Candes 2021; the constants were measured in FORECAST.md section 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

LEVELS: Final = (0.5, 0.8, 0.95)
QUANTILES: Final = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
PAIRS: Final = ((2, 4), (1, 5), (0, 6))  # positions in QUANTILES of the lower and upper edge of each level
BLOCK: Final = 3  # months ahead that share a factor
FIRST_YEAR: Final = 12
RATE: Final = 0.2
SMALLEST: Final = 0.3
LARGEST: Final = 4.0
# Errors that the prior counts as, per block: those of one month move together, so a hundred are few. On the real sets
# 100 let the first shock decide (87 % of Irish shares inside 80 % bands), and 500 kept what another country had taught.
PRIOR_WEIGHT: Final = 300.0
_TINY: Final = 1e-9

Factors = np.ndarray  # (levels, blocks)


@dataclass(frozen=True)
class Errors:
    """Replayed forecasts of one measure, pooled over series. `origin` int (n,): the last month known, as an ordinal;
    `quantiles` (n, 7, horizon) at QUANTILES and `actual` (n, horizon), NaN where not known, on the model's scale."""

    origin: np.ndarray
    quantiles: np.ndarray
    actual: np.ndarray

    @property
    def horizon(self) -> int:
        return int(self.actual.shape[1])

    @property
    def due(self) -> np.ndarray:
        """Month in which each error is known, int (n, horizon)."""
        months: np.ndarray = self.origin[:, None] + 1 + np.arange(self.horizon)
        return months

    @property
    def needed(self) -> np.ndarray:
        """Factor at which the edge of each level's band would just reach the outcome, (levels, n, horizon)."""
        middle = self.quantiles[:, 3]
        off = self.actual - middle
        out = []
        for low, high in PAIRS:
            edge = np.where(off >= 0, self.quantiles[:, high] - middle, middle - self.quantiles[:, low])
            out.append(np.abs(off) / np.maximum(edge, _TINY))
        return np.stack(out)


def prior_of(errors: Sequence[Errors]) -> Factors | None:
    """What to believe of a new set of series from others': the factor at which the bands of each would have held what
    they promise, its geometric mean over sets; (levels, blocks). None without any.

    At 95 % half the spread between sets is added: a new set is not the mean of the others, and too narrow a 95 % band
    is the worse mistake (England's production held .91 with the mean, .92 with this).
    """
    if not errors:
        return None
    block = block_of(errors[0].horizon)
    out = np.ones((len(LEVELS), blocks(errors[0].horizon)))
    for b in range(out.shape[1]):
        for k, level in enumerate(LEVELS):
            each = np.log([np.nanquantile(e.needed[k][:, block == b], level) for e in errors])
            out[k, b] = np.exp(each.mean() + (0.5 * each.std() if level == LEVELS[-1] else 0.0))
    return out


def pooled(errors: Sequence[Errors]) -> Errors:
    """The errors of several series as one."""
    return Errors(
        np.concatenate([e.origin for e in errors]),
        np.concatenate([e.quantiles for e in errors]),
        np.concatenate([e.actual for e in errors]),
    )


def blocks(horizon: int) -> int:
    """How many blocks of months a horizon has; the last may be short."""
    return -(-horizon // BLOCK)


def block_of(horizon: int) -> np.ndarray:
    """The block of each month ahead, int (horizon,)."""
    numbers: np.ndarray = np.arange(horizon) // BLOCK
    return numbers


def learn(errors: Errors, until: int, prior: Factors | None = None) -> dict[int, Factors]:
    """The factors in force at each origin of `errors` and at `until` (an ordinal), from what was known then alone.

    Returns month -> (levels, blocks). `prior` (levels, blocks) is what is believed before there are any errors; ones
    when not given.
    """
    block = block_of(errors.horizon)
    start = _fitting(prior, blocks(errors.horizon))
    known = ~np.isnan(errors.actual)
    needed, due = errors.needed, errors.due
    months = sorted({*errors.origin.tolist(), until})
    in_force: dict[int, Factors] = {}
    current = start.copy()
    issued = np.ones((len(LEVELS), *errors.actual.shape))
    learnt = months[0]
    first = int(due[known].min()) if known.any() else until
    for now in months:
        if now < first + FIRST_YEAR:
            current = _conformal(needed, known & (due <= now), block, start)
        else:
            for month in range(learnt + 1, now + 1):
                current = _adapted(current, needed <= issued, known & (due == month), block)
        learnt = now
        in_force[now] = current
        mine = errors.origin == now
        issued[:, mine] = current[:, None, block]
    return in_force


def _fitting(prior: Factors | None, count: int) -> Factors:
    """The prior for this many blocks: its last block holds for those beyond it."""
    if prior is None:
        return np.ones((len(LEVELS), count))
    return np.asarray(prior, float)[:, np.minimum(np.arange(count), prior.shape[1] - 1)]


def _conformal(needed: np.ndarray, used: np.ndarray, block: np.ndarray, prior: Factors) -> Factors:
    out = prior.copy()
    for b in range(prior.shape[1]):
        scores = needed[:, used & (block == b)]
        n = scores.shape[1]
        if not n:
            continue
        for k, level in enumerate(LEVELS):
            reached = float(np.quantile(scores[k], min(1.0, level * (n + 1) / n)))
            weight = n / (n + PRIOR_WEIGHT)
            mixed = weight * np.log(max(reached, _TINY)) + (1 - weight) * np.log(prior[k, b])
            out[k, b] = np.clip(np.exp(mixed), SMALLEST, LARGEST)
    return out


def _adapted(current: Factors, inside: np.ndarray, used: np.ndarray, block: np.ndarray) -> Factors:
    """One month's step of ACI: f <- clip(f exp(-RATE (covered - nominal)))."""
    out = current.copy()
    for b in range(current.shape[1]):
        mine = used & (block == b)
        if mine.any():
            covered = inside[:, mine].mean(axis=1)
            out[:, b] = np.clip(out[:, b] * np.exp(-RATE * (covered - np.array(LEVELS))), SMALLEST, LARGEST)
    return out


def stretched(paths: np.ndarray, factors: Factors) -> np.ndarray:
    """Paths (paths, horizon) on the model's scale, moved from the median by the factors so that their quantiles are the
    calibrated bands. Ranks are kept, so that what moves together still does; from block to block bands never narrow.

    Between the levels the factor is interpolated by rank; from block to block by month.
    """
    scaled = np.asarray(paths, float)
    n, horizon = scaled.shape
    by_month = _by_month(factors, np.quantile(scaled, QUANTILES, axis=0))
    middle = np.median(scaled, axis=0)
    rank = np.argsort(np.argsort(scaled, axis=0, kind="stable"), axis=0)
    distance = np.abs((rank + 0.5) / n - 0.5) * 2  # 0 at the median, the level of the band at whose edge the path is
    out = np.empty_like(scaled)
    for h in range(horizon):
        factor = np.interp(distance[:, h], LEVELS, by_month[:, h])
        out[:, h] = _ordered(middle[h], (scaled[:, h] - middle[h]) * factor, rank[:, h])
    return out


def stretched_quantiles(native: np.ndarray, factors: Factors) -> np.ndarray:
    """The quantiles (7, horizon) at QUANTILES of paths that `stretched` has moved, from those of the paths before."""
    by_month = _by_month(factors, native)
    out = np.array(native, float)
    middle = native[3]
    off = np.zeros((2, native.shape[1]))
    for k, (low, high) in enumerate(PAIRS):
        off = np.maximum(off, np.abs(native[[low, high]] - middle) * by_month[k])
        out[low], out[high] = middle - off[0], middle + off[1]
    return out


def _ordered(middle: float, off: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Middle plus offsets, made monotone in rank outwards from the median."""
    order = np.argsort(rank, kind="stable")
    sorted_off = off[order]
    upper = sorted_off >= 0
    sorted_off[upper] = np.maximum.accumulate(sorted_off[upper])
    lower = ~upper
    sorted_off[lower] = np.minimum.accumulate(sorted_off[lower][::-1])[::-1]
    out = np.empty_like(off)
    out[order] = sorted_off
    return middle + out


def _by_month(factors: Factors, native: np.ndarray) -> np.ndarray:
    """(levels, horizon): the factors at the middle month of each block, in between by straight lines, raised where the
    80 % band of `native` quantiles would on average be narrower than in the block before.

    Block means, since a maximum over single months would be one over their sampling noise: 2 points of coverage.
    """
    wanted = np.asarray(factors, float)
    horizon = native.shape[1]
    centres = BLOCK * np.arange(wanted.shape[1]) + (BLOCK - 1) / 2
    by_month = np.stack([np.interp(np.arange(horizon), centres, row) for row in wanted])
    block = block_of(horizon)
    edges = np.stack([np.abs(native[list(pair)] - native[3]) for pair in PAIRS])  # (levels, 2, horizon)
    off = np.maximum.accumulate(edges * by_month[:, None], axis=0)  # a wider level is never inside a narrower one
    width = off[1].sum(axis=0)
    means = np.array([width[block == b].mean() for b in range(block[-1] + 1)])
    raised = np.maximum.accumulate(means) / np.maximum(means, _TINY)
    return np.asarray(by_month * np.where(means > _TINY, raised, 1.0)[block])


@dataclass(frozen=True)
class Calibration:
    """The factors of a run: measure -> (levels, blocks). A measure without one keeps the models' own bands."""

    factors: Mapping[str, Factors]

    def apply(self, paths: np.ndarray, measure: str) -> np.ndarray:
        """Calibrated paths on the model's scale, same shape."""
        found = self.factors.get(measure)
        return paths if found is None else stretched(paths, found)

    def to_json(self) -> dict[str, list[list[float]]]:
        return {m: [[round(float(x), 4) for x in row] for row in f] for m, f in self.factors.items()}

    @classmethod
    def of(cls, stored: Mapping[str, Sequence[Sequence[float]]]) -> Calibration:
        return cls({m: np.array(f, float) for m, f in stored.items()})
