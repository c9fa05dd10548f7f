"""Where one region's inhabitants were treated, and whom it received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State
from lagesbild.domain.periods import Month
from lagesbild.views.out_of_region import Flow, FlowMatrix

TOP: Final = 5


@dataclass(frozen=True)
class RegionFlows:
    """One region's flows: how many left and came, the largest shown ones, and how many more are protected."""

    region: Region
    first: Month
    end: Month
    out: float | None
    out_state: State
    into: float | None
    into_state: State
    net: float | None
    share: float | None
    to: tuple[Flow, ...]
    origins: tuple[Flow, ...]
    hidden_to: int
    hidden_origins: int


def region_flows(matrix: FlowMatrix, code: str, *, top: int = TOP) -> RegionFlows | None:
    """Where a region's inhabitants were treated and whom it received; None for a code that is no leaf region."""
    region = next((r for r in matrix.regions if r.code == code), None)
    if region is None:
        return None
    to, origins = matrix.flows(home=code), matrix.flows(treating=code)
    return RegionFlows(
        region=region,
        first=matrix.first,
        end=matrix.end,
        out=matrix.shown("out", code),
        out_state=matrix.state("out", code),
        into=matrix.shown("in", "", code),
        into_state=matrix.state("in", "", code),
        net=matrix.net(code),
        share=matrix.share(code),
        to=_largest(matrix, to, code, top),
        origins=_largest(matrix, origins, code, top),
        hidden_to=sum(f.persons is None for f in to),
        hidden_origins=sum(f.persons is None for f in origins),
    )


def _largest(matrix: FlowMatrix, flows: Sequence[Flow], code: str, top: int) -> tuple[Flow, ...]:
    """The largest shown ones. Elsewhere than on the own region's page those that only its planner sees stand among them
    and take nobody's place."""
    shown = [f for f in flows if f.persons is not None]
    if code == matrix.viewer.own:
        return tuple(shown[:top])
    alone = {f for f in shown if ("cell", f.home.code, f.treating.code) in matrix.own_only}
    told = [f for f in shown if f not in alone][:top]
    least = (told[-1].persons or 0.0) if len(told) == top else 0.0
    return tuple(f for f in shown if f in told or (f in alone and (f.persons or 0.0) >= least))
