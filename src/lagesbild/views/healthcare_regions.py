"""How do the healthcare regions compare? Sums over their regions: the level between the country and a region.

A sum says which regions are in it, and is shown when it is the same in the twin, like every other count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import states_of
from lagesbild.domain.viewer import Viewer
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.signals import Signal, signal
from lagesbild.views.wait_counts import Counts
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class Group:
    """A healthcare region by its name. `counted` are its regions in the sum, `left_out` those without figures in the
    last month. `share` is a fraction, in whole per cent when `coarse`, None when it may not be shown or is unknown."""

    name: str
    counted: tuple[Region, ...]
    left_out: tuple[Region, ...]
    waiting: CellCount
    over: CellCount
    share: float | None
    coarse: bool
    provisional: bool
    signal: Signal


def group_names(regions: Sequence[Region]) -> tuple[str, ...]:
    """Healthcare regions in the order of the data; none when there is only one, or one for each region."""
    names = tuple(dict.fromkeys(r.healthcare_region for r in regions if r.healthcare_region))
    return names if 1 < len(names) < len(regions) else ()


def healthcare_regions(waits: Waits, area: int, counts: Counts, viewer: Viewer) -> tuple[Group, ...]:
    """One per healthcare region, in the order of the data. A region shared by two is summed in its first."""
    return tuple(_group(waits, area, counts, name, viewer) for name in group_names(waits.regions))


def group_shares(waits: Waits, area: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The healthcare region's share by month, of the regions counted in the last month: as the viewer may see it, where
    it is in whole per cent or hidden, and the one to judge by."""
    mine = np.array([r.healthcare_region == name for r in waits.regions])
    return waits.shares_over(area, waits.summed[area] & mine[:, None])


def _members(waits: Waits, name: str) -> list[int]:
    return [k for k, r in enumerate(waits.regions) if r.healthcare_region == name]


def _sum(counts: Counts, regions: Sequence[str], column: str, viewer: Viewer) -> CellCount:
    """The sum as the viewer may see it: when it is the same in the twin."""
    values, others = (
        np.array([np.nan if x[r, column] is None else x[r, column] for r in regions], float).sum()
        for x in (counts.values, counts.others)
    )
    if not regions:
        return CellCount(None, "missing")
    return cell_count(float(values), states_of(np.array(values), np.array(others), viewer).item())


def _group(waits: Waits, area: int, counts: Counts, name: str, viewer: Viewer) -> Group:
    mine = _members(waits, name)
    shown, coarse, judge = group_shares(waits, area, name)
    code = waits.areas[area].code
    # "\0" matches no region: one region's change of system does not restart a sum's limits
    judged = signal(shown, waits.months[0], waits.rebases(code, "\0"), waits.masked(judge, code, "\0"), coarse)
    known = [k for k in mine if waits.counted[area, k, -1]]
    codes = [waits.regions[k].code for k in known]
    return Group(
        name=name,
        counted=tuple(waits.regions[k] for k in known),
        left_out=tuple(waits.regions[k] for k in mine if k not in known),
        waiting=_sum(counts, codes, "waiting", viewer),
        over=_sum(counts, codes, "over", viewer),
        share=float(shown[-1]) if np.isfinite(shown[-1]) else None,
        coarse=bool(coarse[-1]),
        provisional=any(waits.provisional[area, k, -1] for k in known),
        signal=judged,
    )
