"""How close the synthetic country comes to the real one: what was aimed at, what came out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.periods import MONTHS_SV, Month
from lagesbild.domain.swedish import count, decimal
from lagesbild.jobs.seed import catalogue, flows, frames, story
from lagesbild.jobs.seed.country import AreaRun, limit_ages, run_area
from lagesbild.jobs.seed.generate import DEFAULT_AREAS, DEFAULT_LAST, DEFAULT_MONTHS, DEFAULT_REGIONS, DEFAULT_SEED

# Mean of share minus its mean by calendar month, points: operations in the whole country, vantetider.se 2016-2019
REAL_SEASON: Final = (1.7, 1.1, 2.7, 3.1, 2.1, -0.6, -4.3, -9.3, -5.6, 1.4, 4.7, 3.1)
_PUBLISHED: Final = {"katarakt": 93.2, "knaprotes": 86.2, "ljumskbrack": 89.6}  # the design's worked example


@dataclass(frozen=True)
class Measure:
    """One line of the table. `low` and `high` are how far the outcome may be from the target and still be met."""

    name: str
    target: float
    achieved: float
    low: float
    high: float
    unit: str
    source: str

    @property
    def met(self) -> bool:
        return self.low <= self.achieved <= self.high


def default_runs(seed: int = DEFAULT_SEED) -> list[AreaRun]:
    """The care areas of the committed data, simulated (about half a second)."""
    places = catalogue.regions(DEFAULT_REGIONS)
    everyone = catalogue.providers(places)
    return [
        run_area(seed, k, area, places, everyone, DEFAULT_LAST, DEFAULT_MONTHS)
        for k, area in enumerate(catalogue.care_areas(DEFAULT_AREAS))
    ]


def calibration_table(runs: Iterable[AreaRun], seed: int = DEFAULT_SEED) -> list[Measure]:
    """All measures, in the order of the README."""
    runs = list(runs)
    out = [_volume(run) for run in runs]
    out += [_level(run) for run in runs]
    out += _season(runs)
    out += _incentive(runs[0])
    out += [_population(runs), _removed(runs), _elsewhere(runs, seed), _revision(runs, seed), _july(runs)]
    return out


def as_markdown(table: list[Measure]) -> str:
    """The table of the README, Swedish numbers."""
    rows = ["| mått | mål | utfall | godtas | källa för målet |", "|---|---:|---:|---|---|"]
    for m in table:
        span = f"{_shown(m.low, m.unit)} till {_shown(m.high, m.unit)}"
        rows.append(f"| {m.name} | {_shown(m.target, m.unit)} | {_shown(m.achieved, m.unit)} | {span} | {m.source} |")
    return "\n".join(rows) + "\n"


def _shown(value: float, unit: str) -> str:
    if unit == "antal":
        return count(round(value))
    if unit == "månad":
        return MONTHS_SV[round(value) - 1]
    number = decimal(value, 2) if unit == "korrelation" else decimal(value, 1)
    return {"procent": f"{number}\u00a0%", "punkter": f"{number}\u00a0p.e."}.get(unit, number)


def _performed(run: AreaRun) -> np.ndarray:
    """Operations, (months, regions)."""
    return run.by_region(run.simulated.treated.sum(axis=2))


def _between(run: AreaRun, first: Month, last: Month) -> np.ndarray:
    return np.array([first <= m <= last for m in run.calendar])


def _within(run: AreaRun) -> tuple[np.ndarray, np.ndarray]:
    """Waiting within the region's limit, and waiting, (months, regions), as published."""
    waiting = run.by_region(frames.add_stale_entries(run))
    within = [waiting[:, k, : limit_ages(r.region.code)].sum(axis=1) for k, r in enumerate(run.regions)]
    return np.stack(within, axis=1), waiting.sum(axis=2)


def _volume(run: AreaRun) -> Measure:
    area = run.area
    year = _between(run, Month(area.volume_year, 1), Month(area.volume_year, 12))
    goal = area.operations_a_year
    name = f"{area.area.name}er {area.volume_year}, riket"
    return Measure(
        name,
        goal,
        float(_performed(run)[year].sum()),
        0.96 * goal,
        1.04 * goal,
        "antal",
        "projektets produktbeskrivning",
    )


def _level(run: AreaRun) -> Measure:
    within, waiting = _within(run)
    share = 100 * within[-12:].sum() / waiting[-12:].sum()
    goal = _PUBLISHED[run.area.area.code]
    name = f"{run.area.area.name}: andel inom gränsen, riket, senaste tolv månaderna"
    return Measure(name, goal, float(share), 80.0, 93.5, "procent", "designens exempel (overview)")


def season_profile(run: AreaRun) -> np.ndarray:
    """The country's share minus its year's mean by calendar month, January first, points. Last four whole years."""
    within, waiting = _within(run)
    share = 100 * within.sum(axis=1) / waiting.sum(axis=1)
    years = share[_between(run, Month(2022, 1), Month(2025, 12))].reshape(4, 12)
    return np.asarray((years - years.mean(axis=1, keepdims=True)).mean(axis=0))


