"""The two forecasts that every model has to beat: as the last month, and as the same month last year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from lagesbild.forecast.paths import Draws, seed_of, widened
from lagesbild.forecast.series import Series
from lagesbild.forecast.transforms import from_scale, to_scale

PERIOD: Final = 12


def naive_scaled(series: Series, steps: int, draws: Draws) -> np.ndarray:
    """The last value plus resampled monthly changes on the model's scale, (paths, steps) after the last value."""
    scaled = to_scale(series.values, series.kind)
    return np.asarray(scaled[-1] + np.cumsum(_shocks(_errors(scaled, 1), series, steps, draws, "naive"), axis=1))


def naive_paths(series: Series, horizon: int, draws: Draws) -> np.ndarray:
    """The last value plus resampled monthly changes, float32 (paths, horizon)."""
    return _back(naive_scaled(series, horizon + series.tail, draws)[:, series.tail :], series)


def seasonal_naive_scaled(series: Series, steps: int, draws: Draws) -> np.ndarray:
    """The same month last year plus resampled yearly changes on the model's scale, (paths, steps).

    A month missing last year is taken from the year before, and so on; one never seen is the mean of the last twelve.
    """
    scaled = to_scale(series.values, series.kind)
    shocks = _shocks(_errors(scaled, PERIOD), series, steps, draws, "seasonal_naive")
    recent = float(np.nanmean(scaled[-PERIOD:]))
    base = np.array([_same_month(scaled, h, recent) for h in range(PERIOD)])
    out = np.empty((draws.n_paths, steps))
    for h in range(steps):  # the second year ahead stands on the first
        out[:, h] = (out[:, h - PERIOD] if h >= PERIOD else base[h]) + shocks[:, h]
    return out


def seasonal_naive_paths(series: Series, horizon: int, draws: Draws) -> np.ndarray:
    """The same month last year plus resampled yearly changes, float32 (paths, horizon)."""
    return _back(seasonal_naive_scaled(series, horizon + series.tail, draws)[:, series.tail :], series)


BASELINES: Final[dict[str, Callable[[Series, int, Draws], np.ndarray]]] = {
    "naive": naive_paths,
    "seasonal_naive": seasonal_naive_paths,
}


def _same_month(scaled: np.ndarray, h: int, otherwise: float) -> float:
    earlier = scaled[len(scaled) + h - PERIOD :: -PERIOD] if h < PERIOD else scaled[:0]
    seen = earlier[~np.isnan(earlier)]
    return float(seen[0]) if len(seen) else otherwise


def _errors(scaled: np.ndarray, lag: int) -> np.ndarray:
    errors = np.full(len(scaled), np.nan)
    errors[lag:] = scaled[lag:] - scaled[:-lag]
    return errors


def _shocks(errors: np.ndarray, series: Series, steps: int, draws: Draws, name: str) -> np.ndarray:
    rng = np.random.default_rng(seed_of(draws.seed, series.region, series.care_area, series.measure, name))
    if np.isnan(errors).all():  # no two months to compare: the spread of the series itself
        errors = to_scale(series.values, series.kind)
    return draws.shocks(widened(errors, 0), steps, rng, series.tail)


def _back(scaled: np.ndarray, series: Series) -> np.ndarray:
    return from_scale(scaled, series.kind, float(np.nanmax(series.values))).astype(np.float32)
