"""The twin of those waiting: within the limit and waiting, of every care area, region and month that is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.viewer import Viewer
from lagesbild.views.twins import published_sums, stock_twin


def other_stock(
    values: Mapping[str, np.ndarray],
    hidden: np.ndarray,
    excluded: np.ndarray,
    regions: Sequence[Region],
    viewer: Viewer,
    hidden_now: np.ndarray | None,
) -> dict[str, np.ndarray]:
    """Within the limit and waiting in the twin; the values themselves where nothing is small. Where the source hid one
    the twin has a number, though the values have none."""
    within, waiting = values["within_limit"], values["waiting"]
    if viewer.role == "exact":
        return {"within_limit": within, "waiting": waiting}
    counted = np.isfinite(within) & np.isfinite(waiting) & ~excluded[None]
    a, w = assumed_stock(values, hidden)
    out = {"within_limit": a.copy(), "waiting": w.copy()}
    may = may_differ(a, w, counted, regions, viewer.threshold)
    if hidden_now is not None:
        may |= hidden_now.any(axis=(1, 3))
    for area, month in np.argwhere(may):
        at = (area, slice(None), month)
        must = None if hidden_now is None else hidden_now[at]
        bands = np.column_stack([values[b][at] for b in WAIT_BANDS])
        found = stock_twin(a[at], w[at], regions, counted[at], viewer.threshold, must, bands)
        out["within_limit"][at] += found[:, 0]
        out["waiting"][at] += found[:, 2]
    return out


def assumed_stock(values: Mapping[str, np.ndarray], hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Within the limit and waiting with a small number where the source hid one, so that what lies beside it is
    protected too: the number itself where the wait bands give it away, else two."""
    within, waiting = values["within_limit"].copy(), values["waiting"].copy()
    if not hidden.any():
        return within, waiting
    bands = np.sum([values[b] for b in WAIT_BANDS], axis=0)
    lost = hidden & np.isnan(waiting)
    waiting[lost] = np.where(np.isfinite(bands), bands, np.nan_to_num(within, nan=0.0) + 2.0)[lost]
    lost = hidden & np.isnan(within)
    within[lost] = np.minimum(waiting, 2.0)[lost]
    return within, np.maximum(waiting, within)


def may_differ(
    within: np.ndarray, waiting: np.ndarray, counted: np.ndarray, regions: Sequence[Region], threshold: int
) -> np.ndarray:
    """Months in which a count or a sum of counts is small; bool (areas, months)."""
    groups, _ = published_sums(regions, np.ones(len(regions), bool))
    out = np.zeros((waiting.shape[0], waiting.shape[2]), bool)
    for cells in (within, waiting - within, waiting):
        out |= ((cells > 0) & (cells < threshold)).any(axis=1)
        for members in groups:
            sums = np.where(counted & members[None, :, None], cells, 0.0).sum(axis=1)
            out |= (sums > 0) & (sums < threshold)
    return out
