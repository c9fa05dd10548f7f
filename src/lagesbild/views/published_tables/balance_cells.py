"""The monthly balance of the country and of each region, as this viewer may see it: the same rules as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.disclosure import states_of
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.flow_cube import FlowCube
from lagesbild.views.published_tables.places import Places, sums
from lagesbild.views.small_counts import BALANCE, covered, month_before, none_alone, small_and_same

Cube = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class BalanceCells:
    """By column of BALANCE, (areas, places, months)."""

    real: Cube
    states: Cube


def balance_states(real: Cube, twin: Cube, withheld: Cube, before: np.ndarray | None, viewer: Viewer) -> Cube:
    """States of BALANCE; arrays (..., months). `before`: states of the stock a month earlier, of the same regions;
    their own unless told. As `small_counts.flow_states`."""
    states = {c: states_of(real[c], twin[c], viewer, hidden=withheld.get(c)) for c in BALANCE}
    bare = np.any([small_and_same(real[c], twin[c], viewer) for c in BALANCE], axis=0)
    states["added"] = covered(states["added"], bare)
    return none_alone(states, month_before(states["waiting"]) if before is None else before)


def balance_cells(cube: FlowCube, where: Places, viewer: Viewer) -> BalanceCells:
    """The country (over `FlowCube.panel`) and the regions, in the order of `where`, which has no healthcare regions."""
    own = balance_states(cube.real, cube.twin, cube.withheld, None, viewer)
    real = {c: cube.real[c] for c in BALANCE}
    if where.levels[0] == "country":
        use = cube.panel()
        whole = {c: sums(cube.real[c], use) for c in BALANCE}
        other = {c: sums(cube.twin[c], use) for c in BALANCE}
        stock, stock_too = (_month_before(x["waiting"], use) for x in (cube.real, cube.twin))
        found = balance_states(whole, other, {}, states_of(stock, stock_too, viewer), viewer)
        real = {c: np.concatenate([whole[c][:, None], x], axis=1) for c, x in real.items()}
        own = {c: np.concatenate([found[c][:, None], x], axis=1) for c, x in own.items()}
    return BalanceCells(real, own)


def _month_before(cells: np.ndarray, use: np.ndarray) -> np.ndarray:
    """The sum, a month earlier, over the regions added up in each month; NaN before the first."""
    earlier = np.full(cells.shape, np.nan)
    earlier[..., 1:] = cells[..., :-1]
    return sums(earlier, use)
