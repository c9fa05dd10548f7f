"""How much of the capacity was used, month by month over the last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lagesbild.domain.capacity import load
from lagesbild.domain.care import Region
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows
from lagesbild.views.small_counts import added_hidden, performed_hidden

YEAR: Final = 12


@dataclass(frozen=True)
class CapacityUse:
    """`frame`: one row a month, columns period, performed, capacity, share (performed / capacity, fraction), hidden
    (bool: the count is too small to show), provisional. Totals and `load` (demand / capacity) over the months shown,
    None when a month is hidden. `regions` are those with capacity for every month, the only ones counted here."""

    frame: pd.DataFrame
    regions: tuple[Region, ...]
    counted: int
    performed: float | None
    capacity: float | None
    load: float | None

    @property
    def share(self) -> float | None:
        """Used share of the capacity over the months shown, fraction; None when unknown."""
        return self.performed / self.capacity if self.performed is not None and self.capacity else None

    @property
    def unused(self) -> float | None:
        """Places that were not used, summed; below 0 when more was done than the capacity."""
        return self.capacity - self.performed if self.performed is not None and self.capacity is not None else None


def capacity_use(flows: Flows, viewer: Viewer) -> CapacityUse | None:
    """Use of the reported capacity. None when no counted region has reported it for the last year (or whole series)."""
    months = min(YEAR, len(flows.by_region["performed"]))
    regions = flows.complete(("performed", "capacity"), months)
    if not regions:
        return None
    codes = [r.code for r in regions]
    performed, capacity, added = (flows.total(c, codes).iloc[-months:] for c in ("performed", "capacity", "added"))
    if not capacity.sum():
        return None
    hidden = pd.Series(performed_hidden(flows, viewer, months))
    frame = pd.DataFrame(
        {
            "period": performed.index,
            "performed": performed.to_numpy(),
            "capacity": capacity.to_numpy(),
            "share": (performed / capacity.where(capacity > 0)).to_numpy(),
            "hidden": hidden.to_numpy(),
            "provisional": [p in flows.provisional for p in flows.months(months)],
        }
    )
    frame.loc[frame["hidden"], ["performed", "share"]] = float("nan")
    whole = not hidden.any()
    load_known = added.notna().all() and not added_hidden(flows, viewer, months)
    # who leaves without treatment needs no place; the same demand as in the gaps, so that the pages agree
    demand = float(added.sum() - flows.total("removed_other", codes).iloc[-months:].fillna(0.0).sum())
    return CapacityUse(
        frame=frame,
        regions=regions,
        counted=len(flows.counted),
        performed=float(performed.sum()) if whole else None,
        capacity=float(capacity.sum()) if whole else None,
        load=load(demand, float(capacity.sum())) if load_known else None,
    )
