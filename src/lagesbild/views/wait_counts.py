"""The counts of one care area's last month, with what this viewer may see of each: ranking, bands and excluded.

All three are protected together, because they add up to each other and anybody can put the tables side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import State, Sum, protect
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.waits import BAND_ENDS, Waits

WAITING: Final = ("within_limit", "over", "waiting")
EXCLUDED: Final = ("excluded_patient_choice", "excluded_medical", "excluded")
Key = tuple[str, str]  # region code (COUNTRY = the sum), column


@dataclass(frozen=True)
class Counts:
    """`values[region, column]` exact, None = not reported; `states` says what may be shown. COUNTRY is the sum over the
    regions that report. Columns: WAITING, WAIT_BANDS, EXCLUDED."""

    area: CareArea
    values: Mapping[Key, float | None]
    states: Mapping[Key, State]
    viewer: Viewer

    def shown(self, region: str, column: str) -> float | None:
        """The count when it may be shown, else None."""
        return self.values[region, column] if self.states[region, column] == "" else None

    def share(self, region: str, part: str, whole: str) -> float | None:
        """`part / whole` when neither count is hidden, else None."""
        a, b = self.shown(region, part), self.shown(region, whole)
        return None if a is None or not b else a / b

    def reported(self, column: str) -> bool:
        """Whether any region has the column."""
        return any(v is not None for (_, c), v in self.values.items() if c == column)


def wait_counts(waits: Waits, area: int, viewer: Viewer) -> Counts:
    """Protected counts of every leaf region and the country in the last month."""
    values: dict[Key, float | None] = {}
    last = {c: v[area, :, -1] for c, v in waits.values.items()}
    use = waits.counted[area, :, -1]
    columns = {
        "within_limit": last["within_limit"],
        "over": last["waiting"] - last["within_limit"],
        "waiting": last["waiting"],
        **{b: last[b] for b in WAIT_BANDS},
        "excluded_patient_choice": last["excluded_patient_choice"],
        "excluded_medical": last["excluded_medical"],
        "excluded": last["excluded_patient_choice"] + last["excluded_medical"],
    }
    for column, cells in columns.items():
        for k, region in enumerate(waits.regions):
            values[region.code, column] = None if np.isnan(cells[k]) else float(cells[k])
        part = cells[use & np.isfinite(cells)]
        values[COUNTRY, column] = float(part.sum()) if len(part) else None
    source_hidden = {
        (r.code, c)
        for k, r in enumerate(waits.regions)
        if waits.hidden[area, k, -1]
        for c in ("within_limit", "waiting")
    }
    counted = [r.code for k, r in enumerate(waits.regions) if use[k]]
    concealed = {r.code for k, r in enumerate(waits.regions) if waits.coarse[area, k, -1]} if _public(viewer) else set()
    states = _protect_waiting(values, concealed, counted, source_hidden, viewer)
    states |= _protect_bands(values, states, waits, area, counted, viewer)
    states |= _protect_excluded(values, counted, waits.regions, viewer)
    return Counts(waits.areas[area], values, states, viewer)


def _public(viewer: Viewer) -> bool:
    return viewer.role != "exact"


def _protect_waiting(
    values: Mapping[Key, float | None], concealed: set[str], counted: list[str], hidden: set[Key], viewer: Viewer
) -> dict[Key, State]:
    """Whole regions are concealed (see `conceal_rows`); the engine then only names what each cell is."""
    cells = {k: v for k, v in values.items() if k[1] in WAITING}
    rows = set(concealed)
    if 0 < len(rows & set(counted)) < 2:  # too few regions to hide one among: the sum goes too
        rows.add(COUNTRY)
    conceal = {(r, c) for r in rows for c in WAITING}
    return protect(cells, [], viewer, hidden=hidden, conceal=conceal if _public(viewer) else ())


def _protect_bands(
    values: Mapping[Key, float | None],
    waiting: Mapping[Key, State],
    waits: Waits,
    area: int,
    counted: list[str],
    viewer: Viewer,
) -> dict[Key, State]:
    """Bands add up to within and over the limit, and over regions to the country's bands."""
    bands = {k: v for k, v in values.items() if k[1] in WAIT_BANDS}
    totals = {k: v for k, v in values.items() if k[1] in WAITING}
    sums = [Sum((COUNTRY, b), tuple((r, b) for r in counted)) for b in WAIT_BANDS]
    for code in [*counted, COUNTRY]:
        days = _days(waits, area, code)
        cut = BAND_ENDS.index(days) + 1 if days in BAND_ENDS else 0
        if cut:
            sums.append(Sum((code, "within_limit"), tuple((code, b) for b in WAIT_BANDS[:cut])))
            sums.append(Sum((code, "over"), tuple((code, b) for b in WAIT_BANDS[cut:])))
        else:
            sums.append(Sum((code, "waiting"), tuple((code, b) for b in WAIT_BANDS)))
    gone = {k for k, s in waiting.items() if s in ("suppressed", "secondary")}
    rows = {r for r, _ in gone}
    conceal = gone | {(r, b) for r in rows for b in WAIT_BANDS}
    keep = [k for k in totals if k not in gone]
    states = protect(bands | totals, sums, viewer, conceal=conceal if _public(viewer) else (), keep=keep)
    return {k: s for k, s in states.items() if k in bands}


def _days(waits: Waits, area: int, code: str) -> int:
    """The region's limit; the country has one only when all regions do."""
    index = waits.region_index(code)
    if index is not None:
        return int(waits.days[area, index])
    found = set(waits.days[area].tolist())
    return found.pop() if len(found) == 1 else 0


def _protect_excluded(
    values: Mapping[Key, float | None], counted: list[str], regions: tuple[Region, ...], viewer: Viewer
) -> dict[Key, State]:
    cells = {k: v for k, v in values.items() if k[1] in EXCLUDED}
    sums = [Sum((r, "excluded"), ((r, EXCLUDED[0]), (r, EXCLUDED[1]))) for r in [*(x.code for x in regions), COUNTRY]]
    sums += [Sum((COUNTRY, c), tuple((r, c) for r in counted)) for c in EXCLUDED]
    return protect(cells, sums, viewer)
