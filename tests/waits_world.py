"""A small made-up country for the wait pages: six regions in two groups, two care areas, three years, plain numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.source import Break, GuaranteeLimit, Run
from tests.country import beside
from tests.fakes import FakeSource

END = Month(2026, 10)
MONTHS = months_between(END - 35, END)
NAMES = ("Norrby", "Åby", "Sjöbo", "Ekeby", "Ökna", "Lillö")
CODES = tuple(f"R{k}" for k in range(1, 7))
# share over the limit per region, per thousand: steady, so that nothing is a signal
OVER = dict(zip(CODES, (100, 120, 80, 150, 90, 110), strict=True))
WAITING = dict(zip(CODES, (1000, 800, 600, 400, 700, 500), strict=True))
WIGGLE = (0, 8, -6, 4, -9, 5, -3, 7, -5, 2, -8, 6)  # per thousand, not a season: shifted from year to year


def regions() -> list[Region]:
    groups = ("Norra", "Norra", "Norra", "Södra", "Södra", "Södra")
    rows = [
        Region(c, f"Region {n}", n, g, sort_order=k, parent="LAND")
        for k, (c, n, g) in enumerate(zip(CODES, NAMES, groups, strict=True))
    ]
    rows[3] = replace(rows[3], healthcare_region_secondary="Norra")
    return [Region("LAND", "Riket", "Riket", sort_order=99), *rows]


def areas() -> list[CareArea]:
    return [
        CareArea("kna", "Knäprotesoperation", "operation", 90, sort_order=1, short_name="Knäprotes"),
        CareArea("kat", "Kataraktoperation", "operation", 90, sort_order=2, short_name="Katarakt"),
        CareArea("alla", "Alla åtgärder", "other", 90, sort_order=3),
    ]


def row(region: str, area: str, month: Month, *, over: int, waiting: int, **more: Any) -> dict[str, Any]:
    """A whole row of waits: bands add up, within the limit is the first three."""
    within = waiting - over
    bands = [within - 2 * (within // 4), within // 4, within // 4]
    tail = [over - 3 * (over // 4), over // 4, over // 4, over // 4]
    names = ("0_30", "31_60", "61_90", "91_120", "121_180", "181_365", "366_")
    return {
        "period": month,
        "region": region,
        "care_area": area,
        "provider": "",
        "waiting": waiting,
        "within_limit": within,
        **{f"waiting_{n}": v for n, v in zip(names, bands + tail, strict=True)},
        "excluded_patient_choice": waiting // 20,
        "excluded_medical": waiting // 40,
        **more,
    }


def calm_rows(over: dict[str, int] = OVER, waiting: dict[str, int] = WAITING) -> list[dict[str, Any]]:
    out = []
    for area in ("kna", "kat"):
        for k, code in enumerate(CODES):
            for m, month in enumerate(MONTHS):
                share = over[code] + WIGGLE[(m + 5 * (m // 12) + k) % 12]
                n = waiting[code]
                out.append(row(code, area, month, over=round(n * share / 1000), waiting=n))
    return out


def changed(rows: list[dict[str, Any]], region: str, area: str, month: Month | None = None, **values: Any):
    """Rows with some values replaced, for one month or (None) all of a region's care area."""
    return [
        r | values if (r["region"], r["care_area"]) == (region, area) and month in (None, r["period"]) else r
        for r in rows
    ]


def slide(rows: list[dict[str, Any]], region: str, area: str, months: int = 9, extra: float = 0.08):
    """Rows in which a region's share over the limit is higher in the last months: a signal."""
    out = []
    for r in rows:
        if (r["region"], r["care_area"]) == (region, area) and END - r["period"] < months:
            over = r["waiting"] - r["within_limit"] + round(r["waiting"] * extra)
            out.append(row(region, area, r["period"], over=over, waiting=r["waiting"]))
        else:
            out.append(r)
    return out


def world(rows: list[dict[str, Any]] | None = None, **more: Any) -> FakeSource:
    """The country as a source. `more` overrides fields of FakeSource; `frames` adds datasets."""
    frames = {"waits": pd.DataFrame(calm_rows() if rows is None else rows), **more.pop("frames", {})}
    return FakeSource(more.pop("region_rows", regions()), more.pop("area_rows", areas()), frames, **more)


RUN = Run(
    7, "forecast", datetime(2026, 11, 16, tzinfo=UTC), 1, datetime(2026, 11, 15, tzinfo=UTC), END, 12, 1, "x", 12, 1
)


def gap(region: str, area: str, status: str, **values: Any) -> dict[str, Any]:
    """A row of gaps at 80 %, all unknown but what is given."""
    base: dict[str, Any] = dict.fromkeys(GAP_COLUMNS)
    base |= {"run_id": 7, "region": region, "care_area": area, "status": status, "target_share": 0.8}
    base |= {"probability_12m": 0.1, "seasonal_only": False, "reason": ""}
    return base | values


def with_gaps(source: FakeSource, rows: list[dict[str, Any]]) -> FakeSource:
    source.run_rows = [RUN, beside(RUN)]
    source.gap_rows = pd.DataFrame(rows, columns=list(GAP_COLUMNS))
    return source


def provider(code: str = "P1", region: str = "R1") -> Provider:
    return Provider(code, f"Sjukhuset {code}", region, "public")


def limit(days: int, region: str = "", area: str = "kna") -> GuaranteeLimit:
    return GuaranteeLimit(area, region, date(2020, 1, 1), days)


def system_change(region: str, month: Month) -> Break:
    return Break(region, "", month, None, "system_change", "Byte av journalsystem")
