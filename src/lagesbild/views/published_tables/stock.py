"""Everybody who waits, by care area, region and month: the numbers, and the same in each month's twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import states_of
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.monthly_waits import monthly_waits
from lagesbild.views.published_tables.places import Places, sums
from lagesbild.views.published_tables.span import Span
from lagesbild.views.wait_counts import EXCLUDED, QUEUE, WAITING, counts_at, last_twin
from lagesbild.views.waits import Waits

COLUMNS: Final = (*WAITING, *WAIT_BANDS, *EXCLUDED, QUEUE)


@dataclass(frozen=True)
class Stock:
    """`real` and `twin` by column of COLUMNS, `withheld` (hidden by the source), all (areas, regions, months); `days`
    int of the same shape: each month's limits."""

    waits: Waits
    days: np.ndarray
    real: Mapping[str, np.ndarray]
    twin: Mapping[str, np.ndarray]
    withheld: Mapping[str, np.ndarray]

    @property
    def counted(self) -> np.ndarray:
        return self.waits.counted

    @property
    def excluded(self) -> np.ndarray:
        """Whether a region's month is excluded; bool (areas, regions, months)."""
        return np.broadcast_to(self.waits.excluded[None], self.counted.shape)


@dataclass(frozen=True)
class Cells:
    """The same with sums, (areas, places, months); `states` as this viewer may see them."""

    real: Mapping[str, np.ndarray]
    twin: Mapping[str, np.ndarray]
    states: Mapping[str, np.ndarray]


def read_stock(asked: Span, viewer: Viewer) -> Stock | None:
    """None when no region reports any of the care areas."""
    found = monthly_waits(asked.source, asked.codes, asked.first, asked.last, viewer)
    if found is None:
        return None
    waits, days = found
    every = [counts_at(waits, k, slice(None)) for k in range(len(waits.areas))]
    real = {c: np.array([x[c] for x in every]) for c in COLUMNS}
    twin = real if viewer.role == "exact" else _twins(waits, days, real)
    withheld = {c: waits.withheld[c] for c in COLUMNS if c in waits.withheld}
    withheld["over"] = withheld["waiting"] | withheld["within_limit"]
    withheld["excluded"] = withheld["excluded_patient_choice"] | withheld["excluded_medical"]
    withheld[QUEUE] = withheld["waiting"] | withheld["excluded"]
    return Stock(waits, days, real, twin, withheld)


def _twins(waits: Waits, days: np.ndarray, real: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The twin of each month, as the page of that month has it."""
    out = {c: np.empty(x.shape) for c, x in real.items()}
    for t in range(len(waits.months)):
        then = replace(waits, days=days[:, :, t])
        for k in range(len(waits.areas)):
            found = last_twin(then, k, {c: x[k, :, t] for c, x in real.items()}, t)
            for c, values in found.items():
                out[c][k, :, t] = values
    return out


def stock_cells(stock: Stock, where: Places, viewer: Viewer) -> Cells:
    """A sum is over the regions that are counted in the month. The country's adds up those of them that have the
    column; a healthcare region's is missing where one of them has not."""
    real, twin, states = {}, {}, {}
    for column in COLUMNS:
        own, other = stock.real[column], stock.twin[column]
        rows: list[tuple[np.ndarray, np.ndarray]] = []
        for level, members in zip(where.levels, where.members, strict=True):
            if level == "region":
                k = int(np.argmax(members))
                rows.append((own[:, k], other[:, k]))
                continue
            use = stock.counted & members[None, :, None]
            if level == "country":
                use = use & np.isfinite(own)
            rows.append((sums(own, use), sums(other, use)))
        real[column] = np.stack([a for a, _ in rows], axis=1)
        twin[column] = np.stack([b for _, b in rows], axis=1)
        hidden = np.zeros(real[column].shape, bool)
        alone = np.array([level == "region" for level in where.levels])
        hidden[:, alone] = stock.withheld[column]
        states[column] = states_of(real[column], twin[column], viewer, hidden=hidden)
        gone = np.zeros(hidden.shape, bool)
        gone[:, alone] = stock.excluded
        states[column][gone] = "excluded"
    return Cells(real, twin, states)
