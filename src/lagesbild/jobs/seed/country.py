"""One care area in the whole country: demand, supply and targets of every provider's list, run through the queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.periods import Month, months_between
from lagesbild.jobs.seed import story
from lagesbild.jobs.seed.calendar import STEPS_PER_YEAR
from lagesbild.jobs.seed.catalogue import SeedArea, SeedProvider, SeedRegion
from lagesbild.jobs.seed.queue import BURN_IN_MONTHS, Simulated, simulate, wait_for_share

# Month-to-month noise in logarithms: (autocorrelation, standard deviation)
_REGION_SUPPLY = (0.45, 0.020)
_REGION_DEMAND = (0.30, 0.018)
_PROVIDER_SUPPLY = (0.30, 0.030)
_BACKLOG_2022 = 1.036  # operations of 2022 over an ordinary year's: the pandemic's queue was worked off
_LEVEL_DRIFT = (0.92, 0.004)  # the level itself wanders a little, in shares


@dataclass(frozen=True)
class AreaRun:
    """A simulated care area. `series` lists the providers in the simulation's order, `region_of` their regions."""

    area: SeedArea
    regions: list[SeedRegion]
    series: list[SeedProvider]
    region_of: np.ndarray
    first: Month
    months: int
    simulated: Simulated

    @property
    def calendar(self) -> list[Month]:
        return months_between(self.first, self.first + (self.months - 1))

    def by_region(self, values: np.ndarray) -> np.ndarray:
        """Sums over each region's providers: (months, series, ...) -> (months, regions, ...)."""
        out = np.zeros((values.shape[0], len(self.regions), *values.shape[2:]), dtype=values.dtype)
        for region in range(len(self.regions)):
            out[:, region] = values[:, self.region_of == region].sum(axis=1)
        return out


def limit_ages(region: str) -> int:
    """The guarantee in steps of ten days: 90 days, Halland 60."""
    return 6 if region == "13" else 9


def autoregressive(rng: np.random.Generator, months: int, columns: int, shape: tuple[float, float]) -> np.ndarray:
    """AR(1) noise with the given autocorrelation and stationary standard deviation. (months, columns)."""
    memory, deviation = shape
    noise = rng.normal(0.0, deviation, (months, columns))
    for t in range(1, months):
        noise[t] = memory * noise[t - 1] + np.sqrt(1 - memory**2) * noise[t]
    return noise


def run_area(
    seed: int,
    index: int,
    area: SeedArea,
    regions: list[SeedRegion],
    everyone: list[SeedProvider],
    last: Month,
    months: int,
) -> AreaRun:
    """Simulate one care area. The same (seed, index, regions, months) gives the same numbers."""
    rng = np.random.default_rng([seed, index])
    series = [p for p in everyone if p.areas is None or area.area.code in p.areas or index >= 3]
    codes = [r.region.code for r in regions]
    region_of = np.array([codes.index(p.provider.region) for p in series])
    first = last - (months - 1)
    start = first - BURN_IN_MONTHS
    whole = months_between(start, last)
    n = len(whole)

    drift = autoregressive(rng, n, len(codes), _LEVEL_DRIFT)
    target = np.stack([story.target_shares(c, area.area.code, start, last) for c in codes], axis=1) + drift
    leave = area.rates.total
    wait_region = np.stack(
        [wait_for_share(np.clip(target[:, r], 0.5, 0.985), leave, limit_ages(c)) for r, c in enumerate(codes)], axis=1
    )
    own_wait = np.exp(rng.normal(0.0, 0.07, len(series)))
    wait = wait_region[:, region_of] * own_wait

    people = np.array([r.population for r in regions], dtype=float)
    need = people * np.exp(rng.normal(0.0, 0.05, len(codes)))
    country_people = 10_551_707 if len(codes) >= 21 else 10_551_707 * need.sum() / people.sum()
    weight = np.array([p.weight for p in series])
    part = weight / np.bincount(region_of, weight, minlength=len(codes))[region_of]
    a_year = area.operations_a_year / (_BACKLOG_2022 if area.volume_year == 2022 else 1.0)
    performed = a_year / STEPS_PER_YEAR * (need / max(need.sum(), country_people))[region_of] * part
    calm = wait[BURN_IN_MONTHS + months // 2]  # an ordinary month's W, to turn operations into arrivals
    returning = area.rates.patient_choice + area.rates.medical
    arrivals = performed / (1 / calm + returning) * (1 / calm + leave)

    trend = np.stack([story.growth(c, whole) for c in codes], axis=1)
    demand = trend * np.exp(autoregressive(rng, n, len(codes), _REGION_DEMAND))
    supply = np.exp(autoregressive(rng, n, len(codes), _REGION_SUPPLY))[:, region_of]
    supply = supply * np.exp(autoregressive(rng, n, len(series), _PROVIDER_SUPPLY))
    region, care_area = story.SEASONAL_ONLY
    if area.area.code == care_area and region in codes:
        closed = np.array([m.month == 7 for m in whole])[:, None] & (region_of == codes.index(region))
        supply = np.where(closed, supply * story.SUMMER_LEFT, supply)
    simulated = simulate(
        rng, first, months, arrivals=arrivals, wait=wait, demand=demand[:, region_of], supply=supply, rates=area.rates
    )
    return AreaRun(area, regions, series, region_of, first, months, simulated)
