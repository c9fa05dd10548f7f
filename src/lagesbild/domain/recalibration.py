"""From the share of sample paths on which a gap opens to the probability that is shown: a logistic of four numbers.

logit P' = b0 + b1 logit P + b2 distance + b3 lowest + b4 growth, where distance is the structural share less the
target, lowest the lowest structural share of the year less the target, and growth the relative change of the list over
three months. Fitted on origins whose twelve months had all come (forecast.recalibrating); beside it stands the logistic
of distance and lowest alone, which any better model has to beat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

NAMES: Final = ("constant", "logit_paths", "distance", "lowest", "growth")
TWO_VARIABLES: Final = ("constant", "distance", "lowest")
SCALES: Final = np.array([1.0, 2.0, 0.1, 0.1, 0.15])  # what a typical difference in each number is
_SURE: Final = 0.01  # a share of paths is never taken as more certain than this
_MOST_GROWTH: Final = 1.0


@dataclass(frozen=True)
class Recalibration:
    """Coefficients of NAMES, each on its number divided by SCALES; `cases` and `events` behind them."""

    coefficients: tuple[float, ...]
    cases: int = 0
    events: int = 0

    def probability(self, paths_share: float, distance: float, lowest: float, growth: float) -> float:
        """The probability shown, within [0, 1]. An unknown growth counts as none.

        >>> round(IDENTITY.probability(.3, .05, .02, float("nan")), 6)
        0.3
        """
        x = features(np.array([paths_share]), np.array([distance]), np.array([lowest]), np.array([growth]))
        return float(self.of(x)[0])

    def of(self, x: np.ndarray) -> np.ndarray:
        """Probabilities for rows of `features`, float array (n,)."""
        odds = np.asarray(x, float) @ np.array(self.coefficients)
        p: np.ndarray = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return p

    def to_json(self) -> dict[str, Any]:
        return {"coefficients": [float(c) for c in self.coefficients], "cases": self.cases, "events": self.events}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Recalibration:
        given: Sequence[float] = stored["coefficients"]
        return cls(tuple(float(c) for c in given), int(stored.get("cases", 0)), int(stored.get("events", 0)))


def features(paths_share: np.ndarray, distance: np.ndarray, lowest: np.ndarray, growth: np.ndarray) -> np.ndarray:
    """Rows of NAMES divided by SCALES, float array (n, 5)."""
    p = np.clip(np.asarray(paths_share, float), _SURE, 1 - _SURE)
    change = np.clip(np.nan_to_num(np.asarray(growth, float)), -_MOST_GROWTH, _MOST_GROWTH)
    x: np.ndarray = np.column_stack([np.ones(len(p)), np.log(p / (1 - p)), distance, lowest, change]) / SCALES
    return x


IDENTITY: Final = Recalibration((0.0, 2.0, 0.0, 0.0, 0.0))  # the share of paths as it is
