"""The forecast of a series: pooled paths, calibrated, back on the measure's own scale, and in words how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from lagesbild.forecast.baselines import naive_paths
from lagesbild.forecast.calibration import Calibration
from lagesbild.forecast.fitting import Fits, live_anchor
from lagesbild.forecast.intervals import Bands, bands_of
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import PooledForecaster
from lagesbild.forecast.series import WINDOW, Series
from lagesbild.forecast.transforms import from_scale

CONSTANT_NOTE: Final = "Serien har varit oförändrad hela tiden; prognosen är samma värde utan band."
ZERO_NOTE: Final = "Serien har varit noll hela tiden; prognosen är noll utan band."
NAIVE_NOTE: Final = "Ingen modell gick att anpassa; prognosen är ”som senaste månaden”."
BEATEN_NOTES: Final = {  # a baseline alone in its pool is there because it beat the others
    "naive": "På de egna serierna har ingen modell slagit ”som senaste månaden”, så det är den som visas.",
    "seasonal_naive": "På de egna serierna har ingen modell slagit ”samma som i fjol”, så det är den som visas.",
}
TINY: Final = 10.0  # patients: below this median a count is told as few
TINY_NOTE: Final = "Få personer per månad: enskilda fall ändrar mycket, och banden är breda."


@dataclass(frozen=True)
class PathForecast:
    """Paths float32 (paths, horizon) on the measure's own scale, and what is read off them.

    `model` is the name stored; `note` is Swedish and says what the reader must know; `converged` is False after a
    fallback.
    """

    paths: np.ndarray
    model: str
    note: str = ""
    converged: bool = True

    @property
    def mean(self) -> np.ndarray:
        return np.asarray(self.paths.mean(axis=0, dtype=float))

    @property
    def quantiles(self) -> Bands:
        return bands_of(self.paths)


class Engine(Protocol):
    """Makes paths for the `horizon` months after the run's last month, from a series with at least 24 observations."""

    @property
    def name(self) -> str: ...

    def fit_paths(self, series: Series, horizon: int, draws: Draws) -> PathForecast: ...


@dataclass(frozen=True)
class PooledEngine:
    """The pool of `forecast.pool`, calibrated. Whatever goes wrong is told in the note: a member that cannot be fitted
    is left out and another makes its paths; when none can, the naive forecast stands in."""

    fits: Fits
    calibration: Calibration
    name: str = "pool"

    @classmethod
    def fresh(cls, forecaster: PooledForecaster | None = None) -> PooledEngine:
        """Without stored fits, and with the models' own bands."""
        return cls(Fits(forecaster or PooledForecaster()), Calibration({}))

    def fit_paths(self, series: Series, horizon: int, draws: Draws) -> PathForecast:
        if series.constant:
            value = float(series.values[-1])
            paths = np.full((draws.n_paths, horizon), value, np.float32)
            return PathForecast(paths, "constant", _join(series.note, CONSTANT_NOTE if value else ZERO_NOTE))
        steps = horizon + series.tail
        try:
            parameters, start = self.fits.at(series, live_anchor(series))
            scaled, model, notes = self.fits.forecaster.paths(series, parameters, start, steps, draws)
        except (ValueError, np.linalg.LinAlgError):
            naive = naive_paths(series, horizon, draws)
            return PathForecast(naive, "naive", _join(series.note, NAIVE_NOTE), converged=False)
        calibrated = self.calibration.apply(scaled, series.measure)[:, series.tail :]
        paths = from_scale(calibrated, series.kind, float(np.nanmax(series.last(WINDOW).values))).astype(np.float32)
        alone = len(set(self.fits.forecaster.pool[series.measure])) == 1
        beaten = BEATEN_NOTES.get(model, "") if alone else ""
        few = TINY_NOTE if series.kind == "count" and float(np.nanmedian(series.values[-12:])) < TINY else ""
        return PathForecast(paths, model, _join(series.note, beaten, *notes, few), not notes)


def _join(*parts: str) -> str:
    return " ".join(p for p in parts if p)
