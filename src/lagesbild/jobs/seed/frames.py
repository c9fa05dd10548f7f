"""A simulated care area as rows of the contract's datasets: regions' totals and their providers, whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.jobs.seed import story
from lagesbild.jobs.seed.country import AreaRun, limit_ages
from lagesbild.jobs.seed.queue import BAND_EDGES, quantile_days

_STALE_AGES = (20, 38)  # where entries nobody waits behind lie: 181-365 and 366 or more days
_SLACK = (0.03, 0.14)  # capacity over plan, by region
_FULL = 1.01  # places per operation done where places are what is short


@dataclass(frozen=True)
class Units:
    """The rows of a month: every region's total, then every provider. `reported` (months, units) is what is sent in."""

    regions: np.ndarray
    providers: np.ndarray
    reported: np.ndarray
    calendar: list[Month]

    def frame(self, area: str, columns: dict[str, np.ndarray]) -> pd.DataFrame:
        """Reported rows, by unit and month. Each column is (months, units); floats become whole numbers or empty."""
        keep = self.reported.T.ravel()
        months, units = len(self.calendar), len(self.regions)
        out = {
            "period": np.tile([str(m) for m in self.calendar], units)[keep],
            "region": np.repeat(self.regions, months)[keep],
            "care_area": np.full(int(keep.sum()), area),
            "provider": np.repeat(self.providers, months)[keep],
        }
        for name, values in columns.items():
            column = pd.Series(values.T.ravel()[keep])
            out[name] = column.astype("Int64")
        return pd.DataFrame(out)


def missing_months(region: str, calendar: list[Month]) -> np.ndarray:
    """Months a region does not report because it changes record system. Bool (months,)."""
    code, first, last = story.OLD_SYSTEM_CHANGE
    if region == code:
        return np.array([first <= m <= last for m in calendar])
    code, first = story.OPEN_SYSTEM_CHANGE
    return np.array([region == code and m >= first for m in calendar])


def units_of(run: AreaRun) -> Units:
    codes = [r.region.code for r in run.regions]
    missing = np.stack([missing_months(c, run.calendar) for c in codes], axis=1)
    return Units(
        np.array(codes + [p.provider.region for p in run.series]),
        np.array([""] * len(codes) + [p.provider.code for p in run.series]),
        ~np.concatenate([missing, missing[:, run.region_of]], axis=1),
        run.calendar,
    )


def with_totals(run: AreaRun, values: np.ndarray) -> np.ndarray:
    """Regions' sums in front of the providers' own: (months, series, ...) -> (months, regions + series, ...)."""
    return np.concatenate([run.by_region(values), values], axis=1)


