"""Twins of a table that is published as sums over twelve months that slide: cells, rows and columns of each window.

For every small sum of every window there is a twin, another history that could be the real one, in which that sum is
another: in one month a few persons change places. Everything that is not the same in all twins is hidden. So a small
sum can be at least two numbers, whatever windows are put together: its twin has all that is shown.

The cheapest twin lets two persons of the same month change columns with each other: every row, every column and every
whole of every window is the same then, and only the four cells are hidden, in the twelve windows that hold the month.
Small sums are taken window by window, and a twin is chosen by what is known then: so it does not hang on which month is
looked at, and later months can only add twins of months in their own windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

WINDOW: Final = 12
_ZERO: Final = 60.0  # a zero says that nobody is there
_CELL: Final = 10.0  # and as many more as a count has doublings
_APART: Final = 4  # months between the two that a person moves to and fro, at most
_SAME: Final = 1e-9
Cell = tuple[int, int, int, int]  # month (its place), row, column, what is added


@dataclass(frozen=True)
class Sliding:
    """`counts` float (months, rows, columns), NaN = not reported; a sum counts the cells that are reported in all its
    months. `wholes` bool (wholes, rows, columns): what else is added up and published beside rows and columns.
    `row_cost`, `column_cost` and `whole_cost`: what it costs to hide one in one window; 0 = not published.
    `cells`: bool (rows, columns), which cells are published. `columns_stay`: no twin may differ in what a column adds
    up to, because another table has it too. `rows_told`: it is told elsewhere in which months a row has anything at
    all, so no twin gives the first in a month or takes the last."""

    counts: np.ndarray
    wholes: np.ndarray
    row_cost: np.ndarray
    column_cost: np.ndarray
    whole_cost: np.ndarray
    cells: np.ndarray
    threshold: int = 5
    columns_stay: bool = False
    rows_told: bool = False


@dataclass(frozen=True)
class Twin:
    """The real history but for `cells`."""

    cells: tuple[Cell, ...]

    @cached_property
    def months(self) -> tuple[int, ...]:
        return tuple(sorted({c[0] for c in self.cells}))


def sliding_twins(sliding: Sliding) -> tuple[Twin, ...]:
    """The twins of every small sum in every window.

    >>> year = np.zeros((12, 2, 2))
    >>> year[0] = [[3, 9], [30, 20]]
    >>> no = np.zeros((0, 2, 2), bool)
    >>> cost = np.full(2, 150.0)
    >>> [t.cells for t in sliding_twins(Sliding(year, no, cost, cost, np.zeros(0), np.ones((2, 2), bool)))]
    [((0, 0, 0, -1), (0, 1, 1, -1), (0, 0, 1, 1), (0, 1, 0, 1))]
    """
    work = _Work(sliding)
    for t in range(WINDOW - 1, len(sliding.counts)):
        work.window(t)
    return tuple(work.twins)


class _Work:
    """Sums are numbered: cells first, then rows, columns and wholes. `hidden` (windows and eleven more, sums)."""

    def __init__(self, sliding: Sliding) -> None:
        self.given = sliding
        months, self.n, self.m = sliding.counts.shape
        self.seen = np.isfinite(sliding.counts)
        self.filled = np.where(self.seen, sliding.counts, 0.0)
        self.sums = members(sliding)
        self.published = np.concatenate(
            [sliding.cells.ravel(), sliding.row_cost > 0, sliding.column_cost > 0, sliding.whole_cost > 0]
        )
        self.fixed = np.concatenate([sliding.row_cost, sliding.column_cost, sliding.whole_cost])
        self.hidden = np.zeros((months + WINDOW, len(self.sums)), bool)
        self.price = np.zeros((months + WINDOW, len(self.sums)))
        self.twins: list[Twin] = []

    def window(self, t: int) -> None:
        """Twins for the small sums of the window that ends with month `t`."""
        first = t - WINDOW + 1
        self.whole = self.seen[first : t + 1].all(axis=0)
        numbers = self.filled[first : t + 1].sum(axis=0) * self.whole
        window = self.sums @ numbers.ravel()
        some = (self.sums & self.whole.ravel()).any(axis=1)
        cells = self.n * self.m
        plain = np.where(window == 0, _ZERO, _CELL + 2 * np.log2(np.maximum(window, 1.0)))
        price = np.where(self.published & some, np.concatenate([plain[:cells], self.fixed]), 0.0)
        small = self.published & some & (window > 0) & (window < self.given.threshold)
        # a small one is hidden whatever is done; windows to come are taken to be like this one
        self.price[t:] = np.where(small, 0.0, price)
        covered = np.zeros(len(self.sums), bool)
        for twin in self.twins:
            if twin.months[-1] > t - WINDOW:
                covered |= changes(twin, self.sums, t, self.whole)
        self.hidden[t] |= covered
        if not (small & ~covered).any():
            return
        self.times = list(_times(t))
        self._add_up(slice(None))
        for p in np.flatnonzero(small):
            found = None if covered[p] else self._cheapest(int(p), t)
            if found is not None:
                covered |= changes(found, self.sums, t, self.whole)
                self._hide(found)

    def _hide(self, twin: Twin) -> None:
        self.twins.append(twin)
        changed = np.zeros(len(self.sums), bool)
        for u in range(max(WINDOW - 1, twin.months[0]), min(len(self.hidden), twin.months[-1] + WINDOW)):
            now = changes(twin, self.sums, u, self.whole)
            self.hidden[u] |= now
            changed |= now
        self._add_up(changed)

    def _add_up(self, which: np.ndarray | slice) -> None:
        """What it costs to change each sum in a month, or in one and back in an earlier one; (times, sums)."""
        cost = np.where(self.hidden[:, which], 0.0, self.price[:, which])
        total = np.vstack([np.zeros((1, cost.shape[1])), np.cumsum(cost, axis=0)])
        if isinstance(which, slice):
            self.cost = np.zeros((len(self.times), len(self.sums)))
        for k, (late, early) in enumerate(self.times):
            end = late + WINDOW
            if early is None:
                self.cost[k, which] = total[end] - total[late]
            else:
                self.cost[k, which] = total[late] - total[early] + total[end] - total[early + WINDOW]

    def _cheapest(self, p: int, t: int) -> Twin | None:
        """The cheapest twin in which the sum `p` is another in the window to `t`."""
        best: tuple[float, Twin | None] = (np.inf, None)
        late = np.array([x for x, _ in self.times])
        early = np.array([late_ if e is None else e for late_, e in self.times])
        alone = np.array([e is None for _, e in self.times])
        have = self.filled[late] >= 1
        before = (self.filled[early] >= 1) | alone[:, None, None]
        total = self.filled.sum(axis=2)
        free = not self.given.rows_told
        # where a row may have one more (and one less in the month before), and the other way round; (times, rows)
        gains = (free | (total[late] >= 1)) & (alone[:, None] | free | (total[early] > 1))
        loses = (free | (total[late] > 1)) & (alone[:, None] | free | (total[early] >= 1))
        mine = self.sums[p].reshape(self.n, self.m) & self.whole
        for i, j in np.argwhere(mine):
            for step in (-1, 1):
                rows = (gains, loses) if step > 0 else (loses, gains)
                for cost, k, cells in self._ways(int(i), int(j), step, have, before, mine, rows):
                    if cost >= best[0] - _SAME:
                        continue
                    when, back = self.times[k]
                    made = tuple((when, *c) for c in cells)
                    if back is not None:
                        made += tuple((back, a, b, -x) for a, b, x in cells)
                    twin = Twin(made)
                    if changes(twin, self.sums[p : p + 1], t, self.whole)[0]:
                        best = cost, twin
        return best[1]

    def _ways(
        self,
        i: int,
        j: int,
        step: int,
        have: np.ndarray,
        before: np.ndarray,
        target: np.ndarray,
        rows: tuple[np.ndarray, np.ndarray],
    ) -> Iterator[tuple[float, int, tuple[tuple[int, int, int], ...]]]:
        """A cell alone, with another of its column or of its row, or two and two: the cheapest time of each, with its
        cost. `have`, `before` bool (times, rows, columns): where somebody is who can change, and was to change back.
        `target` bool (rows, columns): the cells of the sum that is to be another, (i, j) among them. Only those who
        change it are looked at: the cheapest of all may well change place within a group. `rows`: which rows may become
        more like the cell, and which against it, bool (times, rows)."""
        n, m, wholes = self.n, self.m, self.given.wholes
        cell = np.where(self.whole, self.cost[:, : n * m].reshape(-1, n, m), np.inf)
        row, column, more = np.split(self.cost[:, n * m :], [n, n + m], axis=1)
        down, up = np.where(have, cell, np.inf), np.where(before, cell, np.inf)
        same, other = (up, down) if step > 0 else (down, up)  # changed like the cell, and against it
        one, mine = same[:, i, j], wholes[:, i, j]
        costs = np.where(rows[0][:, i], one + row[:, i] + column[:, j] + more @ mine, np.inf)
        if not self.given.columns_stay:
            yield (*_least(costs), ((i, j, step),))
        a = other[:, :, j] + row + (one + row[:, i])[:, None] + more @ (wholes[:, :, j] != mine[:, None]).astype(float)
        a[:, target[:, j]] = np.inf
        a[~(rows[0][:, [i]] & rows[1])] = np.inf
        cost, at = _least(a)
        k, x = divmod(at, n)
        yield cost, k, ((i, j, step), (x, j, -step))
        b = other[:, i] + column + (one + column[:, j])[:, None] + more @ (wholes[:, i] != mine[:, None]).astype(float)
        b[:, target[i]] = np.inf
        if not self.given.columns_stay:
            cost, at = _least(b)
            k, y = divmod(at, m)
            yield cost, k, ((i, j, step), (i, y, -step))
        left = mine[:, None, None].astype(int) + wholes - wholes[:, :, [j]].astype(int) - wholes[:, [i], :]
        both = same + other[:, :, [j]] + other[:, [i], :] + one[:, None, None]
        both += (more @ (left != 0).astype(float).reshape(len(wholes), n * m)).reshape(both.shape)
        both[:, i], both[:, :, j] = np.inf, np.inf
        both[:, 1 + target == target[:, [j]].astype(int) + target[i]] = np.inf
        cost, at = _least(both)
        k, x, y = (int(v) for v in np.unravel_index(at, both.shape))
        yield cost, k, ((i, j, step), (x, y, step), (i, y, -step), (x, j, -step))


def _times(t: int) -> Iterator[tuple[int, int | None]]:
    """When a twin of the window to `t` may differ: in a month of it, or in one of it and back in one before it. Those
    that are in most windows to come are first."""
    for late in range(t, t - WINDOW, -1):
        yield late, None
        for early in range(t - WINDOW, max(late - _APART, 0) - 1, -1):
            yield late, early


def _least(costs: np.ndarray) -> tuple[float, int]:
    at = int(np.argmin(costs))
    return float(costs.flat[at]), at


def members(sliding: Sliding) -> np.ndarray:
    """Which cells each sum adds up, bool (sums, rows * columns): every cell, row, column and whole."""
    n, m = sliding.counts.shape[1:]
    rows = np.repeat(np.eye(n, dtype=bool), m, axis=1)
    columns = np.tile(np.eye(m, dtype=bool), (1, n))
    return np.vstack([np.eye(n * m, dtype=bool), rows, columns, sliding.wholes.reshape(len(sliding.wholes), n * m)])


def changes(twin: Twin, sums: np.ndarray, t: int, whole: np.ndarray) -> np.ndarray:
    """Which of `sums` (bool, sums by cells) are another in the twin, in the window to month `t`, where the cells
    `whole` (rows, columns) are counted."""
    mine = [(i * whole.shape[1] + j, x) for month, i, j, x in twin.cells if t - WINDOW < month <= t and whole[i, j]]
    if not mine:
        return np.zeros(len(sums), bool)
    at, steps = zip(*mine, strict=True)
    return np.asarray((sums[:, list(at)] @ np.array(steps)) != 0)


def hidden_windows(twins: tuple[Twin, ...], sliding: Sliding) -> np.ndarray:
    """Which sums (in the order of `members`) are not the same in all twins, bool (windows, sums)."""
    months = len(sliding.counts)
    sums = members(sliding)
    out = np.zeros((max(0, months - WINDOW + 1), len(sums)), bool)
    seen = np.isfinite(sliding.counts)
    for t in range(WINDOW - 1, months):
        whole = seen[t - WINDOW + 1 : t + 1].all(axis=0)
        for twin in twins:
            if twin.months[0] <= t < twin.months[-1] + WINDOW:
                out[t - WINDOW + 1] |= changes(twin, sums, t, whole)
    return out
