"""The arithmetic of `domain.twin` as it is told, one start and one step at a time: the fast one must agree with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lagesbild.domain.twin_costs import BROKEN, MOST, OUTSIDE, PLAIN, SMALL, UNCOVERED, ZERO, Sheet

STEPS = ((1, -1), (2, -2, 3, -3), (4, -4, 5, -5, 6, -6))


@dataclass
class OneByOne:
    sheet: Sheet
    found: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        s = self.sheet
        self.n, self.m = s.counts.shape
        self.known = np.isfinite(s.counts)
        self.small = self.known & (s.counts > 0) & (s.counts < s.threshold)
        self.must = self.known & (self.small if s.must is None else (s.must | self.small))
        self.parts = int(s.part.max(initial=-1)) + 1
        need = np.zeros((self.n, self.parts)) if s.need is None else s.need.astype(float)
        self.need = need
        g = len(s.groups)
        self.hard = np.zeros(g, bool) if s.hard is None else s.hard
        self.targets = np.zeros((g, self.m)) if s.targets is None else s.targets.astype(float)
        filled = np.where(self.known, s.counts, 0.0)
        self.sums = s.groups @ filled
        self.members = s.groups.astype(int) @ self.known.astype(int)
        self.found = np.zeros((self.n, self.m), int)
        extra = np.zeros(self.m) if s.column_cost is None else s.column_cost
        plain = PLAIN + 2 * np.floor(np.log2(np.maximum(filled, 1.0))) + extra
        self.plain = np.where(filled == 0, ZERO + extra, plain)
        self.locked = ~self.known | (np.zeros_like(self.known) if s.locked is None else s.locked)

    # costs of cells, equations and sums, at a difference

    def cell_cost(self, d: np.ndarray) -> np.ndarray:
        """Cost of the differences `d` (..., places, columns)."""
        s = self.sheet
        after = np.where(self.known, s.counts, 0.0) + d
        still = (after > 0) & (after < s.threshold)
        differs = np.where(self.must, np.where(self.small & ~still, OUTSIDE, 0.0), self.plain) + 0.5 * np.abs(d)
        if s.change_cost is not None:
            at = np.clip(np.broadcast_to(d, differs.shape) + MOST, 0, 2 * MOST).astype(int)
            differs = differs + np.take_along_axis(s.change_cost, at[..., None], axis=2)[..., 0]
        same = np.where(self.must, UNCOVERED, 0.0)
        cost = np.where(d == 0, same, differs)
        return np.where((after < -SMALL) | (self.locked & (d != 0)), np.inf, cost)

    def sum_cost(self, deviation: np.ndarray) -> np.ndarray:
        """Cost of what the sums differ from their targets (..., groups, columns)."""
        s = self.sheet
        off = np.abs(deviation) > SMALL
        small = (self.sums > 0) & (self.sums < s.threshold)
        soft = np.where(small, np.where(off, 0.0, UNCOVERED / 20), np.where(off, s.weights[:, None], 0.0))
        soft = np.where(self.members < 2, 0.0, soft)  # the sum is the cell itself
        return np.where(self.hard[:, None], BROKEN * np.abs(deviation), soft)

    def deviation(self) -> np.ndarray:
        return np.asarray(self.sheet.groups @ self.found - self.targets)

    def residual(self) -> np.ndarray:
        """What each place's equations lack (places, parts)."""
        out = -self.need.copy()
        for k in range(self.parts):
            out[:, k] += ((self.sheet.part == k) * self.sheet.signs * self.found).sum(axis=1)
        return out

    def solve(self) -> np.ndarray:
        if not (self.must.any() or self.need.any() or self.targets.any() or self.small_sums().any()):
            return self.found
        stuck: set[tuple[str, int, int]] = set()
        for _ in range(20 * self.n * self.m + 100):
            wanted = next((w for w in self.wanted() if w[0] not in stuck), None)
            if wanted is None:
                break
            name, starts = wanted
            for steps in STEPS:
                best = min((self.best(r, i, steps) for r, i in starts), key=lambda x: x[0], default=(0.0, None))
                if best[0] < -1.0 and best[1] is not None:
                    break
            if best[1] is None or best[0] >= -1.0:
                stuck.add(name)
                continue
            for r, j, by in best[1]:
                self.found[r, j] += by
        # Equations can leave no way, as when two ones must become one: the sums that would give the last away go then
        if not self.hard.any():
            self.found[self.must & (self.found == 0)] = 1
        return self.found

    def small_sums(self) -> np.ndarray:
        out: np.ndarray = (
            (self.sums > 0) & (self.sums < self.sheet.threshold) & (self.members > 1) & ~self.hard[:, None]
        )
        return out

    def wanted(self) -> list[tuple[tuple[str, int, int], list[tuple[int, int]]]]:
        """What is still wrong, gravest first, each with the cells that a remedy may begin from."""
        out: list[tuple[tuple[str, int, int], list[tuple[int, int]]]] = []
        for r, k in np.argwhere(np.abs(self.residual()) > SMALL):
            cells = np.flatnonzero((self.sheet.part[r] == k) & ~self.locked[r])
            out.append((("row", int(r), int(k)), [(int(r), int(j)) for j in cells]))
        deviation = self.deviation()
        for g, j in np.argwhere(self.hard[:, None] & (np.abs(deviation) > SMALL)):
            cells = np.flatnonzero(self.sheet.groups[g] & ~self.locked[:, j])
            out.append((("hard", int(g), int(j)), [(int(r), int(j)) for r in cells]))
        for r, j in np.argwhere(self.must & (self.found == 0)):
            out.append((("cell", int(r), int(j)), [(int(r), int(j))]))
        for g, j in np.argwhere(self.small_sums() & (np.abs(deviation) <= SMALL)):
            cells = np.flatnonzero(self.sheet.groups[g] & self.known[:, j])
            out.append((("sum", int(g), int(j)), [(int(r), int(j)) for r in cells]))
        return out

    def best(self, r: int, i: int, steps: tuple[int, ...]) -> tuple[float, list[tuple[int, int, int]] | None]:
        """The cheapest change that begins with cell (r, i): alone or with another column of the place, for itself or
        against another place; the change of cost (negative = better) and the cells with what is added."""
        s, n, m = self.sheet, self.n, self.m
        now_cells, now_sums = self.cell_cost(self.found), self.sum_cost(self.deviation())
        residual, deviation = self.residual(), self.deviation()
        groups = s.groups
        with_r = groups[:, r]
        lost = (with_r[:, None] & ~groups).astype(float)  # (groups, places): sums that r is in and the other not
        gained = (~with_r[:, None] & groups).astype(float)
        best: tuple[float, list[tuple[int, int, int]] | None] = (0.0, None)
        others = np.arange(n) != r
        for step in steps:
            add = -step * s.signs[i] * s.signs  # what keeps the equation when column j takes it (columns,)
            up = self.cell_cost(self.found + step) - _finite(now_cells)
            down = self.cell_cost(self.found - step) - _finite(now_cells)
            up_j = self.cell_cost(self.found + add) - _finite(now_cells)
            down_j = self.cell_cost(self.found - add) - _finite(now_cells)
            sums_up, sums_down = (self.sum_cost(deviation + x)[:, i] - now_sums[:, i] for x in (step, -step))
            sums_up_j, sums_down_j = (self.sum_cost(deviation + x) - now_sums for x in (add, -add))
            alone_r = self._broken(residual, r, i, step)
            alone_p = np.array([self._broken(residual, p, i, -step) for p in range(n)])
            # the first place: without another column, or with column j of the same part
            pair_r = (s.part[r] == s.part[r, i]) & (s.part[r, i] >= 0)
            pair_r[i] = False
            pair_p = (s.part == s.part[:, [i]]) & (s.part[:, [i]] >= 0)
            pair_p[:, i] = False
            cost_r_alone = up[r, i] + alone_r
            cost_r_pair = np.where(pair_r, up[r, i] + up_j[r], np.inf)  # (columns,)
            cost_p_alone = np.where(others, down[:, i] + alone_p, np.inf)  # (places,)
            cost_p_pair = np.where(pair_p & others[:, None], down[:, [i]] + down_j, np.inf)  # (places, columns)
            sum_i_one = float(sums_up[with_r].sum())
            sum_i_two = sums_up @ lost + sums_down @ gained  # (places,)
            sum_j_one = sums_up_j[with_r].sum(axis=0)  # (columns,)
            sum_j_two = lost.T @ sums_up_j + gained.T @ sums_down_j  # (places, columns)
            sum_j_other = groups.T.astype(float) @ sums_down_j  # (places, columns): only the other place takes column j
            options = (
                (cost_r_alone + sum_i_one, ()),
                (cost_r_pair + sum_i_one + sum_j_one, ("j",)),
                (cost_r_alone + cost_p_alone + sum_i_two, ("p",)),
                (cost_r_pair[None] + cost_p_pair + sum_i_two[:, None] + sum_j_two, ("p", "j")),
                (cost_r_alone + cost_p_pair + sum_i_two[:, None] + sum_j_other, ("p", "only p")),
                (cost_r_pair[None] + cost_p_alone[:, None] + sum_i_two[:, None] + sum_j_one[None], ("p", "only r")),
            )
            for costs, how in options:
                costs = np.atleast_1d(costs)
                k = int(np.argmin(costs))
                value = float(costs.flat[k])
                if not value < best[0] - SMALL:
                    continue
                cells = [(r, i, step)]
                if how == ("j",):
                    cells.append((r, k, int(add[k])))
                elif how and how[0] == "p":
                    p, j = (k, -1) if len(how) == 1 else divmod(k, m)
                    cells.append((p, i, -step))
                    if "j" in how or "only r" in how:
                        cells.append((r, j, int(add[j])))
                    if "j" in how or "only p" in how:
                        cells.append((p, j, -int(add[j])))
                best = (value, cells)
        return best

    def _broken(self, residual: np.ndarray, place: int, column: int, by: int) -> float:
        """Cost of the place's equation when the column alone is changed."""
        k = self.sheet.part[place, column]
        if k < 0:
            return 0.0
        before = residual[place, k]
        return BROKEN * float(abs(before + by * self.sheet.signs[column]) - abs(before))


def _finite(costs: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(costs), costs, 0.0)
