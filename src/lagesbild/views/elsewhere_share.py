"""The share of a place's treated who were treated elsewhere, and why there is none."""

from __future__ import annotations

import numpy as np

from lagesbild.domain.disclosure import State, agreed_share
from lagesbild.domain.viewer import Viewer


def elsewhere(part: float | None, whole: float, other: float, viewer: Viewer) -> float | None:
    """`part / whole`; None when the part is hidden or the whole missing, when the share would tell of a small number
    that stayed, or when it is another in the twin, whose whole is `other`."""
    parts = np.array([np.nan if part is None else part])
    share = float(shares_elsewhere(parts, np.array([whole]), np.array([other]), viewer)[0])
    return None if np.isnan(share) else share


def shares_elsewhere(parts: np.ndarray, wholes: np.ndarray, others: np.ndarray, viewer: Viewer) -> np.ndarray:
    """`elsewhere` of many, float of the same shape; a hidden part and a share that is not told are NaN.

    >>> shares_elsewhere(np.array([5.0, 5, np.nan]), np.array([50.0, 7, 9]), np.array([50.0, 7, 9]), Viewer()).tolist()
    [0.1, nan, nan]
    """
    # comparisons with NaN are False: what is missing is not counted
    known = (wholes > 0) & (parts <= wholes)
    if viewer.role != "exact":
        stayed = wholes - parts
        known &= ~((wholes < viewer.threshold) | ((stayed > 0) & (stayed < viewer.threshold)))
    share, coarse = agreed_share((parts, wholes), (parts, others), viewer)
    return np.where(known & ~coarse, share, np.nan)


def why_no_share(part: float | None, whole: float, other: float, viewer: Viewer) -> State:
    """Why `elsewhere` gives None of a part that is reported. "missing" only when there is nothing to share by both in
    the numbers and in the twin: what holds of one of them alone would tell the two apart.

    >>> why_no_share(10, float("nan"), float("nan"), Viewer()), why_no_share(10, 8, 9, Viewer())
    ('missing', 'missing')
    >>> why_no_share(10, 12, 15, Viewer()), why_no_share(10, 9, 10, Viewer()), why_no_share(None, 0, 3, Viewer())
    ('secondary', 'secondary', 'secondary')
    """
    least = 0.0 if part is None else part
    none = [bool(np.isnan(n)) or n <= 0 or n < least for n in (whole, other)]
    if all(none):
        return "missing"
    # one who sees everything lacks what is not reported, and what the source itself hides
    return "missing" if viewer.role == "exact" and part is not None else "secondary"
