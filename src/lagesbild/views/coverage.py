"""How much of the country is in each national figure: which regions are counted, and what share of the people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.registers import MAIN_COLUMN, register_of
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.capacity_use import capacity_use
from lagesbild.views.flags import flags
from lagesbild.views.flows import Flows, flows
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import Waits

MOST_AREAS: Final = 6  # care areas told one by one; with more, the first, as the pages do
Figure = Literal["share", "waiting", "performed", "capacity", "gaps", "out_of_region", "published"]
FIGURES: Final[tuple[Figure, ...]] = ("share", "waiting", "performed", "capacity", "gaps", "out_of_region")


@dataclass(frozen=True)
class Covered:
    """One national figure of `care_areas` (those whose regions are the same stand together). `counted` None: the source
    does not say. `share` (fraction) of the population, None when it is not known."""

    figure: Figure
    care_areas: tuple[CareArea, ...]
    counted: tuple[Region, ...] | None
    share: float | None

    def missing(self, regions: Iterable[Region]) -> tuple[Region, ...]:
        codes = {r.code for r in self.counted or ()}
        return tuple(r for r in regions if r.code not in codes)


@dataclass(frozen=True)
class Coverage:
    """`rows` in the order of FIGURES. `year` of the population, None when there is none for every region. `areas`: the
    care areas told, of `all_areas` that regions report."""

    month: Month
    regions: tuple[Region, ...]
    rows: tuple[Covered, ...]
    year: int | None
    areas: tuple[CareArea, ...]
    all_areas: int

    @property
    def lowest(self) -> Covered | None:
        known = [r for r in self.rows if r.counted is not None]
        return min(known, key=lambda r: len(r.counted or ()), default=None)


def coverage(source: Source, selection: Selection, viewer: Viewer) -> Coverage | None:
    """Of the chosen month and care area, always of the whole country, and so the same for whoever has a region of their
    own. None when no region reports waits."""
    viewer = viewer.everybody
    asked = Selection(care_area=selection.care_area, month=selection.month, as_of=selection.as_of)
    waits = read_waits(source, asked, viewer)
    if waits is None:
        return None
    leaves = tuple(leaf_regions(source.regions()))
    areas = waits.areas if len(waits.areas) <= MOST_AREAS else waits.areas[:1]
    people, year = population(source, leaves)
    rows: list[Covered] = []
    asks = _asks(source, asked, waits, viewer)
    for figure in FIGURES:
        groups: dict[tuple[str, ...], list[CareArea]] = {}
        for area in areas:
            found = asks[figure](area)
            if found is not None:
                groups.setdefault(found, []).append(area)
        for codes, mine in groups.items():
            counted = tuple(r for r in leaves if r.code in codes)
            share = sum(people[r.code] for r in counted) / sum(people.values()) if people else None
            rows.append(Covered(figure, tuple(mine), counted, share))
    published = [a for a in waits.all_areas if a.code in set(waits.published["care_area"])]
    if published and not selection.care_area:
        rows.append(Covered("published", tuple(published), None, None))
    return Coverage(waits.end, leaves, tuple(rows), year, tuple(areas), len(waits.areas))


Asks = Mapping[Figure, Callable[[CareArea], "tuple[str, ...] | None"]]


def _asks(source: Source, selection: Selection, waits: Waits, viewer: Viewer) -> Asks:
    """For each figure the codes of the regions that are in it, None when the figure does not exist."""
    kept: dict[str, Flows | None] = {}

    def flow(area: CareArea) -> Flows | None:
        if area.code not in kept:
            found = flows(source, selection.with_(care_area=area.code))
            kept[area.code] = None if found is None or found.published or found.end != waits.end else found
        return kept[area.code]

    def counted(area: CareArea) -> tuple[str, ...]:
        at = waits.area_index(area.code)
        return tuple(r.code for k, r in enumerate(waits.regions) if waits.counted[at, k, -1])

    def performed(area: CareArea) -> tuple[str, ...] | None:
        found = flow(area)
        return None if found is None else tuple(r.code for r in found.counted)

    def capacity(area: CareArea) -> tuple[str, ...] | None:
        found = flow(area)
        use = None if found is None else capacity_use(found, viewer)
        return None if use is None else tuple(r.code for r in use.regions)

    codes = {r.code: k for k, r in enumerate(waits.regions)}
    run = flags(source, selection, waits.end, codes, viewer)

    def gaps(area: CareArea) -> tuple[str, ...] | None:
        if run is None:
            return None
        return tuple(r for r in codes if (r, area.code) in run.judged_series)

    sent = _sent(source, selection, waits)

    def out_of_region(area: CareArea) -> tuple[str, ...] | None:
        return sent

    return {
        "share": counted,
        "waiting": counted,
        "performed": performed,
        "capacity": capacity,
        "gaps": gaps,
        "out_of_region": out_of_region,
    }


def _sent(source: Source, selection: Selection, waits: Waits) -> tuple[str, ...] | None:
    """Regions whose patients' care elsewhere is known in the month: flows, or a report that it is complete (nobody sent
    is no row). None when no region has any."""
    month = waits.end
    codes = tuple(r.code for r in waits.regions)
    rows = source.facts("out-of-region", Query(regions=codes, first=month, last=month, as_of=selection.as_of))
    found = set(rows.loc[rows[MAIN_COLUMN["out-of-region"]].notna(), "home_region"])
    told = source.facts("reporting", Query(regions=codes, first=month, last=month, as_of=selection.as_of))
    mine = told[told["register"].map(register_of) == "out-of-region"]
    found |= set(mine.loc[mine["status"].isin(["complete", "partial"]), "region"])
    found -= set(mine.loc[mine["status"].isin(["missing", "excluded"]), "region"])
    return tuple(c for c in codes if c in found) if len(found) else None


def population(source: Source, regions: tuple[Region, ...]) -> tuple[dict[str, float], int | None]:
    """Inhabitants by region code in the latest year that has all of them, and the year; nothing when none has."""
    rows = source.reference("population")
    if rows.empty:
        return {}, None
    wide = rows.assign(year=rows["year"].astype(int)).pivot(index="year", columns="region", values="population")
    wide = wide.reindex(columns=[r.code for r in regions]).astype(float).dropna()
    if wide.empty:
        return {}, None
    year = int(pd.Index(wide.index).max())
    return {str(c): float(v) for c, v in zip(wide.columns, wide.loc[[year]].to_numpy(float)[0], strict=True)}, year
