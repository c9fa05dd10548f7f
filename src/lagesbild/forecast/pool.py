"""Which members make the forecast of which measure, decided by what each did on real series.

Measured against each member alone, and against AutoETS, AutoARIMA, AutoTheta, naive, seasonal naive and drift in the
same run (`lagesbild backtest`): see docs/forecasts.md.
A path belongs to one member, always the same for its number, and all members are driven by the same drawn months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from lagesbild.forecast.ets import Parameters
from lagesbild.forecast.members import FITTED, MEMBERS
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.series import WINDOW, Series

# Path k is made by member k modulo the number of members. Lists and shares have the cohort model in the same place, so
# that a path's list and share come from the same ageing bands.
POOL: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": ("cohort", "avgETS", "UC", "naive", "ETS"),
    "within_limit_share": ("cohort", "avgETS", "UC", "naive", "avgETS"),
    "added": ("avgETS", "UC"),
    "performed": ("avgETS", "UC"),
}
STAND_IN: Final = "avgETS"
LAST_RESORT: Final = "naive"
_FAILED: Final[Mapping[str, str]] = {
    "ETS": "Exponentiell utjämning konvergerade inte och är utelämnad.",
    "UC": "Nivåmodellen gick inte att anpassa och är utelämnad.",
    "cohort": "Väntetidsintervallen är för få för kohortmodellen, som är utelämnad.",
    "avgETS": "Serien är för gles för att vägas samman; prognosen är ”som senaste månaden”.",
}


class PooledForecaster:
    """Fits what has to be fitted, and makes the pooled paths on the model's scale."""

    def __init__(self, pool: Mapping[str, tuple[str, ...]] = POOL) -> None:
        self.pool = pool

    def fit(self, series: Series) -> Parameters:
        """Member -> its parameters, None for one that could not be fitted. JSON. Those of POOL, whatever this pool is:
        fits are kept from run to run."""
        seen = series.last(WINDOW)
        return {name: MEMBERS[name].fit(seen) for name in dict.fromkeys(POOL[series.measure]) if name in FITTED}

    def ahead_of(self, windows: Sequence[tuple[Series, int]]) -> list[dict[str, Any]]:
        """For replays: what several windows of one series (and where the fitted window of each began) have in common,
        worked out together; member -> what to add to its parameters."""
        out: list[dict[str, Any]] = [{} for _ in windows]
        if windows:
            seen = [_from(series, start) for series, start in windows]
            for name in dict.fromkeys(self.pool[seen[0].measure]):
                found = MEMBERS[name].ahead_of(seen)
                for more, mine in zip(out, found or [], strict=found is not None):
                    more[name] = mine
        return out

    def paths(
        self, series: Series, parameters: Mapping[str, Any], start: int, steps: int, draws: Draws
    ) -> tuple[np.ndarray, str, tuple[str, ...]]:
        """Paths (paths, steps) on the model's scale after the last value, the model's name, and notes on members that
        had to be left out. `start`: index of the month at which the fitted window began."""
        seen = _from(series, start)
        slots = self.pool[series.measure]
        out = np.empty((draws.n_paths, steps))
        used: dict[str, None] = {}
        notes: dict[str, None] = {}
        stride = len(slots)
        for k, wanted in enumerate(slots):
            mine = draws.part(k, stride)
            for name in dict.fromkeys((wanted, STAND_IN, LAST_RESORT)):
                fitted = parameters.get(name, None if name in FITTED else {})
                try:
                    if fitted is None:
                        raise ValueError(name)
                    out[k::stride] = MEMBERS[name].paths(seen, fitted, steps, mine)
                except ValueError:
                    if name in _FAILED and (name != "cohort" or seen.bands is not None):
                        notes[_FAILED[name]] = None
                    continue
                used[name if name != "ETS" else str(fitted["form"])] = None
                break
            else:
                raise ValueError("no member could make paths")
        return out, " + ".join(used), tuple(notes)


def _from(series: Series, start: int) -> Series:
    return series.last(len(series.values) - start) if start > 0 else series
