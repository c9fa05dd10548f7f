"""Months that stand out and levels that jump, in many series at once, by limits that they cannot move themselves.

Series are logarithms (of counts, or log odds of shares). Season, level and noise are medians all through: with means an
outlier would widen its own limits, and in five years pull a fifth of itself into its month's season.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import MIN_OBSERVED, month_numbers

LIMIT: Final = 5.0  # robust standard deviations; 4 of 10 000 months of simulated noise are outside (six years)
RUN: Final = 3  # months in a row that are still single odd months and no new level
JUMP: Final = 4.0  # robust standard deviations of the change from month to month
CUSUM: Final = 1.95  # the 0.1 % point of the largest |Brownian bridge|
SIDE: Final = 4  # months that must be known on both sides of a jump
NEAR: Final = 6  # months on each side that its two levels are the medians of
WINDOW: Final = 36  # months that the cumulative sum is taken over
_KEPT: Final = 0.6  # of the jump that must be left in the level after it: else it is a spike
_YEAR: Final = 12
_SPAN: Final = 13  # months of the running median, a year centred
_SIGMA: Final = 1.4826  # MAD -> standard deviation of normal noise


@dataclass(frozen=True)
class Spike:
    """Month `month` of series `series`: expected value and the limits around it (same scale as the values), and how
    many robust standard deviations it is off."""

    series: int
    month: int
    expected: float
    low: float
    high: float
    z: float


@dataclass(frozen=True)
class Shift:
    """From month `month` on the level is another: `before` and `after` are medians of the adjusted series over up to
    `NEAR` months, `jump` the change from the month before in robust deviations, `cusum` the largest cumulative sum."""

    series: int
    month: int
    before: float
    after: float
    jump: float
    cusum: float


@dataclass(frozen=True)
class Adjusted:
    """`flat`: values without season; `season`: what was taken out; `level`: running median of flat; `sigma`: robust
    noise around it, (series, 1). NaN where a series is too short or a month missing. All (series, months)."""

    flat: np.ndarray
    season: np.ndarray
    level: np.ndarray
    sigma: np.ndarray


def running_median(values: np.ndarray, span: int = _SPAN) -> np.ndarray:
    """Median of the `span` months around each, fewer at the ends, over those observed; (series, months).

    >>> running_median(np.array([[1.0, 2, 9, 4, 5]]), 3).tolist()
    [[1.5, 2.0, 4.0, 5.0, 4.5]]
    """
    y = np.asarray(values, float)
    half = span // 2
    padded = np.pad(y, ((0, 0), (half, half)), constant_values=np.nan)
    return _median(np.lib.stride_tricks.sliding_window_view(padded, span, axis=1))


def _median(values: np.ndarray) -> np.ndarray:
    """Median over the last axis of what is observed; NaN where nothing is, be it because there is no place for it."""
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    ordered = np.sort(values, axis=-1)  # NaN last
    n = np.isfinite(values).sum(axis=-1)
    low, high = np.maximum((n - 1) // 2, 0), n // 2 - (n == 0)
    pick = [np.take_along_axis(ordered, np.maximum(k, 0)[..., None], axis=-1)[..., 0] for k in (low, high)]
    middle: np.ndarray = (pick[0] + pick[1]) / 2
    return middle


def adjusted(values: np.ndarray, first: Month, floor: np.ndarray | float = 0.0) -> Adjusted:
    """Season, level and noise of series (series, months from `first`), NaN where missing.

    `floor` (series, 1): noise that a series of such counts has at least; without it a series that happened to lie
    still would call the first ordinary month an outlier.
    """
    y = np.asarray(values, float)
    months = month_numbers(first, y.shape[1])
    apart = y - running_median(y)
    by_month = np.stack([_median(apart[:, months == k]) for k in range(12)], axis=1) if y.size else np.zeros((0, 12))
    by_month = np.where(np.isfinite(by_month), by_month, 0.0)
    by_month -= by_month.mean(axis=1, keepdims=True)
    enough = np.isfinite(y).sum(axis=1, keepdims=True) >= MIN_OBSERVED
    season = np.where(enough, by_month[:, months], 0.0)
    flat = np.where(enough, y - season, np.nan)
    level = running_median(flat)
    sigma = np.maximum(_noise(y, enough)[:, None], floor)
    return Adjusted(flat, season, level, np.where(sigma > 0, sigma, np.nan))


def _noise(y: np.ndarray, enough: np.ndarray) -> np.ndarray:
    """Robust standard deviation of one month around its level, from differences to the same month a year before.

    Not from what is left when the season is out: where the season is the median of three years, a third of the months
    lie on it by construction (36 months of white noise would give 0.45 instead of 1, and 36 false outliers in 1 000).
    """
    change = np.where(enough, y, np.nan)
    change = change[:, _YEAR:] - change[:, :-_YEAR] if y.shape[1] > _YEAR else np.full((len(y), 1), np.nan)
    apart = np.abs(change - running_median(change))
    return np.asarray(_SIGMA * _median(apart) / np.sqrt(2))


def spikes(found: Adjusted, last: int) -> list[Spike]:
    """Months outside `LIMIT` deviations of the level, among the `last` ones, up to `RUN` in a row.

    When more are as far off on the same side it is the level that is another, which `shifts` tells.
    """
    off = found.flat - found.level
    z = off / found.sigma
    start = max(0, off.shape[1] - last)
    out = []
    for s, m in np.argwhere(np.abs(z) > LIMIT):
        if m < start or _run(off[s] * np.sign(off[s, m]), m) > RUN:
            continue
        middle = found.level[s, m] + found.season[s, m]
        reach = LIMIT * found.sigma[s, 0]
        out.append(Spike(int(s), int(m), float(middle), float(middle - reach), float(middle + reach), float(z[s, m])))
    return out


def _run(off: np.ndarray, at: int) -> int:
    """How many neighbouring months, `at` among them, are at least half as far off on the same side."""
    first = last = at
    while first > 0 and off[first - 1] > off[at] / 2:
        first -= 1
    while last < len(off) - 1 and off[last + 1] > off[at] / 2:
        last += 1
    return int(last - first + 1)


def shifts(found: Adjusted, last: int) -> list[Shift]:
    """The largest lasting jump of each series that has one among the `last` months, at most one a series.

    All of three: the change in one month is more than `JUMP` times the usual one (after a gap of g months times its
    root), at least 60 % of it is left in the medians of the months after, and the cumulative sum over `WINDOW` months
    turns there and is larger than noise alone makes it in one case of a thousand. A slow slide fulfils only the last.
    """
    out = []
    for s in range(len(found.flat)):
        row = found.flat[s]
        at = np.flatnonzero(np.isfinite(row))
        at = at[at >= len(row) - WINDOW]
        if len(at) < 2 * SIDE + 1:
            continue
        x = row[at]
        change, gap = np.diff(x), np.diff(at)
        usual = max(float(_SIGMA * np.median(np.abs(change))), float(np.sqrt(2) * found.sigma[s, 0]))
        size = np.abs(change) / (usual * np.sqrt(gap))
        best = None
        for k in np.flatnonzero(size > JUMP) + 1:
            if k < SIDE or len(x) - k < SIDE or at[k] < len(row) - last:
                continue
            before, after = float(np.median(x[max(0, k - NEAR) : k])), float(np.median(x[k : k + NEAR]))
            cusum, turn = _cusum(x, usual / np.sqrt(2))
            kept = (after - before) * np.sign(change[k - 1]) >= _KEPT * abs(change[k - 1])
            if kept and cusum > CUSUM and abs(turn - k) <= 1:
                shift = Shift(s, int(at[k]), before, after, float(size[k - 1]), cusum)
                best = shift if best is None or shift.jump > best.jump else best
        if best is not None:
            out.append(best)
    return out


def _cusum(x: np.ndarray, sigma: float) -> tuple[float, int]:
    """Largest cumulative sum around the mean in units of sigma times the root of n, and the index after it."""
    sums = np.cumsum(x - x.mean())
    k = int(np.abs(sums).argmax())
    return float(abs(sums[k]) / (sigma * np.sqrt(len(x)))), k + 1
