"""Which regions have the lowest share waiting within the limit, and who is not in the comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State as CountState
from lagesbild.domain.source import COUNTRY
from lagesbild.views.wait_counts import Counts
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Ranked:
    """`region` None is the country. Counts are None when hidden, and their states say how."""

    region: Region | None
    share: float
    coarse: bool
    over: float | None
    waiting: float | None
    over_state: CountState
    waiting_state: CountState
    provisional: bool
    days: int


@dataclass(frozen=True)
class LeftOut:
    """A region without a share: state and reason ("" when none is given)."""

    region: Region
    state: State
    reason: str
    coarse: bool = False  # hidden here, not by the source


@dataclass(frozen=True)
class Ranking:
    """`rows`: regions and the country, highest share first. `days` is the limit most regions have, `other_days` the
    regions with another one. `under` are regions whose share is under `target`."""

    rows: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]
    target: float
    days: int
    other_days: tuple[tuple[Region, int], ...]

    @property
    def regions(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.rows if r.region is not None)

    @property
    def country(self) -> Ranked | None:
        return next((r for r in self.rows if r.region is None), None)

    @property
    def under(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.regions if r.share < self.target)


def wait_ranking(waits: Waits, area: int, counts: Counts, target: float) -> Ranking:
    """The last month's ranking. `target` is a fraction. Without any reporting region `rows` is empty."""
    rows, left = [], []
    for k, region in enumerate(waits.regions):
        state = waits.state(area, k)
        if state:
            hidden = bool(waits.coarse[area, k, -1])
            left.append(LeftOut(region, state, waits.reasons.get(region.code, ""), hidden))
            continue
        rows.append(
            Ranked(
                region=region,
                share=float(waits.shares[area, k, -1]),
                coarse=bool(waits.coarse[area, k, -1]),
                over=counts.shown(region.code, "over"),
                waiting=counts.shown(region.code, "waiting"),
                over_state=counts.states[region.code, "over"],
                waiting_state=counts.states[region.code, "waiting"],
                provisional=bool(waits.provisional[area, k, -1]),
                days=int(waits.days[area, k]),
            )
        )
    days = waits.usual_days(area)
    share = float(waits.country_shares[area, -1])
    if rows and np.isfinite(share) and len(waits.regions) > 1:
        rows.append(
            Ranked(
                None,
                share,
                bool(waits.country_coarse[area, -1]),
                counts.shown(COUNTRY, "over"),
                counts.shown(COUNTRY, "waiting"),
                counts.states[COUNTRY, "over"],
                counts.states[COUNTRY, "waiting"],
                any(r.provisional for r in rows),
                days,
            )
        )
    return Ranking(
        rows=tuple(sorted(rows, key=lambda r: (-r.share, r.region.sort_order if r.region else -1))),
        left_out=tuple(left),
        target=target,
        days=days,
        other_days=tuple((r, int(d)) for r, d in zip(waits.regions, waits.days[area], strict=True) if int(d) != days),
    )
