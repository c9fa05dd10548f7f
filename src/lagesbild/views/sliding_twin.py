"""The twins of sums over twelve months that slide: which are hidden in each window, and by how much they differ."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import WINDOW, Sliding, Twin, sliding_twins

ROW_COST: Final = 150.0
WHOLE_COST: Final = 300.0
COUNTRY_COST: Final = 1500.0  # a national sum is hidden last
ASSUMED: Final = 2.0  # where the source hid a count, so that what lies beside it is protected too
_KEPT: Final = 200
_kept: OrderedDict[bytes, tuple[Twin, ...]] = OrderedDict()
_lock = Lock()


def kept_twins(sliding: Sliding) -> tuple[Twin, ...]:
    """`sliding_twins`, remembered: they depend on the counts and on what is published alone."""
    digest = hashlib.blake2b(digest_size=16)
    for x in vars(sliding).values():
        digest.update(f"{x.shape}".encode() + x.tobytes() if isinstance(x, np.ndarray) else f"{x};".encode())
    key = digest.digest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = sliding_twins(sliding)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


@dataclass(frozen=True)
class Protected:
    """A table of sliding sums as one viewer may see it: `twins` of `sliding`; none for a viewer who sees all."""

    sliding: Sliding
    twins: tuple[Twin, ...]
    viewer: Viewer

    def differences(self, t: int) -> np.ndarray:
        """By how much the window to month `t` differs in each of the twins that have a month in it, int (twins, rows,
        columns); cells that are not counted are left out."""
        shape = self.sliding.counts.shape[1:]
        whole = np.isfinite(self.sliding.counts[max(0, t - WINDOW + 1) : t + 1]).all(axis=0)
        mine = [w for w in self.twins if w.months[0] <= t and w.months[-1] > t - WINDOW]
        out = np.zeros((len(mine), *shape), int)
        for k, twin in enumerate(mine):
            for month, i, j, step in twin.cells:
                if t - WINDOW < month <= t and whole[i, j]:
                    out[k, i, j] += step
        return out


def told(values: np.ndarray, more: np.ndarray, viewer: Viewer) -> np.ndarray:
    """States of sums, array (sums,), that differ by `more` (twins, sums) in the twins.

    >>> told(np.array([3.0, 3, 9, 0, np.nan]), np.array([[1, 2, 0, 1, 0]]), Viewer()).tolist()
    ['suppressed', 'secondary', '', 'secondary', 'missing']
    """
    out: np.ndarray = np.full(len(values), "", object)
    if viewer.role != "exact":
        every = np.vstack([np.zeros((1, len(values))), more]) + values
        small = (every > 0) & (every < viewer.threshold)
        out[(more != 0).any(axis=0) | small.any(axis=0)] = "secondary"
        out[small.all(axis=0)] = "suppressed"
    out[np.isnan(values)] = "missing"
    return out


def protected(sliding: Sliding, viewer: Viewer) -> Protected:
    return Protected(sliding, () if viewer.role == "exact" else kept_twins(sliding), viewer)
