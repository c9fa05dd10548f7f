"""The counts of one care area's last month, with what this viewer may see of each: ranking, bands and excluded.

All three come from one twin, because they add up to each other and anybody can put the tables side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import State, states_of
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.stock_twin import assumed_stock
from lagesbild.views.twins import band_twin, excluded_twin
from lagesbild.views.waits import BAND_ENDS, Waits

WAITING: Final = ("within_limit", "over", "waiting")
EXCLUDED: Final = ("excluded_patient_choice", "excluded_medical", "excluded")
QUEUE: Final = "queue"  # who waits and who is left out together, of those regions that tell both
Key = tuple[str, str]  # region code (COUNTRY = the sum, `group_code` = that of a healthcare region), column


@dataclass(frozen=True)
class Counts:
    """`values[region, column]` exact, None = not reported; `others` the same in the twin; `states` says what may be
    shown. COUNTRY is the sum over the regions that report, `group_code(name)` over those of a healthcare region.
    Columns: WAITING, WAIT_BANDS, EXCLUDED, QUEUE."""

    area: CareArea
    values: Mapping[Key, float | None]
    others: Mapping[Key, float | None]
    states: Mapping[Key, State]
    viewer: Viewer
    cuts: Mapping[str, int]  # by region: how many wait bands are within the limit, 0 where it is inside one
    untold: frozenset[str] = frozenset()  # regions of which nothing is told, because a report excludes their month

    def cut(self, region: str) -> int:
        return self.cuts.get(region, 0)

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


def group_code(name: str) -> str:
    """What a healthcare region's sums are found under: no region's code, for PostgreSQL keeps no zero in a text."""
    return f"\0{name}"


def wait_counts(waits: Waits, area: int, viewer: Viewer) -> Counts:
    """Protected counts of every leaf region, every healthcare region and the country in the last month."""
    last = counts_at(waits, area)
    other = last if viewer.role == "exact" else last_twin(waits, area, last)
    withheld = {c: waits.withheld[c][area, :, -1] for c in waits.withheld}
    withheld["over"] = withheld["waiting"] | withheld["within_limit"]
    withheld["excluded"] = withheld["excluded_patient_choice"] | withheld["excluded_medical"]
    withheld[QUEUE] = withheld["waiting"] | withheld["excluded"]
    use, mine = waits.counted[area, :, -1], np.array(viewer.mine(r.code for r in waits.regions), bool)
    values: dict[Key, float | None] = {}
    others: dict[Key, float | None] = {}
    states: dict[Key, State] = {}
    codes = [r.code for r in waits.regions]
    sums, members = _sums(waits.regions)
    for column, cells in last.items():
        told = states_of(cells, other[column], viewer, hidden=withheld[column])
        if mine.any():
            told[mine] = states_of(cells, cells, viewer.of(viewer.own), hidden=withheld[column])[mine]
        part = members & (use & np.isfinite(cells))
        whole, twins = (
            np.where(part.any(axis=1), np.where(part, x, 0.0).sum(axis=1), np.nan) for x in (cells, other[column])
        )
        rows = [
            *zip(codes, cells, other[column], told, strict=True),
            *zip(sums, whole, twins, states_of(whole, twins, viewer), strict=True),
        ]
        for code, value, twin, state in rows:
            values[code, column] = None if np.isnan(value) else float(value)
            others[code, column] = None if np.isnan(twin) else float(twin)
            states[code, column] = state
    cuts = dict(zip(codes, _cuts(waits, area).tolist(), strict=True))
    return Counts(waits.areas[area], values, others, states, viewer, cuts)


def told_counts(waits: Waits, area: int, viewer: Viewer) -> Counts:
    """The same as pages tell it: of a region whose month is excluded nothing, as it is in no sum."""
    found = wait_counts(waits, area, viewer)
    gone = frozenset(r.code for r, out in zip(waits.regions, waits.excluded[:, -1], strict=True) if out)
    if not gone:
        return found
    return replace(
        found,
        values={k: None if k[0] in gone else v for k, v in found.values.items()},
        others={k: None if k[0] in gone else v for k, v in found.others.items()},
        states={k: "missing" if k[0] in gone else s for k, s in found.states.items()},
        untold=gone,
    )


def _sums(regions: Sequence[Region]) -> tuple[list[str], np.ndarray]:
    """What is summed: the codes of the healthcare regions and of the country, and which regions are in each, bool
    (sums, regions). A region shared by two is summed in its first."""
    names = list(dict.fromkeys(r.healthcare_region for r in regions if r.healthcare_region))
    members = [[r.healthcare_region == name for r in regions] for name in names]
    members.append([True] * len(regions))
    return [*map(group_code, names), COUNTRY], np.array(members, bool).reshape(len(members), len(regions))


def _cuts(waits: Waits, area: int) -> np.ndarray:
    return np.array([BAND_ENDS.index(d) + 1 if d in BAND_ENDS else 0 for d in waits.days[area].tolist()])


def counts_at(waits: Waits, area: int, month: int | slice = -1) -> dict[str, np.ndarray]:
    """Every column of one month, (regions,), the last unless told; with a slice of months (regions, months)."""
    last = {c: v[area, :, month] for c, v in waits.values.items()}
    return {
        "within_limit": last["within_limit"],
        "over": last["waiting"] - last["within_limit"],
        "waiting": last["waiting"],
        **{b: last[b] for b in WAIT_BANDS},
        "excluded_patient_choice": last["excluded_patient_choice"],
        "excluded_medical": last["excluded_medical"],
        "excluded": last["excluded_patient_choice"] + last["excluded_medical"],
        QUEUE: last["waiting"] + last["excluded_patient_choice"] + last["excluded_medical"],
    }


def last_twin(waits: Waits, area: int, last: Mapping[str, np.ndarray], month: int = -1) -> dict[str, np.ndarray]:
    """The same columns in the twin. `month`: the index of another month than the last, that `last` is of."""
    counted, threshold = waits.counted[area, :, month], waits.viewer.threshold
    within, waiting = (waits.others[c][area, :, month] for c in ("within_limit", "waiting"))
    was_within, was_waiting = (x[area, :, month] for x in assumed_stock(waits.values, waits.hidden))
    stock = np.column_stack(
        [within - was_within, (waiting - within) - (was_waiting - was_within), waiting - was_waiting]
    )
    bands = np.column_stack([assumed(last[b], waits.withheld[b][area, :, month]) for b in WAIT_BANDS])
    moved = band_twin(bands, np.nan_to_num(stock).astype(int), _cuts(waits, area), waits.regions, counted, threshold)
    out = excluded_difference(waits, area, month)
    return {
        "within_limit": within,
        "over": waiting - within,
        "waiting": waiting,
        **{b: last[b] + moved[:, k] for k, b in enumerate(WAIT_BANDS)},
        **{c: last[c] + out[:, k] for k, c in enumerate(EXCLUDED)},
        QUEUE: waiting + last["excluded"] + out[:, 2],
    }


def excluded_difference(waits: Waits, area: int, month: int = -1) -> np.ndarray:
    """By how much the twin's excluded differ in a month, the last unless told; int (regions, EXCLUDED)."""
    left = [assumed(waits.values[c][area, :, month], waits.withheld[c][area, :, month]) for c in EXCLUDED[:2]]
    counted, threshold = waits.counted[area, :, month], waits.viewer.threshold
    return excluded_twin(left[0], left[1], waits.regions, counted, threshold)


def assumed(counts: np.ndarray, withheld: np.ndarray) -> np.ndarray:
    """A small number where the source hid one, so that what lies beside it is protected."""
    return np.where(withheld & np.isnan(counts), 2.0, counts)
