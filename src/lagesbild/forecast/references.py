"""The simple forecasts everything is measured against, with normal bands on the model's scale (FORECAST.md, section 2).

They are peers like any other; the naive forecasts that pages show beside ours, with resampled months, are in
`baselines`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.forecast.peers import LEVELS, PERIOD, Peer

_NORMAL: Final = np.array([-1.959964, -1.281552, -0.674490, 0.0, 0.674490, 1.281552, 1.959964])  # at LEVELS
assert len(_NORMAL) == len(LEVELS)


def _naive(y: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full(horizon, y[-1]), np.diff(y).std() * np.sqrt(np.arange(1, horizon + 1))


def _seasonal_naive(y: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    spread = np.sqrt(np.mean((y[PERIOD:] - y[:-PERIOD]) ** 2))
    return np.resize(y[-PERIOD:], horizon), spread * np.sqrt(np.arange(horizon) // PERIOD + 1)


def _drift(y: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    steps, ahead = np.diff(y), np.arange(1, horizon + 1)
    return y[-1] + steps.mean() * ahead, steps.std() * np.sqrt(ahead * (1 + ahead / len(steps)))


_FORMULAS: Final[dict[str, Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]]] = {
    "naive": _naive,
    "seasonal naive": _seasonal_naive,
    "drift": _drift,
}


@dataclass(frozen=True)
class Reference:
    """`naive`: as the last month; `seasonal naive`: as the same month last year; `drift`: on along the mean change."""

    name: str

    def quantiles(self, scaled: np.ndarray, horizon: int) -> np.ndarray:
        """See `Peer`. Raises ValueError with no more than a year of months."""
        y = np.asarray(scaled, float)
        if len(y) <= PERIOD or not np.isfinite(y).all():
            raise ValueError(f"{self.name} needs more than {PERIOD} months without a missing one")
        middle, spread = _FORMULAS[self.name](y, horizon)
        return np.asarray(middle + _NORMAL[:, None] * spread)


SEASONAL_NAIVE: Final = Reference("seasonal naive")
REFERENCES: Final[tuple[Peer, ...]] = tuple(Reference(name) for name in _FORMULAS)