def add_stale_entries(run: AreaRun) -> np.ndarray:
    """Those waiting by age, with the entries that one region's old record system never cleared. (months, series, AGES).

    Their number never changes, so the month's balance holds; they vanish with the system, in months without a report,
    and the level jumps: the reporting artefact of the story.
    """
    waiting = run.simulated.waiting.copy()
    code, first, _ = story.OLD_SYSTEM_CHANGE
    before = np.array([m < first for m in run.calendar])
    for k, provider in enumerate(run.series):
        if provider.provider.region == code and before.any():
            stale = round(story.STALE_SHARE * float(waiting[before, k].sum(axis=1).mean()))
            for age, count in zip(_STALE_AGES, (stale - stale // 3, stale // 3), strict=True):
                waiting[before, k, age] += count
    return waiting


def first_published(rng: np.random.Generator, waiting: np.ndarray) -> np.ndarray:
    """The same list as it was first reported: some just past 90 days not yet counted as such, or the other way round.

    About one per cent of the list lies in the neighbouring band, in half the provider months. The number waiting is
    the same, so every balance holds in both versions.
    """
    out = waiting.copy()
    size = out.sum(axis=2)
    late = rng.binomial(size, 0.02) * (rng.random(size.shape) < 0.6)
    late = np.minimum(late, out[:, :, 9])
    early = rng.binomial(size, 0.01) * (rng.random(size.shape) < 0.2) * (late == 0)
    early = np.minimum(early, out[:, :, 8])
    out[:, :, 8] += (late - early).astype(out.dtype)
    out[:, :, 9] -= (late - early).astype(out.dtype)
    return out


def waits(run: AreaRun, waiting: np.ndarray, seed: int) -> pd.DataFrame:
    """The dataset `waits` from the list by age (months, series, AGES)."""
    units = units_of(run)
    ages = with_totals(run, waiting)
    total = ages.sum(axis=2)
    limit = np.array([limit_ages(r) for r in units.regions])
    within = np.where(limit == 6, ages[:, :, :6].sum(axis=2), ages[:, :, :9].sum(axis=2))
    rng = np.random.default_rng([seed, run.area.area.sort_order, 7])
    chance = run.area.not_brokerable * np.exp(rng.normal(0, 0.12, len(run.series)))
    cannot = np.floor(waiting.sum(axis=2) * chance + rng.random(waiting.shape[:2])).astype(np.int64)
    bands = {
        name: ages[:, :, low:high].sum(axis=2)
        for name, low, high in zip(WAIT_BANDS, BAND_EDGES[:-1], BAND_EDGES[1:], strict=True)
    }
    return units.frame(
        run.area.area.code,
        {
            "waiting": total,
            "within_limit": within,
            **bands,
            "excluded_patient_choice": with_totals(run, run.simulated.patient_choice),
            "excluded_medical": with_totals(run, run.simulated.medical),
            "wait_days_median": quantile_days(ages, 0.5),
            "not_brokerable": with_totals(run, np.minimum(cannot, waiting.sum(axis=2))),
        },
    )


def production(run: AreaRun, seed: int) -> pd.DataFrame:
    """The dataset `production`. planned = performed + cancelled; winter and the pandemic cancel more."""
    units = units_of(run)
    ages = with_totals(run, run.simulated.treated)
    limit = np.array([limit_ages(r) for r in units.regions])
    performed = run.simulated.treated.sum(axis=2)
    rng = np.random.default_rng([seed, run.area.area.sort_order, 8])
    winter = np.array([1.5 if m.month in (1, 2, 12) else 1.0 for m in run.calendar])
    pandemic = np.array([2.2 if m <= Month(2021, 6) else 1.0 for m in run.calendar])
    cancelled = rng.poisson(performed * (0.042 * winter * pandemic)[:, None])
    return units.frame(
        run.area.area.code,
        {
            "added": with_totals(run, run.simulated.added),
            "performed": with_totals(run, performed),
            "removed_other": with_totals(run, run.simulated.removed_other),
            "performed_within_limit": np.where(limit == 6, ages[:, :, :6].sum(axis=2), ages[:, :, :9].sum(axis=2)),
            "wait_days_median": quantile_days(ages, 0.5),
            "wait_days_p90": quantile_days(ages, 0.9),
            "planned": with_totals(run, performed + cancelled),
            "cancelled": with_totals(run, cancelled),
        },
    )


def capacity(run: AreaRun, seed: int) -> pd.DataFrame:
    """The dataset `capacity`: places a month for the region's own patients, and how many of them are booked.

    Counted as production is, by home region wherever the place is: with places for other regions' patients added, but
    not those the region uses elsewhere, every operation out of region would stand in two capacities.
    Where the queue gets longer the places are what is short, so a region that slides has next to none over.
    """
    units = units_of(run)
    rng = np.random.default_rng([seed, run.area.area.sort_order, 9])
    slack = 1 + rng.uniform(*_SLACK, len(run.regions))[run.region_of]
    own = run.simulated.treated.sum(axis=2)
    places = np.maximum(np.ceil(run.simulated.planned * slack).astype(np.int64), own)
    codes = [r.region.code for r in run.regions]
    short = story.short_of_places(run.area.area.code, codes, run.calendar)[:, run.region_of]
    places = np.where(short, np.rint(own * _FULL).astype(np.int64), places)
    booked = np.clip(np.rint(run.simulated.planned).astype(np.int64), own, places)
    totals = [with_totals(run, v) for v in (places, booked)]
    return units.frame(run.area.area.code, {"capacity": totals[0], "committed": totals[1]})
