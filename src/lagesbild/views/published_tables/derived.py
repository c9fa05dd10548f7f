"""What follows from counts: shares, and how long those who wait have waited. Told as far as the counts are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import Counted, agreed_share
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.stock import Cells
from lagesbild.views.wait_bands import EDGES
from lagesbild.views.wait_counts import QUEUE

HIDDEN = ("suppressed", "secondary")


def share_states(
    real: Counted, twin: Counted, behind: np.ndarray, viewer: Viewer
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The share as this viewer may see it, its states, and whether it is told in whole per cent only. `behind`: states
    of the whole, which say why there is no share (excluded, withheld by the source)."""
    share, coarse = agreed_share(real, twin, viewer)
    states = np.where(np.isfinite(share), "", "missing").astype(object)
    states[~np.isfinite(share) & (coarse | np.isin(behind, HIDDEN))] = "secondary"
    states[behind == "excluded"] = "excluded"
    return share, states, coarse & (states == "")


def ratio(part: np.ndarray, whole: np.ndarray, *behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`part / whole` where all the counts behind are shown, and its states."""
    shown = np.all([b == "" for b in behind], axis=0)
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=shown & (np.nan_to_num(whole) > 0))
    return out, states_behind(out, *behind)


def states_behind(values: np.ndarray, *behind: np.ndarray) -> np.ndarray:
    """Shown where there is a number; else excluded or hidden where a count behind is, else missing."""
    states = np.full(np.shape(values), "missing", object)
    states[np.any([np.isin(b, HIDDEN) for b in behind], axis=0)] = "secondary"
    states[np.any([b == "excluded" for b in behind], axis=0)] = "excluded"
    states[np.isfinite(values)] = ""
    return states


def waited_days(bands: Mapping[str, np.ndarray], total: np.ndarray, fraction: float) -> np.ndarray:
    """Days within which `fraction` of those who wait have waited, by interpolation in the wait bands; NaN where nobody
    waits, where a band is not known, and where it falls in the open last band. As `wait_bands.Bands.wait_days`."""
    counts = np.stack([bands[b] for b in WAIT_BANDS])
    before = np.concatenate([np.zeros((1, *total.shape)), np.cumsum(counts, axis=0)[:-1]])
    wanted = fraction * total
    out = np.full(total.shape, np.nan)
    for k in range(len(WAIT_BANDS) - 2, -1, -1):  # the first band that reaches so far is written last
        width = EDGES[k + 1] - EDGES[k]
        use = (counts[k] > 0) & (before[k] + counts[k] >= wanted)
        np.copyto(out, EDGES[k] + (wanted - before[k]) / np.where(use, counts[k], 1.0) * width, where=use)
    return np.asarray(np.where(np.isfinite(counts).all(axis=0) & (total > 0), out, np.nan))


def derived_cells(cells: Cells, viewer: Viewer) -> dict[str, np.ndarray]:
    """Shares and days, by column with states; any shape."""
    real, twin, states = cells.real, cells.twin, cells.states
    share, share_told, coarse = share_states(
        (real["within_limit"], real["waiting"]),
        (twin["within_limit"], twin["waiting"]),
        np.where(states["within_limit"] == "suppressed", states["within_limit"], states["waiting"]),
        viewer,
    )
    # a region that tells nobody who is left out is in a sum of who waits, but not in this share of the queue
    behind_left = (states[c] for c in ("excluded", "waiting", QUEUE))
    left, left_told = ratio(real["excluded"], real[QUEUE], *behind_left)
    out = {
        "within_limit_share": share,
        "within_limit_share_state": share_told,
        "within_limit_share_coarse": coarse,
        "excluded_share": left,
        "excluded_share_state": left_told,
    }
    behind = [states[c] for c in (*WAIT_BANDS, "waiting")]
    shown = np.all([b == "" for b in behind], axis=0)
    bands = {b: np.where(shown, real[b], np.nan) for b in WAIT_BANDS}
    # of those in the bands: regions without any are in a sum of who waits, but nobody knows how long
    known = np.sum([bands[b] for b in WAIT_BANDS], axis=0)
    for name, fraction in (("waited_days_p50", 0.5), ("waited_days_p90", 0.9)):
        out[name] = waited_days(bands, known, fraction)
        out[f"{name}_state"] = states_behind(out[name], *behind)
    return out
