"""Queueing arithmetic of capacity gaps. Every formula: definition, units, source and a worked number that is a doctest.

Units unless said otherwise: patients, patients per week, weeks. Shares are fractions 0-1. Works on single numbers and,
where it says "paths", on numpy arrays elementwise.
Sources: Fong et al. 2022 (medRxiv 2022.08.23.22279117) with the NHSRwaitinglist package; Little 1961; Lägesbild's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.seasonal import adjust, month_profile

DAYS_PER_MONTH: Final = 365.25 / 12
WEEKS_PER_YEAR: Final = 12 * WEEKS_PER_MONTH
DEFAULT_FACTOR: Final = 4.0  # Fong: the target mean wait is a quarter of the limit, so that e^-4 = 1.8 % miss it
LIMIT_STEPS: Final = (0.5, 0.75, 1.0)  # of the limit, at which SIGLIC acts
RELIEF_RATIO: Final = 2.0  # Fong: a queue more than twice its target needs relief capacity


def load(demand: float, capacity: float) -> float:
    """Demand over capacity, without unit; above 1 the queue grows. NaN without capacity. (Fong)

    >>> round(load(30, 27), 4)
    1.1111
    """
    return demand / capacity if capacity > 0 else math.nan


def target_mean_wait(limit: float, factor: float = DEFAULT_FACTOR) -> float:
    """Mean wait, in the unit of `limit`, at which few wait longer than `limit`: limit / factor. (Fong)

    >>> target_mean_wait(52, 4)
    13.0
    """
    return limit / factor


def miss_probability(factor: float = DEFAULT_FACTOR) -> float:
    """Share who wait longer than the limit when the mean wait is limit / factor and waits are exponential. (Fong)

    >>> round(miss_probability(4), 4), round(miss_probability(6), 4)
    (0.0183, 0.0025)
    """
    return math.exp(-factor)


def target_queue(demand: float, limit_weeks: float, factor: float = DEFAULT_FACTOR) -> float:
    """List size, patients, that goes with the target mean wait: demand x limit / factor. (Fong, by Little)

    >>> target_queue(30, 52, 4), target_queue(30, 50, 6)
    (390.0, 250.0)
    """
    return demand * limit_weeks / factor


def queue_ratio(waiting: float, target: float) -> float:
    """The list over its target size; above `RELIEF_RATIO` relief capacity is called for. (Fong)

    >>> round(queue_ratio(1200, 390), 2)
    3.08
    """
    return waiting / target if target > 0 else math.nan


def relief_capacity(demand: float, waiting: float, target: float, weeks: float) -> float:
    """Patients per week that bring the list from `waiting` to `target` in `weeks`. (Fong)

    >>> round(relief_capacity(30, 1200, 390, 26), 4), relief_capacity(33, 800, 200, 30)
    (61.1538, 53.0)
    """
    return demand + (waiting - target) / weeks


def target_capacity(
    demand: float, limit_weeks: float, factor: float = DEFAULT_FACTOR, cv_demand: float = 1.0, cv_capacity: float = 1.0
) -> float:
    """Patients per week that keep a list at its target size, given coefficients of variation. (Fong)

    The package's help text leaves out the / 2 that its code and tests have; it is kept here.

    >>> round(target_capacity(30, 52, 3, 1.1, 1.2), 6), round(target_capacity(4, 52), 6)
    (30.076442, 4.076923)
    """
    return demand + (cv_demand**2 + cv_capacity**2) / 2 * factor / limit_weeks


def pressure(mean_wait: float, limit: float) -> float:
    """Twice the mean wait over the limit, both in one unit; wanted below 1. (Fong; the 2 is the package's own)

    >>> round(pressure(63, 52), 6), pressure(24, 4)
    (2.423077, 12.0)
    """
    return 2 * mean_wait / limit


def percentile_capacity(weekly_demand: Sequence[float], percentile: float = 80.0) -> float:
    """Capacity, patients per week, that covers the given percentile of weekly demand. (NHS IST core model: 65 to 85)

    Percentiles are inclusive. Right for urgent care that must be seen the same week; for a routine list, where a
    standing queue absorbs the weeks, planning on the mean is enough (Findlay, HSJ), so no flag is built on this.

    >>> weeks = (20, 22, 25, 27, 30, 31, 33, 35, 38, 40)
    >>> [round(percentile_capacity(weeks, p), 2) for p in (65, 85)], float(np.mean(weeks))
    ([32.7, 36.95], 30.1)
    """
    return float(np.percentile(np.asarray(weekly_demand, float), percentile))


def limit_used(expected_wait: float, limit: float) -> float:
    """Expected wait over the guarantee's limit, both in one unit; above 1 it is not kept. NaN when unknown. (SIGLIC)

    >>> limit_used(67.5, 90)
    0.75
    """
    return expected_wait / limit if limit > 0 else math.nan


def step_reached(used: float) -> float:
    """The highest of LIMIT_STEPS that is reached, 0 when it is under the first.

    >>> step_reached(.4), step_reached(.8), step_reached(1.2)
    (0.0, 0.75, 1.0)
    """
    return max((s for s in LIMIT_STEPS if used >= s), default=0.0)


def limit_step_days(limit: float, step: float = 0.75) -> float:
    """Days after which a share of the limit is used. Portugal's SIGLIC acts at LIMIT_STEPS: at 75 % the patient may go
    elsewhere, so those who have waited longer are next month's breaches. (SIGLIC)

    >>> [limit_step_days(90, s) for s in LIMIT_STEPS]
    [45.0, 67.5, 90.0]
    """
    return limit * step


def little_wait(waiting: float, outflow: float) -> float:
    """Mean wait when the list is steady, in the time unit of `outflow`: S / lambda. NaN without outflow. (Little)

    Sweden, operations, January 2024:

    >>> round(little_wait(200231, 20821.5), 2)
    9.62
    """
    return waiting / outflow if outflow > 0 else math.nan


def clearance_months(waiting: float, performed_per_month: float) -> float:
    """Months it takes to treat everybody now on the list at this pace, were nobody added.

    >>> clearance_months(1200, 400)
    3.0
    """
    return little_wait(waiting, performed_per_month)


def extra_per_week_to_stabilise(
    added: float, removed_other: float, performed: float, weeks: float = WEEKS_PER_YEAR
) -> float:
    """Extra patients per week that stop the list from growing; 0 when it does not. Sums over whole years only.

    Sweden, operations, February 2023 to January 2024 (other removals are inside `added` there):

    >>> round(extra_per_week_to_stabilise(1086376, 0, 1085693, 365 / 7), 1)
    13.1
    """
    return max(0.0, (added - removed_other - performed) / weeks)


def extra_to_target(waiting: Any, over_limit: Any, target: float, share_over: float = 1.0) -> Any:
    """Extra patients to treat so that the share within the limit reaches `target`. Paths.

    `share_over` is the fraction of the extra patients who had waited beyond the limit (1 = the longest waiting first).
    X = max(0, N4 - (1 - a)S) / (q - (1 - a)); infinite when it cannot be done, q <= 1 - a, unless nothing is needed.

    >>> round(float(extra_to_target(1000, 300, .8)), 6), round(float(extra_to_target(1000, 300, .8, .5)), 2)
    (125.0, 333.33)
    >>> float(extra_to_target(1000, 300, .8, .2))
    inf
    >>> round(float(extra_to_target(126889, 45581, .8))), round(float(extra_to_target(126889, 45581, .7)))
    (25254, 10735)
    """
    allowed = 1 - target
    lacking = np.maximum(0.0, np.asarray(over_limit, float) - allowed * np.asarray(waiting, float))
    if share_over - allowed <= 1e-12:
        return np.where(lacking > 0, np.inf, lacking)[()]
    return (lacking / (share_over - allowed))[()]


def per_week(patients: Any, months: float) -> Any:
    """Patients spread over months, as patients per week. Paths.

    >>> round(float(per_week(125, 6)), 3), round(float(per_week(333.333, 6)), 3)
    (4.791, 12.777)
    """
    return patients / (WEEKS_PER_MONTH * months)


def list_size_first_come(outflow: float, limit_weeks: float, target: float) -> float:
    """Steady list, patients, with the share `target` within the limit, first come first served: lambda T/a. (Lägesbild)

    >>> round(list_size_first_come(30, 90 / 7, .8), 1), round(list_size_first_come(30, 90 / 7, .9), 1)
    (482.1, 428.6)
    """
    return outflow * limit_weeks / target


def list_size_random(outflow: float, limit_weeks: float, target: float) -> float:
    """The same when patients are taken in random order (exponential ages): lambda T / -ln(1 - a).

    The distance to `list_size_first_come` is what better ordering alone is worth.

    >>> round(list_size_random(30, 90 / 7, .8), 1), round(list_size_random(30, 90 / 7, .9), 1)
    (239.7, 167.5)
    """
    return outflow * limit_weeks / -math.log(1 - target)


def cohort_step(bands: Sequence[Any], added: Any, stay_1: Any, stay_2: Any, stay_4: Any) -> tuple[Any, Any, Any, Any]:
    """One month of ageing of the bands 0-30, 31-60, 61-90 and over 90 days; `stay_*` are the fractions still waiting.
    Paths.

    >>> [round(x, 3) for x in cohort_step((400, 250, 150, 200), 380, .62, .60, .55)]
    [380, 248.0, 150.0, 192.5]
    """
    n1, n2, n3, n4 = bands
    return added, stay_1 * n1, stay_2 * n2, stay_4 * (n3 + n4)


def weekdays(month: Month) -> int:
    """Days Monday to Friday in a month. Public holidays are left to the month profile, since they differ by country.

    >>> weekdays(Month(2024, 2)), weekdays(Month(2026, 10))
    (21, 22)
    """
    days = ((month + 1).first_day - month.first_day).days
    first: date = month.first_day
    return sum((first + timedelta(days=k)).weekday() < 5 for k in range(days))


def demonstrated_capacity(performed: np.ndarray, first: Month, ahead: int, *, months: int = 24) -> np.ndarray:
    """Capacity that production has shown, patients per month, for `ahead` months after the series ends. (Lägesbild)

    The 80th percentile of performed per weekday over the last `months`, month profile removed, times each coming
    month's profile and weekdays: neither the best month ever nor the average. `performed` holds one value a month from
    `first`, NaN where missing. All NaN with fewer than twelve observed months in that time.

    >>> steady = np.array([10.0 * weekdays(Month(2024, 1) + k) for k in range(36)])
    >>> [float(round(x)) for x in demonstrated_capacity(steady, Month(2024, 1), 2)]  # January and February 2027
    [210.0, 200.0]
    """
    days = np.array([weekdays(first + k) for k in range(len(performed) + ahead)], float)
    daily = performed / days[: len(performed)]
    profile = month_profile(daily, first, scale="log")
    flat = adjust(daily, first, profile, scale="log")[-months:]
    observed = flat[~np.isnan(flat)]
    if len(observed) < 12:
        return np.full(ahead, np.nan)
    coming = [(first + len(performed) + k).month - 1 for k in range(ahead)]
    shown: np.ndarray = np.quantile(observed, 0.8) * np.exp(profile[coming]) * days[len(performed) :]
    return shown
