"""Forecasts of others to be measured against: statsforecast's automatic models, when that package is installed.

Only evaluations and benchmarks use them (`make setup-bench`); no forecast that is shown comes from here. The package is
imported when it is used, so that nothing else pays for it.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

LEVELS: Final = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
PERIOD: Final = 12
_BANDS: Final = (50, 80, 95)
_NAMES: Final = ("lo-95", "lo-80", "lo-50", "mean", "hi-50", "hi-80", "hi-95")  # of LEVELS; the mean of a normal


class Peer(Protocol):
    """One who forecasts. Travels to other processes, so it must be picklable."""

    @property
    def name(self) -> str: ...

    def quantiles(self, scaled: np.ndarray, horizon: int) -> np.ndarray:
        """Quantiles at LEVELS, shape (7, horizon), ascending in each month, on the scale of `scaled` (n,), one a month
        without a missing one. Raises ValueError when it cannot."""
        ...


@dataclass(frozen=True)
class StatsforecastPeer:
    """A model of `statsforecast.models` with season 12: AutoETS, AutoARIMA or AutoTheta."""

    name: str

    def quantiles(self, scaled: np.ndarray, horizon: int) -> np.ndarray:
        """See `Peer`."""
        values = np.ascontiguousarray(scaled, dtype=float)
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
            raise ValueError(f"{self.name} needs a series without missing months")
        models: Any = importlib.import_module("statsforecast.models")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what matters is whether the answer is finite
                answer = getattr(models, self.name)(season_length=PERIOD).forecast(
                    y=values, h=horizon, level=list(_BANDS)
                )
        except Exception as error:  # its models raise whatever their optimiser meets, a bare Exception too
            raise ValueError(f"{self.name}: {type(error).__name__}: {error}") from error
        made = np.array([np.asarray(answer[name], float) for name in _NAMES])
        if made.shape != (len(LEVELS), horizon) or not np.isfinite(made).all():
            raise ValueError(f"{self.name} gave no finite forecast")
        return np.asarray(np.sort(made, axis=0))


def available_peers() -> list[Peer]:
    """The peers that can be used here: all of statsforecast's, or none when it is not installed."""
    if importlib.util.find_spec("statsforecast") is None:
        return []
    return [StatsforecastPeer(name) for name in ("AutoETS", "AutoARIMA", "AutoTheta")]
