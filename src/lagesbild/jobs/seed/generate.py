"""Makes a whole synthetic country of any size and writes it as contract files, one care area at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.jobs.seed import catalogue, flows, frames, story
from lagesbild.jobs.seed.catalogue import COUNTRY, SeedArea, SeedProvider, SeedRegion
from lagesbild.jobs.seed.country import AreaRun, run_area
from lagesbild.jobs.seed.planted import plant
from lagesbild.jobs.seed.writing import Files

DEFAULT_SEED: Final = 2052  # of forty tried, the one whose noise hides none of the stories and adds no other
DEFAULT_LAST: Final = Month(2026, 10)
DEFAULT_REGIONS, DEFAULT_AREAS, DEFAULT_MONTHS = 21, 3, 72
REGISTERS: Final = ("Väntetider", "Produktion", "Kapacitet", "Patientregistret")
_REVISED_MONTHS: Final = 12  # the last months of the first publication, later revised
_SINCE_FIRST: Final = 10  # months between the two publications
_INVENTED: Final = "Privata vårdgivare på Exempel och alla HSA-id (SE0000000000-) är påhittade."
_CAPACITY_MONTHS: Final = 36  # capacity has been reported by provider for three years


def generate(
    directory: Path,
    *,
    regions: int = DEFAULT_REGIONS,
    care_areas: int = DEFAULT_AREAS,
    months: int = DEFAULT_MONTHS,
    seed: int = DEFAULT_SEED,
    last: Month = DEFAULT_LAST,
    providers: bool = True,
    reference: bool = True,
    faults: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Path:
    """Write the datasets to `directory` and return it. The same arguments give the same files, byte for byte.

    `providers` False leaves out the providers' own rows (for load tests of the regions' rows). `reference` False leaves
    out what is real in data/seed: regions, care areas and limits. `faults` plants those of `planted`. `progress` is
    told the number of care areas done.
    Raises InputError for sizes that make no country.
    """
    if regions < 2 or care_areas < 1 or months < 2:
        raise InputError(
            f"Storleken {regions} regioner, {care_areas} vårdområden och {months} månader går inte att simulera.",
            "Ange minst 2 regioner, 1 vårdområde och 2 månader.",
        )
    places = catalogue.regions(regions)
    areas = catalogue.care_areas(care_areas)
    everyone = catalogue.providers(places)
    first_cut = last - _SINCE_FIRST if months > _SINCE_FIRST + _REVISED_MONTHS else None
    with Files(directory, seed) as files:
        if reference:
            _write_reference(files, places, areas)
        if providers:
            files.add("providers", "providers", _provider_rows(everyone), notes=_INVENTED)
        _write_breaks(files, places, months, last)
        _write_reporting(files, places, months, last, first_cut)
        for index, area in enumerate(areas):
            run = run_area(seed, index, area, places, everyone, last, months)
            _write_area(files, run, seed, first_cut, providers, faults)
            progress(index + 1)
    return directory


def _write_area(files: Files, run: AreaRun, seed: int, first_cut: Month | None, providers: bool, faults: bool) -> None:
    """All facts of one care area."""
    waiting = frames.add_stale_entries(run)
    moved = flows.out_of_region(run, seed)
    capacity = frames.capacity(run, seed)
    whole = {
        "waits": frames.waits(run, waiting, seed),
        "production": frames.production(run, seed),
        "capacity": capacity[capacity["period"] > str(run.calendar[-1] - _CAPACITY_MONTHS)],
        "out-of-region": flows.flow_rows(run, moved),
        "brokering": flows.brokering_rows(run, moved, waiting, seed),
    }
    if faults:
        whole = plant(run.area.area.code, whole)
    if not providers:
        whole = {n: f[f["provider"] == ""] if "provider" in f else f for n, f in whole.items()}
    before = None
    if first_cut is not None:
        rng = np.random.default_rng([seed, run.area.area.sort_order, 12])
        before = frames.waits(run, frames.first_published(rng, waiting), seed)
        if not providers:
            before = before[before["provider"] == ""]
    for dataset, frame in whole.items():
        _publish(files, dataset, frame, before if dataset == "waits" else None, run.calendar[-1], first_cut)


def _publish(
    files: Files, dataset: str, frame: pd.DataFrame, before: pd.DataFrame | None, last: Month, first_cut: Month | None
) -> None:
    """Split rows into what was known at the first publication, what is new or revised since, and the provisional."""
    recorded = f"{last + 1}-16T06:10:00+01:00"
    region = "home_region" if "home_region" in frame else "region"
    provisional = (frame["period"] == str(last)) & frame[region].isin(story.PROVISIONAL_REGIONS)
    late = frame[provisional]
    frame, before = frame[~provisional], None if before is None else before[~provisional]
    if first_cut is not None:
        old = frame["period"] <= str(first_cut)
        first = frame[old]
        if before is not None:
            open_for_revision = frame["period"] > str(first_cut - _REVISED_MONTHS)
            first = frame.where(~(old & open_for_revision), before)[old]
            revised = (frame != before).fillna(False).any(axis=1) & old & open_for_revision
            old = old & ~revised
        files.add(
            f"{dataset}-{first_cut}",
            dataset,
            first,
            recorded_at=f"{first_cut + 1}-20T06:10:00+01:00",
            notes=f"Som det såg ut när {first_cut.sv} publicerades.",
        )
        frame = frame[~old]
    files.add(
        f"{dataset}-{last}",
        dataset,
        frame,
        recorded_at=recorded,
        notes=f"Nya månader till och med {last.sv}, och rättade tal för tidigare månader." if first_cut else "",
    )
    files.add(
        f"{dataset}-{last}-preliminart",
        dataset,
        late,
        recorded_at=recorded,
        provisional=True,
        notes="Preliminära tal för den senaste månaden.",
    )


def _provider_rows(everyone: list[SeedProvider]) -> pd.DataFrame:
    columns = ["code", "name", "region", "kind"]
    rows = pd.DataFrame([asdict(p.provider) for p in everyone])[columns]
    private = rows["kind"] == "private"
    return rows.assign(
        # no organisation has ten zeros for a number: nobody takes it for a hospital's own
        hsa_id="SE0000000000-" + rows["code"],
        agreement_from=np.where(private, "2019-01-01", ""),
        agreement_until=np.where(private, "2028-12-31", ""),
    )


def _write_reference(files: Files, places: list[SeedRegion], areas: list[SeedArea]) -> None:
    """Regions with their country, care areas, and Halland's shorter limit when Halland is there."""
    region_columns = [c.name for c in DATASETS["regions"].columns]
    area_columns = [c.name for c in DATASETS["care-areas"].columns]
    rows = [asdict(COUNTRY), *(asdict(r.region) for r in places)]
    files.add("regions", "regions", pd.DataFrame(rows)[region_columns])
    table = pd.DataFrame([asdict(a.area) for a in areas])[area_columns]
    files.add("care-areas", "care-areas", table.astype({"min_age": "Int64"}))
    limits = [(a.area.code, "", "2010-07-01", 90) for a in areas]
    if any(r.region.code == "13" for r in places):
        limits += [(a.area.code, "13", "2010-07-01", 60) for a in areas]
    files.add(
        "guarantee-limits",
        "guarantee-limits",
        pd.DataFrame(limits, columns=["care_area", "region", "valid_from", "days"]),
    )


