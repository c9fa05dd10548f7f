"""What a forecast can be made of: each member makes paths on the model's scale from the same drawn months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from lagesbild.domain.seasonal import month_numbers, month_profile
from lagesbild.forecast import averaged_ets, cohort, ets, local_level
from lagesbild.forecast.baselines import naive_scaled, seasonal_naive_scaled
from lagesbild.forecast.ets import Parameters
from lagesbild.forecast.paths import Draws, Filtered, seed_of, simulate
from lagesbild.forecast.series import Series
from lagesbild.forecast.transforms import to_scale

_SEEN: Final = "seen"  # a series already run through, among the parameters; never stored


class Member(Protocol):
    """`fit` gives what has to be estimated (JSON; {} when nothing), None when it cannot be. `paths` gives an array
    (paths, steps) on the model's scale for the months after the last value; ValueError when the member cannot.
    `ahead_of` is for replays: what `paths` would work out for each of several windows of one series, worked out
    together, to be added to its parameters; None when there is nothing to gain.
    """

    @property
    def name(self) -> str: ...

    def fit(self, series: Series) -> Parameters | None: ...

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray: ...

    def ahead_of(self, windows: Sequence[Series]) -> list[Parameters] | None: ...


class _OneByOne:
    def ahead_of(self, windows: Sequence[Series]) -> list[Parameters] | None:
        return None


class EtsMember(_OneByOne):
    """statsmodels' exponential smoothing, the best of four forms by AICc. Inner missing months are filled by level and
    month profile for the fit, and say nothing of its errors."""

    name = "ETS"

    def fit(self, series: Series) -> Parameters | None:
        whole, _ = filled(series)
        return ets.fit_best(whole)

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        return _paths(ets.filtered(*filled(series), parameters), series, self.name, steps, draws)


class LevelMember(_OneByOne):
    """statsmodels' local level with the month profile, missing months as they are."""

    name = "UC"

    def fit(self, series: Series) -> Parameters | None:
        try:
            return local_level.fit_level(to_scale(series.values, series.kind), series.first)
        except (ValueError, np.linalg.LinAlgError):
            return None

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        scaled = to_scale(series.values, series.kind)
        return _paths(local_level.level_filtered(scaled, series.first, parameters), series, self.name, steps, draws)


class AveragedMember:
    """Exponential smoothing averaged over a grid of parameters."""

    name = "avgETS"

    def fit(self, series: Series) -> Parameters | None:
        return {}

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        seen = parameters.get(_SEEN) or averaged_ets.averaged(to_scale(series.values, series.kind), series.first)
        rng = _rng(series, self.name, draws)
        return simulate(seen.state(draws.n_paths, rng), draws.shocks(seen.residuals, steps, rng, series.tail))

    def ahead_of(self, windows: Sequence[Series]) -> list[Parameters] | None:
        found = averaged_ets.averaged_many([(to_scale(w.values, w.kind), w.first) for w in windows])
        return [{_SEEN: seen} for seen in found]


class NaiveMember(_OneByOne):
    """As the last month, plus resampled monthly changes."""

    name = "naive"

    def fit(self, series: Series) -> Parameters | None:
        return {}

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        return naive_scaled(series, steps, draws)


class SeasonalNaiveMember(_OneByOne):
    """As the same month last year, plus resampled yearly changes."""

    name = "seasonal_naive"

    def fit(self, series: Series) -> Parameters | None:
        return {}

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        return seasonal_naive_scaled(series, steps, draws)


class CohortMember:
    """The ageing of four wait bands; only for series that have them."""

    name = "cohort"

    def fit(self, series: Series) -> Parameters | None:
        return {} if series.bands is not None else None

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        if series.bands is None:
            raise ValueError("no bands")
        # one seed for list and share: they are two readings of the same paths
        seed = seed_of(draws.seed, series.region, series.care_area, self.name, draws.n_paths)
        rates = parameters.get(_SEEN) or cohort.rates_of([(series.bands, series.first)])[0]
        waiting, share = cohort.cohort_paths(series.bands[-1], rates, steps, draws, seed, series.tail)
        return to_scale(share if series.kind == "share" else waiting, series.kind)

    def ahead_of(self, windows: Sequence[Series]) -> list[Parameters] | None:
        whole = [w for w in windows if w.bands is not None]
        found = iter(cohort.rates_of([(w.bands, w.first) for w in whole if w.bands is not None]))
        return [{_SEEN: next(found)} if w.bands is not None else {} for w in windows]


FITTED: Final = ("ETS", "UC")  # the members that estimate anything
MEMBERS: Final[Mapping[str, Member]] = {
    m.name: m
    for m in (EtsMember(), LevelMember(), AveragedMember(), NaiveMember(), SeasonalNaiveMember(), CohortMember())
}


def filled(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Scaled values with inner missing months filled by level and profile, and which months were observed."""
    scaled = to_scale(series.values, series.kind)
    observed = ~np.isnan(scaled)
    if observed.all():
        return scaled, observed
    season = month_profile(scaled, series.first)[month_numbers(series.first, len(scaled))]
    level = pd.Series(scaled - season).interpolate(limit_direction="both").to_numpy()
    return np.where(observed, scaled, level + season), observed


def _paths(seen: Filtered, series: Series, name: str, steps: int, draws: Draws) -> np.ndarray:
    return simulate(seen.state, draws.shocks(seen.residuals, steps, _rng(series, name, draws), series.tail))


def _rng(series: Series, name: str, draws: Draws) -> np.random.Generator:
    return np.random.default_rng(seed_of(draws.seed, series.region, series.care_area, series.measure, name))
