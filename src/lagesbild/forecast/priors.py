"""What is believed before a service has errors of its own: learnt on the real series of data/real.

Factors: for each set the quantile of how far outcomes fell from the median in units of the pool's own band, their
geometric mean over sets. Recalibration: the logistic on all decided cases of the sets with shares. Both are printed by
`python -m benchmarks.priors`; in `lagesbild backtest` each set gets those of the other sets, never its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from lagesbild.domain.recalibration import Recalibration

_COUNTS: Final = np.array([[1.09, 1.10, 1.06, 1.13], [1.20, 1.18, 1.18, 1.20], [1.35, 1.40, 1.30, 1.32]])
PRIOR_FACTORS: Final[Mapping[str, np.ndarray]] = {
    "waiting": np.array([[0.91, 0.92, 0.89, 0.94], [0.92, 0.97, 0.99, 1.01], [1.02, 1.09, 1.10, 1.05]]),
    "within_limit_share": np.array([[1.04, 0.83, 0.84, 0.78], [1.08, 0.93, 0.91, 0.59], [1.06, 0.93, 0.93, 0.57]]),
    "added": _COUNTS,  # no real set counts inflow: it behaves as production does
    "performed": _COUNTS,
}
PRIOR_RECALIBRATION: Final = Recalibration((0.0, 2.0, 0.0, 0.0, 0.0))
