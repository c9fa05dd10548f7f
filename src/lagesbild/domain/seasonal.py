"""The month profile of a series, shrunk towards no season, and values with that profile taken out.

Regions report short, gappy series, so a full season per month would mostly be noise. The profile is estimated beside a
bending trend and then shrunk by empirical Bayes: the less the months differ beyond what years differ, the flatter.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

import numpy as np

from lagesbild.domain.periods import Month

Scale = Literal["additive", "log"]
MIN_OBSERVED: Final = 24  # two years: with less, a month and the trend cannot be told apart
COUNT_OFFSET: Final = 0.5  # log(count + 0.5), so that zero has a logarithm
_KNOT_MONTHS: Final = 12  # the trend may bend once a year


def month_numbers(first: Month, n: int) -> np.ndarray:
    """0 = January ... 11 = December for `n` months from `first`; int array (n,).

    >>> month_numbers(Month(2024, 11), 3).tolist()
    [10, 11, 0]
    """
    return _months_of_year(first.month, n)


@lru_cache(maxsize=512)  # twelve starts, some lengths: a view asks it for two hundred series of the same months
def _months_of_year(first: int, n: int) -> np.ndarray:
    made = (first - 1 + np.arange(n)) % 12
    made.setflags(write=False)
    return made


def month_profile(values: np.ndarray, first: Month, *, scale: Scale = "additive") -> np.ndarray:
    """What each calendar month adds to the series; float array (12,), January first, summing to 0.

    `values`: one a month from `first`, NaN where missing. Use `scale="additive"` for shares (profile in the unit of the
    values) and "log" for counts (profile in logarithms: `exp(profile)` is a factor). All zeros with fewer than
    `MIN_OBSERVED` observed months. A month never observed gets 0 before the profile is centred.

    >>> season = np.tile([0, 0, 0, 0, 0, 0, -.1, -.14, 0, .08, .10, .06], 5)
    >>> month_profile(.8 + season, Month(2020, 1)).round(2).tolist()[6:8]
    [-0.1, -0.14]
    """
    y = np.log(np.asarray(values, float) + COUNT_OFFSET) if scale == "log" else np.asarray(values, float)
    seen = ~np.isnan(y)
    n = int(seen.sum())
    if n < MIN_OBSERVED:
        return np.zeros(12)
    months = month_numbers(first, len(y))[seen]
    time = np.flatnonzero(seen).astype(float)
    counts = np.bincount(months, minlength=12)
    dummies = np.eye(12)[months]
    dummies = dummies - counts / n  # centred, so that the trend carries the level
    trend = _trend_basis(time)
    design = np.hstack([trend, dummies])
    fitted, *_ = np.linalg.lstsq(design, y[seen], rcond=None)
    effects = fitted[trend.shape[1] :]
    effects = np.where(counts > 0, effects - effects[counts > 0].mean(), 0.0)
    residuals = y[seen] - design @ fitted
    spare = max(n - trend.shape[1] - 11, 1)
    noise = float(residuals @ residuals) / spare / np.maximum(counts, 1)  # variance of each month's effect
    seen_months = counts > 0
    between = max(0.0, float(np.mean(effects[seen_months] ** 2 - noise[seen_months])))
    total = between + noise
    kept = np.divide(between, total, out=np.zeros(12), where=total > 0)
    shrunk = np.where(seen_months, effects * kept, 0.0)
    centred: np.ndarray = shrunk - shrunk.mean()
    return centred


def _trend_basis(time: np.ndarray) -> np.ndarray:
    """Piecewise linear trend with a knot a year, none within a year of an end; array (n, 2 + knots)."""
    start, end = time[0], time[-1]
    knots = np.arange(start + _KNOT_MONTHS, end - _KNOT_MONTHS + 1, _KNOT_MONTHS)
    scaled = (time - start) / _KNOT_MONTHS
    bends = [np.maximum(0.0, (time - k) / _KNOT_MONTHS) for k in knots]
    return np.column_stack([np.ones_like(time), scaled, *bends])


def adjust(values: np.ndarray, first: Month, profile: np.ndarray, *, scale: Scale = "additive") -> np.ndarray:
    """Values with the month profile taken out, same shape; the last axis is months from `first`. NaN stays NaN.

    On the log scale counts stay >= 0 and zeros stay near zero. Sample paths (paths, horizon) work as they are.

    >>> adjust(np.array([.70, .80]), Month(2024, 8), np.r_[np.zeros(7), -.10, np.zeros(4)]).round(2).tolist()
    [0.8, 0.8]
    """
    y = np.asarray(values, float)
    season = np.asarray(profile, float)[month_numbers(first, y.shape[-1])]
    if scale == "additive":
        return np.asarray(y - season)
    flat: np.ndarray = np.maximum(0.0, (y + COUNT_OFFSET) * np.exp(-season) - COUNT_OFFSET)
    return flat
