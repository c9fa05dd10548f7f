"""Brokering cases of one care area over twelve months: how many were started, accepted, declined, done, found no place.

Cases are counted by home region and by the region asked: two tables that add up to the same country, in windows that
slide. What may be shown of each is in `brokering_twin`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.disclosure import State
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.brokering_cases import Cases, read_cases
from lagesbild.views.brokering_twin import (
    COUNTRY,
    HOME,
    TREATING,
    Groups,
    Key,
    brokering_states,
)
from lagesbild.views.flow_windows import OVERLAP


@dataclass(frozen=True)
class Brokering:
    """`values[side, region, column]` exact, NaN = not reported; side HOME, TREATING or COUNTRY (region ""). `groups`:
    the regions of each healthcare region, by `group_code`, under which its GROUP_COLUMNS of side HOME are. Of a region
    asked, "started" are the cases it was asked about, and there is no "none_found". `days` is the handling time by
    (side, region): the mean of medians by month and place, weighted by cases; None when they are hidden.
    """

    area: CareArea
    regions: tuple[Region, ...]
    groups: Groups
    end: Month
    values: Mapping[Key, float]
    states: Mapping[Key, State]
    days: Mapping[tuple[str, str], float | None]
    provisional: tuple[Month, ...]
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool

    @property
    def first(self) -> Month:
        return self.end - OVERLAP

    def shown(self, side: str, region: str, column: str) -> float | None:
        key = (side, region, column)
        return self.values[key] if self.states[key] == "" else None

    def reported(self, column: str) -> bool:
        """Whether any region has the column."""
        return any(k[2] == column and s != "missing" for k, s in self.states.items())


def brokering(source: Source, area: CareArea, selection: Selection, viewer: Viewer) -> Brokering | None:
    """Twelve months to the chosen month, or to the last that cases are reported for. None with fewer months."""
    cases = read_cases(source, area, selection.as_of)
    return None if cases is None else of_window(cases, selection.month, viewer)


def of_window(cases: Cases, month: Month | None, viewer: Viewer) -> Brokering | None:
    """The same of cases that are read already."""
    end = cases.end(month)
    if end is None:
        return None
    at = end - cases.months[0] - OVERLAP
    states = _states(cases, end, viewer)
    rows = cases.rows
    mine = rows[rows["period"].between(_stamp(end - OVERLAP), _stamp(end))]
    days = _Days(mine)
    return Brokering(
        area=cases.area,
        regions=cases.regions,
        groups=cases.groups,
        end=end,
        values=dict(zip(cases.keys, cases.sums[at].tolist(), strict=True)),
        states=states,
        days={
            (s, c): days.mean(s, cases.groups.get(c, (c,))) if states[s, c, "started"] == "" else None
            for s, c, x in cases.keys
            if x == "started"
        },
        provisional=tuple(sorted({Month.of(p) for p in mine.loc[mine["value_status"] == "provisional", "period"]})),
        sources=tuple(sorted(set(mine["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
    )


def _states(cases: Cases, end: Month, viewer: Viewer) -> dict[Key, State]:
    """How each sum of the twelve months to `end` is shown."""
    at = end - cases.months[0]
    states = brokering_states(cases.columns, cases.codes, at, viewer, cases.groups)
    now = cases.now
    if now is not None and now.end(end) == end:  # what is hidden now was hidden then
        hidden_now = {k for k, s in _states(now, end, viewer).items() if s in ("suppressed", "secondary")}
        states |= {k: "secondary" for k, s in states.items() if not s and k in hidden_now}
    if viewer.own:
        seen = brokering_states(cases.columns, cases.codes, at, viewer.of(viewer.own), cases.groups)
        states |= {k: s for k, s in seen.items() if k[1] == viewer.own}
    return states | {k: "secondary" for k, h in zip(cases.keys, cases.gone[at - OVERLAP], strict=True) if h}


def _stamp(month: Month) -> pd.Timestamp:
    return pd.Timestamp(month.first_day)


class _Days:
    """Handling times of some rows."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._places = {s: rows[c].to_numpy(object) for s, c in ((HOME, "home_region"), (TREATING, "treating_region"))}
        self._days, self._cases = (rows[c].to_numpy(float) for c in ("handling_days_median", "started"))
        self._use = np.isfinite(self._days) & np.isfinite(self._cases) & (self._cases > 0)

    def mean(self, side: str, codes: Sequence[str]) -> float | None:
        """Mean of the rows' medians, weighted by cases started, of the regions `codes` on the side; COUNTRY has all."""
        use = self._use if side == COUNTRY else self._use & np.isin(self._places[side], list(codes))
        return float(np.average(self._days[use], weights=self._cases[use])) if use.any() else None
