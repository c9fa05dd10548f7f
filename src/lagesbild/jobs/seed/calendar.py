"""When care is given in Sweden: working days, and how busy each month is on them.

A month is cut in three steps (days 1-10, 11-20, 21-end): the time step of the simulation. How busy a month is comes
from SKR's national table of 2023 (operation/åtgärd), divided by that month's working days, so that a year with another
Easter or another Christmas gets its own months.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month

STEPS_PER_MONTH: Final = 3
STEPS_PER_YEAR: Final = 36
# operations performed and patients added per month of 2023, thousands, SKR
_PERFORMED_2023: Final = (106.9, 103.6, 108.1, 87.0, 102.2, 80.7, 44.4, 76.6, 96.8, 105.1, 103.9, 79.1)
_ADDED_2023: Final = (111.4, 101.3, 103.3, 84.2, 101.8, 85.7, 54.8, 78.9, 91.6, 102.9, 99.4, 83.4)


def easter_sunday(year: int) -> date:
    """The Gregorian computus (Meeus, Jones, Butcher).

    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Days without planned care besides weekends: public holidays and the eves on which clinics are closed."""
    easter = easter_sunday(year)
    midsummer_eve = next(d for d in (date(year, 6, 19 + k) for k in range(7)) if d.weekday() == 4)
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    moving = [easter - timedelta(2), easter + timedelta(1), easter + timedelta(39), midsummer_eve]
    return frozenset([date(year, m, d) for m, d in fixed] + moving)


@cache
def working_days(month: Month) -> tuple[int, int, int]:
    """Working days in the three steps of a month.

    >>> working_days(Month(2023, 12)), sum(working_days(Month(2023, 12)))
    ((6, 8, 5), 19)
    """
    counts = [0, 0, 0]
    day = month.first_day
    while day.month == month.month:
        if day.weekday() < 5 and day not in holidays(day.year):
            counts[min(2, (day.day - 1) // 10)] += 1
        day += timedelta(1)
    return counts[0], counts[1], counts[2]


# The three care areas dip less in summer than all operations do; production catches up in the autumn. With these two
# the simulated share has its low in August, its high in November and an amplitude of about ten points, as 2016-2019.
_DAMPING: Final = 0.7
_AUTUMN_PUSH: Final = 0.08


@cache
def _per_day(monthly: tuple[float, ...], autumn_push: float) -> np.ndarray:
    """Activity per working day for each calendar month, as a multiple of the year's mean. Shape (12,)."""
    days = np.array([sum(working_days(Month(2023, m))) for m in range(1, 13)])
    shape = (np.array(monthly) / days) ** _DAMPING
    shape[8:11] *= 1 + autumn_push
    shape[:3] *= 1 - 0.6 * autumn_push
    return np.asarray(shape * days.sum() / (shape * days).sum())


def intensity(months: list[Month]) -> tuple[np.ndarray, np.ndarray]:
    """Production and inflow of each step as multiples of an average step. Two arrays of shape (3 x months,)."""
    days = np.array([working_days(m) for m in months], dtype=float)
    mean_days = 250.0 / STEPS_PER_YEAR  # working days in an average step; 248-252 a year
    calendar_month = np.array([m.month - 1 for m in months])
    shapes = (_per_day(_PERFORMED_2023, _AUTUMN_PUSH), _per_day(_ADDED_2023, 0.0))
    production, inflow = ((days / mean_days * shape[calendar_month][:, None]).ravel() for shape in shapes)
    return production, inflow


def pandemic_factor(months: list[Month]) -> tuple[np.ndarray, np.ndarray]:
    """How much of normal production and inflow was left in the pandemic. Two arrays of shape (3 x months,)."""
    waves = {
        "2020-03": (0.75, 0.70), "2020-04": (0.45, 0.50), "2020-05": (0.50, 0.60), "2020-06": (0.75, 0.80),
        "2020-11": (0.85, 0.90), "2020-12": (0.72, 0.82), "2021-01": (0.70, 0.82), "2021-02": (0.80, 0.88),
        "2021-03": (0.84, 0.92), "2021-04": (0.76, 0.88), "2021-05": (0.84, 0.92), "2021-06": (0.94, 0.97),
    }  # fmt: skip
    both = np.array([waves.get(str(m), (1.0, 1.0)) for m in months])
    return np.repeat(both[:, 0], STEPS_PER_MONTH), np.repeat(both[:, 1], STEPS_PER_MONTH)
