"""Where are the warnings? The flags of the forecast run that belongs to the month shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.domain.viewer import Viewer
from lagesbild.views.free_capacity import whole
from lagesbild.views.told_run import ToldRun


@dataclass(frozen=True)
class Flag:
    """A capacity gap of a region's care area. `opens`: most likely month, or when an open one opened; `extra_per_week`
    gives an 80 % chance of reaching the target, None when nothing would or when `protected` (hidden with the share);
    shares and probabilities are fractions."""

    region: str
    care_area: str
    status: str
    opens: Month | None
    opens_lo: Month | None
    opens_hi: Month | None
    probability_12m: float | None
    structural_share: float | None
    extra_per_week: float | None
    target_month: Month | None
    protected: bool = False

    @property
    def extra_per_month(self) -> int | None:
        """Whole operations, rounded up as in the list of gaps; 0 when the target is reached without any."""
        if self.extra_per_week is None or not np.isfinite(self.extra_per_week):
            return None
        return whole(self.extra_per_week, "month")


@dataclass(frozen=True)
class FlagCounts:
    """Of all pairs of a country or region: flags by status, series judged and those of which nothing may be told, and
    the last month that an expected gap opens."""

    by_status: Mapping[str, int]
    judged: int
    untold: int
    last_expected: Month | None


@dataclass(frozen=True)
class Flags:
    """The flags at `target`, most urgent first. `judged_series`: (region, care area) the run could say anything of;
    `untold_series`: those of which the viewer may not be told what it says, which is no calm. With `counts` they are
    the first ones only, and the series those of a few care areas."""

    run: Run
    target: float
    flags: tuple[Flag, ...]
    judged_series: frozenset[tuple[str, str]]
    untold_series: frozenset[tuple[str, str]] = frozenset()
    counts: FlagCounts | None = None

    @property
    def judged(self) -> int:
        return self.counts.judged if self.counts else len(self.judged_series)

    @property
    def untold(self) -> int:
        return self.counts.untold if self.counts else len(self.untold_series)

    @property
    def last_expected(self) -> Month | None:
        """The last month that an expected gap opens."""
        if self.counts:
            return self.counts.last_expected
        return max((f.opens for f in self.of("expected") if f.opens), default=None)

    def count(self, *statuses: str) -> int:
        """How many flags there are, also of those that are not among `flags`."""
        return sum(self.counts.by_status[s] for s in statuses) if self.counts else len(self.of(*statuses))

    def in_regions(self, regions: Collection[str]) -> Flags:
        kept = tuple(f for f in self.flags if f.region in regions)
        judged, untold = (
            frozenset(s for s in series if s[0] in regions) for series in (self.judged_series, self.untold_series)
        )
        return Flags(self.run, self.target, kept, judged, untold)

    def of(self, *statuses: str) -> tuple[Flag, ...]:
        return tuple(f for f in self.flags if f.status in statuses)

    @property
    def by_cell(self) -> dict[tuple[str, str], Flag]:
        return {(f.region, f.care_area): f for f in self.flags}


def flags(
    source: Source,
    selection: Selection,
    month: Month,
    codes: Mapping[str, int],
    viewer: Viewer,
    protected: Collection[tuple[str, str]] = (),
) -> Flags | None:
    """Flags of the regions in `codes` (code -> order), of the newest run made on data up to `month`, as this viewer may
    see them.

    With `as_of` only runs that existed then count. None when there is no such run: a past month's warnings are those
    that were made then, never today's.
    """
    run = run_of_month(source, selection, month)
    return None if run is None else flags_of(source, run, selection, codes, viewer, protected)


def run_of_month(source: Source, selection: Selection, month: Month) -> Run | None:
    """The newest run made on data up to `month`, of those that existed at the selection's `as_of`."""
    return next((r for r in known_runs(source, selection) if r.until == month), None)


def known_runs(source: Source, selection: Selection) -> list[Run]:
    """Runs that existed at the selection's `as_of`, newest first."""
    return [r for r in source.runs() if selection.as_of is None or r.created_at <= selection.as_of]


def flags_of(
    source: Source,
    run: Run,
    selection: Selection,
    codes: Mapping[str, int],
    viewer: Viewer,
    protected: Collection[tuple[str, str]] = (),
    areas: tuple[str, ...] = (),
) -> Flags:
    """The flags of one run at the selection's target, in the regions of `codes` and the chosen care area, else those in
    `areas` (none given: all). `protected`: (region, care area) whose share is hidden from the viewer; what follows from
    it is not told either."""
    told, areas = ToldRun(source, run, viewer), (selection.care_area,) if selection.care_area else areas
    rows = told.gaps(areas)
    rows = rows[
        np.isclose(rows["target_share"].astype(float), selection.target / 100) & rows["region"].isin(list(codes))
    ]
    judged = rows["probability_12m"].notna() | rows["status"].isin(FLAGGED)
    found = flags_in(rows[rows["status"].isin(FLAGGED)], protected)
    return Flags(
        run=run,
        target=selection.target / 100,
        flags=in_order(found, codes),
        judged_series=frozenset(zip(rows.loc[judged, "region"], rows.loc[judged, "care_area"], strict=True)),
        untold_series=told.untold(areas) & frozenset(zip(rows["region"], rows["care_area"], strict=True)),
    )


def flags_in(rows: pd.DataFrame, protected: Collection[tuple[str, str]]) -> list[Flag]:
    """The flags of rows that are flagged, with at least FLAG_COLUMNS."""
    return [_flag(row, protected) for row in rows.to_dict("records")]


def in_order(found: Iterable[Flag], codes: Mapping[str, int]) -> tuple[Flag, ...]:
    """The most urgent first: open ones by how far under the target, the others by month and probability."""
    return tuple(sorted(found, key=lambda f: _order(f, codes)))


def _order(flag: Flag, codes: Mapping[str, int]) -> tuple[Any, ...]:
    rank = FLAGGED.index(flag.status)
    if flag.status == "open":
        share = flag.structural_share if flag.structural_share is not None else 1.0
        return rank, share, 0.0, codes[flag.region], flag.care_area
    month = flag.opens.ordinal if flag.opens else 10**6
    return rank, month, -(flag.probability_12m or 0.0), codes[flag.region], flag.care_area


def _flag(row: Mapping[Any, Any], protected: Collection[tuple[str, str]]) -> Flag:
    hidden = (str(row["region"]), str(row["care_area"])) in protected
    return Flag(
        region=str(row["region"]),
        care_area=str(row["care_area"]),
        status=str(row["status"]),
        opens=_month(row["opens_period"]),
        opens_lo=_month(row["opens_lo"]),
        opens_hi=_month(row["opens_hi"]),
        probability_12m=_number(row["probability_12m"]),
        structural_share=None if hidden else _number(row["structural_share_now"]),
        extra_per_week=None if hidden else _number(row["extra_per_week_to_target"]),
        target_month=_month(row["target_period"]),
        protected=hidden,
    )


def _month(value: Any) -> Month | None:
    return None if value is None or pd.isna(value) else Month.of(pd.Timestamp(value))


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
