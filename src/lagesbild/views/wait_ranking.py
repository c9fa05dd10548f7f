"""Which regions have the lowest share waiting within the limit, and who is not in the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State as CountState
from lagesbild.domain.disclosure import states_of
from lagesbild.domain.source import COUNTRY
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_counts import Counts
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Ranked:
    """`region` None is the country, or the healthcare region named by `group`. Counts are None when hidden, and their
    states say how. `place` is one more than how many regions of the country have a higher share, as everybody sees
    them; None of a sum, and of a reader's own region that everybody else sees without a share. `to_all`: whether
    everybody may see the share and the count of those waiting, exact."""

    region: Region | None
    share: float
    coarse: bool
    over: float | None
    waiting: float | None
    over_state: CountState
    waiting_state: CountState
    provisional: bool
    days: int
    group: str = ""
    place: int | None = None
    to_all: bool = True


@dataclass(frozen=True)
class LeftOut:
    """A region without a share: state and reason ("" when none is given)."""

    region: Region
    state: State
    reason: str
    coarse: bool = False  # hidden here, not by the source


@dataclass(frozen=True)
class Ranking:
    """`rows`: regions and sums, highest share first. `days` is the limit most regions have, `other_days` the regions
    with another one. `under` are regions whose share is under `target`. `of`: how many regions of the country have a
    place; `counted`: codes of those that the country's sum counts."""

    rows: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]
    target: float
    days: int
    other_days: tuple[tuple[Region, int], ...]
    of: int
    counted: tuple[str, ...]

    @property
    def regions(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.rows if r.region is not None)

    @property
    def country(self) -> Ranked | None:
        return next((r for r in self.rows if r.region is None and not r.group), None)

    @property
    def group(self) -> Ranked | None:
        """The healthcare region that it is limited to, when that has a share."""
        return next((r for r in self.rows if r.group), None)

    @property
    def under(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.regions if r.share < self.target)


def wait_ranking(waits: Waits, area: int, counts: Counts, target: float) -> Ranking:
    """The last month's ranking. `target` is a fraction. Without any reporting region `rows` is empty."""
    rows, left, told = [], [], []
    for k, region in enumerate(waits.regions):
        state = waits.state(area, k)
        if state:
            hidden = bool(waits.coarse[area, k, -1])
            left.append(LeftOut(region, state, waits.reasons.get(region.code, ""), hidden))
            continue
        to_all, coarse = waits.told_to_all(area, k)
        told.append(_shown(to_all, coarse))
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
                to_all=not coarse and _told_to_all(counts, region.code),
            )
        )
    rows = [replace(r, place=_place(mine, told)) for r, mine in zip(rows, told, strict=True)]
    of, days = sum(np.isfinite(told)), waits.usual_days(area)
    share = float(waits.country_shares[area, -1])
    if of and np.isfinite(share) and len(waits.regions) > 1:
        rows.append(
            Ranked(
                None,
                share,
                bool(waits.country_coarse[area, -1]),
                counts.shown(COUNTRY, "over"),
                counts.shown(COUNTRY, "waiting"),
                counts.states[COUNTRY, "over"],
                counts.states[COUNTRY, "waiting"],
                any(r.provisional for r in rows if r.place is not None),
                days,
            )
        )
    return Ranking(
        rows=_in_order(rows),
        left_out=tuple(left),
        target=target,
        days=days,
        other_days=tuple((r, int(d)) for r, d in zip(waits.regions, waits.days[area], strict=True) if int(d) != days),
        of=of,
        counted=tuple(r.code for r, use in zip(waits.regions, waits.counted[area, :, -1], strict=True) if use),
    )


def within_group(found: Ranking, group: Group) -> Ranking:
    """Only a healthcare region's regions, with their places in the country, the group's own sum and the country."""
    codes = {r.code for r in group.regions}
    rows = [r for r in found.rows if r.region is None or r.region.code in codes]
    days = [d for r, d in found.other_days if r.code in codes]
    usual = days[0] if len(days) == len(codes) and len(set(days)) == 1 else found.days
    if group.share is not None:
        states = group.over.state, group.waiting.state
        counts = group.over.value, group.waiting.value
        rows.append(Ranked(None, group.share, group.coarse, *counts, *states, group.provisional, usual, group.name))
    return replace(
        found,
        rows=_in_order(rows),
        left_out=tuple(x for x in found.left_out if x.region.code in codes),
        other_days=tuple((r, d) for r, d in found.other_days if r.code in codes),
    )


def _in_order(rows: list[Ranked]) -> tuple[Ranked, ...]:
    """Highest share first; the country before a healthcare region, and sums before regions, where they are equal."""

    def at(r: Ranked) -> tuple[float, int]:
        return -r.share, r.region.sort_order if r.region else -1 if r.group else -2

    return tuple(sorted(rows, key=at))


def _told_to_all(counts: Counts, code: str) -> bool:
    """Whether everybody may see how many wait."""
    cells = counts.values[code, "waiting"], counts.others[code, "waiting"]
    value, other = (np.array(np.nan if v is None else v) for v in cells)
    return bool(states_of(value, other, counts.viewer) == "")


def _place(mine: float, told: Sequence[float]) -> int | None:
    return None if np.isnan(mine) else 1 + sum(x > mine for x in told)


def _shown(share: float, coarse: bool) -> float:
    """Rounded as it stands on the page: a place of its own would tell which of two protected shares is the higher."""
    return round(share, 2 if coarse else 3)
