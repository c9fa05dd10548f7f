"""Small snapshots for tests: three regions and the country, two care areas, shares and counts, a forecast, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from lagesbild.freezing.machine_table import MachineTable, machine_table
from lagesbild.snapshots.bundle import Bundle, seal
from lagesbild.snapshots.keys import PrivateKey
from lagesbild.snapshots.manifest import Coverage, Facts, ForecastRun, Measure

DECEMBER = datetime(2023, 12, 18, 5, 10, tzinfo=UTC)
FEBRUARY = datetime(2024, 2, 26, 5, 10, tzinfo=UTC)
SHARE = Measure(name="share", title="andel inom gränsen", form="share", decimals=1, state="share_state")
WAITING = Measure(name="waiting", title="väntande", form="count", unit="personer", state="waiting_state")
PROVISIONAL = Measure(name="provisional", title="preliminär", form="flag")
RUN = ForecastRun(run_id=12, until="2023-11", made=DECEMBER)

Cells = Mapping[tuple[str, str, str], tuple[float | None, str, int | None, str, str]]
NOVEMBER: Cells = {
    ("2023-11", "", "kna"): (0.890, "", 20_000, "", "no"),
    ("2023-11", "25", "kna"): (0.880, "", 900, "", "no"),
    ("2023-11", "12", "kna"): (0.882, "", 3_000, "", "no"),
    ("2023-11", "09", "kna"): (None, "secondary", None, "suppressed", "no"),
}


def waits(cells: Cells) -> MachineTable:
    rows = [[*key, *values] for key, values in cells.items()]
    return machine_table("waits", "Väntande", ("period", "region", "care_area"), (SHARE, WAITING, PROVISIONAL), rows)


def regions(names: Mapping[str, str] | None = None) -> MachineTable:
    told = names or {"25": "Norrbotten", "12": "Skåne", "09": "Gotland"}
    name = Measure(name="short_name", title="kortnamn", form="text")
    return machine_table("regions", "Regioner", ("code",), (name,), list(told.items()), kind="reference")


def areas() -> MachineTable:
    name = Measure(name="name", title="namn", form="text")
    return machine_table("care-areas", "Vårdområden", ("code",), (name,), [("kna", "Knäprotes")], kind="reference")


def limits(days: int = 90) -> MachineTable:
    measure = Measure(name="days", title="gräns", form="count", unit="dagar")
    rows = [("kna", "", "2005-11-01", days)]
    keys = ("care_area", "region", "valid_from")
    return machine_table("guarantee-limits", "Gränser i vårdgarantin", keys, (measure,), rows, kind="reference")


def forecasts(values: Mapping[str, float]) -> MachineTable:
    measure = Measure(name="p50", title="mitt i prognosen", form="number", decimals=1)
    rows = [("25", "kna", month, v) for month, v in values.items()]
    return machine_table("forecasts", "Prognoser", ("region", "care_area", "period"), (measure,), rows, kind="forecast")


def gaps(statuses: Mapping[str, str]) -> MachineTable:
    measure = Measure(name="status", title="läge", form="text")
    rows = [(region, "kna", s) for region, s in statuses.items()]
    return machine_table("gaps", "Kapacitetsgap", ("region", "care_area"), (measure,), rows, kind="forecast")


def facts(**changes: object) -> Facts:
    told = {
        "title": "Lägesbild 2023-12-18 kl. 06.10",
        "as_of": DECEMBER,
        "until": "2023-11",
        "data_version": "2023-12-18.1",
        "forecast_run": RUN,
        "code_version": "0.1.0",
        "role": "public",
        "threshold": 5,
        "synthetic": "Alla tal är påhittade.",
        "coverage": Coverage(counted=2, regions=3, text="2 av 3 regioner. Saknas: Gotland."),
    }
    return Facts(**{**told, **changes})  # type: ignore[arg-type]


def bundle(
    tables: Sequence[MachineTable] | None = None,
    *,
    key: PrivateKey | None = None,
    extra: Mapping[str, bytes] | None = None,
    **changes: object,
) -> Bundle:
    """A snapshot of `tables` (waits, regions and areas when none are given) and of `extra` files."""
    if tables is None:
        tables = [waits(NOVEMBER), regions(), areas()]
    files = {t.file: t.content for t in tables} | dict(extra or {})
    return seal(files, facts(tables={t.dataset: t.told for t in tables}, **changes), key)
