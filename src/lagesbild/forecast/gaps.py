"""Capacity gaps: is the guarantee kept, when will it not be, and what would close the gap. One row per target.

Everything is read from the same stored sample paths as the bands, so a probability never contradicts a chart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from lagesbild.domain.capacity import expected_wait_days, extra_to_target, per_week
from lagesbild.domain.gap_openings import (
    mean_of_year,
    open_since,
    opening_range,
    opening_steps,
    probability,
)
from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.seasonal import MIN_OBSERVED, adjust, month_profile
from lagesbild.forecast.flows import Flows, flows_of
from lagesbild.forecast.gap_reasons import (
    expected_reason,
    none_reason,
    open_reason,
    seasonal_reason,
    unreported_reason,
    young_reason,
)
from lagesbild.forecast.panel import Pair

TARGETS: Final = (0.7, 0.8, 0.9)
CLOSE_MONTHS: Final = 6  # the plan that is costed: back at the target half a year from now
WATCH: Final = 0.3  # of the recalibrated probability within twelve months: at .5 half the flags held, at .3 a third
EXPECTED: Final = 0.5


@dataclass(frozen=True)
class GapFeatures:
    """What a recalibration may look at beside the raw probability: how close, how close lately, how the list grows."""

    months: int
    distance: float  # structural share now minus the target
    lowest_of_year: float  # the lowest structural share of the last twelve months minus the target
    list_growth: float  # relative change of the list over three months, NaN when unknown


# (share of paths that open, features) -> probability shown
Recalibrate = Callable[[float, GapFeatures], float]


def raw_probability(p: float, features: GapFeatures) -> float:
    """The share of paths as it is: no recalibration."""
    return p


def gap_rows(
    pair: Pair,
    waiting_paths: np.ndarray | None,
    share_paths: np.ndarray | None,
    *,
    recalibrate: Recalibrate = raw_probability,
) -> list[dict[str, Any]]:
    """One row per target with the columns of GAP_COLUMNS except `run_id`. Paths (paths, horizon) or None."""
    series = pair.series("within_limit_share")
    flows = flows_of(pair)
    base = _base(pair, flows)
    if series.observed < MIN_OBSERVED:
        return [{**base, **_unjudged(t), "reason": young_reason(series.observed)} for t in TARGETS]
    if series.tail or share_paths is None:
        reason = series.refusal if not series.tail else unreported_reason(pair.until)
        return [{**base, **_unjudged(t), "reason": reason} for t in TARGETS]
    profile = month_profile(series.values, series.first)
    structural = adjust(series.values, series.first, profile)
    ahead = adjust(np.asarray(share_paths, float), pair.until + 1, profile)
    base |= {"share_now": float(series.values[-1]), "structural_share_now": float(structural[-1])}
    judge = _Judge(pair, flows, series.values, structural, np.asarray(share_paths, float), ahead, recalibrate)
    rows = []
    for target in TARGETS:
        extra = _extra(waiting_paths, ahead, target)
        horizon = min(CLOSE_MONTHS, ahead.shape[1])
        row = {**base, **judge.status(target), **_to_close(extra, pair.until + horizon)}
        row["free_per_month"] = _free(flows, row)
        rows.append(row)
    return rows


def _base(pair: Pair, flows: Flows) -> dict[str, Any]:
    """What does not depend on the target."""
    waiting, excluded = pair.columns["waiting"][-1], pair.columns["not_brokerable"][-1]
    return {
        "region": pair.region,
        "care_area": pair.care_area,
        "load": flows.load,
        "extra_per_week_to_stabilise": flows.growth_per_week,
        "expected_wait_days": float(expected_wait_days(waiting, flows.outflow)),
        "brokerable_share": float(np.maximum(0.0, 1 - excluded / waiting)) if waiting > 0 else float("nan"),
        "capacity_per_month": flows.capacity,
        "share_now": float("nan"),
        "structural_share_now": float("nan"),
        "extra_per_week_to_target": float("nan"),
        "extra_per_week_to_target_50": float("nan"),
        "target_period": None,
        "free_per_month": float("nan"),
        **dict.fromkeys(("paths_share_12m", "lean", "lowest_of_year", "list_growth", "limit_used"), float("nan")),
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
        "seasonal_only": False,
    }


@dataclass(frozen=True)
class _Judge:
    """The status of one pair against any target. Observed shares (n,) end at the run's last month; paths follow it."""

    pair: Pair
    flows: Flows
    share: np.ndarray
    structural: np.ndarray
    share_paths: np.ndarray
    structural_paths: np.ndarray
    recalibrate: Recalibrate

    def status(self, target: float) -> dict[str, Any]:
        row = _unjudged(target)
        since = self._open_since(target)
        if since is not None:
            opened = self.pair.until - since
            row |= {f"probability_{h}m": 1.0 for h in (3, 6, 12)}
            return row | {
                "status": "open",
                "opens_period": opened.first_day,
                "reason": open_reason(
                    target, opened, float(self.structural[-1]), at_least=since == len(self.structural) - 1
                ),
            }
        steps = opening_steps(float(self.structural[-1]), self.structural_paths, target)
        for months in (3, 6, 12):
            features = self._features(target, months)
            row[f"probability_{months}m"] = self.recalibrate(probability(steps, months), features)
        within_year = row["probability_12m"]
        found = opening_range(steps)
        if within_year >= WATCH and found is not None:
            row |= {
                "status": "expected" if within_year >= EXPECTED else "watch",
                "opens_period": self._month(found.median),
                "opens_lo": self._month(found.lo),
                "opens_hi": self._month(found.hi),
            }
            median = self.pair.until + found.median
            return row | {"reason": expected_reason(target, median, within_year)}
        months_under = self._seasonal_months(target)
        if months_under:
            return row | {"seasonal_only": True, "reason": seasonal_reason(target, months_under)}
        return row | {"reason": none_reason(target, within_year)}

    def _open_since(self, target: float) -> int | None:
        """Months since the gap opened, None when it is not open."""
        since = open_since(self.structural, target)
        if since is not None:
            return since
        if not mean_of_year(self.share) < target:  # also when the mean is unknown
            return None
        back = 0  # under by the year's mean: open since that mean fell under
        while back + 1 < len(self.share) and mean_of_year(self.share[: len(self.share) - back - 1]) < target:
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

    def _features(self, target: float, months: int) -> GapFeatures:
        waiting = self.pair.columns["waiting"]
        growth = float(waiting[-1] / waiting[-4] - 1) if len(waiting) > 3 and waiting[-4] > 0 else float("nan")
        return GapFeatures(
            months, float(self.structural[-1]) - target, float(np.nanmin(self.structural[-12:])) - target, growth
        )

    def _month(self, step: int) -> date:
        return (self.pair.until + step).first_day


def _extra(waiting_paths: np.ndarray | None, structural_paths: np.ndarray, target: float) -> np.ndarray | None:
    """Extra patients per week, on each path, that bring the structural share to the target `CLOSE_MONTHS` ahead, the
    longest waiting first; (paths,). None without a forecast of the list."""
    if waiting_paths is None:
        return None
    at = min(CLOSE_MONTHS, structural_paths.shape[1]) - 1
    waiting = np.asarray(waiting_paths[:, at], float)
    over = (1 - np.clip(structural_paths[:, at], 0.0, 1.0)) * waiting
    return np.asarray(per_week(extra_to_target(waiting, over, target), at + 1))


def _to_close(extra: np.ndarray | None, target_month: Month) -> dict[str, Any]:
    if extra is None:
        return {}
    return {
        "extra_per_week_to_target": float(np.quantile(extra, 0.8)),
        "extra_per_week_to_target_50": float(np.quantile(extra, 0.5)),
        "target_period": target_month.first_day,
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
