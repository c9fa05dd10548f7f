"""Was as much done as planned? The delivery plan against the outcome, added up over the last year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lagesbild.domain.care import Region
from lagesbild.domain.viewer import Viewer
from lagesbild.views.capacity_use import YEAR
from lagesbild.views.flows import Flows
from lagesbild.views.small_counts import flow_states, hidden_in


@dataclass(frozen=True)
class PlanOutcome:
    """`frame`: one row a month, columns period, planned, performed (the month's), planned_sum, performed_sum (since the
    first month shown), provisional. `regions` are those with a plan for every month, the only ones counted here."""

    frame: pd.DataFrame
    regions: tuple[Region, ...]
    counted: int

    @property
    def planned(self) -> float:
        return float(self.frame["planned_sum"].iloc[-1])

    @property
    def performed(self) -> float:
        return float(self.frame["performed_sum"].iloc[-1])

    @property
    def difference(self) -> float:
        """Performed minus planned."""
        return self.performed - self.planned


def plan_outcome(flows: Flows, viewer: Viewer) -> PlanOutcome | None:
    """Plan and outcome. None when no counted region has a plan, or when a month's count is too small to show: each
    month is the difference between two running sums."""
    viewer = flows.seen_by(viewer)
    months = min(YEAR, len(flows.by_region["performed"]))
    regions = flows.complete(("performed", "planned"), months)
    codes = [r.code for r in regions]
    planned, performed = (flows.total(c, codes).iloc[-months:] for c in ("planned", "performed"))
    beside = flows.complete_beside(("performed", "planned"), months)
    states = flow_states(flows, viewer, ("performed",), codes, beside)["performed"].iloc[-months:]
    if not regions or not planned.sum() or hidden_in(states).any():
        return None
    return PlanOutcome(
        frame=pd.DataFrame(
            {
                "period": planned.index,
                "planned": planned.to_numpy(),
                "performed": performed.to_numpy(),
                "planned_sum": planned.cumsum().to_numpy(),
                "performed_sum": performed.cumsum().to_numpy(),
                "provisional": [p in flows.provisional for p in flows.months(months)],
            }
        ),
        regions=regions,
        counted=len(flows.counted),
    )
