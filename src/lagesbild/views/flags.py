"""Where are the warnings? The flags of the forecast run that belongs to the month shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.told_run import ToldRun

STATUSES: Final = ("open", "expected", "watch")


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
        """Whole operations, rounded up."""
        if self.extra_per_week is None or not np.isfinite(self.extra_per_week):
            return None
        return max(1, int(np.ceil(round(self.extra_per_week * WEEKS_PER_MONTH, 6))))


@dataclass(frozen=True)
class Flags:
    """The flags at `target`, most urgent first. `judged_series`: (region, care area) the run could say anything of;
    `untold_series`: those of which the viewer may not be told what it says, which is no calm."""

    run: Run
    target: float
    flags: tuple[Flag, ...]
    judged_series: frozenset[tuple[str, str]]
    untold_series: frozenset[tuple[str, str]] = frozenset()

    @property
    def judged(self) -> int:
        return len(self.judged_series)

    def in_region(self, region: str) -> Flags:
        """The same run's flags of one region."""
        return self.in_regions({region})

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
    runs = [r for r in known_runs(source, selection) if r.until == month]
    return flags_of(source, runs[0], selection, codes, viewer, protected) if runs else None


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
) -> Flags:
    """The flags of one run at the selection's target, in the regions of `codes` and the chosen care area. `protected`:
    (region, care area) whose share is hidden from the viewer; what follows from it is not told either."""
    told, areas = ToldRun(source, run, viewer), (selection.care_area,) if selection.care_area else ()
    rows = told.gaps(areas)
    rows = rows[
        np.isclose(rows["target_share"].astype(float), selection.target / 100) & rows["region"].isin(list(codes))
    ]
    judged = rows["probability_12m"].notna() | rows["status"].isin(STATUSES)
    found = [_flag(row, protected) for row in rows[rows["status"].isin(STATUSES)].to_dict("records")]
    return Flags(
        run=run,
        target=selection.target / 100,
        flags=tuple(sorted(found, key=lambda f: _order(f, codes))),
        judged_series=frozenset(zip(rows.loc[judged, "region"], rows.loc[judged, "care_area"], strict=True)),
        untold_series=told.untold(areas) & frozenset(zip(rows["region"], rows["care_area"], strict=True)),
    )


def _order(flag: Flag, codes: Mapping[str, int]) -> tuple[Any, ...]:
    """Open ones by how far under the target, the others by month and probability."""
    rank = STATUSES.index(flag.status)
    if flag.status == "open":
        return rank, flag.structural_share if flag.structural_share is not None else 1.0, 0.0, codes[flag.region]
    month = flag.opens.ordinal if flag.opens else 10**6
    return rank, month, -(flag.probability_12m or 0.0), codes[flag.region]


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
