"""The twin: another country that could be the real one, in which every small count is another and the sums the same.

A public viewer is shown what is the same in both. Whoever puts together all that is shown can therefore never tell the
real country from its twin, and no small count can be worked out, by subtraction or in any other way. This is the
arithmetic for one sheet of counts that add up; `views.protection` says which sheets there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lagesbild.domain.twin_costs import MOST, SMALL, Costs, Sheet
from lagesbild.domain.twin_moves import Moves, State

__all__ = ("MOST", "SMALL", "Sheet", "difference")
_STEPS: Final = ((1, -1), (2, -2, 3, -3), (4, -4, 5, -5, 6, -6))
_Wrong = tuple[tuple[str, int, int], list[tuple[int, int]]]


def difference(sheet: Sheet) -> np.ndarray:
    """What to add to `counts` for the twin; int array of the same shape, 0 where it is the same.

    >>> region = [[3.0, 40.0, 43.0], [20.0, 60.0, 80.0], [9.0, 90.0, 99.0]]  # over, within, waiting
    >>> sheet = Sheet(np.array(region), np.zeros((3, 3), int), np.array([1, 1, -1]), np.ones((1, 3), bool),
    ...               np.array([1000.0]))
    >>> difference(sheet)[:, :2].tolist()  # the 3 becomes 4 and another place takes the difference; no sum is touched
    [[1, -1], [-1, 1], [0, 0]]
    """
    costs = Costs(sheet)
    found = np.zeros((costs.n, costs.m), int)
    if not (costs.must.any() or costs.need.any() or costs.targets.any() or costs.small_sums.any()):
        return found
    moves = Moves(costs)
    stuck: set[tuple[str, int, int]] = set()
    for _ in range(20 * costs.n * costs.m + 100):
        state = State(found, costs.residual(found), costs.deviation(found))
        wanted = next((w for w in _wanted(costs, state) if w[0] not in stuck), None)
        if wanted is None:
            break
        name, starts = wanted
        for steps in _STEPS:
            better, cells = moves.cheapest(state, starts, steps)
            if better < -1.0 and cells is not None:
                for r, j, by in cells:
                    found[r, j] += by
                break
        else:
            stuck.add(name)
    # Equations can leave no way, as when two ones must become one: the sums that would give the last away go then
    if not costs.hard.any():
        found[costs.must & (found == 0)] = 1
    return found


def _wanted(costs: Costs, state: State) -> Iterator[_Wrong]:
    """What is still wrong, gravest first, each with the cells that a remedy may begin from."""
    s = costs.sheet
    for r, k in np.argwhere(np.abs(state.residual) > SMALL).tolist():
        yield ("row", r, k), [(r, j) for j in np.flatnonzero((s.part[r] == k) & ~costs.locked[r]).tolist()]
    off = np.abs(state.deviation) > SMALL
    for g, j in np.argwhere(costs.hard[:, None] & off).tolist():
        yield ("hard", g, j), [(r, j) for r in np.flatnonzero(s.groups[g] & ~costs.locked[:, j]).tolist()]
    for r, j in np.argwhere(costs.must & (state.found == 0)).tolist():
        yield ("cell", r, j), [(r, j)]
    for g, j in np.argwhere(costs.small_sums & ~off).tolist():
        yield ("sum", g, j), [(r, j) for r in np.flatnonzero(s.groups[g] & costs.known[:, j]).tolist()]
