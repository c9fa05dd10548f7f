"""What is believed before a service has errors of its own: learnt on the real series of data/real.

Factors: for each set the quantile of how far outcomes fell from the median in units of the pool's own band, their
geometric mean over sets, at 95 % with half the spread between sets. Recalibration: the logistic on all decided cases of
the sets with shares. Both are printed by `python -m examples.learn_priors`; in `lagesbild backtest` each set gets those
of the other sets, never its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from lagesbild.domain.recalibration import Recalibration

_COUNTS: Final = np.array([[1.10, 1.09, 1.05, 1.14], [1.19, 1.19, 1.17, 1.20], [1.44, 1.48, 1.41, 1.46]])
PRIOR_FACTORS: Final[Mapping[str, np.ndarray]] = {
    "waiting": np.array([[0.98, 0.96, 0.92, 0.97], [1.00, 0.99, 0.99, 1.01], [1.36, 1.28, 1.27, 1.27]]),
    "within_limit_share": np.array([[0.95, 0.92, 0.85, 0.80], [1.00, 1.01, 0.91, 0.91], [1.44, 1.39, 1.12, 1.12]]),
    "added": _COUNTS,  # no real set counts inflow: it behaves as production does
    "performed": _COUNTS,
}
# 15 275 cases with 3 649 openings: half the log-odds of the paths, and the rest from how close it is
PRIOR_RECALIBRATION: Final = Recalibration((0.044, 1.023, -0.554, -0.228, 0.158))
