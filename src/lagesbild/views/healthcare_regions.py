"""How do the healthcare regions compare? Sums over their regions: the level between the country and a region.

A sum says which regions are in it. Its counts are protected against its regions' and the country's: with one hidden
region inside, the sum less the others would be that region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import Sum, coarse_share, protect
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.signals import Signal, signal
from lagesbild.views.wait_counts import WAITING, Counts
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
    names = group_names(waits.regions)
    states = _states(waits, area, counts, names, viewer)
    return tuple(_group(waits, area, counts, name, states, viewer) for name in names)


def exact_group_shares(waits: Waits, area: int, name: str) -> np.ndarray:
    """The healthcare region's share by month, to judge by and never to show."""
    within, waiting, _ = _sums(waits, area, name)
    return _ratio(within, waiting)


def group_shares(waits: Waits, area: int, name: str, viewer: Viewer) -> np.ndarray:
    """The healthcare region's share by month, as the viewer may see it: of the regions counted in the last month.

    Whole per cent in the months when a region's own counts are concealed, since the sum's share and its regions' would
    together be enough to find them; NaN where even that says too much, or nobody is counted."""
    within, waiting, guarded = _sums(waits, area, name)
    shares = _ratio(within, waiting)
    if viewer.role == "exact":
        return shares
    return np.where(guarded, coarse_share(shares, waiting, viewer.threshold), shares)


def _members(waits: Waits, name: str) -> list[int]:
    return [k for k, r in enumerate(waits.regions) if r.healthcare_region == name]


def _sums(waits: Waits, area: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Within the limit, waiting, and whether something behind is concealed; each (months,)."""
    mine = _members(waits, name)
    use = waits.counted[area, mine] & waits.counted[area, mine, -1:]
    within, waiting = (np.where(use, waits.values[c][area, mine], 0.0).sum(axis=0) for c in ("within_limit", "waiting"))
    nobody = ~use.any(axis=0)
    guarded = (waits.coarse[area, mine] & use).any(axis=0)
    return np.where(nobody, np.nan, within), np.where(nobody, np.nan, waiting), guarded


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=np.nan_to_num(whole) > 0)
    return out


def _states(
    waits: Waits, area: int, counts: Counts, names: Sequence[str], viewer: Viewer
) -> dict[tuple[str, str], CellCount]:
    """Counts of the sums. Regions and the country keep what other pages show of them."""
    members = {
        name: [waits.regions[k].code for k in _members(waits, name) if waits.counted[area, k, -1]] for name in names
    }
    own = {(f"\0{name}", c): _added(counts, members[name], c) for name in names for c in WAITING}
    theirs = {k: v for k, v in counts.values.items() if k[1] in WAITING}
    gone = {k for k in theirs if counts.states[k] in ("suppressed", "secondary")}
    sums = [Sum((f"\0{name}", c), tuple((r, c) for r in members[name])) for name in names for c in WAITING]
    present = [name for name in names if members[name]]
    # regions outside every healthcare region are parts of the country too
    loose = [r.code for k, r in enumerate(waits.regions) if not r.healthcare_region and waits.counted[area, k, -1]]
    for c in WAITING:
        parts = [(f"\0{n}", c) for n in present] + [(r, c) for r in loose]
        sums += [Sum((COUNTRY, c), tuple(parts))]
    sums += [Sum((f"\0{n}", "waiting"), ((f"\0{n}", "within_limit"), (f"\0{n}", "over"))) for n in present]
    states = protect(
        own | theirs,
        sums,
        viewer,
        conceal=gone if viewer.role != "exact" else (),
        keep=[k for k in theirs if k not in gone],
    )
    return {(name, c): cell_count(own[f"\0{name}", c], states[f"\0{name}", c]) for name in names for c in WAITING}


def _added(counts: Counts, regions: Sequence[str], column: str) -> float | None:
    values = [counts.values[r, column] for r in regions]
    known = [v for v in values if v is not None]
    return sum(known) if known and len(known) == len(values) else None


def _group(
    waits: Waits,
    area: int,
    counts: Counts,
    name: str,
    cells: dict[tuple[str, str], CellCount],
    viewer: Viewer,
) -> Group:
    mine = _members(waits, name)
    within, waiting, _ = _sums(waits, area, name)
    shown = group_shares(waits, area, name, viewer)
    hidden = any(cells[name, c].state in ("suppressed", "secondary") for c in WAITING)
    share = float(shown[-1])
    if hidden and np.isfinite(share):
        share = float(coarse_share(shown[-1:], waiting[-1:], viewer.threshold)[0])
    exact = _ratio(within, waiting)
    code = waits.areas[area].code
    # "\0" matches no region: one region's change of system does not restart a sum's limits
    judged = signal(shown, waits.months[0], waits.rebases(code, "\0"), waits.masked(exact, code, "\0"))
    known = [k for k in mine if waits.counted[area, k, -1]]
    return Group(
        name=name,
        counted=tuple(waits.regions[k] for k in known),
        left_out=tuple(waits.regions[k] for k in mine if k not in known),
        waiting=cells[name, "waiting"],
        over=cells[name, "over"],
        share=share if np.isfinite(share) else None,
        coarse=hidden,
        provisional=any(waits.provisional[area, k, -1] for k in known),
        signal=judged,
    )
