"""When a guarantee gap opens: the arithmetic of openings over sample paths of the share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

NEVER: Final = 10_000  # step of a path on which the gap does not open
_ROUNDING: Final = 1e-6  # paths are stored as float32, in which .9 is less than .9


def under(share: Any, target: float) -> Any:
    """Whether a share is under the target by more than rounding; numbers or arrays.

    >>> under(float(np.float32(.9)), .9), under(.8999, .9)
    (False, True)
    """
    return share < target - _ROUNDING


def opening_steps(last: float, paths: np.ndarray, target: float) -> np.ndarray:
    """Month ahead in which the gap opens on each path, int array (paths,): the first month under the target whose next
    month is under too.

    `paths` (paths, horizon) are structural shares; `last` is the last observed one, step 0, so that a month already
    under opens the gap when the next one is. NEVER where it does not open. An opening in the last month of the horizon
    would need the month after it, and does not count.

    >>> opening_steps(.82, np.array([[.79, .78, .81], [.79, .81, .79], [.81, .79, .79]]), .80).tolist()
    [1, 10000, 2]
    >>> opening_steps(.79, np.array([[.79, .81]]), .80).tolist()
    [0]
    """
    low = np.column_stack([np.full(len(paths), under(last, target)), under(paths, target)])
    both = low[:, :-1] & low[:, 1:]
    steps: np.ndarray = np.where(both.any(axis=1), both.argmax(axis=1), NEVER)
    return steps


def probability(steps: np.ndarray, months: int) -> float:
    """Share of paths on which the gap opens within `months` months."""
    return float(np.mean(steps <= months))


@dataclass(frozen=True)
class Opening:
    """Months ahead, at least 1, in which the gap opens, over the paths that open: median and 10-90 % range."""

    median: int
    lo: int
    hi: int


def opening_range(steps: np.ndarray) -> Opening | None:
    """None when no path opens. Quantiles are whole months that occur on some path.

    A gap that opens in the last month known (step 0) does so only if the coming month is under too: nobody can tell
    before that month, so it counts as step 1.

    >>> opening_range(np.array([0, 0, 2, NEVER]))
    Opening(median=1, lo=1, hi=2)
    """
    opens = np.maximum(1, steps[steps < NEVER])
    if not len(opens):
        return None
    lo, median, hi = np.quantile(opens, [0.1, 0.5, 0.9], method="inverted_cdf").astype(int).tolist()
    return Opening(median, lo, hi)


def open_since(structural: np.ndarray, target: float) -> int | None:
    """Months back from the last one in which the present run of months under the target began; None when the last two
    observed months are not both under. Missing months inside a run neither break nor count.

    >>> open_since(np.array([.9, .79, .78, .77]), .80), open_since(np.array([.9, .9, .77]), .80)
    (2, None)
    """
    seen = np.flatnonzero(~np.isnan(structural))
    run = 0
    for k in seen[::-1]:
        if not under(structural[k], target):
            break
        run += 1
    return None if run < 2 else len(structural) - 1 - int(seen[-run])


def mean_of_year(share: np.ndarray) -> float:
    """Mean of the last twelve months, NaN when fewer than nine of them are observed."""
    year = share[-12:]
    seen = year[~np.isnan(year)]
    return float(seen.mean()) if len(seen) >= 9 else float("nan")
