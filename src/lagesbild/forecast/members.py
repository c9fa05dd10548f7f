"""What a forecast can be made of: each member makes paths on the model's scale from the same drawn months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from lagesbild.domain.seasonal import month_numbers, month_profile
from lagesbild.forecast import averaged_ets, cohort, ets, local_level
from lagesbild.forecast.baselines import naive_scaled
from lagesbild.forecast.ets import Parameters
from lagesbild.forecast.paths import Draws, Filtered, seed_of, simulate
from lagesbild.forecast.series import Series
from lagesbild.forecast.transforms import to_scale


class Member(Protocol):
    """`fit` gives what has to be estimated (JSON; {} when nothing), None when it cannot be. `paths` gives an array
    (paths, steps) on the model's scale for the months after the last value; ValueError when the member cannot."""

    @property
    def name(self) -> str: ...

    def fit(self, series: Series) -> Parameters | None: ...

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray: ...


class EtsMember:
    """statsmodels' exponential smoothing, the best of four forms by AICc. Inner missing months are filled by level and
    month profile for the fit, and say nothing of its errors."""

    name = "ETS"

    def fit(self, series: Series) -> Parameters | None:
        whole, _ = filled(series)
        return ets.fit_best(whole)

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        return _paths(ets.filtered(*filled(series), parameters), series, self.name, steps, draws)


class LevelMember:
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
        seen = averaged_ets.averaged(to_scale(series.values, series.kind), series.first)
        rng = _rng(series, self.name, draws)
        return simulate(seen.state(draws.n_paths, rng), draws.shocks(seen.residuals, steps, rng, series.tail))


class NaiveMember:
    """As the last month, plus resampled monthly changes."""

    name = "naive"

    def fit(self, series: Series) -> Parameters | None:
        return {}

    def paths(self, series: Series, parameters: Mapping[str, Any], steps: int, draws: Draws) -> np.ndarray:
        return naive_scaled(series, steps, draws)


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
        waiting, share = cohort.cohort_paths(series.bands, series.first, steps, draws, seed, series.tail)
        return to_scale(share if series.kind == "share" else waiting, series.kind)


MEMBERS: Final[Mapping[str, Member]] = {
    m.name: m for m in (EtsMember(), LevelMember(), AveragedMember(), NaiveMember(), CohortMember())
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
