"""Which region has reported what, for which month, to which register?

What a region says of its own reporting (`reporting`) and what is really there are held against each other: an exclusion
or a reason can only be told, but that a month is there, whole and in time can be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import pandas as pd

from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.registers import HISTORY_LOAD, MAIN_COLUMN, days_late, register_of
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Batch, Query, Source
from lagesbild.views.region_choice import chosen_regions

DEFAULT_WINDOW: Final = 12
EVER_MONTHS: Final = 72  # how far back is looked for a region's first report
Status = Literal["reported", "late", "provisional", "missing", "excluded", "not_yet"]
NO_ZEROS: Final = ("out-of-region",)  # registers in which nothing done is no row
REPORTED: Final = ("reported", "late", "provisional")


@dataclass(frozen=True)
class Field:
    """One region, register and month. `lacking`: care areas that the region reports otherwise but not here (codes).

    `late_days` None: when the month first came is not known, because it was loaded with others as history. `batch`: the
    one that the newest of its rows came with.
    """

    status: Status
    reason: str = ""
    lacking: tuple[str, ...] = ()
    late_days: int | None = None
    first_recorded: datetime | None = None
    batch: int | None = None
    said: str = ""  # its status in `reporting`


@dataclass(frozen=True)
class Matrix:
    """`fields[dataset, region code, month]` for every register somebody reports to, region and month shown."""

    registers: tuple[str, ...]
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    fields: Mapping[tuple[str, str, Month], Field]
    batches: Mapping[int, Batch]
    recorded_at: datetime | None
    synthetic: bool
    sources: tuple[str, ...]

    @property
    def end(self) -> Month:
        return self.months[-1]

    def of(self, register: str, month: Month, *statuses: Status) -> tuple[Region, ...]:
        """Regions with one of the statuses in a month."""
        return tuple(r for r in self.regions if self.fields[register, r.code, month].status in statuses)

    def reported(self, register: str, month: Month) -> int:
        return len(self.of(register, month, *REPORTED))

    def since(self, register: str, region: str) -> Month | None:
        """The first month of an unbroken row of the last month's status, when that is missing or excluded."""
        last = self.fields[register, region, self.end].status
        if last not in ("missing", "excluded"):
            return None
        month = self.end
        while month > self.months[0] and self.fields[register, region, month - 1].status == last:
            month = month - 1
        return month

    @property
    def undated(self) -> int:
        """Reported fields whose first day is not known."""
        return sum(f.status in REPORTED and f.late_days is None for f in self.fields.values())


def reporting_matrix(source: Source, selection: Selection) -> Matrix | None:
    """The registers, regions and months chosen. None when no region of those has reported anything, ever, or none is
    chosen: an aggregate reports for nobody, and no codes in a query would mean every region."""
    end = selection.month or source.latest_month()
    regions = tuple(chosen_regions(source, selection).values())
    if end is None or not regions:
        return None
    first = end - ((selection.window or DEFAULT_WINDOW) - 1)
    months = months_between(first, end)
    said = _said(source, selection, first, end)
    areas = (selection.care_area,) if selection.care_area else ()
    fields: dict[tuple[str, str, Month], Field] = {}
    registers, sources, moments, synthetic = [], set(), [], False
    for register, column in MAIN_COLUMN.items():
        if selection.register not in ("", register):
            continue
        codes = tuple(r.code for r in regions)
        # a little before the window too: else the last months of a load of history would look like a late delivery
        early = first - HISTORY_LOAD
        query = Query(regions=codes, care_areas=areas, first=early, last=end, as_of=selection.as_of)
        rows = source.history(register, query, (column,))
        ever = _reported_before(source, register, query, rows)
        told = {k: v for k, v in said.items() if k[0] == register}
        if rows.empty and not ever and not told:
            continue
        registers.append(register)
        fields |= _fields(register, column, rows, regions, months, ever, told)
        sources |= set(rows["source"])
        synthetic = synthetic or bool(rows["synthetic"].astype(bool).any())
        moments += [rows["recorded_at"].max()] if len(rows) else []
    if not registers:
        return None
    return Matrix(
        registers=tuple(registers),
        regions=regions,
        months=tuple(months),
        fields=fields,
        batches={b.batch_id: b for b in source.batches()},
        recorded_at=max(moments, default=None),
        synthetic=synthetic,
        sources=tuple(sorted(sources)),
    )


@dataclass(frozen=True)
class Seen:
    """What is there of a region and month: care areas with a number, when the last of them first came."""

    areas: frozenset[str]
    provisional: bool
    first: datetime
    loaded: bool
    batch: int


Said = Mapping[tuple[str, str, Month], tuple[str, str]]


