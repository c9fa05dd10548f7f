"""Patients treated in another region, and the brokering cases behind some of them.

Every flow is a part of the home region's production: out-of-region counts where they were operated on, the home
region's rows count that they were. A flow to a private provider is also a row of its own inside the flow's total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.jobs.seed import story
from lagesbild.jobs.seed.country import AreaRun

BROKERING_FROM: Final = Month(2024, 1)
_DESTINATIONS: Final = 5
_PRIVATE_PART: Final = 0.45
_BROKERED_PART: Final = 0.30
_USUAL_SHARE: Final = 0.035


@dataclass(frozen=True)
class Flows:
    """Operations elsewhere. `destinations` (regions, k): index of treating region; `counts` and `private`
    (months, regions, k): all, and those at the private provider `provider_of` (treating region -> code)."""

    destinations: np.ndarray
    counts: np.ndarray
    private: np.ndarray
    provider_of: dict[int, str]


def _attraction(run: AreaRun) -> np.ndarray:
    """How strongly each region draws each other's patients, (home, treating): people over distance, own healthcare
    region twice as strong."""
    where = np.array([(r.region.lat or 50.0 + i, r.region.lon or 15.0) for i, r in enumerate(run.regions)])
    people = np.array([r.population for r in run.regions], dtype=float)
    north = (where[:, None, 0] - where[None, :, 0]) * 111
    east = (where[:, None, 1] - where[None, :, 1]) * 55
    distance = np.maximum(np.hypot(north, east), 60.0)
    same = np.array(
        [[a.region.healthcare_region == b.region.healthcare_region for b in run.regions] for a in run.regions]
    )
    pull = people[None, :] ** 0.6 / distance**1.3 * np.where(same, 2.0, 1.0)
    np.fill_diagonal(pull, 0.0)
    return np.asarray(pull)


def _sent_share(run: AreaRun) -> np.ndarray:
    """Share of each region's operations done elsewhere, (months, regions); more where a gap is open."""
    base = np.array([story.SENT_ELSEWHERE.get(r.region.code, _USUAL_SHARE) for r in run.regions])
    share = np.repeat(base[None, :] * run.area.out_of_region, run.months, axis=0)
    for move in story.MOVES:
        if move.care_area == run.area.area.code and "gap" in move.note:
            for i, r in enumerate(run.regions):
                if r.region.code == move.region:
                    age = np.arange(run.months)[::-1]
                    share[:, i] += 0.035 * np.clip((move.starts - age) / 12, 0, 1)
    return share


def out_of_region(run: AreaRun, seed: int) -> Flows:
    """Draw who is treated where. Deterministic per seed and care area."""
    rng = np.random.default_rng([seed, run.area.area.sort_order, 10])
    performed = run.by_region(run.simulated.treated.sum(axis=2))
    k = min(_DESTINATIONS, len(run.regions) - 1)
    pull = _attraction(run)
    destinations = np.argsort(-pull, axis=1, kind="stable")[:, :k]
    chance = np.take_along_axis(pull, destinations, axis=1)
    chance /= chance.sum(axis=1, keepdims=True)
    sent = rng.binomial(performed, np.minimum(_sent_share(run), 0.4))
    counts = rng.multinomial(sent, np.broadcast_to(chance, (*sent.shape, k)))
    codes = [r.region.code for r in run.regions]
    provider_of = {codes.index(p.provider.region): p.provider.code for p in run.series if p.sells}
    private = rng.binomial(counts, _PRIVATE_PART) * np.isin(destinations, list(provider_of))
    return Flows(destinations, counts, private, provider_of)


def flow_rows(run: AreaRun, flows: Flows) -> pd.DataFrame:
    """The dataset `out-of-region`: flows that are not zero."""
    codes = np.array([r.region.code for r in run.regions])
    calendar = np.array([str(m) for m in run.calendar])

    def rows(values: np.ndarray, providers: bool) -> pd.DataFrame:
        month, home, k = np.nonzero(values)
        treating = flows.destinations[home, k]
        return pd.DataFrame(
            {
                "period": calendar[month],
                "home_region": codes[home],
                "treating_region": codes[treating],
                "care_area": run.area.area.code,
                "provider": [flows.provider_of[t] for t in treating] if providers else "",
                "performed": values[month, home, k],
            }
        )

    both = pd.concat([rows(flows.counts, False), rows(flows.private, True)], ignore_index=True)
    return both.sort_values(["home_region", "treating_region", "provider", "period"], kind="stable")


def brokering_rows(run: AreaRun, flows: Flows, waiting: np.ndarray, seed: int) -> pd.DataFrame:
    """The dataset `brokering`, from 2024-01. started = accepted + declined and accepted = completed + not_completed in
    rows with a treating region; a row without one counts cases for which no place was found.

    Completed cases are a part of the month's operations elsewhere. waiting: (months, series, AGES).
    """
    rng = np.random.default_rng([seed, run.area.area.sort_order, 11])
    codes = np.array([r.region.code for r in run.regions])
    calendar = np.array([str(m) for m in run.calendar])
    age = np.array([m - BROKERING_FROM for m in run.calendar])
    grown = np.where(age < 0, 0.0, _BROKERED_PART * np.clip(0.3 + age / 20, 0, 1))[:, None, None]
    completed = rng.binomial(flows.counts, np.broadcast_to(grown, flows.counts.shape))
    not_completed = rng.binomial(completed, 0.12)
    declined = rng.binomial(completed + not_completed, 0.35)
    handling = np.rint(rng.normal(17, 4, completed.shape)).clip(3, 60)
    cost = np.rint(completed * run.area.price_sek * rng.normal(1.0, 0.05, completed.shape) / 100) * 100
    month, home, k = np.nonzero(completed + not_completed + declined)
    at = (month, home, k)
    found = pd.DataFrame(
        {
            "period": calendar[month],
            "home_region": codes[home],
            "treating_region": codes[flows.destinations[home, k]],
            "care_area": run.area.area.code,
            "started": (completed + not_completed + declined)[at],
            "accepted": (completed + not_completed)[at],
            "declined": declined[at],
            "not_completed": not_completed[at],
            "completed": completed[at],
            "handling_days_median": handling[at].astype(int),
            "cost_sek": cost[at].astype(int),
        }
    )
    beyond = run.by_region(waiting[:, :, 9:].sum(axis=2))
    none = rng.binomial(beyond, np.where(age < 0, 0.0, 0.015)[:, None])
    month, home = np.nonzero(none)
    empty = pd.DataFrame(
        {
            "period": calendar[month],
            "home_region": codes[home],
            "treating_region": "",
            "care_area": run.area.area.code,
            "started": none[month, home],
            **dict.fromkeys(("accepted", "declined", "not_completed", "completed"), 0),
            "handling_days_median": np.rint(rng.normal(24, 5, len(month))).clip(5, 70).astype(int),
            "cost_sek": 0,
        }
    )
    return pd.concat([found, empty], ignore_index=True).sort_values(
        ["home_region", "treating_region", "period"], kind="stable"
    )
