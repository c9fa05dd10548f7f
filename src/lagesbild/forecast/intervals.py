"""Bands are quantiles of sample paths, which are calibrated before they come here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

BANDS: Final[Mapping[str, float]] = {
    "lo95": 0.025,
    "lo80": 0.10,
    "lo50": 0.25,
    "p50": 0.50,
    "hi50": 0.75,
    "hi80": 0.90,
    "hi95": 0.975,
}

Bands = dict[str, np.ndarray]  # each name of BANDS -> (horizon,)


def bands_of(paths: np.ndarray) -> Bands:
    """Quantiles of paths (paths, horizon), one array (horizon,) for each name of BANDS; ordered by construction.

    Months where no path has a value are NaN.
    """
    levels = list(BANDS.values())
    whole = ~np.isnan(paths).any(axis=0)
    out = np.full((len(levels), paths.shape[1]), np.nan)
    if whole.any():
        out[:, whole] = np.quantile(paths[:, whole], levels, axis=0)
    for k in np.flatnonzero(~whole):
        seen = paths[~np.isnan(paths[:, k]), k]
        if len(seen):
            out[:, k] = np.quantile(seen, levels)
    return dict(zip(BANDS, out, strict=True))
