"""Capacity gaps: is the guarantee kept, when will it not be, and what would close the gap. One row per target.

Everything is read from the same stored sample paths as the bands, so a probability never contradicts a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from lagesbild.domain.capacity import limit_used
from lagesbild.domain.closing import extra_per_week_needed
from lagesbild.domain.expected_wait import wait_days_now
from lagesbild.domain.gap_openings import (
    mean_of_year,
    open_since,
    opening_range,
    opening_steps,
    probability,
    under,
)
from lagesbild.domain.gap_probability import chance, lean_to, offset
from lagesbild.domain.gap_status import EXPECTED, WATCH, status_of
from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.recalibration import IDENTITY, Recalibration
from lagesbild.domain.seasonal import MIN_OBSERVED, adjust, month_profile
from lagesbild.forecast.flows import Flows
from lagesbild.forecast.gap_reasons import (
    expected_reason,
    kept_reason,
    none_reason,
    open_reason,
    seasonal_reason,
    unreported_reason,
    young_reason,
)
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.replay import list_growth

TARGETS: Final = (0.7, 0.8, 0.9)
CLOSE_MONTHS: Final = 6  # the plan that is costed: back at the target half a year from now
YEAR: Final = 12


def gap_rows(
    pair: Pair,
    flows: Flows,
    paths: Mapping[str, np.ndarray],
    *,
    recalibration: Recalibration = IDENTITY,
    previous: Mapping[float, str] | None = None,
) -> list[dict[str, Any]]:
    """One row per target with the columns of GAP_COLUMNS except `run_id`.

    `paths`: measure -> (paths, horizon) of the forecast, those there are. `previous`: target -> status in the run
    before.
    """
    series = pair.series("within_limit_share")
    base = _base(pair, flows, paths)
    share_paths = paths.get("within_limit_share")
    if series.observed < MIN_OBSERVED:
        return [{**base, **_unjudged(t), "reason": young_reason(series.observed)} for t in TARGETS]
    if series.tail or share_paths is None:
        reason = series.refusal if not series.tail else unreported_reason(pair.until)
        return [{**base, **_unjudged(t), "reason": reason} for t in TARGETS]
    profile = month_profile(series.values, series.first)
    structural = adjust(series.values, series.first, profile)
    ahead = adjust(np.asarray(share_paths, float), pair.until + 1, profile)
    base |= {
        "share_now": float(series.values[-1]),
        "structural_share_now": float(structural[-1]),
        "lowest_of_year": float(np.nanmin(structural[-YEAR:])),
        "list_growth": list_growth(pair.columns["waiting"]),
    }
    judge = _Judge(pair, series.values, structural, np.asarray(share_paths, float), ahead, base, recalibration)
    rows = []
    for target in TARGETS:
        row = {**base, **judge.status(target, (previous or {}).get(target, "none"))}
        moved = ahead + offset(ahead, row["lean"])
        row |= _to_close(paths.get("waiting"), moved, target, pair.until)
        row["free_per_month"] = _free(flows, row)
        rows.append(row)
    return rows


def expected_wait_now(flows: Flows, paths: Mapping[str, np.ndarray]) -> float:
    """Expected wait, days, of a person added at the end of the last month: the median over paths, first come, first
    served. NaN without a list, production or their forecasts."""
    if flows.waiting_now is None or not flows.outflow_year or not {"waiting", "performed"} <= set(paths):
        return float("nan")
    days = wait_days_now(
        flows.waiting_now, paths["waiting"], paths["performed"], flows.removed_rate, flows.outflow_year
    )
    return float(np.nanmedian(days)) if not np.isnan(days).all() else float("nan")


def _base(pair: Pair, flows: Flows, paths: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """What does not depend on the target."""
    waiting, excluded = pair.columns["waiting"][-1], pair.columns["not_brokerable"][-1]
    days = expected_wait_now(flows, paths)
    return {
        "region": pair.region,
        "care_area": pair.care_area,
        "load": flows.load,
        "extra_per_week_to_stabilise": flows.growth_per_week,
        "expected_wait_days": days,
        "limit_used": limit_used(days, pair.limit_days),
        "brokerable_share": float(np.maximum(0.0, 1 - excluded / waiting)) if waiting > 0 else float("nan"),
        "capacity_per_month": flows.capacity,
        "share_now": float("nan"),
        "structural_share_now": float("nan"),
        "extra_per_week_to_target": float("nan"),
        "extra_per_week_to_target_50": float("nan"),
        "target_period": None,
        "free_per_month": float("nan"),
        "lowest_of_year": float("nan"),
        "list_growth": float("nan"),
    }


def _unjudged(target: float) -> dict[str, Any]:
    nothing = float("nan")
    return {
        "target_share": target,
        "status": "none",
        "opens_period": None,
        "opens_lo": None,
        "opens_hi": None,
        "probability_3m": nothing,
        "probability_6m": nothing,
        "probability_12m": nothing,
        "paths_share_12m": nothing,
        "lean": 0.0,
        "seasonal_only": False,
    }


@dataclass(frozen=True)
class _Judge:
    """The status of one pair against any target. Observed shares (n,) end at the run's last month; paths follow it."""

    pair: Pair
    share: np.ndarray
    structural: np.ndarray
    share_paths: np.ndarray
    structural_paths: np.ndarray
    base: Mapping[str, Any]
    recalibration: Recalibration

    def status(self, target: float, previous: str) -> dict[str, Any]:
        row = _unjudged(target)
        now = float(self.structural[-1])
        horizon = self.structural_paths.shape[1]
        share = chance(now, self.structural_paths, target, min(YEAR, horizon))
        row["paths_share_12m"] = share
        since = self._open_since(target)
        if since is not None:
            opened = self.pair.until - since
            row |= {f"probability_{h}m": 1.0 for h in (3, 6, YEAR)}
            at_least = since == len(self.structural) - 1
            return row | {
                "status": "open",
                "opens_period": opened.first_day,
                "reason": open_reason(target, opened, now, at_least=at_least),
            }
        lowest, growth = self.base["lowest_of_year"] - target, self.base["list_growth"]
        wanted = self.recalibration.probability(share, now - target, lowest, growth)
        row["lean"] = lean_to(wanted, now, self.structural_paths, target, min(YEAR, horizon))
        moved = self.structural_paths + offset(self.structural_paths, row["lean"])
        steps = opening_steps(now, moved, target)
        row |= {f"probability_{h}m": probability(steps, h) for h in (3, 6, YEAR)}
        return row | self._told(target, row["probability_12m"], steps, previous)

    def _told(self, target: float, within_year: float, steps: np.ndarray, previous: str) -> dict[str, Any]:
        status, found = status_of(within_year, previous), opening_range(steps)
        if status != "none" and found is not None:
            median = self.pair.until + found.median
            kept = status == "watch" and within_year < WATCH
            reason = kept_reason(target, within_year) if kept else expected_reason(target, median, within_year)
            return {
                "status": status,
                "opens_period": median.first_day,
                "opens_lo": self._month(found.lo),
                "opens_hi": self._month(found.hi),
                "reason": reason,
            }
        months_under = self._seasonal_months(target)
        if months_under:
            return {"seasonal_only": True, "reason": seasonal_reason(target, months_under)}
        return {"reason": none_reason(target, within_year)}

    def _open_since(self, target: float) -> int | None:
        """Months since the gap opened, None when it is not open."""
        since = open_since(self.structural, target)
        if since is not None:
            return since
        if not under(mean_of_year(self.share), target):  # also when the mean is unknown
            return None
        back = 0  # under by the year's mean: open since that mean fell under
        while back + 1 < len(self.share) and under(mean_of_year(self.share[: len(self.share) - back - 1]), target):
            back += 1
        return back

    def _seasonal_months(self, target: float) -> list[Month]:
        """The coming months under the target by season alone: two in a row on at least half of the paths."""
        steps = opening_steps(1.0, self.share_paths, target)
        if probability(steps, self.share_paths.shape[1]) < EXPECTED:
            return []
        low = np.flatnonzero(np.median(self.share_paths, axis=0) < target)
        months = low if len(low) else [int(np.median(steps[steps <= self.share_paths.shape[1]])) - 1]
        return [self.pair.until + (int(k) + 1) for k in months]

    def _month(self, step: int) -> date:
        return (self.pair.until + step).first_day


