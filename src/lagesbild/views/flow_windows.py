"""Sums over twelve months that slide."""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.window_twin import WINDOW

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
