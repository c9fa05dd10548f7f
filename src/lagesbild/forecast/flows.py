"""What flowed in and out during the last year, and what capacity there is: the supply side of a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.capacity import (
    WEEKS_PER_YEAR,
    demonstrated_capacity,
    extra_per_week_to_stabilise,
    load,
)
from lagesbild.forecast.panel import Pair

YEAR: Final = 12
ENOUGH: Final = 9  # months of the last twelve that must be observed for a yearly mean


@dataclass(frozen=True)
class Flows:
    """Patients per month over the last twelve months unless said otherwise; NaN where unknown."""

    performed: float
    outflow: float  # performed and other removals
    demand: float  # added, less those who leave without treatment
    removed_ratio: float  # other removals per performed patient, 0 where they are not reported
    capacity: float  # reported, else demonstrated by production
    capacity_reported: bool
    committed: float
    load: float
    growth_per_week: float  # extra patients per week that stop the list from growing, >= 0
    outflow_year: tuple[float, ...]  # performed and other removals, month by month, oldest first; () when unknown
    removed_rate: float  # of the list, the fraction that leaves without treatment in a month
    waiting_now: float | None


def flows_of(pair: Pair) -> Flows:
    """The flows of a pair. Means need `ENOUGH` observed months of the last twelve; growth needs the whole year."""
    added, performed, removed = (pair.columns[c][-YEAR:] for c in ("added", "performed", "removed_other"))
    mean_performed, mean_removed = _mean(performed), _mean(removed)
    leaving = 0.0 if np.isnan(mean_removed) else mean_removed
    capacity = _mean(pair.columns["capacity"][-YEAR:])
    reported = not np.isnan(capacity)
    if not reported:
        capacity = float(np.mean(demonstrated_capacity(_unmasked(pair), pair.first, YEAR)))
    demand = _mean(added) - leaving
    return Flows(
        performed=mean_performed,
        outflow=mean_performed + leaving,
        demand=demand,
        removed_ratio=leaving / mean_performed if mean_performed > 0 else 0.0,
        capacity=capacity,
        capacity_reported=reported,
        committed=_mean(pair.columns["committed"][-YEAR:]),
        load=load(demand, capacity),
        growth_per_week=_growth(pair, added, performed, removed),
        outflow_year=() if np.isnan(mean_performed) else _filled(performed, removed, mean_performed),
        removed_rate=_removed_rate(pair),
        waiting_now=None if np.isnan(pair.columns["waiting"][-1]) else float(pair.columns["waiting"][-1]),
    )


def _filled(performed: np.ndarray, removed: np.ndarray, mean: float) -> tuple[float, ...]:
    return tuple((np.where(np.isnan(performed), mean, performed) + np.nan_to_num(removed)).tolist())


def _removed_rate(pair: Pair) -> float:
    """Other removals over the list they left, last year's months that have both; 0 where they are not reported."""
    removed, waiting = pair.columns["removed_other"][-YEAR:], pair.columns["waiting"][-YEAR - 1 : -1]
    if len(waiting) < len(removed):
        return 0.0
    both = ~np.isnan(removed) & ~np.isnan(waiting)
    stock = float(waiting[both].sum())
    return min(1.0, float(removed[both].sum()) / stock) if stock > 0 else 0.0


def _growth(pair: Pair, added: np.ndarray, performed: np.ndarray, removed: np.ndarray) -> float:
    """From the flows when all three are there for the whole year; otherwise from the list itself, which is the same
    thing where the balance closes."""
    if len(added) == YEAR and not np.isnan(added + performed + removed).any():
        return extra_per_week_to_stabilise(float(added.sum()), float(removed.sum()), float(performed.sum()))
    waiting = pair.columns["waiting"]
    if len(waiting) > YEAR and not np.isnan(waiting[[-1, -1 - YEAR]]).any():
        return max(0.0, float(waiting[-1] - waiting[-1 - YEAR]) / WEEKS_PER_YEAR)
    return float("nan")


def _unmasked(pair: Pair) -> np.ndarray:
    """Production with masked months missing, on the pair's whole grid, so that a pandemic is no capacity."""
    series = pair.series("performed")
    y = np.full(pair.months, np.nan)
    start = series.first - pair.first
    y[start : start + len(series.values)] = series.values
    return y


def _mean(values: np.ndarray) -> float:
    seen = values[~np.isnan(values)]
    return float(seen.mean()) if len(seen) >= ENOUGH else float("nan")
