"""How do the healthcare regions compare? Sums over their regions: the level between the country and a region.

A sum says which regions are in it, and is shown when it is the same in the twin, like every other count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.signals import Signal, sum_signal
from lagesbild.views.wait_counts import Counts, group_code
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

    @property
    def regions(self) -> tuple[Region, ...]:
        return (*self.counted, *self.left_out)


def group_names(regions: Sequence[Region]) -> tuple[str, ...]:
    """Healthcare regions in the order of the data; none when there is only one, or one for each region."""
    names = tuple(dict.fromkeys(r.healthcare_region for r in regions if r.healthcare_region))
    return names if 1 < len(names) < len(regions) else ()


def healthcare_regions(waits: Waits, area: int, counts: Counts) -> tuple[Group, ...]:
    """One per healthcare region, in the order of the data. A region shared by two is summed in its first."""
    return tuple(_group(waits, area, counts, name) for name in group_names(waits.regions))


def healthcare_region(waits: Waits, area: int, counts: Counts, name: str) -> Group | None:
    """The one that is chosen, also where it is the only one or of one region. None for a name that no region has."""
    return _group(waits, area, counts, name) if name and _members(waits, name) else None


def group_signal(waits: Waits, area: int, name: str) -> Signal:
    """How the sum over a healthcare region's regions is judged."""
    shown, coarse, _ = group_shares(waits, area, name)
    return sum_signal(waits, area, shown, coarse, members_of(waits, name))


def group_shares(waits: Waits, area: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The healthcare region's share by month, of the regions counted in the last month: as the viewer may see it, where
    it is in whole per cent or hidden, and the one to judge by."""
    return waits.shares_over(area, waits.summed[area] & members_of(waits, name)[:, None])


def members_of(waits: Waits, name: str) -> np.ndarray:
    """Which regions a healthcare region adds up, bool (regions,)."""
    return np.array([r.healthcare_region == name for r in waits.regions], bool)


def _members(waits: Waits, name: str) -> list[int]:
    return [k for k, r in enumerate(waits.regions) if r.healthcare_region == name]


def _group(waits: Waits, area: int, counts: Counts, name: str) -> Group:
    mine = _members(waits, name)
    found = group_signal(waits, area, name)
    known = [k for k in mine if waits.counted[area, k, -1]]
    waiting, over = (_shown(counts, group_code(name), c) for c in ("waiting", "over"))
    return Group(
        name=name,
        counted=tuple(waits.regions[k] for k in known),
        left_out=tuple(waits.regions[k] for k in mine if k not in known),
        waiting=waiting,
        over=over,
        share=float(found.share) if np.isfinite(found.share) else None,
        coarse=found.coarse,
        provisional=any(waits.provisional[area, k, -1] for k in known),
        signal=found,
    )


def _shown(counts: Counts, code: str, column: str) -> CellCount:
    return cell_count(counts.values[code, column], counts.states[code, column])
