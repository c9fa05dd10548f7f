"""What closes a gap: extra operations a week that reach a target within some months, for a wanted chance, on paths."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lagesbild.domain.capacity import extra_to_target, per_week

CHANCES: Final = (0.5, 0.8)


def extra_per_week_needed(
    waiting_paths: np.ndarray,
    structural_paths: np.ndarray,
    target: float,
    months: int,
    chance: float,
    long_waiter_share: float = 1.0,
) -> float:
    """Extra patients a week, from the first month of the forecast, with which the share `target` is reached in month
    `months` on the fraction `chance` of the paths. (FORECAST.md, section 4, b)

    `structural_paths`: the share without its season, moved as `gap_probability` says; (paths, horizon). On each path
    `capacity.extra_to_target` says how many; the answer is their quantile. `math.inf` when it cannot be done: the
    fraction `long_waiter_share` of the extra patients who had waited beyond the limit is at most 1 - target, so that
    every one of them makes the share no better. NaN without a list to work on.

    A list of 1 000 with 300 beyond the limit reaches 80 % in six months with 4,8 a week, longest waiting first, and
    with 12,8 when half of them are:

    >>> waiting, share = np.full((4, 6), 1000.0), np.full((4, 6), 0.7)
    >>> round(extra_per_week_needed(waiting, share, 0.8, 6, 0.8), 3)
    4.791
    >>> round(extra_per_week_needed(waiting, share, 0.8, 6, 0.8, 0.5), 3)
    12.777
    >>> extra_per_week_needed(waiting, share, 0.8, 6, 0.8, 0.2)
    inf
    """
    at = min(months, waiting_paths.shape[1]) - 1
    waiting = np.maximum(0.0, np.asarray(waiting_paths[:, at], float))
    over = (1 - np.clip(structural_paths[:, at], 0.0, 1.0)) * waiting
    extra = np.asarray(per_week(extra_to_target(waiting, over, target, long_waiter_share), at + 1), float)
    if np.isnan(extra).any():
        return math.nan
    # between a number and infinity there is nothing to interpolate
    method = "linear" if np.isfinite(extra).all() else "higher"
    return float(np.quantile(extra, chance, method=method))  # type: ignore[call-overload]


def feasible(target: float, long_waiter_share: float) -> bool:
    """Whether extra operations can raise the share to `target` at all: more of them than 1 - target must go to those
    who have waited beyond the limit.

    >>> feasible(0.8, 0.5), feasible(0.8, 0.2), feasible(0.7, 0.2)
    (True, False, False)
    """
    return long_waiter_share - (1 - target) > 1e-12


def brokerable_per_week(extra: float, not_brokerable_share: float | None) -> float | None:
    """How many of the extra patients can be treated in another region; None where it is not known.

    Everybody on the list is as likely to be among the extra patients.

    >>> brokerable_per_week(10.0, 0.3), brokerable_per_week(10.0, None)
    (7.0, None)
    """
    return None if not_brokerable_share is None else extra * (1 - not_brokerable_share)
