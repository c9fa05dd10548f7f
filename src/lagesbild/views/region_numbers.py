"""A region in figures: waiting, over the limit, added, performed, load, expected wait and gap, per care area."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lagesbild.domain.care import CareArea
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.balance import balance
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.flows import flows
from lagesbild.views.pair_gaps import PairGap, PairGaps
from lagesbild.views.wait_counts import Counts, group_code
from lagesbild.views.waits import State, Waits

Produced = tuple[CellCount, CellCount, Month | None, bool]


@dataclass(frozen=True)
class AreaNumbers:
    """One care area of one region. `waiting` and `over` (the region's limit, `limit_days`) at the end of the waits'
    last month, of which `state` tells how its share is shown; `added` and `performed` in `produced`, the last month
    with both production and waiting up to then (None = never), where that is the same month, else missing.
    `gap` is None when no forecast was made on that month. Load and expected wait are None when not known or when the
    counts behind them are protected."""

    area: CareArea
    state: State
    waiting: CellCount
    over: CellCount
    limit_days: int
    added: CellCount
    performed: CellCount
    produced: Month | None
    provisional: bool
    load: float | None
    expected_wait_days: float | None
    gap: PairGap | None
    summed: tuple[str, ...] = ()  # codes of the regions in a sum, which has no flows, load, wait or gap


def group_numbers(waits: Waits, counts: Mapping[int, Counts], name: str) -> tuple[AreaNumbers, ...]:
    """What is published of a healthcare region as a sum: who waits, and how long. One per care area in `counts`."""
    out = []
    missing = CellCount(None, "missing")
    for a, told in counts.items():
        mine = [k for k, r in enumerate(waits.regions) if r.healthcare_region == name and waits.counted[a, k, -1]]
        out.append(
            AreaNumbers(
                area=waits.areas[a],
                state="" if mine else "missing",
                waiting=_shown(told, group_code(name), "waiting"),
                over=_shown(told, group_code(name), "over"),
                limit_days=waits.usual_days(a),
                added=missing,
                performed=missing,
                produced=None,
                provisional=any(bool(waits.provisional[a, k, -1]) for k in mine),
                load=None,
                expected_wait_days=None,
                gap=None,
                summed=tuple(waits.regions[k].code for k in mine),
            )
        )
    return tuple(out)


def region_numbers(
    source: Source,
    waits: Waits,
    counts: Mapping[int, Counts],
    region: str,
    selection: Selection,
    viewer: Viewer,
    gaps: PairGaps | None,
    keep: Callable[[Hashable, Callable[[], Produced]], Produced] = lambda _, make: make(),
) -> tuple[AreaNumbers, ...]:
    """One per care area in `counts`, its protected waits by its index. Empty for a region that is no leaf. `keep` gives
    what was made for a key before: what a region has produced of a care area hangs on nothing else that is chosen."""
    at = waits.region_index(region)
    if at is None:
        return ()
    out = []
    for a, told in counts.items():
        area = waits.areas[a]
        asked = selection.with_(care_area=area.code, region=region, provider="", month=waits.end)
        made = partial(_produced, source, asked, waits.end, viewer)
        added, performed, produced, early = keep(("produced", asked), made)
        gap = gaps.of(region, area.code) if gaps else None
        out.append(
            AreaNumbers(
                area=area,
                state=waits.state(a, at),
                waiting=_shown(told, region, "waiting"),
                over=_shown(told, region, "over"),
                limit_days=int(waits.days[a, at]),
                added=added,
                performed=performed,
                produced=produced,
                provisional=early or bool(waits.provisional[a, at, -1]),
                load=None if gap is None else gap.load,
                expected_wait_days=None if gap is None else gap.expected_wait_days,
                gap=gap,
            )
        )
    return tuple(out)


def total(cells: Sequence[CellCount]) -> float | None:
    """The sum of cells that are all shown, else None: a sum with a hidden part would give it away."""
    known = [c.value for c in cells if c.value is not None]
    return sum(known) if known and len(known) == len(cells) else None


def _shown(counts: Counts, region: str, column: str) -> CellCount:
    return cell_count(counts.values[region, column], counts.states[region, column])


def _produced(source: Source, asked: Selection, month: Month, viewer: Viewer) -> Produced:
    """Added and performed in `month`, protected as in the balance of `/produktion`."""
    found = flows(source, asked)
    missing = CellCount(None, "missing")
    if found is None:
        return missing, missing, None, False
    if found.end != month:
        return missing, missing, found.end, False
    told = balance(found, viewer)
    last, states = told.frame.iloc[-1], told.states.iloc[-1]
    added, performed = (
        cell_count(None if np.isnan(last[c]) else float(last[c]), states[c]) for c in ("added", "performed")
    )
    return added, performed, found.end, month in found.provisional
