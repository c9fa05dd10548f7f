"""The made-up country of `waits_world` with flows between its regions, production, brokering and inhabitants."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lagesbild.domain.periods import Month, months_between
from tests.fakes import FakeSource
from tests.waits_world import CODES, END, calm_rows, world

START = END - 59
MONTHS = months_between(START, END)
# persons a month, so large that no year of them is small
MONTHLY = {
    ("R1", "R2"): 20,
    ("R1", "R4"): 5,
    ("R2", "R1"): 8,
    ("R3", "R1"): 6,
    ("R4", "R1"): 12,
    ("R4", "R5"): 3,
    ("R5", "R6"): 4,
    ("R6", "R5"): 2,
}
PERFORMED = {code: 400 + 50 * k for k, code in enumerate(CODES)}
WAIT_DAYS = {code: 40.0 + 10 * k for k, code in enumerate(CODES)}


def flow_rows(monthly: dict[tuple[str, str], int] = MONTHLY, area: str = "kna") -> list[dict[str, Any]]:
    return [
        {"period": m, "home_region": a, "treating_region": b, "care_area": area, "provider": "", "performed": n}
        for (a, b), n in monthly.items()
        for m in MONTHS
    ]


def one(home: str, treating: str, month: Month, performed: float, **more: Any) -> dict[str, Any]:
    base = {"period": month, "home_region": home, "treating_region": treating, "care_area": "kna", "provider": ""}
    return base | {"performed": performed} | more


def production_rows(area: str = "kna") -> list[dict[str, Any]]:
    return [
        {
            "period": m,
            "region": code,
            "care_area": area,
            "provider": "",
            "added": PERFORMED[code],
            "performed": PERFORMED[code],
            "wait_days_median": WAIT_DAYS[code],
        }
        for code in CODES
        for m in MONTHS
    ]


def case(home: str, treating: str, month: Month = END, **values: float) -> dict[str, Any]:
    """A month of brokering cases; `treating` "" = none found."""
    base = {"period": month, "home_region": home, "treating_region": treating, "care_area": "kna"}
    counts = {"started": 0, "accepted": 0, "declined": 0, "not_completed": 0, "completed": 0}
    return base | counts | {"handling_days_median": 20} | values


def case_rows() -> list[dict[str, Any]]:
    """Every month: 10 from R1 to R2 (8 accepted, 7 completed), 6 from R4 to R1 (all), one of R1's without a place."""
    out = []
    for m in MONTHS[-24:]:
        out.append(case("R1", "R2", m, started=10, accepted=8, declined=2, completed=7, not_completed=1))
        out.append(case("R4", "R1", m, started=6, accepted=6, completed=6, handling_days_median=10))
        out.append(case("R1", "", m, started=1, handling_days_median=30))
    return out


def people() -> pd.DataFrame:
    rows = [(y, c, 100_000 * (k + 1)) for y in (2024, 2025) for k, c in enumerate(CODES)]
    return pd.DataFrame(rows, columns=["year", "region", "population"])


def travel_world(
    flows: list[dict[str, Any]] | None = None,
    *,
    production: list[dict[str, Any]] | None = None,
    cases: list[dict[str, Any]] | None = None,
    reporting: list[dict[str, Any]] | None = None,
    **more: Any,
) -> FakeSource:
    frames = {
        "out-of-region": pd.DataFrame(flow_rows() if flows is None else flows),
        "production": pd.DataFrame(production_rows() if production is None else production),
        "brokering": pd.DataFrame(case_rows() if cases is None else cases),
        "population": people(),
    }
    if reporting is not None:
        frames["reporting"] = pd.DataFrame(reporting)
    return world(calm_rows(), frames=frames | more.pop("frames", {}), **more)


def report(region: str, month: Month, status: str, reason: str = "") -> dict[str, Any]:
    return {
        "period": month,
        "region": region,
        "register": "Patientregistret",
        "status": status,
        "reason": reason,
    }
