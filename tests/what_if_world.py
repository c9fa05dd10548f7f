"""The invented country of `tests.country` with stored sample paths and facts, for tests of scenarios.

The paths are made so that region B (knees) falls under 80 % on about two thirds of them; A is under already.
"""

from __future__ import annotations

import numpy as np

from lagesbild.domain.pair_facts import PairFacts
from tests.country import SIZE, country
from tests.fakes import FakeSource

PATHS, HORIZON = 200, 12
SHARE_AT_END = {"A": 0.76, "B": 0.79, "C": 0.88}
RUN = 3


def facts(region: str, size: int, **changes: object) -> PairFacts:
    plain = {
        "share_profile": (0.0,) * 12,
        "share_now": 0.74 if region == "A" else 0.84,
        "structural_now": 0.74 if region == "A" else 0.84,
        "waiting_now": 4.0 * size,
        "removed_rate": 0.02,
        "outflow_last_year": (1.1 * size,) * 12,
        "pass_limit": 0.2,
        "not_brokerable_share": 0.3,
        "capacity_per_month": 1.1 * size,
        "performed_per_month": float(size),
        "free_per_month": 30.0 if region == "C" else 0.0,
        "load": 1.0,
        "lean": {"70": 0.0, "80": 0.0, "90": 0.0},
    }
    return PairFacts(**{**plain, **changes})


def paths(region: str, size: int) -> dict[str, np.ndarray]:
    """Random walks, the same in every test."""
    rng = np.random.default_rng(10 * size + ord(region))
    steps = np.arange(1, HORIZON + 1)

    def walk(now: float, end: float, step: float) -> np.ndarray:
        return now + (end - now) * steps / HORIZON + rng.normal(0, step, (PATHS, HORIZON)).cumsum(axis=1)

    start = 0.74 if region == "A" else 0.84
    return {
        "waiting": np.maximum(10, walk(4.0 * size, 4.0 * size, 0.1 * size)),
        "within_limit_share": np.clip(walk(start, SHARE_AT_END[region], 0.012), 0, 1),
        "added": np.maximum(0, walk(1.02 * size, 1.02 * size, 0.01 * size)),
        "performed": np.maximum(1, walk(size, size, 0.01 * size)),
    }


def world() -> FakeSource:
    """Gaps rows are those of `tests.country`: B's knees "expected" at 64 %, A's open."""
    source = country()
    arrays, stored = {}, {}
    for (region, area), size in SIZE.items():
        stored[RUN, region, area] = facts(region, size).to_json()
        for measure, values in paths(region, size).items():
            arrays[RUN, region, area, measure] = values
    source.path_arrays, source.fact_rows = arrays, stored
    return source
