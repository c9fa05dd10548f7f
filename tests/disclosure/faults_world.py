"""Countries with faults that the rules of `/datakvalitet` find, so that attacks have evidence to read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lagesbild.domain.dataset_spec import WAIT_BANDS
from tests.disclosure.small_world import LAST, Shape, country, with_forecasts, with_told
from tests.fakes import FakeSource

_MONTHS = 3  # so many of the last have faults
_FLOWS = ["added", "performed", "removed_other", "planned", "wait_days_median"]
_WAITS = ["waiting", "within_limit", "not_brokerable", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical"]


def faulty(shape: Shape) -> FakeSource:
    """The country with broken bands, broken sums within the limit, broken balances, repeated months, months that stand
    out, and providers above their region, each in some region and month by chance."""
    source = country(shape)
    rng = np.random.default_rng(shape.seed + 1)
    waits, made = (source.frames[name].copy() for name in ("waits", "production"))

    def rows(frame, region, month, *, own=True):
        at = (frame["region"] == region) & (frame["period"] == str(month))
        return frame.index[at & ((frame["provider"] == "") == own)]

    def some(chance: float):
        return [(r, LAST - k) for r in shape.codes for k in range(_MONTHS) if rng.random() < chance]

    for region, month in some(0.25):
        for frame, columns in ((waits, _WAITS), (made, _FLOWS)):
            for own in (True, False):
                now, before = (rows(frame, region, m, own=own) for m in (month, month - 1))
                if len(now) and len(now) == len(before):
                    frame.loc[now, columns] = frame.loc[before, columns].to_numpy()
    for region, month in some(0.25):
        waits.loc[rows(waits, region, month), str(rng.choice(WAIT_BANDS))] += int(rng.integers(1, 5))
    for region, month in some(0.2):
        at = rows(waits, region, month)
        waits.loc[at, "within_limit"] = np.minimum(
            waits.loc[at, "within_limit"] + int(rng.integers(1, 5)), waits.loc[at, "waiting"]
        )
    for region, month in some(0.25):
        made.loc[rows(made, region, month), "added"] += int(rng.integers(2, 6))
    for region, month in some(0.15):
        made.loc[rows(made, region, month), ["added", "performed"]] *= 4
    for region, month in some(0.2):
        at = rows(made, region, month, own=False)[:1]
        made.loc[at, "performed"] += int(rng.integers(1, 9))
    found = replace(source, frames=source.frames | {"waits": waits, "production": made})
    with_forecasts(found)
    with_told(found)
    return found
