"""How long will a person added now wait, how much of the guarantee is that, and how long had those treated waited?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lagesbild.domain.capacity import limit_step_days, limit_used, step_reached
from lagesbild.domain.disclosure import is_small
from lagesbild.domain.expected_wait import wait_days_now
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import area_twin
from lagesbild.views.forecast_fan import Forecast
from lagesbild.views.pair_paths import PairPaths, Spread


@dataclass(frozen=True)
class WaitNow:
    """Days. `expected` is of a person added at the end of the run's last month, first come, first served, median and
    80 % of the outcomes; `used` its median over the limit and `step` the highest of 50, 75 and 100 % that it reaches.
    `experienced` is the median of those treated in the last month, another measure that never mixes with it; None when
    not reported, or when so few were treated, here or in the twin, that the viewer may not see it."""

    limit_days: int
    expected: Spread | None
    used: float | None
    step: float | None
    experienced: float | None

    @property
    def alert_days(self) -> float:
        """Days after which three quarters of the limit are used."""
        return limit_step_days(self.limit_days)


def wait_now(source: Source, found: Forecast, pair: PairPaths | None, viewer: Viewer) -> WaitNow:
    """The waits of the forecast's region; `pair` its stored paths, None where there are none."""
    viewer = viewer if found.region is None else viewer.of(found.region.code)
    expected = _expected(pair, viewer) if found.wait_told else None
    used = None if expected is None else limit_used(expected.median, found.limit_days)
    return WaitNow(
        limit_days=found.limit_days,
        expected=expected,
        used=used,
        step=None if used is None else step_reached(used),
        experienced=_experienced(source, found, viewer),
    )


def _expected(pair: PairPaths | None, viewer: Viewer) -> Spread | None:
    if pair is None:
        return None
    facts, now = pair.facts, pair.facts.waiting_now
    if now is None or not facts.outflow_last_year or is_small(now, viewer):
        return None
    days = wait_days_now(now, pair.flows.waiting, pair.flows.performed, facts.removed_rate, facts.outflow_last_year)
    if np.isnan(days).any():
        return None
    lo, median, hi = np.quantile(days, [0.1, 0.5, 0.9])
    return Spread(float(median), float(lo), float(hi))


def _experienced(source: Source, found: Forecast, viewer: Viewer) -> float | None:
    if found.region is None:  # a median of medians is no median
        return None
    until = found.run.until
    rows = source.facts(
        "production",
        Query(regions=(found.region.code,), care_areas=(found.care_area.code,), first=until, last=until),
    )
    if rows.empty:
        return None
    row = rows.iloc[0]
    if pd.isna(row["performed"]) or pd.isna(row["wait_days_median"]):
        return None
    performed = float(row["performed"])
    if any(is_small(n, viewer) for n in (performed, performed + _more_performed(source, found, viewer))):
        return None
    return float(row["wait_days_median"])


def _more_performed(source: Source, found: Forecast, viewer: Viewer) -> float:
    """By how much the region's performed of the run's last month differs in the twin."""
    if viewer.role == "exact":
        return 0.0
    until = found.run.until
    twin = area_twin(source, Selection(care_area=found.care_area.code, month=until), until - 1, viewer)
    at = next((k for k, r in enumerate(twin.regions) if r == found.region), None)
    return 0.0 if at is None else float(twin.differences["performed"][at, -1])
