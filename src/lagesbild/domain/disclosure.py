"""Disclosure control: what a viewer may see of a number, given the number and its twin's (see `domain.twin`).

A number that is the same in both countries says nothing about which of them is real, and is shown. A small count is
another in the twin, so it is hidden ("<5"), and so is every other number that differs ("..").
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from lagesbild.domain.viewer import Viewer

State = Literal["", "missing", "suppressed", "secondary"]
Counted = tuple[np.ndarray, np.ndarray]  # part, whole
COARSE_DECIMALS: Final = 2  # whole per cent, when the counts behind are hidden
_SAME: Final = 1e-9


def is_small(value: float | None, viewer: Viewer) -> bool:
    """Whether the count itself must not be shown to this viewer."""
    return viewer.role != "exact" and value is not None and 0 < value < viewer.threshold


def states_of(
    values: np.ndarray, others: np.ndarray, viewer: Viewer, *, hidden: np.ndarray | None = None
) -> np.ndarray:
    """How each count is shown to this viewer; array of `State`, same shape. `others`: the counts of the twin.

    "<5" is only said where it is true of both; a small count whose twin is none is "..". `hidden`: given as `<n` by the
    source, hidden from everybody.

    >>> states_of(np.array([3.0, 9, 40, 2, np.nan]), np.array([4.0, 8, 40, 0, np.nan]), Viewer()).tolist()
    ['suppressed', 'secondary', '', 'secondary', 'missing']
    """
    values, others = np.asarray(values, float), np.asarray(others, float)
    out = np.full(values.shape, "", object)
    if viewer.role != "exact":
        small, small_too = ((x > 0) & (x < viewer.threshold) for x in (values, others))
        differs = (np.abs(values - others) > _SAME) | (np.isfinite(values) & ~np.isfinite(others))
        out[differs | small | small_too] = "secondary"
        out[small & small_too] = "suppressed"
    out[~np.isfinite(values)] = "missing"
    if hidden is not None:
        out[hidden] = "suppressed"
    return out


def agreed_share(real: Counted, twin: Counted, viewer: Viewer) -> tuple[np.ndarray, np.ndarray]:
    """The share as this viewer may see it, and whether only in whole per cent or not at all; arrays. `real` and `twin`:
    the part and the whole in each.

    The share itself where both counts are the same in the twin; else with as many decimals as the two have in common:
    a tenth of a per cent, whole per cent, or none (NaN). So a share never tells more than its counts do.

    >>> a, n, b, m = np.array([[3.0, 873, 1], [9, 1000, 40], [4, 873, 2], [9, 1000, 41]])
    >>> [x.tolist() for x in agreed_share((a, n), (b, m), Viewer())]
    [[nan, 0.873, nan], [True, False, True]]
    """
    share, other = _ratio(*real), _ratio(*twin)
    no = np.zeros(share.shape, bool)
    if viewer.role == "exact":
        return share, no
    free = (np.abs(real[0] - twin[0]) < _SAME) & (np.abs(real[1] - twin[1]) < _SAME)
    out, coarse = np.full(share.shape, np.nan), np.isfinite(share) | np.isfinite(other)
    for decimals in (COARSE_DECIMALS, COARSE_DECIMALS + 1):
        shown, theirs = np.round(share, decimals), np.round(other, decimals)
        same = np.abs(shown - theirs) < _SAME
        out = np.where(same, shown, out)
        coarse = np.where(same & (decimals > COARSE_DECIMALS), False, coarse)
    return np.where(free, share, out), coarse & ~free


def middle_share(real: Counted, twin: Counted) -> np.ndarray:
    """Half way between a share and its twin's, to judge by and never to show: no judgement tells the two apart then.
    NaN where either has none."""
    return np.asarray((_ratio(*real) + _ratio(*twin)) / 2)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=np.nan_to_num(whole) > 0)
    return out
