"""Sample paths: the common currency. Shocks are resampled months, the same month for every series of a run.

Drawing whole months keeps what belongs together together: a bad month for one region's list, its production and the
neighbouring region's is drawn as one, so that sums over regions and ratios between measures get honest bands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

MONTHS_DRAWN: Final = 48  # shocks come from the last four years: enough different months, still the present system
LARGEST_SHOCK: Final = 5.0  # robust spreads: a month reported as zero would otherwise come back as an explosion
_LARGEST_INFLATION: Final = 1.5


def seed_of(*parts: object) -> int:
    """A seed that depends on the parts alone, so that results do not depend on order, processes or machine."""
    text = "\x1f".join(str(p) for p in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def widened(residuals: np.ndarray, parameters: int) -> np.ndarray:
    """Residuals times sqrt(n / (n - parameters)): in-sample errors are smaller than those to come."""
    n = int((~np.isnan(residuals)).sum())
    factor = min(_LARGEST_INFLATION, np.sqrt(n / max(n - parameters, 1)))
    out: np.ndarray = residuals * factor
    return out


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

    def part(self, start: int, stride: int) -> Draws:
        """The draws of every `stride`-th path from `start`: what one member of a pool makes paths for."""
        return Draws(self.seed, self.ago[start::stride])

    def shocks(self, residuals: np.ndarray, steps: int, rng: np.random.Generator, tail: int = 0) -> np.ndarray:
        """Residuals of the drawn months, centred on zero, array (paths, steps).

        `residuals` is one a month and ends `tail` months before the run's last month, NaN where there is none; those
        draws are replaced by an own random month of the series (`rng`). Residuals further from the median than
        `LARGEST_SHOCK` robust spreads are drawn as that. Raises ValueError when there are no residuals at all.
        """
        bounded = _bounded(residuals)
        pool = bounded[~np.isnan(bounded)][-MONTHS_DRAWN:]
        if not len(pool):
            raise ValueError("no residuals to draw from")
        centre = pool.mean()  # centred over what is drawn: otherwise the last years' luck becomes a trend
        latest = np.concatenate([bounded, np.full(tail, np.nan)])[-MONTHS_DRAWN:]
        recent = np.full(MONTHS_DRAWN, np.nan)
        recent[: len(latest)] = latest[::-1]
        drawn = recent[self.ago[:, :steps]]
        missing = np.isnan(drawn)
        drawn[missing] = rng.choice(pool, size=int(missing.sum()))
        return np.asarray(drawn - centre)


def _bounded(residuals: np.ndarray) -> np.ndarray:
    seen = residuals[~np.isnan(residuals)]
    if not len(seen):
        return residuals
    middle = float(np.median(seen))
    spread = 1.4826 * float(np.median(np.abs(seen - middle)))
    if spread <= 0:
        return residuals
    return np.asarray(np.clip(residuals, middle - LARGEST_SHOCK * spread, middle + LARGEST_SHOCK * spread))


@dataclass(frozen=True)
class EtsState:
    """An additive ETS model at the end of its data, on the model's scale.

    `season[..., 0]` belongs to the first month ahead; empty without season. `phi` 0 means no trend. Numbers, or arrays
    (paths,) and a season (paths, 12) when every path has its own parameters.
    """

    level: Any
    trend: Any
    season: np.ndarray  # (12,), (paths, 12) or (0,)
    alpha: Any
    beta: Any
    gamma: Any
    phi: Any


@dataclass(frozen=True)
class Filtered:
    """A model after its data. `residuals`: one a month of the series, NaN where it has none, widened for the
    parameters spent."""

    name: str
    state: EtsState
    residuals: np.ndarray


def simulate(state: EtsState, shocks: np.ndarray) -> np.ndarray:
    """Paths of an additive ETS model driven by `shocks` (paths, steps), same shape. Error-correction form:
    y = l + phi b + s + e; l' = l + phi b + alpha e; b' = phi b + beta e; s' = s + gamma e (Hyndman et al. 2008)."""
    paths, steps = shocks.shape
    level = np.full(paths, state.level, float)
    trend = np.full(paths, state.trend, float)
    seasonal = state.season.shape[-1] > 0
    season = np.broadcast_to(state.season, (paths, 12)).copy() if seasonal else np.zeros((paths, 0))
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
