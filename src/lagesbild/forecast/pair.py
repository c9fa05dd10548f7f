"""Everything a run computes for one region and care area: the unit of work that is spread over processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lagesbild.domain.expected_wait import first_come_wait_days, outflow_paths
from lagesbild.domain.fits import FitKey
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.recalibration import IDENTITY, Recalibration
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.baselines import BASELINES
from lagesbild.forecast.calibration import Calibration
from lagesbild.forecast.engine import Engine, PathForecast, PooledEngine
from lagesbild.forecast.fitting import Fits
from lagesbild.forecast.flows import YEAR, Flows, flows_of
from lagesbild.forecast.gaps import gap_rows
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import POOL, PooledForecaster
from lagesbild.forecast.scenario_facts import scenario_facts
from lagesbild.forecast.series import Series

EXPECTED_WAIT: Final = "expected_wait_days"
SHARE: Final = "within_limit_share"
FORECAST: Final = "forecast"


@dataclass(frozen=True)
class Plan:
    """How a run forecasts. The same for every pair, so that it travels to each process once.

    `engine` stands in for the pooled one in tests.
    """

    seed: int
    horizon: int
    n_paths: int
    measures: Sequence[str] = MEASURES
    gaps: bool = True
    calibration: Calibration = field(default_factory=lambda: Calibration({}))
    recalibration: Recalibration = IDENTITY
    pool: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: POOL)
    engine: Engine | None = None


@dataclass(frozen=True)
class PairResult:
    """`paths`: (measure, name) -> float32 (paths, horizon), the name "forecast" or a baseline's. `models`, `notes` and
    `refusals` are keyed by measure; a refused measure has no paths."""

    region: str
    care_area: str
    paths: dict[tuple[str, str], np.ndarray]
    models: dict[str, str]
    notes: dict[str, str]
    refusals: dict[str, str]
    gaps: list[dict[str, Any]]
    waiting_now: float  # the last observed list, weight of the region's share in the country where no list is forecast
    reported: bool  # the list of the last month is known, so that the region is in today's national figure
    facts: PairFacts | None = None  # for scenarios; None in a record run
    fits: dict[FitKey, dict[str, Any]] = field(default_factory=dict)  # made now, for the next run


def forecast_pair(
    pair: Pair,
    plan: Plan,
    known: Mapping[FitKey, dict[str, Any]] | None = None,
    previous: Mapping[float, str] | None = None,
) -> PairResult:
    """Forecast every measure of a pair with baselines, then expected wait and gaps from the same paths."""
    draws = Draws.of(plan.seed, plan.n_paths, plan.horizon + YEAR)
    fits = Fits(PooledForecaster(plan.pool), known or {})
    engine = plan.engine or PooledEngine(fits, plan.calibration)
    paths: dict[tuple[str, str], np.ndarray] = {}
    models: dict[str, str] = {}
    notes: dict[str, str] = {}
    refusals: dict[str, str] = {}
    for measure in plan.measures:
        series = pair.series(measure)
        if series.refusal:
            if series.observed:
                refusals[measure] = series.refusal
            continue
        made = _forecast(series, plan, engine, draws)
        paths[measure, FORECAST], models[measure], notes[measure] = made.paths, made.model, made.note
        for name, baseline in BASELINES.items():
            paths[measure, name] = baseline(series, plan.horizon, draws)
    flows = flows_of(pair)
    _add_expected_wait(pair, flows, paths, models, notes)
    gaps: list[dict[str, Any]] = []
    facts = None
    if plan.gaps:
        gaps = gap_rows(
            pair,
            flows,
            {m: paths[m, FORECAST] for m in plan.measures if (m, FORECAST) in paths},
            recalibration=plan.recalibration,
            previous=previous or {},
        )
        facts = scenario_facts(pair, flows, gaps)
    waiting = pair.columns["waiting"]
    seen = waiting[~np.isnan(waiting)]
    now = float(seen[-1]) if len(seen) else 0.0
    return PairResult(
        pair.region,
        pair.care_area,
        paths,
        models,
        notes,
        refusals,
        gaps,
        now,
        bool(~np.isnan(waiting[-1])),
        facts,
        fits.made,
    )


def _forecast(series: Series, plan: Plan, engine: Engine, draws: Draws) -> PathForecast:
    made = engine.fit_paths(series, plan.horizon, draws)
    assert made.paths.shape == (plan.n_paths, plan.horizon)
    return made


def _add_expected_wait(
    pair: Pair, flows: Flows, paths: dict[tuple[str, str], np.ndarray], models: dict[str, str], notes: dict[str, str]
) -> None:
    """Expected wait on each path, first come, first served, at the outflow of that path: performed, and the part of the
    list that leaves otherwise. A month of last year's outflow that is missing is taken as that year's mean."""
    if ("waiting", FORECAST) not in paths or ("performed", FORECAST) not in paths or not len(flows.outflow_year):
        return
    for name in (FORECAST, *BASELINES):
        waiting = paths["waiting", name].astype(float)
        leaving = outflow_paths(paths["performed", name], waiting, flows.waiting_now, flows.removed_rate)
        paths[EXPECTED_WAIT, name] = first_come_wait_days(waiting, leaving, flows.outflow_year).astype(np.float32)
    models[EXPECTED_WAIT] = "first come, first served"
    both = dict.fromkeys(n for n in (notes["waiting"], notes["performed"]) if n)
    notes[EXPECTED_WAIT] = " ".join(both)
