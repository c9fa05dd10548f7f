"""Sample paths: the common currency. Shocks are resampled months, the same month for every series of a run.

Drawing whole months keeps what belongs together together: a bad month for one region's list, its production and the
neighbouring region's is drawn as one, so that sums over regions and ratios between measures get honest bands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

MONTHS_DRAWN: Final = 48  # shocks come from the last four years: enough different months, still the present system


def seed_of(*parts: object) -> int:
    """A seed that depends on the parts alone, so that results do not depend on order, processes or machine."""
    text = "\x1f".join(str(p) for p in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


@dataclass(frozen=True)
class Draws:
    """Where the shocks of a run come from. `ago`: months before the run's last month, int array (paths, steps)."""

    seed: int
    ago: np.ndarray

    @classmethod
    def of(cls, seed: int, n_paths: int, steps: int) -> Draws:
        rng = np.random.default_rng(seed_of(seed, "months"))
        return cls(seed, rng.integers(0, MONTHS_DRAWN, size=(n_paths, steps)))

    @property
    def n_paths(self) -> int:
        return int(self.ago.shape[0])

    def shocks(self, residuals: np.ndarray, steps: int, rng: np.random.Generator) -> np.ndarray:
        """Residuals of the drawn months, centred on zero, array (paths, steps).

        `residuals` is one a month and ends with the run's last month, NaN where the series has none; those draws are
        replaced by an own random month of the series (`rng`). Raises ValueError when there are no residuals at all.
        """
        pool = residuals[~np.isnan(residuals)][-MONTHS_DRAWN:]
        if not len(pool):
            raise ValueError("no residuals to draw from")
        recent = np.full(MONTHS_DRAWN, np.nan)
        tail = residuals[-MONTHS_DRAWN:]
        centre = pool.mean()  # centred over what is drawn: otherwise the last years' luck becomes a trend
        recent[: len(tail)] = tail[::-1]
        drawn = recent[self.ago[:, :steps]]
        missing = np.isnan(drawn)
        drawn[missing] = rng.choice(pool, size=int(missing.sum()))
        return np.asarray(drawn - centre)


@dataclass(frozen=True)
class EtsState:
    """An additive ETS model at the end of its data, on the model's scale.

    `season[0]` belongs to the first month ahead; empty without season. `phi` 0 means no trend.
    """

    level: float
    trend: float
    season: np.ndarray  # (12,) or (0,)
    alpha: float
    beta: float
    gamma: float
    phi: float


def simulate(state: EtsState, shocks: np.ndarray) -> np.ndarray:
    """Paths of an additive ETS model driven by `shocks` (paths, steps), same shape. Error-correction form:
    y = l + phi b + s + e; l' = l + phi b + alpha e; b' = phi b + beta e; s' = s + gamma e (Hyndman et al. 2008)."""
    paths, steps = shocks.shape
    level = np.full(paths, state.level)
    trend = np.full(paths, state.trend)
    seasonal = len(state.season) > 0
    season = np.tile(state.season, (paths, 1)) if seasonal else np.zeros((paths, 0))
    out = np.empty((paths, steps))
    for h in range(steps):
        error = shocks[:, h]
        base = level + state.phi * trend
        out[:, h] = base + error + (season[:, h % 12] if seasonal else 0.0)
        level = base + state.alpha * error
        trend = state.phi * trend + state.beta * error
        if seasonal:
            season[:, h % 12] += state.gamma * error
    return out
