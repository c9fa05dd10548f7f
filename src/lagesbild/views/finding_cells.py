"""Which numbers of a finding a viewer may see: those that the other pages show, and no other.

A finding puts numbers beside each other that no page does, so each is held against every rule that protects it there:
the wait page's regions, bands and excluded, the balance's equation, and the parts of a region.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from lagesbild.domain.disclosure import State, is_small, states_of
from lagesbild.views.finding import Cell, Draft
from lagesbild.views.finding_twin import Twins
from lagesbild.views.small_counts import BALANCE

_COUNTS: Final = {
    "production": ("added", "performed", "removed_other", "performed_within_limit", "planned", "cancelled"),
    "capacity": ("capacity", "committed"),
}
_RESTS: Final = {  # differences that must not be small either
    "production": (("performed", "performed_within_limit"), ("planned", "cancelled")),
    "capacity": (("capacity", "committed"),),
}


class Visible:
    """Sets the state of cells for one viewer."""

    def __init__(self, twins: Twins) -> None:
        self._twins = twins
        self._records = twins.records
        self._viewer = twins.viewer
        self._balances: dict[tuple[str, str], pd.DataFrame] = {}

    def shown(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        """The cells with their states, values that must not be shown taken out."""
        return tuple(self._one(c) for c in cells)

    def hides(self, draft: Draft) -> bool:
        """Whether the numbers of the evidence may not be told."""
        return draft.differing or any(self._state(c) not in ("", "missing") for c in draft.cells)

    def _one(self, cell: Cell) -> Cell:
        state = self._state(cell)
        return replace(cell, state=state, value=cell.value if state == "" else None)

    def _state(self, cell: Cell) -> State:
        if cell.state:
            return cell.state
        if cell.value is None:
            return "missing"
        if self._viewer.of(cell.region).role == "exact":
            return ""
        if cell.provider:
            return self._part(cell)
        if cell.dataset == "waits":
            return self._of_waits(cell) or self._of_balance(cell)
        return self._of_balance(cell) if cell.column in BALANCE else self._of_row(cell)

    def _of_waits(self, cell: Cell) -> State:
        counts = self._twins.counts(cell.care_area, cell.month)
        if counts is None:
            return "suppressed" if is_small(cell.value, self._viewer) else ""
        state = counts.states.get((cell.region, cell.column))
        if state is None:  # a median, or a part that the wait page does not show
            whole = counts.states.get((cell.region, "waiting"), "")
            return whole or ("suppressed" if is_small(cell.value, self._viewer) else "")
        return state

    def _of_balance(self, cell: Cell) -> State:
        if cell.column not in BALANCE:
            return ""
        states = self._balance(cell.region, cell.care_area)
        at = pd.Timestamp(cell.month.first_day)
        if at not in states.index:
            return "suppressed" if is_small(cell.value, self._viewer) else ""
        found = str(states.at[at, cell.column])
        return "suppressed" if found == "suppressed" else "secondary" if found == "secondary" else ""

    def _balance(self, region: str, area: str) -> pd.DataFrame:
        if (region, area) not in self._balances:
            found = self._twins.area(area)
            k = next((n for n, r in enumerate(found.regions) if r.code == region), None)
            index = pd.DatetimeIndex([pd.Timestamp(m.first_day) for m in found.months])
            states = {}
            for column in BALANCE if k is not None else ():
                counts, withheld = found.counts[column][k], found.withheld[column][k]
                states[column] = states_of(counts, counts + found.differences[column][k], self._viewer, hidden=withheld)
            self._balances[region, area] = pd.DataFrame(states, index=index if states else None)
        return self._balances[region, area]

    def _of_row(self, cell: Cell) -> State:
        """Counts of one row of production or capacity, beside those of the balance, that add up with each other."""
        rows = self._records.rows[cell.dataset]
        row = self._row(rows, cell)
        if row is None:
            return "suppressed" if is_small(cell.value, self._viewer) else ""
        small = [_value(row, c) for c in _COUNTS[cell.dataset]]
        small += [_less(_value(row, a), _value(row, b)) for a, b in _RESTS[cell.dataset]]
        if any(is_small(v, self._viewer) for v in small):
            return "suppressed" if is_small(cell.value, self._viewer) else "secondary"
        return ""

    def _part(self, cell: Cell) -> State:
        """A provider's number: only where the region's own is shown and no other part of it is small. Of patients none,
        because nothing here holds it against the providers' twin (the attack found a count by such rows), and not even
        that it is small: four added and one removed, each "<5", were known by the stocks beside them."""
        if cell.dataset != "capacity":
            return "secondary"
        whole = self._row(self._records.rows[cell.dataset], replace(cell, provider=""))
        if whole is None or pd.isna(whole[cell.column]):
            return "suppressed" if is_small(cell.value, self._viewer) else ""
        own = self._state(replace(cell, provider="", value=float(whole[cell.column])))
        if own:
            return "secondary"
        rows = self._records.rows[cell.dataset]
        mine = rows[_same(rows, cell) & (rows["provider"] != "")][cell.column].astype(float)
        rest = float(whole[cell.column]) - float(mine.sum())
        if any(is_small(v, self._viewer) for v in (*mine, abs(rest))):
            return "suppressed" if is_small(cell.value, self._viewer) else "secondary"
        return ""

    def _row(self, rows: pd.DataFrame, cell: Cell) -> dict[Any, Any] | None:
        found = rows[_same(rows, cell) & (rows["provider"] == cell.provider)]
        return found.iloc[0].to_dict() if len(found) else None


def _same(rows: pd.DataFrame, cell: Cell) -> pd.Series:
    return (
        (rows["region"] == cell.region)
        & (rows["care_area"] == cell.care_area)
        & (rows["period"] == pd.Timestamp(cell.month.first_day))
    )


def _value(row: dict[Any, Any], column: str) -> float | None:
    return None if pd.isna(row[column]) else float(row[column])


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part
