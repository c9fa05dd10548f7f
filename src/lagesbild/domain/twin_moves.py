"""The cheapest change of a twin that is being made: see `domain.twin`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lagesbild.domain.twin_costs import BROKEN, SMALL, Costs


class State(NamedTuple):
    """The differences found so far (places, columns), what the equations lack and by how much sums are off."""

    found: np.ndarray
    residual: np.ndarray
    deviation: np.ndarray


Move = tuple[float, list[tuple[int, int, int]] | None]
"""The change of cost (negative = better), and (place, column, what is added) for each cell that changes."""


class Moves:
    """The moves in one sheet. All ways to begin are weighed at once: how often numpy is called is what takes time."""

    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        s, self._n, self._m = costs.sheet, costs.n, costs.m
        self._places, self._columns = np.arange(self._n), np.arange(self._m)
        # which columns keep an equation with column i in a place: (i, places, columns), never i itself
        part = s.part.T[:, :, None]
        self._pairs = (s.part == part) & (part >= 0)
        self._pairs[self._columns, :, self._columns] = False
        self._everywhere = bool(s.groups.all())  # each sum is of all places: what one takes another gives back

    def cheapest(self, state: State, starts: list[tuple[int, int]], steps: tuple[int, ...]) -> Move:
        """The cheapest that begins with one of the cells `starts`: alone or with another column of the place, for
        itself or against another place. The first among equals."""
        if not starts:
            return 0.0, None
        c, s, found = self._costs, self._costs.sheet, state.found
        c.reach(int(np.abs(found).max(initial=0)) + max(steps))
        r, i = (np.repeat(x, len(steps)) for x in np.array(starts).T)
        step = np.tile(steps, len(starts))
        q = np.arange(len(step))
        add = -(step * s.signs[i])[:, None] * s.signs  # what keeps the equation when column j takes it (q, columns)
        now = c.cells(found, self._places[:, None], self._columns)
        now = np.where(np.isfinite(now), now, 0.0)
        up = c.cells(found[r, i] + step, r, i) - now[r, i]
        up_j = c.cells(found[r] + add, r[:, None], self._columns) - now[r]
        down = c.cells(found[:, i].T - step[:, None], self._places, i[:, None]) - now[:, i].T
        down_j = c.cells(found - add[:, None], self._places[:, None], self._columns) - now
        broken_r, broken_p = self._broken(state.residual, i, step)
        pair = self._pairs[i]
        # the first place: without another column, or with column j of the same part; then the other place likewise
        r_alone = up + broken_r[q, r]
        r_pair = np.where(pair[q, r], up[:, None] + up_j, np.inf)
        others = self._places != r[:, None]
        p_alone = np.where(others, down + broken_p, np.inf)
        p_pair = np.where(pair & others[:, :, None], down[:, :, None] + down_j, np.inf)
        i_one, i_two, j_one, j_two, j_other = self._sums(state.deviation, r, i, step, add)
        both = p_pair + i_two[:, :, None]
        options = (
            r_alone[:, None] + i_one[:, None],
            r_pair + i_one[:, None] + j_one,
            r_alone[:, None] + p_alone + i_two,
            r_pair[:, None] + both + j_two,
            r_alone[:, None, None] + both + j_other,
            r_pair[:, None] + (p_alone + i_two)[:, :, None] + j_one[:, None],
        )
        flat = [o.reshape(len(step), -1) for o in options]
        where = [o.argmin(axis=1) for o in flat]
        values = np.column_stack([o[q, k] for o, k in zip(flat, where, strict=True)]).tolist()
        best = self._first(values, len(steps))
        if best is None:
            return 0.0, None
        k, option = best
        return values[k][option], self._cells(int(r[k]), int(i[k]), int(step[k]), add[k], option, int(where[option][k]))

    def _first(self, values: list[list[float]], steps: int) -> tuple[int, int] | None:
        """(question, option) of the least value. One that is better by a rounding error is not better."""
        chosen: tuple[float, tuple[int, int] | None] = (0.0, None)
        for begins in range(0, len(values), steps):
            best: tuple[float, tuple[int, int] | None] = (0.0, None)
            for k in range(begins, begins + steps):
                for option, value in enumerate(values[k]):
                    if value < best[0] - SMALL:
                        best = value, (k, option)
            if best[0] < chosen[0]:
                chosen = best
        return chosen[1]

    def _cells(self, r: int, i: int, step: int, add: np.ndarray, option: int, at: int) -> list[tuple[int, int, int]]:
        cells = [(r, i, step)]
        if option == 1:
            cells.append((r, at, int(add[at])))
        if option >= 2:
            p, j = (at, -1) if option == 2 else divmod(at, self._m)
            cells.append((p, i, -step))
            if option in (3, 5):
                cells.append((r, j, int(add[j])))
            if option in (3, 4):
                cells.append((p, j, -int(add[j])))
        return cells

    def _broken(self, residual: np.ndarray, column: np.ndarray, by: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cost of each place's equation when the column alone is changed by so much, and the other way (q, places)."""
        s = self._costs.sheet
        part = s.part[:, column].T
        if not residual.shape[1]:
            return np.zeros(part.shape), np.zeros(part.shape)
        before, change, none = residual[self._places, part], (by * s.signs[column])[:, None], part < 0
        off = np.abs(before)
        one, other = (np.where(none, 0.0, BROKEN * (np.abs(x) - off)) for x in (before + change, before - change))
        return one, other

    def _sums(
        self, deviation: np.ndarray, r: np.ndarray, i: np.ndarray, step: np.ndarray, add: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Change of cost of the sums of column i when place r is changed alone (q,) and against another (q, places); of
        column j likewise (q, columns), (q, places, columns), and when only the other place takes it."""
        c, groups = self._costs, self._costs.sheet.groups
        mine, now = deviation[:, i].T, c.columns_sums(deviation)
        up, down = (c.one_sums(mine + x, i) - now[:, i].T for x in (step[:, None], -step[:, None]))
        up_j, down_j = (c.columns_sums(deviation + x) - now for x in (add[:, None], -add[:, None]))
        if self._everywhere:
            zero = np.zeros((1, 1))
            return up.sum(axis=1), zero, up_j.sum(axis=1), zero[None], down_j.sum(axis=1, keepdims=True)
        with_r = groups[:, r].T
        i_one, j_one = (up * with_r).sum(axis=1), (up_j * with_r[:, :, None]).sum(axis=1)
        lost = (with_r[:, :, None] & ~groups).astype(float)  # (q, groups, places): sums that r is in and the other not
        gained = (~with_r[:, :, None] & groups).astype(float)
        i_two = (up[:, None] @ lost + down[:, None] @ gained)[:, 0]
        j_two = lost.transpose(0, 2, 1) @ up_j + gained.transpose(0, 2, 1) @ down_j
        return i_one, i_two, j_one, j_two, groups.T.astype(float) @ down_j
