"""The first flags of a country or region and how many there are, without reading them all.

A page lists a few of each status. The care areas it shows are read; of the others PostgreSQL counts, and gives the
first ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.told_flags import FLAGGED, UNTOLD
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flags import Flag, FlagCounts, Flags, flags_in, flags_of, in_order, run_of_month
from lagesbild.views.told_run import ToldRun

FIRST: Final = 6  # of a status in a list


@dataclass(frozen=True)
class FirstFlags:
    """`found`: all flags of the care areas shown and the first FIRST of each status of the others, of one region when
    it was asked for; `by_cell`: (region, care area) -> flag, of the care areas shown in all regions."""

    found: Flags
    by_cell: Mapping[tuple[str, str], Flag]


def first_flags(
    source: Source,
    selection: Selection,
    month: Month,
    codes: Mapping[str, int],
    viewer: Viewer,
    protected: Collection[tuple[str, str]],
    shown: tuple[str, ...],
    region: str = "",
) -> FirstFlags | None:
    """As `flags`, of the newest run made on data up to `month`. `shown`: care areas that are read; `protected`: those
    of their pairs whose share is hidden. Of the others nobody has looked, so a flag says no more than that it is
    there, but of a region of which the viewer sees all."""
    run = run_of_month(source, selection, month)
    if run is None:
        return None
    unread = {selection.care_area} - {"", *shown}
    closed = [r for r in codes if viewer.of(r).role != "exact"]
    hidden = {*protected, *((r, a) for r in closed for a in unread)}
    read = flags_of(source, run, selection, codes, viewer, hidden, shown)
    told = ToldRun(source, run, viewer)
    asked = told.flags(selection.target / 100, tuple(codes), selection.care_area)
    here = {region} if region else set(codes)
    rows = told.first_flags(asked, FIRST, (*shown, *unread))
    rows = rows[rows["region"].isin(here)]
    others = flags_in(rows, {(r, a) for r, a in zip(rows["region"], rows["care_area"], strict=True) if r in closed})
    mine = read.in_regions(here)
    listed = in_order((*mine.flags, *others), codes)
    return FirstFlags(replace(mine, flags=listed, counts=_counts(told.flag_counts(asked), here)), read.by_cell)


def flagged_areas(
    source: Source, selection: Selection, month: Month, codes: Collection[str], viewer: Viewer
) -> Mapping[str, int]:
    """Care area -> how many of its series in the regions of `codes` are flagged; those without any are left out."""
    run = run_of_month(source, selection, month)
    if run is None:
        return {}
    told = ToldRun(source, run, viewer)
    rows = told.flagged_areas(told.flags(selection.target / 100, tuple(codes)))
    return dict(zip(rows["care_area"], rows["n"], strict=True))


def _counts(rows: pd.DataFrame, regions: Collection[str]) -> FlagCounts:
    mine = rows[rows["region"].isin(regions)]
    n = mine.groupby("state")["n"].sum()
    last = mine["last_opens"].max()
    return FlagCounts(
        by_status={status: int(n.get(status, 0)) for status in FLAGGED},
        judged=int(n.drop(UNTOLD, errors="ignore").sum()),
        untold=int(n.get(UNTOLD, 0)),
        last_expected=None if pd.isna(last) else Month.of(pd.Timestamp(last)),
    )