def _said(source: Source, selection: Selection, first: Month, end: Month) -> Said:
    """(register, region, month) -> status and reason in `reporting`."""
    rows = source.facts("reporting", Query(first=first, last=end, as_of=selection.as_of))
    columns = (rows[c] for c in ("register", "region", "period", "status", "reason"))
    return {
        (dataset, region, Month.of(period)): (status, str(reason))
        for register, region, period, status, reason in zip(*columns, strict=True)
        if (dataset := register_of(register))
    }


def _reported_before(source: Source, register: str, query: Query, rows: pd.DataFrame) -> set[str]:
    """Regions that have reported before the months shown; asked only of those whose first month is a hole."""
    assert query.first is not None
    home = "home_region" if "home_region" in rows else "region"
    begun = set(rows.loc[rows["period"] == pd.Timestamp(query.first.first_day), home])
    holes = tuple(r for r in query.regions if r not in begun)
    if not holes:
        return begun
    before = Query(
        regions=holes,
        care_areas=query.care_areas,
        first=query.first - (EVER_MONTHS - 1),
        last=query.first - 1,
        as_of=query.as_of,
    )
    return begun | set(source.facts(register, before)[home])


def _fields(
    register: str,
    column: str,
    rows: pd.DataFrame,
    regions: Sequence[Region],
    months: Sequence[Month],
    ever: set[str],
    told: Said,
) -> dict[tuple[str, str, Month], Field]:
    found = _seen(rows, column)
    out: dict[tuple[str, str, Month], Field] = {}
    for region in regions:
        mine = {m: found[region.code, m] for m in months if (region.code, m) in found}
        # nobody sent elsewhere is no row: only where every care area has a number can one be lacking
        usual = set() if register in NO_ZEROS else {a for seen in mine.values() for a in seen.areas}
        begun = region.code in ever
        for month in months:
            status, reason = told.get((register, region.code, month), ("", ""))
            seen = mine.get(month)
            begun = begun or seen is not None
            if seen is None and register in NO_ZEROS and status in ("complete", "partial"):
                out[register, region.code, month] = Field("reported" if status == "complete" else "provisional", reason)
                continue
            out[register, region.code, month] = _field(seen, usual, begun, status, reason, month)
    return out


def _field(seen: Seen | None, usual: set[str], begun: bool, said: str, reason: str, month: Month) -> Field:
    if said == "excluded":
        return Field("excluded", reason, batch=seen.batch if seen else None, said=said)
    if seen is None:
        gone: Status = "missing" if begun or said else "not_yet"
        return Field(gone, reason, said=said)
    late = None if seen.loaded else days_late(month, seen.first)
    lacking = tuple(sorted(usual - seen.areas))
    part = seen.provisional or said in ("partial", "missing") or bool(lacking)
    status: Status = "provisional" if part else "late" if late else "reported"
    return Field(status, reason, lacking, late, seen.first, seen.batch, said)


def _seen(rows: pd.DataFrame, column: str) -> dict[tuple[str, Month], Seen]:
    """By region and month, from all versions of every row. A version without the number it is for says nothing."""
    home = "home_region" if "home_region" in rows else "region"
    other = rows["treating_region"] if "treating_region" in rows else [""] * len(rows)
    told = rows[column].notna() | (rows["value_status"] == "suppressed")
    early = rows["value_status"] == "provisional"
    months = {p: Month.of(p) for p in rows["period"].unique()}
    current: dict[tuple[str, Any, str, str], tuple[bool, bool, int, Any]] = {}
    first: dict[tuple[str, Any, str], tuple[Any, int]] = {}
    columns = (rows["period"], rows[home], other, rows["care_area"], told, early, rows["batch_id"], rows["recorded_at"])
    for period, region, to, area, is_told, is_early, batch, moment in zip(*columns, strict=True):
        current[region, period, area, to] = (is_told, is_early, batch, moment)  # versions come oldest first
        if is_told:
            key = (region, period, area)
            # of several rows of one care area (flows to many regions) the first is its report
            first[key] = min(first.get(key, (moment, batch)), (moment, batch))
    loads = Counter((batch, region, area) for (region, _, area), (_, batch) in first.items())
    cells: dict[tuple[str, Any], list[tuple[str, bool, int, Any]]] = {}
    for (region, period, area, _), (is_told, is_early, batch, moment) in current.items():
        if is_told:
            cells.setdefault((region, period), []).append((area, is_early, batch, moment))
    out = {}
    for (region, period), found in cells.items():
        areas = frozenset(area for area, _, _, _ in found)
        began = [(first[region, period, area], area) for area in areas]
        out[region, months[period]] = Seen(
            areas=areas,
            provisional=any(is_early for _, is_early, _, _ in found),
            first=max(moment for (moment, _), _ in began).to_pydatetime(),
            loaded=any(loads[batch, region, area] > HISTORY_LOAD for (_, batch), area in began),
            batch=max((moment, batch) for _, _, batch, moment in found)[1],
        )
    return out
