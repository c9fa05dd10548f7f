"""What would have been warned of at earlier months, and what came: the public record of the flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lagesbild.domain.gap_openings import NEVER
from lagesbild.domain.gap_status import status_of
from lagesbild.domain.periods import Month
from lagesbild.domain.recalibration import Recalibration
from lagesbild.forecast.recalibrating import Cases, adapted
from lagesbild.forecast.replay import Replay


def past_only(cases: Cases, prior: Recalibration, asked: Cases | None = None) -> np.ndarray:
    """The probability of each case as it would have been shown at its origin, float array (n,): every origin has a
    recalibration of its own, fitted on what was decided by then. `asked`: other cases than those that are learnt
    from."""
    wanted = cases if asked is None else asked
    out = np.full(len(wanted), np.nan)
    for origin in np.unique(wanted.origin):
        mine = wanted.origin == origin
        out[mine] = adapted(cases, int(origin), prior).of(wanted.x[mine])
    return out


def warning_record(
    replays: Sequence[Replay], targets: Sequence[float], cases: Cases, probabilities: np.ndarray
) -> list[dict[str, Any]]:
    """Rows of the table `gap_record` except `run_id`, one a series, target and origin, statuses with hysteresis."""
    found = {
        (int(s), round(float(t), 4), int(o)): k
        for k, (s, t, o) in enumerate(zip(cases.series, cases.target, cases.origin, strict=True))
    }
    rows = []
    for index, each in enumerate(replays):
        if each.structure is None:
            continue
        for target in targets:
            before = "none"
            for origin in each.structure.origin.tolist():
                k = found.get((index, round(target, 4), origin))
                if k is None:  # open already
                    row = _row(each, target, origin, 1.0, "open", None, 0)
                else:
                    opened = int(cases.opened[k])
                    month = None if opened >= NEVER else Month.from_ordinal(origin + opened).first_day
                    p = float(probabilities[k])
                    row = _row(each, target, origin, p, status_of(p, before), month, int(cases.known[k]))
                before = row["status"]
                rows.append(row)
    return rows


def _row(
    each: Replay, target: float, origin: int, probability: float, status: str, opened: Any, known: int
) -> dict[str, Any]:
    return {
        "region": each.region,
        "care_area": each.care_area,
        "target_share": target,
        "origin": Month.from_ordinal(origin).first_day,
        "probability_12m": probability,
        "status": status,
        "opened": opened,
        "months_known": known,
    }
