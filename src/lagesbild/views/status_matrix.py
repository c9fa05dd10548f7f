"""How is it now? Every region and care area with its level, its judgement, and its flag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import Judgement
from lagesbild.views.flags import Flag
from lagesbild.views.signals import Signal, Tally, country_signal, region_signals, tally
from lagesbild.views.small_counts import same
from lagesbild.views.wait_counts import EXCLUDED, excluded_difference
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Cell:
    """A region's care area: `state` "" shows `signal.share`; anything else says why there is no number."""

    state: State
    signal: Signal
    provisional: bool
    coarse: bool
    flag: Flag | None

    @property
    def judgement(self) -> Judgement:
        return self.signal.judgement if self.state == "" else "short"


@dataclass(frozen=True)
class StatusMatrix:
    """`cells[care area code][region code]`; `country[care area code]`. `tally` counts region series that have a number;
    `excluded` sums patient-chosen and medical waiting in the areas shown, None when not reported."""

    waits: Waits
    areas: tuple[CareArea, ...]
    regions: tuple[Region, ...]
    cells: Mapping[str, Mapping[str, Cell]]
    country: Mapping[str, Signal]
    tally: Tally
    excluded: float | None

    def lowest(self, n: int = 2) -> list[tuple[Region, CareArea, float]]:
        """The lowest shares of all cells, lowest first."""
        found = [
            (r, a, self.cells[a.code][r.code].signal.share)
            for a in self.areas
            for r in self.regions
            if self.cells[a.code][r.code].state == ""
        ]
        return sorted(found, key=lambda x: (x[2], x[0].sort_order))[:n]


def status_matrix(
    waits: Waits, indices: Sequence[int], viewer: Viewer, flags: Mapping[tuple[str, str], Flag]
) -> StatusMatrix:
    """The care areas at `indices`, in that order. `flags`: by (region code, care area code)."""
    cells: dict[str, dict[str, Cell]] = {}
    for a in indices:
        area = waits.areas[a]
        cells[area.code] = {
            region.code: Cell(
                state=waits.state(a, k),
                signal=found,
                provisional=bool(waits.provisional[a, k, -1]),
                coarse=found.coarse,
                flag=flags.get((region.code, area.code)),
            )
            for k, (region, found) in enumerate(zip(waits.regions, region_signals(waits, a), strict=True))
        }
    areas = tuple(waits.areas[a] for a in indices)
    return StatusMatrix(
        waits=waits,
        areas=areas,
        regions=waits.regions,
        cells=cells,
        country={waits.areas[a].code: country_signal(waits, a) for a in indices},
        tally=tally(c.signal.to_all for column in cells.values() for c in column.values()),
        excluded=excluded_total(waits, indices, viewer),
    )


def excluded_total(waits: Waits, indices: Sequence[int], viewer: Viewer) -> float | None:
    """Persons left out in the last month, over regions counted; None when no counted region reports it, or when the
    sum is another in the twin."""
    total, other, told = 0.0, 0.0, False
    for a in indices:
        more = excluded_difference(waits, a)
        for k, column in enumerate(EXCLUDED[:2]):
            cells = waits.values[column][a, :, -1]
            use = waits.counted[a, :, -1] & np.isfinite(cells)
            told = told or bool(use.any())
            total += float(cells[use].sum())
            other += float((cells + more[:, k])[use].sum())
    return total if told and same(total, other, viewer) else None
