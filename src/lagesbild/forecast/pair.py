"""Everything a run computes for one region and care area: the unit of work that is spread over processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lagesbild.domain.capacity import expected_wait_days
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.baselines import BASELINES
from lagesbild.forecast.engine import Engine, PathForecast, StatsmodelsEngine
from lagesbild.forecast.flows import YEAR, flows_of
from lagesbild.forecast.gaps import Recalibrate, gap_rows, raw_probability
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.scenario_facts import scenario_facts
from lagesbild.forecast.series import Series

EXPECTED_WAIT: Final = "expected_wait_days"
SHARE: Final = "within_limit_share"
FORECAST: Final = "forecast"


@dataclass(frozen=True)
class Plan:
    """How a run forecasts. The same for every pair, so that it travels to each process once."""

    seed: int
    horizon: int
    n_paths: int
    measures: Sequence[str] = MEASURES
    gaps: bool = True
    engine: Engine = field(default_factory=StatsmodelsEngine)
    recalibrate: Recalibrate = raw_probability


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


def forecast_pair(pair: Pair, plan: Plan) -> PairResult:
    """Forecast every measure of a pair with baselines, then expected wait and gaps from the same paths."""
    draws = Draws.of(plan.seed, plan.n_paths, plan.horizon + YEAR)
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
        made = _forecast(series, plan, draws)
        paths[measure, FORECAST], models[measure], notes[measure] = made.paths, made.model, made.note
        for name, baseline in BASELINES.items():
            paths[measure, name] = baseline(series, plan.horizon, draws)
    _add_expected_wait(pair, paths, models, notes)
    gaps: list[dict[str, Any]] = []
    facts = None
    if plan.gaps:
        gaps = gap_rows(
            pair,
            paths.get(("waiting", FORECAST)),
            paths.get(("within_limit_share", FORECAST)),
            recalibrate=plan.recalibrate,
        )
        facts = scenario_facts(pair, flows_of(pair), gaps)
    waiting = pair.columns["waiting"]
    seen = waiting[~np.isnan(waiting)]
    now = float(seen[-1]) if len(seen) else 0.0
    return PairResult(
        pair.region, pair.care_area, paths, models, notes, refusals, gaps, now, bool(~np.isnan(waiting[-1])), facts
    )


def _forecast(series: Series, plan: Plan, draws: Draws) -> PathForecast:
    made = plan.engine.fit_paths(series, plan.horizon, draws)
    assert made.paths.shape == (plan.n_paths, plan.horizon)
    return made


def _add_expected_wait(
    pair: Pair, paths: dict[tuple[str, str], np.ndarray], models: dict[str, str], notes: dict[str, str]
) -> None:
    """Expected wait on each path: the list over the outflow of the twelve months that end with it (Little).

    Outflow is performed, observed and then forecast, times one plus last year's other removals per performed.
    """
    if ("waiting", FORECAST) not in paths or ("performed", FORECAST) not in paths:
        return
    flows = flows_of(pair)
    performed = pair.columns["performed"]
    if np.isnan(flows.performed):
        return
    past = np.where(np.isnan(performed), flows.performed, performed)[-YEAR:]
    for name in (FORECAST, *BASELINES):
        waiting, ahead = paths["waiting", name], paths["performed", name]
        outflow = _trailing_mean(past, ahead.astype(float)) * (1 + flows.removed_ratio)
        paths[EXPECTED_WAIT, name] = expected_wait_days(waiting, outflow).astype(np.float32)
    models[EXPECTED_WAIT] = "Little"
    both = dict.fromkeys(n for n in (notes["waiting"], notes["performed"]) if n)
    notes[EXPECTED_WAIT] = " ".join(both)


def _trailing_mean(past: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Mean of the twelve months ending with each month ahead, (paths, horizon), given the last months observed."""
    joined = np.hstack([np.tile(past, (len(ahead), 1)), ahead])
    sums = np.cumsum(np.hstack([np.zeros((len(ahead), 1)), joined]), axis=1)
    ends = np.arange(len(past) + 1, joined.shape[1] + 1)
    starts = np.maximum(0, ends - YEAR)
    means: np.ndarray = (sums[:, ends] - sums[:, starts]) / (ends - starts)
    return means
