"""A count with what this viewer may see of it: the number and its state always travel together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lagesbild.domain.disclosure import State


@dataclass(frozen=True)
class CellCount:
    """`value` is None unless `state` is "" (shown)."""

    value: float | None
    state: State

    def __post_init__(self) -> None:
        if (self.value is None) != (self.state != ""):
            raise ValueError(f"value {self.value!r} does not go with state {self.state!r}")


def cell_count(value: float | None, state: State) -> CellCount:
    """The count as it may be shown; a number that does not exist is missing whatever the state says.

    >>> cell_count(3.0, "suppressed"), cell_count(float("nan"), "")
    (CellCount(value=None, state='suppressed'), CellCount(value=None, state='missing'))
    """
    if state:
        return CellCount(None, state)
    known = value is not None and not math.isnan(value)
    return CellCount(value, "") if known else CellCount(None, "missing")
