"""Half way between the country and its twin: the counts that a forecast for those who may not see all is made of.

A forecast judges exact counts. Made of the country it says on which side of a limit a hidden share lies; made of the
middle it says the same of the country and of its twin, whatever it says, so none of it need be hidden. The middle is
half a person or a person away where a count is small, and the count itself everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import SMALLEST_SHOWN, Viewer
from lagesbild.views.area_twin import FLOWS, area_twin
from lagesbild.views.wait_counts import counts_at, last_twin
from lagesbild.views.wait_reading import read_waits

_COLUMNS: Final = ("waiting", "within_limit", *FLOWS)
_BANDS: Final = WAIT_BANDS[:3]  # those that a forecast uses
Moves = Mapping[str, np.ndarray]  # column -> what to add, float (months,)


@dataclass(frozen=True)
class Middles:
    """Where the middle lies, for viewers who are not shown counts under `threshold`."""

    threshold: int = SMALLEST_SHOWN

    def __call__(
        self, source: Source, first: Month, until: Month, as_of: datetime | None = None
    ) -> dict[tuple[str, str], Moves]:
        """(leaf region, care area) -> what to add to its counts from `first` to `until`; only of those whose stock or
        flows differ from the twin's in some month, since all of them weigh in a forecast."""
        out: dict[tuple[str, str], Moves] = {}
        for area in source.care_areas():
            told = Selection(care_area=area.code, month=until, as_of=as_of)
            found = area_twin(source, told, first - 1, Viewer(threshold=self.threshold))
            # nobody knows what the source hid, so a forecast takes it as it is given
            half = {c: np.where(found.withheld[c], 0.0, found.differences[c])[:, 1:] / 2 for c in _COLUMNS}
            differs = np.any([h.any(axis=1) for h in half.values()], axis=0)
            if not differs.any():
                continue
            half |= self._bands(source, told, first)
            codes = [r.code for r in found.regions]
            out |= {(codes[k], area.code): {c: h[k] for c, h in half.items()} for k in np.flatnonzero(differs)}
        return out

    def _bands(self, source: Source, told: Selection, first: Month) -> dict[str, np.ndarray]:
        """Half of what the twin's wait bands differ by, float (regions, months)."""
        assert told.month is not None
        wanted = told.month - first + 1
        waits = read_waits(source, told, Viewer(threshold=self.threshold), history=wanted)
        if waits is None:
            return {}
        out = {b: np.zeros((len(waits.regions), wanted)) for b in _BANDS}
        for k, month in enumerate(waits.months):
            here = counts_at(waits, 0, k)
            twin = last_twin(waits, 0, here, k)
            for b in _BANDS:
                withheld = waits.withheld[b][0, :, k]
                out[b][:, month - first] = np.where(withheld, 0.0, np.nan_to_num(twin[b] - here[b])) / 2
        return out
