"""When parameters are fitted, and that they need not be fitted twice.

Parameters belong to an anchor: a month on the calendar, not the month of the run. A forecast uses the last quarter's
end, a replayed forecast the last December, so that a run a month later finds nearly all of its fits made already.
What is fitted depends on the values up to the anchor alone, so a run with stored fits and one without give the same
numbers. A series whose errors have grown since its anchor is fitted anew on everything known ("the fit degrades").
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lagesbild.domain.fits import FitKey
from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import MIN_OBSERVED, month_numbers, month_profile
from lagesbild.forecast.pool import PooledForecaster
from lagesbild.forecast.series import WINDOW, Series
from lagesbild.forecast.transforms import to_scale

VERSION: Final = "pool-2"  # of members and their fitting; a change makes every stored fit unknown
DEGRADED: Final = 3.0  # times the usual size of a month's change, since the anchor


@dataclass
class Fits:
    """Fits of one pair: those known before, and those made now."""

    forecaster: PooledForecaster
    known: Mapping[FitKey, dict[str, Any]] = field(default_factory=dict)
    made: dict[FitKey, dict[str, Any]] = field(default_factory=dict)

    def at(self, series: Series, anchor: Month) -> tuple[Mapping[str, Any], int]:
        """Parameters fitted on `series` up to `anchor`, and the index of the month where their window begins."""
        stop = min(len(series.values), anchor - series.first + 1)
        values = series.values[:stop]
        last = int(np.flatnonzero(~np.isnan(values))[-1])
        begun = series if last + 1 == len(series.values) else _upto(series, last + 1)
        start = begun.last(WINDOW).first - series.first
        key = (series.region, series.care_area, series.measure, anchor, _hash(begun))
        found = self.made.get(key) or self.known.get(key)
        if found is None:
            found = self.made[key] = self.forecaster.fit(begun)
        return found, start


def live_anchor(series: Series) -> Month:
    """The month up to which a forecast's parameters are fitted: the last quarter's end, or the last month when there is
    too little before it or when the series has changed more since than it used to."""
    last = series.first + (len(series.values) - 1)
    anchor = last - last.month % 3
    return last if _short(series, anchor) or _degraded(series, anchor) else anchor


def replay_anchor(series: Series) -> Month:
    """The same for a replayed forecast: the last December before its last month, the quarter's end when there is too
    little before that."""
    last = series.first + (len(series.values) - 1)
    for anchor in (last - last.month % 12, last - last.month % 3):
        if not _short(series, anchor):
            return anchor
    return last


def _short(series: Series, anchor: Month) -> bool:
    upto = series.values[: max(0, anchor - series.first + 1)]
    return int((~np.isnan(upto)).sum()) < MIN_OBSERVED or np.isnan(upto[-1:]).any() or bool(np.ptp(_seen(upto)) == 0)


def _degraded(series: Series, anchor: Month) -> bool:
    """Whether the median change of a month since the anchor, season removed, is `DEGRADED` times what it was before."""
    since = len(series.values) - (anchor - series.first + 1)
    if since < 1:
        return False
    scaled = to_scale(series.values, series.kind)
    flat = scaled - month_profile(scaled, series.first)[month_numbers(series.first, len(scaled))]
    changes = np.abs(np.diff(flat))
    before, after = _seen(changes[:-since]), _seen(changes[-since:])
    if len(before) < MIN_OBSERVED // 2 or not len(after):
        return False
    return bool(np.median(after) > DEGRADED * max(float(np.median(before)), 1e-9))


def _upto(series: Series, stop: int) -> Series:
    bands = None if series.bands is None else series.bands[:stop]
    return Series(series.region, series.care_area, series.measure, series.first, series.values[:stop], bands=bands)


def _hash(series: Series) -> str:
    text = f"{VERSION}|{series.first}|{','.join(f'{v:.12g}' for v in series.values)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _seen(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[~np.isnan(values)])
