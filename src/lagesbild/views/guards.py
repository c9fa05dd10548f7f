"""What may be told of a pair beside its counts: numbers that a forecast run stored follow from exact counts.

A forecast may repeat the last month, or the same month a year ago; load, expected wait and amounts of extra operations
follow from a few counts. So they are told only as far as the counts behind them are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.disclosure import agreed_share, is_small
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import AreaTwin, made_twin, reporting_now
from lagesbild.views.waits import Waits

RECENT: Final = 13  # months that a stored forecast may repeat: the last one, and each of a year before the first ahead
YEAR: Final = 12
Level = Literal["exact", "coarse", "hidden"]


@dataclass(frozen=True)
class Guard:
    """`share`: how the shares of the recent months are shown at their worst. `amounts`: whether extra operations may be
    told, which follow from the last month's share; `load`: the year's inflow over capacity; `wait`: the expected wait
    and what is free. `waiting`: of the last month, None when it is hidden or missing."""

    share: Level = "exact"
    amounts: bool = True
    load: bool = True
    wait: bool = True
    waiting: float | None = None

    def brokerable(self, share: float | None, viewer: Viewer) -> float | None:
        """The share that can be brokered, when neither it nor the rest is a small number of those waiting."""
        if share is None or viewer.role == "exact":
            return share
        if self.waiting is None:
            return None
        part = round(share * self.waiting)
        return None if is_small(part, viewer) or is_small(self.waiting - part, viewer) else share


OPEN: Final = Guard()  # nothing is hidden


def share_level(shares: np.ndarray, coarse: np.ndarray) -> Level:
    """
    >>> share_level(np.array([.9, np.nan]), np.array([True, False])), share_level(np.array([np.nan]), np.array([True]))
    ('coarse', 'hidden')
    """
    if not coarse.any():
        return "exact"
    return "hidden" if (coarse & np.isnan(shares)).any() else "coarse"


def pair_guards(
    source: Source, waits: Waits, viewer: Viewer, areas: Sequence[int] | None = None
) -> Mapping[tuple[str, str], Guard]:
    """By (leaf region, care area), of the care areas at `areas` (default all), for numbers stored on data up to the
    last month of `waits`; of the viewer's own region nothing is hidden."""
    places = range(len(waits.areas)) if areas is None else areas
    codes = tuple(r.code for r in waits.regions)
    first = waits.end - RECENT
    rows = source.facts("production", Query(codes, tuple(waits.areas[a].code for a in places), "", first, waits.end))
    steady = reporting_now(source, waits.regions, [waits.areas[a].code for a in places], Selection())
    out: dict[tuple[str, str], Guard] = {}
    for a in places:
        area = waits.areas[a].code
        found = made_twin(
            waits.regions, waits, a, rows[rows["care_area"] == area], first, waits.end, viewer, steady[area]
        )
        out |= {(region, area): guard for region, guard in _guards(found, viewer).items()}
    return out


def guarded_rows(rows: pd.DataFrame, guards: Mapping[tuple[str, str], Guard]) -> pd.DataFrame:
    """Rows of the gaps table without the amounts and the free capacity that follow from hidden counts. `guards`: by
    (region, care area), as of `pair_guards`; of others nothing is hidden."""
    mine = [guards.get((str(r), str(a)), OPEN) for r, a in zip(rows["region"], rows["care_area"], strict=True)]
    untold = np.array([not g.amounts for g in mine], bool)
    out = rows.copy()
    for column in (c for c in rows.columns if c.startswith("extra_per_week")):
        out[column] = out[column].astype(float).mask(untold)
    out["free_per_month"] = out["free_per_month"].astype(float).mask(np.array([not g.wait for g in mine], bool))
    return out


def _guards(found: AreaTwin, viewer: Viewer) -> dict[str, Guard]:
    counts, more = found.counts, found.differences
    real = (counts["within_limit"], counts["waiting"])
    open_to = {r.code: Guard(waiting=float(counts["waiting"][k, -1])) for k, r in enumerate(found.regions)}
    if viewer.role == "exact":
        return open_to
    twin = (real[0] + more["within_limit"], real[1] + more["waiting"])
    shares, coarse = agreed_share(real, twin, viewer)
    withheld = found.withheld
    lost = withheld["within_limit"] | withheld["waiting"]
    shares, coarse = np.where(lost, np.nan, shares), coarse | lost
    demand = (more["added"] - more["removed_other"])[:, -YEAR:].sum(axis=1)
    untold = (withheld["added"] | withheld["removed_other"])[:, -YEAR:].any(axis=1)
    moved = (more["waiting"] != 0) | (more["performed"] != 0) | withheld["waiting"] | withheld["performed"]
    gone = coarse[:, -1] & np.isnan(shares[:, -1])
    out = {}
    for k, (region, mine) in enumerate(zip(found.regions, viewer.mine(open_to), strict=True)):
        if mine:
            out[region.code] = open_to[region.code]
            continue
        now = counts["waiting"][k, -1]
        known = np.isfinite(now) and not more["waiting"][k, -1] and not withheld["waiting"][k, -1]
        out[region.code] = Guard(
            share=share_level(shares[k, -RECENT:], coarse[k, -RECENT:]),
            amounts=not gone[k],
            load=not demand[k] and not untold[k],
            # of a list so short that its share is hidden, nothing that follows from its length is told
            wait=not moved[k, -RECENT:].any() and not gone[k],
            waiting=float(now) if known else None,
        )
    return out
