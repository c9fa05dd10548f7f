"""Did the warnings hold? Every warning that the method would have given at earlier months, and every gap that opened.

A warning that stands from origin to origin is one warning, judged by what came within twelve months of its first month.
Only warnings whose twelve months are all known are counted. A gap may have followed a younger one already, but if those
were counted and the younger ones still without a gap were not, the record would look better than it is: with half of
the gaps opening in the first four months, a true hit rate of 60 % over three years would read 66 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_fan import chosen_run
from lagesbild.views.region_choice import chosen_regions
from lagesbild.views.told_run import ToldRun

AHEAD: Final = 12  # months a warning speaks of
FEWEST: Final = 5  # with fewer cases nothing is said about how good the warnings are
LEVELS: Final = {"expected": ("expected",), "watch": ("expected", "watch")}  # a warning is watched too
_SAME_GAP: Final = 2  # a gap is two months under, so another cannot open until the third month after


@dataclass(frozen=True)
class Warning_:  # noqa: N801 - `Warning` is Python's own
    """A warning that stood at the origins from `first` to `last`. `opened`: the month a gap opened within
    twelve months of `first`, None when none has. `settled`: whether all of those twelve months are known."""

    region: Region
    care_area: CareArea
    first: Month
    last: Month
    probability_12m: float
    opened: Month | None
    settled: bool


@dataclass(frozen=True)
class OpenedGap:
    """A gap that opened, and the first month at which a warning stood of the twelve before it, or of those after the
    previous gap opened; None without warning."""

    region: Region
    care_area: CareArea
    opened: Month
    warned: Month | None

    @property
    def lead_months(self) -> int | None:
        return None if self.warned is None else self.opened - self.warned


@dataclass(frozen=True)
class Tally:
    """The warnings of one level, oldest first. Counted: those whose twelve months are known."""

    warnings: tuple[Warning_, ...]

    @property
    def counted(self) -> tuple[Warning_, ...]:
        return tuple(w for w in self.warnings if w.settled)

    @property
    def hits(self) -> int:
        return sum(w.opened is not None for w in self.counted)

    @property
    def false_alarms(self) -> int:
        return len(self.counted) - self.hits

    @property
    def young(self) -> tuple[Warning_, ...]:
        """Warnings left out because some of their twelve months are still to come."""
        return tuple(w for w in self.warnings if not w.settled)

    @property
    def enough(self) -> bool:
        return len(self.counted) >= FEWEST


@dataclass(frozen=True)
class WarningRecord:
    """`warned`: warnings (status expected); `watched`: series watched or warned of. `gaps`: those that opened after a
    month at which they could have been warned of, oldest first. `first` and `last` are the origins of the record."""

    run: Run
    target: float
    first: Month
    last: Month
    warned: Tally
    watched: Tally
    gaps: tuple[OpenedGap, ...]

    @property
    def gaps_warned(self) -> int:
        return sum(g.warned is not None for g in self.gaps)

    @property
    def lead_months(self) -> int | None:
        """At least half of the gaps that were warned of were so at least this many months before."""
        leads = [g.lead_months for g in self.gaps if g.lead_months is not None]
        return median_high(leads) if leads else None


def warning_record(source: Source, selection: Selection, viewer: Viewer) -> WarningRecord | None:
    """The record of the chosen (else the latest) run at the selection's target, care area and region. None without a
    run or when the run stored none for them. Statuses and months only: nothing here is a count of patients."""
    run = chosen_run(source, selection)
    if run is None:
        return None
    rows = ToldRun(source, run, viewer).record()
    rows = rows[np.isclose(rows["target_share"].astype(float), selection.target / 100)]
    grid = sorted({Month.of(o) for o in rows["origin"].unique()})  # of all: earlier origins may be months apart
    before = dict(pairwise(reversed(grid)))
    regions = chosen_regions(source, selection)
    areas = {a.code: a for a in source.care_areas() if selection.care_area in ("", a.code)}
    rows = rows[rows["region"].isin(list(regions)) & rows["care_area"].isin(list(areas))]
    if rows.empty:
        return None
    warned: list[Warning_] = []
    watched: list[Warning_] = []
    gaps: list[OpenedGap] = []
    for (region, area), part in rows.groupby(["region", "care_area"], sort=False):
        known = _origins(part)
        where = regions[str(region)], areas[str(area)]
        warned += _warnings(known, LEVELS["expected"], before, *where)
        watched += _warnings(known, LEVELS["watch"], before, *where)
        gaps += _gaps(known, *where)
    return WarningRecord(
        run=run,
        target=selection.target / 100,
        first=grid[0],
        last=grid[-1],
        warned=Tally(tuple(sorted(warned, key=lambda w: _order(w, w.first)))),
        watched=Tally(tuple(sorted(watched, key=lambda w: _order(w, w.first)))),
        gaps=tuple(sorted(gaps, key=lambda g: _order(g, g.opened))),
    )


@dataclass(frozen=True)
class _Origin:
    month: Month
    status: str
    probability_12m: float
    opened: Month | None
    settled: bool


def _origins(part: pd.DataFrame) -> list[_Origin]:
    """One series' rows, oldest first."""
    columns = ("origin", "status", "probability_12m", "opened", "months_known")
    rows = part.sort_values("origin")[list(columns)].itertuples(index=False)
    return [_Origin(Month.of(o), str(s), float(p), _month(g), int(n) >= AHEAD) for o, s, p, g, n in rows]


def _month(value: Any) -> Month | None:
    return None if value is None or pd.isna(value) else Month.of(pd.Timestamp(value))


def _warnings(
    origins: list[_Origin],
    statuses: tuple[str, ...],
    before: Mapping[Month, Month],
    region: Region,
    care_area: CareArea,
) -> Iterable[Warning_]:
    """Runs of consecutive origins with the warning up. At an origin of the record without a row nothing was up."""
    standing: list[_Origin] = []
    runs = []
    for o in origins:
        if standing and (o.status not in statuses or before.get(o.month) != standing[-1].month):
            runs.append(standing)
            standing = []
        if o.status in statuses:
            standing.append(o)
    if standing:
        runs.append(standing)
    for run in runs:
        first = run[0]
        yield Warning_(
            region,
            care_area,
            first=first.month,
            last=run[-1].month,
            probability_12m=first.probability_12m,
            opened=first.opened,
            settled=first.settled,
        )


def _gaps(origins: list[_Origin], region: Region, care_area: CareArea) -> Iterable[OpenedGap]:
    """Gaps that opened after some month at which the series was judged and no gap was open.

    What stood before the previous gap opened was about that one: it is no warning of the next.
    """
    free = [o for o in origins if o.status != "open"]
    months = sorted({o.opened for o in free if o.opened is not None})
    apart = months[:1] + [m for before, m in pairwise(months) if m - before > _SAME_GAP]
    for previous, opened in zip([None, *apart], apart, strict=False):
        since = opened - AHEAD if previous is None else max(opened - AHEAD, previous + 1)
        ahead = [o for o in free if since <= o.month < opened]
        if ahead:
            up = [o.month for o in ahead if o.status in LEVELS["expected"]]
            yield OpenedGap(region, care_area, opened, min(up) if up else None)


def _order(x: Warning_ | OpenedGap, month: Month) -> tuple[int, int, str, int, str]:
    return month.ordinal, x.region.sort_order, x.region.code, x.care_area.sort_order, x.care_area.code