def _to_close(
    waiting_paths: np.ndarray | None, structural_paths: np.ndarray, target: float, until: Month
) -> dict[str, Any]:
    """Extra operations a week that bring the structural share to the target `CLOSE_MONTHS` ahead, the longest waiting
    first, for an 80 and a 50 % chance. Nothing without a forecast of the list."""
    if waiting_paths is None:
        return {}
    months = min(CLOSE_MONTHS, structural_paths.shape[1])
    waiting = np.asarray(waiting_paths, float)
    most, half = (extra_per_week_needed(waiting, structural_paths, target, months, c) for c in (0.8, 0.5))
    return {
        "extra_per_week_to_target": most,
        "extra_per_week_to_target_50": half,
        "target_period": (until + months).first_day,
    }


def _free(flows: Flows, row: dict[str, Any]) -> float:
    """Capacity per month that others could use: reported capacity less what is booked or done, less the own need.

    NaN unless the region reports capacity: what production has shown is no offer.
    """
    if not flows.capacity_reported or np.isnan(flows.performed):
        return float("nan")
    used = flows.performed if np.isnan(flows.committed) else max(flows.performed, flows.committed)
    need = max(_number(row["extra_per_week_to_target"]), _number(row["extra_per_week_to_stabilise"]))
    flagged = row["status"] != "none"
    return max(0.0, flows.capacity - used - (need * WEEKS_PER_MONTH if flagged else 0.0))


def _number(x: float) -> float:
    return 0.0 if np.isnan(x) else x
