"""The queue: cohorts by age in steps of ten days, treated by a hazard that rises towards the guarantee.

Not first come first served: some are urgent and treated within days, most wait their turn with a push as the limit
comes near, and a few who passed it stay long. Each step of a third of a month, for every series at once:

    treated = N(age) * k * profile(age), rounded up or down by chance;  sum of means = production of the step
    left    ~ Binomial(rest, rate): without treatment, or into patient-chosen or medical waiting
    ages + 1, new arrivals ~ Poisson at age 0

Patients in patient-chosen or medical waiting are outside `waiting`. They are counted as removed when they go there and
as added and performed when they are operated on from there, so that
waiting(t) = waiting(t-1) + added(t) - performed(t) - removed_other(t) holds in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month, months_between
from lagesbild.jobs.seed.calendar import STEPS_PER_MONTH, intensity, pandemic_factor

AGES: Final = 41  # steps of ten days: 0-9, 10-19, ..., 390-399, 400 or more
BAND_EDGES: Final = (0, 3, 6, 9, 12, 18, 36, AGES)  # the seven wait bands as age slices
BURN_IN_MONTHS: Final = 30  # from an empty queue to its own level, pandemic spring included
FOLLOWS_QUEUE: Final = 0.5  # how much of production follows the queue's length; the rest is the plan
CHOSEN_AGE: Final = 5  # wait without the chosen part, for those treated from patient-chosen or medical waiting
_RETURN: Final = (0.10, 0.07)  # share of the patient-chosen and the medical pool operated on per step

PROFILE: Final = np.concatenate(
    [[0.85, 0.75, 0.75, 0.85, 0.95, 1.05, 1.25, 1.55, 1.85], np.linspace(1.6, 0.9, 12), np.full(AGES - 21, 0.9)]
)


@dataclass(frozen=True)
class Rates:
    """Chances per step of leaving the queue without treatment, or into patient-chosen and medical waiting."""

    removed: float
    patient_choice: float
    medical: float

    @property
    def total(self) -> float:
        return self.removed + self.patient_choice + self.medical


@dataclass(frozen=True)
class Simulated:
    """What happened, per month and series. All counts are whole numbers.

    waiting, treated: (months, series, AGES) at month end and over the month; added, removed_other: (months, series);
    patient_choice, medical: (months, series) at month end, outside `waiting`; planned: (months, series), mean places
    set aside, before the pandemic and the month's noise.
    """

    waiting: np.ndarray
    treated: np.ndarray
    added: np.ndarray
    removed_other: np.ndarray
    patient_choice: np.ndarray
    medical: np.ndarray
    planned: np.ndarray

    @classmethod
    def empty(cls, months: int, series: int) -> Simulated:
        def zeros(*shape: int) -> np.ndarray:
            return np.zeros(shape, dtype=np.int32)

        return cls(
            waiting=zeros(months, series, AGES),
            treated=zeros(months, series, AGES),
            added=zeros(months, series),
            removed_other=zeros(months, series),
            patient_choice=zeros(months, series),
            medical=zeros(months, series),
            planned=np.zeros((months, series)),
        )


def treat_chance(waiting: np.ndarray, production: np.ndarray) -> np.ndarray:
    """Chance of treatment per age so that the mean number treated is `production`. (series, AGES), (series,)."""
    weight = waiting @ PROFILE
    k = np.divide(production, weight, out=np.zeros_like(production), where=weight > 0)
    return np.asarray(np.minimum(k[:, None] * PROFILE, 0.92))


def _aged(rest: np.ndarray) -> np.ndarray:
    """Everybody one step older; the oldest cell keeps its own. (series, AGES)."""
    out = np.empty_like(rest)
    out[:, 1:] = rest[:, :-1]
    out[:, -1] += rest[:, -1]
    out[:, 0] = 0
    return out


@cache
def steady_shares(leave: float, limit_age: int) -> tuple[np.ndarray, np.ndarray]:
    """Wait W (queue over production, in steps) against the yearly mean share within the limit, without noise.

    Returns (share, W), shares rising, for interpolation. Runs five ordinary years (2022-2026's calendars).
    """
    waits = np.linspace(1.5, 16.0, 59)
    months = months_between(Month(2022, 1), Month(2026, 12))
    production, inflow = intensity(months)
    arrivals = 1000.0
    goal = arrivals / (1 / waits + leave)
    queue = np.zeros((len(waits), AGES))
    shares = []
    for step, (p, a) in enumerate(zip(production, inflow, strict=True)):
        size = queue.sum(axis=1)
        mean = p * goal / waits * (1 - FOLLOWS_QUEUE + FOLLOWS_QUEUE * size / goal)
        rest = queue * (1 - treat_chance(queue, mean)) * (1 - leave)
        queue = _aged(rest)
        queue[:, 0] = arrivals * a
        if step % STEPS_PER_MONTH == 2 and step >= len(production) - 36:
            shares.append(queue[:, :limit_age].sum(axis=1) / queue.sum(axis=1))
    share = np.mean(shares, axis=0)
    return share[::-1], waits[::-1]


def wait_for_share(share: np.ndarray, leave: float, limit_age: int) -> np.ndarray:
    """The W that gives a yearly mean share within the limit; ends of the table beyond it. Same shape as `share`."""
    known, waits = steady_shares(round(leave, 6), limit_age)
    return np.asarray(np.interp(share, known, waits))


def simulate(
    rng: np.random.Generator,
    first: Month,
    months: int,
    *,
    arrivals: np.ndarray,
    wait: np.ndarray,
    demand: np.ndarray,
    supply: np.ndarray,
    rates: Rates,
) -> Simulated:
    """Run all series of one care area.

    arrivals (series,): mean arrivals per step at demand 1. wait (burn-in + months, series): the W aimed at.
    demand, supply (burn-in + months, series): factors on arrivals and production, noise and trends.
    """
    calendar = months_between(first - BURN_IN_MONTHS, first + (months - 1))
    production, inflow = intensity(calendar)
    production_left, inflow_left = pandemic_factor(calendar)
    series = len(arrivals)
    queue = np.zeros((series, AGES), dtype=np.int64)
    pools = np.zeros((2, series), dtype=np.int64)
    out = Simulated.empty(months, series)
    for step in range(len(calendar) * STEPS_PER_MONTH):
        month = step // STEPS_PER_MONTH
        need = arrivals * demand[month]
        goal = need / (1 / wait[month] + rates.total)
        size = queue.sum(axis=1)
        plan = production[step] * goal / wait[month] * (1 - FOLLOWS_QUEUE + FOLLOWS_QUEUE * size / goal)
        mean = plan * production_left[step] * supply[month]
        # operating slots are planned, so the number treated varies less than a coin per patient would make it
        slots = queue * treat_chance(queue, mean) + rng.random(queue.shape)
        treated = np.minimum(queue, slots.astype(np.int64))
        rest = queue - treated
        left = rng.binomial(rest, rates.total)
        rest -= left
        gone = left.sum(axis=1)
        to_choice = rng.binomial(gone, rates.patient_choice / rates.total)
        to_medical = rng.binomial(gone - to_choice, rates.medical / (rates.medical + rates.removed))
        back = np.stack([rng.binomial(pool, chance) for pool, chance in zip(pools, _RETURN, strict=True)])
        pools += np.stack([to_choice, to_medical]) - back
        new = rng.poisson(need * inflow[step] * inflow_left[step])
        queue = _aged(rest)
        queue[:, 0] = new
        kept = month - BURN_IN_MONTHS
        if kept >= 0:
            returned = back.sum(axis=0)
            out.treated[kept] += treated.astype(np.int32)
            out.treated[kept, :, CHOSEN_AGE] += returned.astype(np.int32)
            out.added[kept] += (new + returned).astype(np.int32)
            out.removed_other[kept] += gone.astype(np.int32)
            out.planned[kept] += plan
            if step % STEPS_PER_MONTH == 2:
                out.waiting[kept] = queue
                out.patient_choice[kept], out.medical[kept] = pools
    return out


def quantile_days(counts: np.ndarray, q: float) -> np.ndarray:
    """Quantile of waiting days per row of age counts, whole days; NaN where nobody is counted. (..., AGES) -> (...).

    Days are spread evenly inside a step of ten.
    """
    total = counts.sum(axis=-1)
    running = counts.cumsum(axis=-1)
    goal = total * q
    cell = np.minimum((running < goal[..., None]).sum(axis=-1), AGES - 1)
    inside = np.take_along_axis(counts, cell[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(running, cell[..., None], axis=-1)[..., 0] - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        days = 10 * (cell + (goal - before) / inside)
    return np.where(total > 0, np.floor(days + 0.5), np.nan)
