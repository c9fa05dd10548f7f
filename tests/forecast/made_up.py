"""Small made-up countries for the forecast tests: levels, a July dip, gaps and breaks as each test asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.forecast.baselines import naive_paths
from lagesbild.forecast.engine import PathForecast
from lagesbild.forecast.panel import COLUMNS, Pair
from tests.fakes import FakeSource

FIRST = Month(2021, 1)
SEASON = np.array([0, 0.01, 0.02, 0.02, 0.01, 0, -0.05, -0.08, -0.02, 0.02, 0.04, 0.03])


def season(n: int, first: Month = FIRST) -> np.ndarray:
    return SEASON[(first.month - 1 + np.arange(n)) % 12]


def share_series(n: int, level, *, seed: int = 0, noise: float = 0.006, amplitude: float = 1.0) -> np.ndarray:
    """A share with season; `level` is a number or one a month."""
    wobble = np.random.default_rng(seed).normal(0, noise, n)
    return np.clip(level + amplitude * season(n) + wobble, 0, 1)


def pair(share: np.ndarray, *, waiting=1000.0, first: Month = FIRST, breaks=(), hidden=None, **columns) -> Pair:
    """A pair with that share of `waiting` within the limit; other columns NaN unless given."""
    n = len(share)
    waiting = np.broadcast_to(np.asarray(waiting, float), n).copy()
    every = {name: np.full(n, np.nan) for names in COLUMNS.values() for name in names}
    every |= {"waiting": waiting, "within_limit": share * waiting}
    every |= {k: np.broadcast_to(np.asarray(v, float), n).copy() for k, v in columns.items()}
    return Pair("01", "kna", first, every, breaks, hidden or {})


def ageing(n: int, *, inflow: float = 380.0, seed: int = 0, noise: float = 0.04) -> np.ndarray:
    """Four wait bands (n, 4) that age by noisy rates around (.62, .60, .55), whole persons."""
    rng = np.random.default_rng(seed)
    bands = np.empty((n, 4))
    now = inflow * np.array([1.0, 0.62, 0.37, 0.45])
    for t in range(n):
        i, p1, p2, r4 = np.array([inflow, 0.62, 0.60, 0.55]) * np.exp(rng.normal(0, noise, 4))
        now = np.round([i, p1 * now[0], p2 * now[1], r4 * (now[2] + now[3])])
        bands[t] = now
    return bands


def country(regions: int = 3, months: int = 48, *, missing_tail=(), breaks=(), seed: int = 5) -> FakeSource:
    """A country "SE" with `regions` counties and one care area; counties in `missing_tail` lack the last month."""
    rng = np.random.default_rng(seed)
    codes = [f"{k:02d}" for k in range(1, regions + 1)]
    periods = [str(FIRST + k) for k in range(months)]
    waits, production = [], []
    for k, code in enumerate(codes):
        share = share_series(months, 0.9 - 0.04 * k, seed=seed + k)
        waiting = np.round(1000 * (k + 1) * np.exp(np.cumsum(rng.normal(0, 0.01, months))))
        performed = np.round(400 * (k + 1) * np.exp(rng.normal(0, 0.05, months)))
        kept = months - 1 if code in missing_tail else months
        waits.append(
            pd.DataFrame(
                {
                    "period": periods,
                    "region": code,
                    "care_area": "kna",
                    "waiting": waiting,
                    "within_limit": np.round(share * waiting),
                }
            )[:kept]
        )
        production.append(
            pd.DataFrame(
                {
                    "period": periods,
                    "region": code,
                    "care_area": "kna",
                    "added": performed + 2,
                    "performed": performed,
                }
            )[:kept]
        )
    return FakeSource(
        [Region("SE", "Riket", "Riket"), *(Region(c, f"Region {c}", c, parent="SE") for c in codes)],
        [CareArea("kna", "Knä", "operation", 90)],
        {"waits": pd.concat(waits), "production": pd.concat(production)},
        break_rows=breaks,
    )


class NaiveEngine:
    """Instant, for tests of what surrounds the models."""

    name = "naive"

    def fit_paths(self, series, horizon, draws):
        return PathForecast(naive_paths(series, horizon, draws), "naive", series.note)


class MemoryStore:
    """Keeps what a job stores, as (run, forecasts, paths, gaps)."""

    def __init__(self) -> None:
        self.stored: list = []
        self.contents: list = []

    def store(self, run, contents):
        self.stored.append((run, contents.forecasts, contents.paths, contents.gaps))
        self.contents.append(contents)
        return run
