"""How much of the capacity was used, month by month over the last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from lagesbild.domain.capacity import load
from lagesbild.domain.care import Region
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows
from lagesbild.views.small_counts import flow_states, hidden_in, same, shown_total

YEAR: Final = 12


@dataclass(frozen=True)
class CapacityUse:
    """`frame`: one row a month, columns period, performed, capacity, share (performed / capacity, fraction), hidden
    (bool), state (why performed is not shown), provisional. Totals and `load` (demand / capacity) over the months
    shown, None when they would tell a hidden count. `regions` are those with capacity for every month, the only ones
    here."""

    frame: pd.DataFrame
    regions: tuple[Region, ...]
    counted: int
    performed: float | None
    capacity: float
    load: float | None

    @property
    def share(self) -> float | None:
        """Used share of the capacity over the months shown, fraction; None when unknown."""
        return self.performed / self.capacity if self.performed is not None and self.capacity else None

    @property
    def unused(self) -> float | None:
        """Places that were not used, summed; below 0 when more was done than the capacity."""
        return self.capacity - self.performed if self.performed is not None else None


def capacity_use(flows: Flows, viewer: Viewer) -> CapacityUse | None:
    """Use of the reported capacity. None when no counted region has reported it for the last year (or whole series)."""
    viewer = flows.seen_by(viewer)
    months = min(YEAR, len(flows.by_region["performed"]))
    regions = flows.complete(("performed", "capacity"), months)
    if not regions:
        return None
    codes = [r.code for r in regions]
    performed, capacity = (flows.total(c, codes).iloc[-months:] for c in ("performed", "capacity"))
    if not capacity.sum():
        return None
    beside = flows.complete_beside(("performed", "capacity"), months)
    states = flow_states(flows, viewer, ("performed",), codes, beside)["performed"].iloc[-months:]
    hidden = hidden_in(states)
    frame = pd.DataFrame(
        {
            "period": performed.index,
            "performed": performed.to_numpy(),
            "capacity": capacity.to_numpy(),
            "share": (performed / capacity.where(capacity > 0)).to_numpy(),
            "hidden": hidden,
            "state": states.to_numpy(),
            "provisional": [p in flows.provisional for p in flows.months(months)],
        }
    )
    frame.loc[frame["hidden"], ["performed", "share"]] = float("nan")
    # who leaves without treatment needs no place; the same demand as in the gaps, so that the pages agree
    demand, other = (
        float(
            t("added", codes).iloc[-months:].sum(skipna=False)
            - t("removed_other", codes).iloc[-months:].fillna(0).sum()
        )
        for t in (flows.total, flows.other_total)
    )
    return CapacityUse(
        frame=frame,
        regions=regions,
        counted=len(flows.counted),
        performed=shown_total(flows, "performed", months, viewer, codes, beside),
        capacity=float(capacity.sum()),
        load=load(demand, float(capacity.sum())) if same(demand, other, viewer) else None,
    )
