"""The four-band ageing model: those who wait grow older by a month, and some of each band leave.

N1' = i, N2' = p1 N1, N3' = p2 N2, N4' = r4 (N3 + N4), S' = sum N', share' = 1 - N4'/S', where the inflow still waiting
at month's end i and the fractions that stay p1, p2, r4 are forecast as rates (log scale, gain at most one half, no
trend) and driven by the same drawn months, so that a bad month is bad for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from lagesbild.domain.capacity import cohort_step
from lagesbild.domain.periods import Month
from lagesbild.forecast.averaged_ets import RATES, Averaged, averaged_many
from lagesbild.forecast.paths import Draws, simulate

HALF: Final = 0.5
MOST_STAYING: Final = 0.1  # logarithm: a band never keeps more than 1.1 of those in it, whatever is drawn
MOST_INFLOW: Final = 3.0  # times the largest inflow seen


def components(bands: np.ndarray) -> np.ndarray:
    """log i, log p1, log p2, log r4 of bands (n, 4); float array (4, n), NaN where this month or the last is missing.

    Swedish operations, August to September 2019:

    >>> b = np.array([[37553, 19101, 20767, 53250], [46761, 23265, 11282, 45581]], float)
    >>> np.exp(components(b)[1:, 1]).round(3).tolist()
    [0.62, 0.591, 0.616]
    """
    b = np.asarray(bands, float)
    out = np.full((4, len(b)), np.nan)
    out[0] = np.log(b[:, 0] + HALF)
    out[1, 1:] = np.log((b[1:, 1] + HALF) / (b[:-1, 0] + HALF))
    out[2, 1:] = np.log((b[1:, 2] + HALF) / (b[:-1, 1] + HALF))
    out[3, 1:] = np.log((b[1:, 3] + HALF) / (b[:-1, 2] + b[:-1, 3] + HALF))
    return out


Rates = tuple[tuple[Averaged, ...], float]  # the four components run through, and the log of the most inflow allowed


def rates_of(windows: Sequence[tuple[np.ndarray, Month]]) -> list[Rates | None]:
    """The components of bands (n, 4) from a first month, run through the grid; None for a window with too little in it.
    Windows of one history are run together."""
    each = [components(bands) for bands, _ in windows]
    known = [k for k, rates in enumerate(each) if not np.isnan(rates).all(axis=1).any()]
    columns = [averaged_many([(each[k][c], windows[k][1]) for k in known], RATES) for c in range(4)]
    out: list[Rates | None] = [None] * len(windows)
    for place, k in enumerate(known):
        seen = [column[place] for column in columns]
        if all(s is not None for s in seen):
            out[k] = tuple(s for s in seen if s is not None), float(np.nanmax(each[k][0]) + np.log(MOST_INFLOW))
    return out


def cohort_paths(
    last: np.ndarray, rates: Rates | None, steps: int, draws: Draws, seed: int, tail: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Paths of the list and of the share within the limit, each (paths, steps), from the bands of the last month (4,).
    Raises ValueError when there is too little to go by."""
    if rates is None or np.isnan(last).any():
        raise ValueError("the bands are not known")
    seen, most = rates
    rng = np.random.default_rng(seed)
    drawn = [simulate(s.state(draws.n_paths, rng), draws.shocks(s.residuals, steps, rng, tail)) for s in seen]
    inflow = np.exp(np.minimum(drawn[0], most))
    stay = [np.exp(np.minimum(x, MOST_STAYING)) for x in drawn[1:]]
    now = tuple(np.full(draws.n_paths, float(x)) for x in last)
    waiting, share = np.empty((draws.n_paths, steps)), np.empty((draws.n_paths, steps))
    for h in range(steps):
        now = cohort_step(now, inflow[:, h], stay[0][:, h], stay[1][:, h], stay[2][:, h])
        waiting[:, h] = sum(now)
        share[:, h] = 1 - now[3] / np.maximum(waiting[:, h], 1e-9)
    return waiting, share
