"""The four-band ageing model: those who wait grow older by a month, and some of each band leave.

N1' = i, N2' = p1 N1, N3' = p2 N2, N4' = r4 (N3 + N4), S' = sum N', share' = 1 - N4'/S', where the inflow still waiting
at month's end i and the fractions that stay p1, p2, r4 are forecast as rates (log scale, gain at most one half, no
trend) and driven by the same drawn months, so that a bad month is bad for all of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.forecast.averaged_ets import RATES, averaged
from lagesbild.forecast.paths import Draws, simulate

HALF: Final = 0.5
MOST_STAYING: Final = 0.1  # logarithm: a band never keeps more than 1.1 of those in it, whatever is drawn
MOST_INFLOW: Final = 3.0  # times the largest inflow seen


def components(bands: np.ndarray) -> np.ndarray:
    """log i, log p1, log p2, log r4 of bands (n, 4); float array (4, n), NaN where this month or the last is missing.

    Swedish operations, August to September 2019:

    >>> b = np.array([[37553, 19101, 20767, 53250], [46761, 23265, 11282, 45581]], float)
    >>> np.exp(components(b)[1:, 1]).round(4).tolist()
    [0.6195, 0.5906, 0.6158]
    """
    b = np.asarray(bands, float)
    out = np.full((4, len(b)), np.nan)
    out[0] = np.log(b[:, 0] + HALF)
    out[1, 1:] = np.log((b[1:, 1] + HALF) / (b[:-1, 0] + HALF))
    out[2, 1:] = np.log((b[1:, 2] + HALF) / (b[:-1, 1] + HALF))
    out[3, 1:] = np.log((b[1:, 3] + HALF) / (b[:-1, 2] + b[:-1, 3] + HALF))
    return out


def cohort_paths(
    bands: np.ndarray, first: Month, steps: int, draws: Draws, seed: int, tail: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Paths of the list and of the share within the limit, each (paths, steps), from bands (n, 4) whose last month is
    known. Raises ValueError when there is too little to go by."""
    rates = components(bands)
    rng = np.random.default_rng(seed)
    drawn = []
    for rate in rates:
        if np.isnan(rate).all() or np.isnan(bands[-1]).any():
            raise ValueError("the bands are not known")
        seen = averaged(rate, first, RATES)
        drawn.append(simulate(seen.state(draws.n_paths, rng), draws.shocks(seen.residuals, steps, rng, tail)))
    highest = np.nanmax(rates[0]) + np.log(MOST_INFLOW)
    inflow = np.exp(np.minimum(drawn[0], highest))
    p1, p2, r4 = (np.exp(np.minimum(x, MOST_STAYING)) for x in drawn[1:])
    n1, n2, n3, n4 = (np.full(draws.n_paths, x) for x in np.asarray(bands, float)[-1])
    waiting, share = np.empty((draws.n_paths, steps)), np.empty((draws.n_paths, steps))
    for h in range(steps):
        n1, n2, n3, n4 = inflow[:, h], p1[:, h] * n1, p2[:, h] * n2, r4[:, h] * (n3 + n4)
        waiting[:, h] = n1 + n2 + n3 + n4
        share[:, h] = 1 - n4 / np.maximum(waiting[:, h], 1e-9)
    return waiting, share
