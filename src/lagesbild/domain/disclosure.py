"""Disclosure control: what a viewer may see of a number, given the number and its twin's (see `domain.twin`).

A number that is the same in both countries says nothing about which of them is real, and is shown. A small count is
another in the twin, so it is hidden ("<5"), and so is every other number that differs ("..").

`protect` is for sums over sliding windows (care out of the region, brokering cases), which have no twin: there counts
that add up with a small one are hidden until neither subtraction nor bounds give it away.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np

from lagesbild.domain.viewer import Viewer

State = Literal["", "missing", "suppressed", "secondary"]
Counted = tuple[np.ndarray, np.ndarray]  # part, whole
Key = TypeVar("Key", bound=Hashable)
COARSE_DECIMALS: Final = 2  # whole per cent, when the counts behind are hidden
_ROUNDS: Final = 1000
_ZERO: Final = 1e-6
_SAME: Final = 1e-9
_UNBOUNDED: Final = 1e7  # persons; a finite number, so that bounds can be added and taken apart again


@dataclass(frozen=True)
class Sum:
    """`total` is the sum of `parts`; all are keys of cells. Sums with a missing cell say nothing and are left out."""

    total: Hashable
    parts: tuple[Hashable, ...]

    @property
    def cells(self) -> tuple[Hashable, ...]:
        return (self.total, *self.parts)


def is_small(value: float | None, viewer: Viewer) -> bool:
    """Whether the count itself must not be shown to this viewer."""
    return viewer.role != "exact" and value is not None and 0 < value < viewer.threshold


def protect(
    cells: Mapping[Key, float | None],
    sums: Sequence[Sum],
    viewer: Viewer,
    *,
    hidden: Collection[Key] = (),
    conceal: Collection[Key] = (),
    keep: Collection[Key] = (),
) -> dict[Key, State]:
    """The state of every cell: "" shown, missing, suppressed ("<5") or secondary ("..").

    `cells`: counts, None or NaN = missing. `sums`: what adds up to what among everything this viewer can see, on any
    page. `hidden`: cells suppressed at the source; their value need not be known. `conceal`: cells to hide and protect
    although they are not small. `keep`: cells that an earlier step showed; they are hidden only when nothing else would
    do. A viewer with exact access sees all that
    is not suppressed at the source.

    >>> counts = {"a": 3, "b": 12, "c": 40, "all": 55}
    >>> protect(counts, [Sum("all", ("a", "b", "c"))], Viewer())
    {'a': 'suppressed', 'b': 'secondary', 'c': '', 'all': ''}
    """
    gone = set(hidden)
    states: dict[Key, State] = {}
    for key, value in cells.items():
        if key in gone:
            states[key] = "suppressed"
        elif value is None or math.isnan(value):
            states[key] = "missing"
        else:
            states[key] = "suppressed" if is_small(value, viewer) else ""
    if viewer.role == "exact":
        return states
    states.update({k: "secondary" for k in conceal if states[k] == ""})
    guarded = {k for k, s in states.items() if s in ("suppressed", "secondary")}
    if not guarded:
        return states
    known = {k: float(v) for k, v in cells.items() if v is not None and not math.isnan(v)}
    usable = [s for s in sums if all(c in known or c in gone for c in s.cells)]
    touching: dict[Hashable, list[Sum]] = {}
    for s in usable:
        for c in s.cells:
            touching.setdefault(c, []).append(s)
    totals = {s.total for s in usable}
    kept = set(keep)
    # how many cells of each sum are hidden, kept up to date: counting them all anew each round was half of the time
    concealed = {id(s): sum(states[c] != "" for c in s.cells) for s in usable}  # type: ignore[index]
    for _ in range(_ROUNDS):
        # sums with one hidden cell are found by counting; only when there are none is the whole system solved
        alone = _alone(states, touching, concealed)
        exposed = alone or _exposed(states, known, touching, viewer)
        if not alone and not exposed & guarded:
            break
        choice = _next_to_hide(exposed, states, known, touching, totals, kept, concealed)
        if choice is None:
            break
        states[choice] = "secondary"
        for s in touching[choice]:
            concealed[id(s)] += 1
    return states


def states_of(
    values: np.ndarray, others: np.ndarray, viewer: Viewer, *, hidden: np.ndarray | None = None
) -> np.ndarray:
    """How each count is shown to this viewer; array of `State`, same shape. `others`: the counts of the twin.

    "<5" is only said where it is true of both; a small count whose twin is none is "..". `hidden`: given as `<n` by the
    source, hidden from everybody.

    >>> states_of(np.array([3.0, 9, 40, 2, np.nan]), np.array([4.0, 8, 40, 0, np.nan]), Viewer()).tolist()
    ['suppressed', 'secondary', '', 'secondary', 'missing']
    """
    values, others = np.asarray(values, float), np.asarray(others, float)
    out = np.full(values.shape, "", object)
    if viewer.role != "exact":
        small, small_too = ((x > 0) & (x < viewer.threshold) for x in (values, others))
        differs = (np.abs(values - others) > _SAME) | (np.isfinite(values) & ~np.isfinite(others))
        out[differs | small | small_too] = "secondary"
        out[small & small_too] = "suppressed"
    out[~np.isfinite(values)] = "missing"
    if hidden is not None:
        out[hidden] = "suppressed"
    return out


def agreed_share(real: Counted, twin: Counted, viewer: Viewer) -> tuple[np.ndarray, np.ndarray]:
    """The share as this viewer may see it, and whether only in whole per cent or not at all; arrays. `real` and `twin`:
    the part and the whole in each.

    The share itself where both counts are the same in the twin; else with as many decimals as the two have in common:
    a tenth of a per cent, whole per cent, or none (NaN). So a share never tells more than its counts do.

    >>> a, n, b, m = np.array([[3.0, 873, 1], [9, 1000, 40], [4, 873, 2], [9, 1000, 41]])
    >>> [x.tolist() for x in agreed_share((a, n), (b, m), Viewer())]
    [[nan, 0.873, nan], [True, False, True]]
    """
    share, other = _ratio(*real), _ratio(*twin)
    no = np.zeros(share.shape, bool)
    if viewer.role == "exact":
        return share, no
    free = (np.abs(real[0] - twin[0]) < _SAME) & (np.abs(real[1] - twin[1]) < _SAME)
    out, coarse = np.full(share.shape, np.nan), np.isfinite(share) | np.isfinite(other)
    for decimals in (COARSE_DECIMALS, COARSE_DECIMALS + 1):
        shown, theirs = np.round(share, decimals), np.round(other, decimals)
        same = np.abs(shown - theirs) < _SAME
        out = np.where(same, shown, out)
        coarse = np.where(same & (decimals > COARSE_DECIMALS), False, coarse)
    return np.where(free, share, out), coarse & ~free


def middle_share(real: Counted, twin: Counted) -> np.ndarray:
    """Half way between a share and its twin's, to judge by and never to show: no judgement tells the two apart then.
    NaN where either has none."""
    return np.asarray((_ratio(*real) + _ratio(*twin)) / 2)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    out = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=out, where=np.nan_to_num(whole) > 0)
    return out


def _alone(
    states: Mapping[Key, State], touching: Mapping[Hashable, list[Sum]], concealed: Mapping[int, int]
) -> set[Hashable]:
    """Hidden cells that are the only hidden one of a sum which has another cell left to hide. `concealed`: how many
    are hidden in each sum, by its `id`."""
    out: set[Hashable] = set()
    for k, state in states.items():
        if state in ("suppressed", "secondary") and any(concealed[id(s)] == 1 for s in touching.get(k, ())):
            out.add(k)
    return out


def _exposed(
    states: Mapping[Key, State],
    known: Mapping[Key, float],
    touching: Mapping[Hashable, list[Sum]],
    viewer: Viewer,
) -> set[Hashable]:
    """Hidden cells that the visible ones give away, by linear algebra over all sums or by bounds within them.

    Only visible values are used, as a reader would have to."""
    concealed = [k for k, s in states.items() if s in ("suppressed", "secondary") and k in touching]
    if not concealed:
        return set()
    column = {k: i for i, k in enumerate(concealed)}
    sums = list({id(s): s for k in concealed for s in touching[k]}.values())
    matrix = np.zeros((len(sums), len(concealed)))
    right = np.zeros(len(sums))
    for row, s in enumerate(sums):
        for cell, sign in [(s.total, -1.0), *((p, 1.0) for p in s.parts)]:
            if cell in column:
                matrix[row, column[cell]] += sign
            else:
                right[row] -= sign * known[cell]  # type: ignore[index]
    solved = _determined(matrix)
    low, high = _bounds(matrix, right, [states[k] for k in concealed], viewer)
    return {k for k, i in column.items() if solved[i] or high[i] - low[i] < 1 - _ZERO}


def _determined(matrix: np.ndarray) -> np.ndarray:
    """Which unknowns a linear system fixes: those without a part in its null space; bool array (unknowns,)."""
    _, singular, vectors = np.linalg.svd(matrix)
    rank = int((singular > _ZERO).sum())
    free = vectors[rank:]
    fixed: np.ndarray = np.abs(free).max(axis=0, initial=0.0) < _ZERO
    return fixed


def _bounds(
    matrix: np.ndarray, right: np.ndarray, states: Sequence[State], viewer: Viewer
) -> tuple[np.ndarray, np.ndarray]:
    """What a reader who knows the rules can say: "<5" is 1..4, ".." is 0 or more, narrowed sum by sum."""
    primary = np.array([s == "suppressed" for s in states])
    low = np.where(primary, 1.0, 0.0)
    high = np.where(primary, float(viewer.threshold - 1), _UNBOUNDED)
    plus, minus = matrix > 0, matrix < 0
    used = plus | minus
    for _ in range(20):
        before = low.copy(), high.copy()
        least = np.where(plus, low, np.where(minus, -high, 0.0))
        most = np.where(plus, high, np.where(minus, -low, 0.0))
        # what a cell must be for its sum to come out, whatever the others are
        floor = right[:, None] - (most.sum(axis=1, keepdims=True) - most)
        ceiling = right[:, None] - (least.sum(axis=1, keepdims=True) - least)
        lower = np.where(plus, floor, np.where(minus, -ceiling, -np.inf))
        upper = np.where(plus, ceiling, np.where(minus, -floor, np.inf))
        low = np.maximum(low, np.where(used, lower, -np.inf).max(axis=0, initial=-np.inf))
        high = np.minimum(high, np.where(used, upper, np.inf).min(axis=0, initial=np.inf))
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _next_to_hide(
    exposed: Collection[Hashable],
    states: Mapping[Key, State],
    known: Mapping[Key, float],
    touching: Mapping[Hashable, list[Sum]],
    totals: Collection[Hashable],
    kept: Collection[Key],
    concealed: Mapping[int, int],
) -> Key | None:
    """The visible cell to hide next, from the sum that gives most away: the one with fewest hidden cells.

    Least costs a cell that is not kept, not a total, opens no sum that was closed, is not zero, and is small.
    """
    order = {k: i for i, k in enumerate(states)}
    sums = list({id(s): s for k in exposed for s in touching.get(k, ())}.values())
    for s in sorted(sums, key=lambda s: concealed[id(s)]):
        open_cells = [c for c in s.cells if states[c] == ""]  # type: ignore[index]
        if open_cells:
            return min(  # type: ignore[return-value]
                open_cells,
                key=lambda c: (
                    c in kept,
                    c in totals,
                    sum(concealed[id(other)] == 0 for other in touching[c]),
                    known[c] == 0,  # type: ignore[index]
                    known[c],  # type: ignore[index]
                    order[c],  # type: ignore[index]
                ),
            )
    return None