def _season(runs: list[AreaRun]) -> list[Measure]:
    profile = np.mean([season_profile(run) for run in runs], axis=0)
    real = np.array(REAL_SEASON)
    source = "vantetider.se 2016–2019, operation/åtgärd"
    alike = float(np.corrcoef(profile, real)[0, 1])
    return [
        Measure("Årets lägsta andel, månad", 8, float(profile.argmin()) + 1, 8, 8, "månad", source),
        Measure("Årets högsta andel, månad", 11, float(profile.argmax()) + 1, 11, 11, "månad", source),
        Measure("Skillnad mellan högsta och lägsta månad", 10.0, float(np.ptp(profile)), 8.0, 12.0, "punkter",
                "ungefär tio; 9,3 för första besök och 14,0 för operationer 2016–2019, vid lägre nivå"),
        Measure("Säsongsprofilens samvariation med den verkliga", 1.0, alike, 0.93, 1.0, "korrelation", source),
    ]  # fmt: skip


def incentive_shares(run: AreaRun) -> tuple[np.ndarray, float]:
    """Per cent of the possible incentive each region would have reached, and the country, on synthetic operations.

    Growth June-October 2025 over the mean of the same months 2022-2024, on a straight scale to full amount.
    """
    performed = _performed(run)

    def season(year: int) -> np.ndarray:
        return np.asarray(performed[_between(run, Month(year, 6), Month(year, 10))].sum(axis=0), dtype=float)

    before = (season(2022) + season(2023) + season(2024)) / 3
    earned = np.clip((season(2025) / before - 1) / story.FULL_AMOUNT_GROWTH, 0.0, 1.0)
    return 100 * earned, float(100 * (earned * before).sum() / before.sum())


def _incentive(run: AreaRun) -> list[Measure]:
    earned, country = incentive_shares(run)
    real = np.array([story.INCENTIVE[r.region.code] for r in run.regions], dtype=float)
    source = "operationsincitamentet juni–oktober 2025"
    return [
        Measure("Andel av möjligt belopp, spridning mellan regioner (standardavvikelse)", float(real.std()),
                float(earned.std()), 20.0, 34.0, "punkter", source),
        Measure("Andel av möjligt belopp, riket", 48.0, country, 36.0, 60.0, "procent", source),
        Measure("Regionernas samvariation med de verkliga", 1.0, float(np.corrcoef(earned, real)[0, 1]), 0.8, 1.0,
                "korrelation", source),
    ]  # fmt: skip


def _population(runs: list[AreaRun]) -> Measure:
    performed = sum(_performed(run)[_between(run, Month(2023, 1), Month(2023, 12))].sum(axis=0) for run in runs)
    people = np.array([r.population for r in runs[0].regions], dtype=float)
    apart = np.asarray(performed) / np.sum(performed) / (people / people.sum()) - 1
    return Measure("Operationer per invånare 2023, största avvikelse mellan region och riket", 0.0,
                   float(100 * np.abs(apart).max()), 0.0, 20.0, "procent", "SCB, befolkning 2023-12-31")  # fmt: skip


def _removed(runs: list[AreaRun]) -> Measure:
    added = sum(int(run.simulated.added[-12:].sum()) for run in runs)
    removed = sum(int(run.simulated.removed_other[-12:].sum()) for run in runs)
    return Measure("Övriga avslut som andel av nytillkomna", 10.0, 100 * removed / added, 10.0, 35.0, "procent",
                   "10–35 % där de räknas (Skottland, Irland)")  # fmt: skip


def _elsewhere(runs: list[AreaRun], seed: int) -> Measure:
    sent = sum(int(flows.out_of_region(run, seed).counts[-12:].sum()) for run in runs)
    performed = sum(int(_performed(run)[-12:].sum()) for run in runs)
    return Measure("Opererade utanför hemregionen", 2.9, 100 * sent / performed, 2.0, 5.0, "procent",
                   "några procent; designens exempel 2,9 %")  # fmt: skip


def _revision(runs: list[AreaRun], seed: int) -> Measure:
    """Mean size of a revised region month, points, among those that were revised."""
    moved = []
    for run in runs:
        now = frames.add_stale_entries(run)
        rng = np.random.default_rng([seed, run.area.area.sort_order, 12])
        first = run.by_region(frames.first_published(rng, now))[-22:-10]
        waiting = run.by_region(now)[-22:-10]
        change = np.abs(waiting[:, :, :9].sum(axis=2) - first[:, :, :9].sum(axis=2)) / waiting.sum(axis=2)
        moved.append(100 * change[change > 0])
    return Measure("Rättelse av en regions månad, medelstorlek", 1.0, float(np.concatenate(moved).mean()), 0.5, 1.6,
                   "punkter", "vantetider.se: omkring en procentenhet")  # fmt: skip


def _july(runs: list[AreaRun]) -> Measure:
    performed = np.sum([_performed(run).sum(axis=1) for run in runs], axis=0)
    calendar = runs[0].calendar
    july = [performed[calendar.index(Month(y, 7))] / performed[calendar.index(Month(y, 5))] for y in range(2022, 2026)]
    return Measure("Operationer i juli som andel av maj", 50.0, float(100 * np.mean(july)), 40.0, 70.0, "procent",
                   "hälften; SKR 2023, alla operationer: 43 %")  # fmt: skip
