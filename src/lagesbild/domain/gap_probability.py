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

MOST_LEAN: Final = 4.0  # spreads; beyond it practically all or none of the paths open
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

    0 when the paths say just that already. Within plus and minus `MOST_LEAN`.
    """
    paths = np.asarray(structural_paths, float)
    spread = paths.std(axis=0)

    def share(lean: float) -> float:
        return probability(opening_steps(last, paths + lean * spread, target), months)

    if share(0.0) == wanted:
        return 0.0
    low, high = -MOST_LEAN, MOST_LEAN  # the share falls as the paths rise
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if share(middle) > wanted:
            low = middle
        else:
            high = middle
    return min((low, high), key=lambda lean: abs(share(lean) - wanted))