def _write_breaks(files: Files, places: list[SeedRegion], months: int, last: Month) -> None:
    old, start, end = story.OLD_SYSTEM_CHANGE
    now, since = story.OPEN_SYSTEM_CHANGE
    cleared = "Påhittat byte av journalsystem; gamla poster rensades och nivån hoppar."
    silent = "Påhittat byte av journalsystem; regionen rapporterar inte än."
    rows = [
        (old, "", str(start), str(end), "system_change", cleared),
        (now, "", str(since), "", "system_change", silent),
    ]
    known = {r.region.code for r in places}
    kept = [r for r in rows if r[0] in known and str(last - (months - 1)) <= r[2] <= str(last)]
    files.add("breaks", "breaks", pd.DataFrame(kept, columns=["region", "care_area", "from", "to", "kind", "reason"]))


def _write_reporting(files: Files, places: list[SeedRegion], months: int, last: Month, first_cut: Month | None) -> None:
    """One row per month, region and register; the patient register runs on through a change of record system."""
    calendar = [last - k for k in range(months - 1, -1, -1)]
    rows = []
    for place in places:
        missing = frames.missing_months(place.region.code, calendar)
        for register in REGISTERS:
            for month, gone in zip(calendar, missing, strict=True):
                if register == "Kapacitet" and month <= last - _CAPACITY_MONTHS:
                    continue
                status, reason = "complete", ""
                if gone and register != "Patientregistret":
                    status, reason = "missing", "Påhittat byte av journalsystem."
                elif month == last and (
                    register == "Patientregistret" or place.region.code in story.PROVISIONAL_REGIONS
                ):
                    status, reason = "partial", "Preliminärt: rapporten är inte avslutad."
                rows.append((str(month), place.region.code, register, status, reason))
    frame = pd.DataFrame(rows, columns=["period", "region", "register", "status", "reason"])
    _publish(files, "reporting", frame.assign(reason=frame["reason"].astype(str)), None, last, first_cut)
