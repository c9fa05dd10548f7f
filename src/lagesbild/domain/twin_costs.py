"""What is asked of a twin, one sheet of counts that add up, and what each difference from the real one costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

SMALL: Final = 1e-6
# What a difference costs, in one currency; the cheapest difference that covers a small count is taken. A sum decides
# more than a part, so it costs more to hide; a zero says that nobody is there, so it is kept when another cell can go.
UNCOVERED: Final = 1e5  # a small count that is the same in both
BROKEN: Final = 1e7  # an equation or a hard total that does not hold in the twin: never left, when there is a way
OUTSIDE: Final = 8.0  # a small count whose twin is not small: it can only be shown as "..", not as "<5"
ZERO: Final = 60.0
PLAIN: Final = 10.0
MOST: Final = 6
_REACH: Final = 12  # differences that the table of costs begins with


@dataclass(frozen=True)
class Sheet:
    """Counts of one month: places down, columns across.

    `counts` float (places, columns), NaN = not reported. In each place the columns of one part (`part`, int of the same
    shape; -1 = free) must keep `signs` . difference = `need` (places, parts; 0 unless told). `groups` bool (groups,
    places): whose sums are published; a difference in the sum costs `weights`. `hard` groups must differ by exactly
    `targets` (groups, columns; 0 unless told). `must`: cells that must differ. `column_cost`: what hiding a cell of the
    column costs beside. `locked`: cells that must not differ. `change_cost` (places, columns,
    2 * MOST + 1): what a difference of -MOST..MOST costs beside, where something shown hangs on it.
    """

    counts: np.ndarray
    part: np.ndarray
    signs: np.ndarray
    groups: np.ndarray
    weights: np.ndarray
    threshold: int = 5
    must: np.ndarray | None = None
    need: np.ndarray | None = None
    hard: np.ndarray | None = None
    targets: np.ndarray | None = None
    column_cost: np.ndarray | None = None
    locked: np.ndarray | None = None
    change_cost: np.ndarray | None = None


class Costs:
    """Costs of one sheet's cells, equations and sums, at any difference: those of cells in a table, since a country's
    providers are thousands of sheets."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = s = sheet
        self.n, self.m = s.counts.shape
        self.known = np.isfinite(s.counts)
        self.filled = np.where(self.known, s.counts, 0.0)
        self.small = self.known & (self.filled > 0) & (self.filled < s.threshold)
        self.must = self.small if s.must is None else self.known & (s.must | self.small)
        self.locked = ~self.known if s.locked is None else ~self.known | s.locked
        told = 0 if s.need is None else s.need.shape[1]
        self.parts = max(int(s.part.max(initial=-1)) + 1, told)  # told of, whether any cell belongs to it or not
        self.need = np.zeros((self.n, self.parts)) if s.need is None else s.need.astype(float)
        self.signed = np.array([(s.part == k) * s.signs for k in range(self.parts)]).reshape(self.parts, self.n, self.m)
        self.hard = np.zeros(len(s.groups), bool) if s.hard is None else s.hard
        self.targets = np.zeros((len(s.groups), self.m)) if s.targets is None else s.targets.astype(float)
        sums, members = s.groups @ self.filled, s.groups.astype(int) @ self.known.astype(int)
        small = (sums > 0) & (sums < s.threshold)
        self.small_sums = small & (members > 1) & ~self.hard[:, None]
        alone = members < 2  # the sum is the cell itself
        self._off = np.where(alone | small, 0.0, s.weights[:, None])
        self._same = np.where(~alone & small, UNCOVERED / 20, 0.0)
        extra = np.zeros(self.m) if s.column_cost is None else s.column_cost
        plain = PLAIN + 2 * np.floor(np.log2(np.maximum(self.filled, 1.0))) + extra
        self._plain = np.where(self.filled == 0, ZERO + extra, plain)
        self._places, self._columns = np.arange(self.n), np.arange(self.m)
        self._reach, self._table = 0, np.empty((0, 0, 0))

    def residual(self, found: np.ndarray) -> np.ndarray:
        """What each place's equations lack (places, parts)."""
        return np.asarray((self.signed * found).sum(axis=2).T - self.need)

    def deviation(self, found: np.ndarray) -> np.ndarray:
        """By how much the sums differ from their targets (groups, columns)."""
        return np.asarray(self.sheet.groups @ found - self.targets)

    def reach(self, most: int) -> None:
        """Have the table hold differences as large as `most`."""
        if most > self._reach:
            self._reach = max(_REACH, 2 * most)
            self._table = self._cells(np.arange(-self._reach, self._reach + 1))

    def cells(self, d: np.ndarray, place: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Cost of the differences `d`, no larger than `reach`, in cells of the same (broadcast) shape."""
        return np.asarray(self._table[d + self._reach, place, column])

    def _cells(self, levels: np.ndarray) -> np.ndarray:
        s, d = self.sheet, levels[:, None, None]
        after = self.filled + d
        still = (after > 0) & (after < s.threshold)
        differs = np.where(self.must, np.where(self.small & ~still, OUTSIDE, 0.0), self._plain) + 0.5 * np.abs(d)
        if s.change_cost is not None:
            differs = differs + np.moveaxis(s.change_cost[:, :, np.clip(levels, -MOST, MOST) + MOST], 2, 0)
        cost = np.where(d == 0, np.where(self.must, UNCOVERED, 0.0), differs)
        return np.where((after < -SMALL) | (self.locked & (d != 0)), np.inf, cost)

    def columns_sums(self, deviation: np.ndarray) -> np.ndarray:
        """Cost of what the sums differ from their targets (..., groups, columns)."""
        return self._sums(deviation, self._off, self._same, self.hard[:, None])

    def one_sums(self, deviation: np.ndarray, column: np.ndarray) -> np.ndarray:
        """The same of one column each (questions, groups)."""
        return self._sums(deviation, self._off[:, column].T, self._same[:, column].T, self.hard)

    def _sums(self, deviation: np.ndarray, off: np.ndarray, same: np.ndarray, hard: np.ndarray) -> np.ndarray:
        far = np.abs(deviation)
        if hard.all():
            return np.asarray(BROKEN * far)
        soft = np.where(far > SMALL, off, same)
        return np.where(hard, BROKEN * far, soft) if hard.any() else soft
