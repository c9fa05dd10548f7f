"""The country: its regions' sample paths summed path by path, so that bands know what moves together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import join_and, number_word
from lagesbild.forecast.pair import EXPECTED_WAIT, FORECAST, SHARE, PairResult
from lagesbild.forecast.rows import rows_of

SUM: Final = "sum"
MOST_NAMED: Final = 5  # regions left out that are named; more are told by their number


@dataclass
class CountrySum:
    """Running sums over the leaf regions of one care area; shares are weighted by the list on the same path.

    `regions_known` is how many leaf regions there are. Add the results in a fixed order: float sums depend on it.
    """

    care_area: str
    regions_known: int
    sums: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    counted: dict[str, list[str]] = field(default_factory=dict)  # measure -> codes of the regions in its sum
    names: Mapping[str, str] = field(default_factory=dict)  # of every leaf region, so that those left out can be named
    _within: dict[str, np.ndarray] = field(default_factory=dict)
    _list: dict[str, np.ndarray] = field(default_factory=dict)
    _left: dict[str, np.ndarray] = field(default_factory=dict)  # outflow a day that goes with the expected waits
    _queue: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, result: PairResult) -> None:
        """Count a region's forecasts in, if today's national figure counts it: a sum that the region joins in the
        first month ahead would look like growth."""
        if not result.reported:
            return
        for (measure, name), paths in result.paths.items():
            values = paths.astype(float)
            if name == FORECAST:
                self.counted.setdefault(measure, []).append(result.region)
            if measure == SHARE:
                # without a forecast of the list (record runs) the list of today is the weight
                weight = result.paths.get(("waiting", name))
                queue = np.full_like(values, result.waiting_now) if weight is None else weight.astype(float)
                _accumulate(self._within, name, values * queue)
                _accumulate(self._list, name, queue)
            elif measure == EXPECTED_WAIT:
                queue = result.paths["waiting", name].astype(float)
                _accumulate(self._queue, name, queue)
                _accumulate(self._left, name, _outflow(queue, values))
            else:
                _accumulate(self.sums, (measure, name), values)

    def paths(self) -> dict[tuple[str, str], np.ndarray]:
        """(measure, name) -> float32 paths of the country; a share is everybody within over everybody waiting."""
        out = {key: total.astype(np.float32) for key, total in self.sums.items()}
        with np.errstate(divide="ignore", invalid="ignore"):
            for name, within in self._within.items():
                out[SHARE, name] = np.clip(within / self._list[name], 0, 1).astype(np.float32)
            for name, left in self._left.items():
                out[EXPECTED_WAIT, name] = (self._queue[name] / left).astype(np.float32)
        return out

    def rows(self, first: Month, extra_note: str = "") -> list[dict[str, Any]]:
        """Rows with region COUNTRY; the note names how many regions are in the sum."""
        out: list[dict[str, Any]] = []
        for (measure, name), paths in self.paths().items():
            note = " ".join(n for n in (self._note(measure), extra_note) if n)
            out += rows_of(
                paths,
                region=COUNTRY,
                care_area=self.care_area,
                measure=measure,
                name=name,
                model=SUM,
                note=note,
                first=first,
            )
        return out

    def _note(self, measure: str) -> str:
        counted = self.counted[measure]
        n = len(counted)
        if n == self.regions_known:
            return f"Summan av alla {number_word(n)} regioner." if n > 1 else "En region."
        left_out = [name for code, name in self.names.items() if code not in counted]
        many = len(left_out) if 0 < len(left_out) <= MOST_NAMED else 0
        who = f"{join_and(left_out)} är inte med, utan rapport" if many else "övriga har inte rapporterat"
        return (
            f"Summan av {number_word(n)} av {number_word(self.regions_known)} regioner; "
            f"{who} den senaste månaden eller {'med' if many else 'har'} för kort serie."
        )


def _accumulate(into: dict[Any, np.ndarray], key: Any, values: np.ndarray) -> None:
    into[key] = into[key] + values if key in into else values


def _outflow(queue: np.ndarray, wait_days: np.ndarray) -> np.ndarray:
    """Patients who leave a day, from list and expected wait; 0 where nobody waits or the wait is unknown."""
    out = np.zeros_like(queue)
    np.divide(queue, wait_days, out=out, where=(wait_days > 0) & ~np.isnan(wait_days))
    return out
