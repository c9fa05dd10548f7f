"""Sums over twelve months that slide, and which of them may not be shown beside each other.

Two windows that overlap can be subtracted. So a count that is small in one window is hidden in every window that shares
a month with it: what is shown then tells nothing of those months.
"""

from __future__ import annotations

from typing import Final

import numpy as np

WINDOW: Final = 12  # months in every sum that is shown: a year has no season
OVERLAP: Final = WINDOW - 1  # windows this far apart still share a month


def window_sums(values: np.ndarray) -> np.ndarray:
    """Sums of twelve months in a row along the first axis, one per last month from the twelfth; NaN where one is.

    >>> window_sums(np.r_[np.ones(12), 3.0]).tolist()
    [12.0, 14.0]
    """
    seen = np.isfinite(values)
    total = np.cumsum(np.concatenate([np.zeros((1, *values.shape[1:])), np.where(seen, values, 0.0)]), axis=0)
    return np.where(window_any(~seen), np.nan, np.round(total[WINDOW:] - total[:-WINDOW], 6))


def window_any(flags: np.ndarray) -> np.ndarray:
    """Whether any of twelve months in a row is flagged, by last month."""
    times = np.cumsum(np.concatenate([np.zeros((1, *flags.shape[1:]), int), flags.astype(int)]), axis=0)
    return np.asarray(times[WINDOW:] > times[:-WINDOW])


def near_small(values: np.ndarray, threshold: int) -> np.ndarray:
    """Whether a count is small in the window or in any that shares a month with it; same shape (windows, ...).

    >>> near_small(np.array([[30.0], [4.0], *[[20.0]] * 12]), 5)[:, 0].tolist() == [True] * 13 + [False]
    True
    """
    small = (values > 0) & (values < threshold)
    times = np.cumsum(np.concatenate([np.zeros((1, *small.shape[1:]), int), small.astype(int)]), axis=0)
    places = np.arange(len(values))
    first, last = np.maximum(places - OVERLAP, 0), np.minimum(places + OVERLAP + 1, len(values))
    return np.asarray(times[last] > times[first])
