"""From sample paths to the probability that is shown: paths, recalibration, and how the two are kept one thing.

The share of paths on which a gap opens is a forecast like any other and has to be corrected by what came of earlier
ones. The corrected probability is not shown beside paths that say something else: the paths are moved, all by the same
number of spreads of their fan (`lean`), until just that share of them opens. Opening month, probabilities within three,
six and twelve months, what closes the gap and every scenario are then read off the same moved paths.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.gap_openings import opening_steps, probability

# Spreads. What earlier forecasts were worth may correct where the fan lies, not turn it into another: a tight fan that
# opens for certain would be moved months to make it "97 %". In the demonstration leans are 0.1 to 0.9.
MOST_LEAN: Final = 1.0
_HALVINGS: Final = 30


def offset(structural_paths: np.ndarray, lean: float) -> np.ndarray:
    """What moves paths (paths, horizon) by `lean` spreads of the fan; array (horizon,), positive is upwards.

    >>> offset(np.array([[.7, .6], [.9, 1.0]]), -1.0).round(3).tolist()
    [-0.1, -0.2]
    """
    moved: np.ndarray = lean * np.asarray(structural_paths, float).std(axis=0)
    return moved


def chance(last: float, structural_paths: np.ndarray, target: float, months: int, lean: float = 0.0) -> float:
    """Share of the moved paths on which the gap opens within `months`. `last`: the structural share known last.

    >>> chance(.82, np.array([[.79, .78, .81], [.81, .85, .82]]), .80, 12)
    0.5
    """
    return probability(opening_steps(last, structural_paths + offset(structural_paths, lean), target), months)


def lean_to(wanted: float, last: float, structural_paths: np.ndarray, target: float, months: int = 12) -> float:
    """The lean at which the share of paths that open within `months` comes closest to `wanted`, by bisection.

    Within plus and minus `MOST_LEAN`; of leans that come equally close the smallest, so 0 when moving is of no use.
    """
    paths = np.asarray(structural_paths, float)
    spread = paths.std(axis=0)

    def share(lean: float) -> float:
        return probability(opening_steps(last, paths + lean * spread, target), months)

    low, high = -MOST_LEAN, MOST_LEAN  # the share falls as the paths rise
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if share(middle) > wanted:
            low = middle
        else:
            high = middle
    return min((0.0, low, high), key=lambda lean: (abs(share(lean) - wanted), abs(lean)))
