"""The country of the wait pages with production and capacity that add up, reports to four registers, and faults that
the rules of data quality must find, each put in by a function of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Break
from tests.fakes import FakeSource
from tests.waits_world import CODES, END, MONTHS, WAITING, calm_rows, provider, world

SEASON = (104, 102, 110, 98, 106, 97, 60, 82, 105, 113, 108, 115)  # per cent of an ordinary month
Rows = list[dict[str, Any]]


def recorded(month: Month, day: int = 15) -> datetime:
    """In the morning of a day of the month after."""
    after = month + 1
    return datetime(after.year, after.month, day, 6, 0, tzinfo=UTC)


def delivered(rows: Rows) -> Rows:
    """Every month in a delivery of its own, in time."""
    return [r | {"recorded_at": recorded(r["period"]), "batch_id": r["period"].ordinal} for r in rows]


def wait_rows() -> Rows:
    """As `calm_rows`, with something in every month that no other month near has: nothing repeats itself."""
    return [r | {"excluded_medical": r["waiting"] // 40 + r["period"].ordinal % 7} for r in calm_rows()]


def production_rows(seed: int = 5) -> Rows:
    """A seasonal flow that keeps the lists of `calm_rows` as they are: added = performed + removed."""
    rng = np.random.default_rng(seed)
    out = []
    for area in ("kna", "kat"):
        for code in CODES:
            for month in MONTHS:
                performed = round(
                    WAITING[code] * 0.3 * SEASON[month.month - 1] / 100 * float(np.exp(rng.normal(0, 0.03)))
                )
                removed = round(performed * 0.1) + int(rng.integers(0, 4))
                out.append(
                    {
                        "period": month,
                        "region": code,
                        "care_area": area,
                        "provider": "",
                        "added": performed + removed,
                        "performed": performed,
                        "removed_other": removed,
                        "performed_within_limit": round(performed * 0.8),
                        "planned": performed + 20,
                        "cancelled": 20,
                    }
                )
    return out


def capacity_rows(codes: tuple[str, ...] = CODES[:4]) -> Rows:
    return [
        {"period": m, "region": c, "care_area": a, "provider": "", "capacity": WAITING[c] // 2, "committed": 100}
        for a in ("kna", "kat")
        for c in codes
        for m in MONTHS
    ]


def sent_rows() -> Rows:
    return [
        {
            "period": m,
            "home_region": c,
            "treating_region": "R1" if c != "R1" else "R2",
            "care_area": "kna",
            "performed": 9,
        }
        for c in CODES
        for m in MONTHS
    ]


def said(region: str, register: str, month: Month, status: str, reason: str = "") -> dict[str, Any]:
    return {"period": month, "region": region, "register": register, "status": status, "reason": reason}


def change(rows: Rows, region: str, area: str, month: Month, **values: Any) -> Rows:
    """The region's own row with some values replaced."""
    out = [
        r | values if (r["region"], r["care_area"], r["period"], r["provider"]) == (region, area, month, "") else r
        for r in rows
    ]
    assert out != rows
    return out


def without(rows: Rows, region: str, *months: Month) -> Rows:
    return [r for r in rows if not (r.get("region", r.get("home_region")) == region and r["period"] in months)]


def quality_world(
    waits: Rows | None = None,
    production: Rows | None = None,
    capacity: Rows | None = None,
    reporting: Rows | None = None,
    earlier: Rows | None = None,
    breaks: tuple[Break, ...] = (),
    **more: Any,
) -> FakeSource:
    """A calm country unless told otherwise: nothing is late, nothing odd, four regions report capacity."""
    frames = {
        "production": pd.DataFrame(delivered(production_rows()) if production is None else production),
        "capacity": pd.DataFrame(delivered(capacity_rows()) if capacity is None else capacity),
        "out-of-region": pd.DataFrame(delivered(sent_rows())),
        "population": pd.DataFrame([{"year": y, "region": c, "population": 100 * (k + 1) + y - 2022}
                                    for y in (2022, 2023) for k, c in enumerate(CODES)]),
    }  # fmt: skip
    if reporting is not None:
        frames["reporting"] = pd.DataFrame(reporting)
    batches = [
        Batch(m.ordinal, "waits", "Påhittad källa", recorded(m), 36, True, False, f"leverans-{m}.csv") for m in MONTHS
    ]
    batches += [
        Batch(n, "waits", "Påhittad källa", recorded(END), 3, True, False, f"rattning-{n}.csv") for n in (1, 7, 8)
    ]
    batches.append(Batch(9, "population", "SCB, folkmängd", recorded(END), 12, False, False, "folk.csv"))
    return world(
        delivered(wait_rows()) if waits is None else waits,
        frames=frames | more.pop("frames", {}),
        break_rows=breaks,
        batch_rows=batches,
        provider_rows=more.pop("provider_rows", [provider("P1"), provider("P2")]),
        earlier_frames={"waits": pd.DataFrame(earlier)} if earlier else {},
        **more,
    )


def faulty_world() -> FakeSource:
    """One of everything: a broken sum, an outlier, a repeated month, a broken balance, a provider that is not known, a
    late and a missing month, an excluded one, and a published month that was corrected."""
    waits = change(delivered(wait_rows()), "R3", "kna", END - 10, waiting_91_120=0)
    waits = without(waits, "R5", END - 1, END)
    waits = change(waits, "R4", "kna", END, value_status="provisional")
    waits = [r if "value_status" in r else r | {"value_status": "reported"} for r in waits]
    waits = [
        r | {"recorded_at": recorded(END - 2, 26), "batch_id": 7}
        if (r["region"], r["period"]) == ("R1", END - 2)
        else r
        for r in waits
    ]
    made = delivered(production_rows())
    made = without(made, "R5", END - 1, END)
    at = {(r["region"], r["care_area"], r["period"]): r for r in made}
    usual = at["R4", "kat", END - 3]
    more = {"performed": 3 * usual["performed"], "added": 3 * usual["performed"] + usual["removed_other"]}
    made = change(made, "R4", "kat", END - 3, **more, planned=3 * usual["performed"] + 20)
    numbers = ("added", "performed", "removed_other", "performed_within_limit", "planned", "cancelled")
    for area in ("kna", "kat"):
        before = at["R6", area, END - 5]
        same = {k: v for k, v in before.items() if k in numbers}
        made = change(made, "R6", area, END - 4, **same)
    made = change(made, "R2", "kna", END - 6, added=at["R2", "kna", END - 6]["added"] + 40)
    whole = at["R1", "kna", END]
    part = {k: round(v * 0.6) for k, v in whole.items() if k in ("added", "performed")}
    made += [{**whole, **part, "provider": "P1", **dict.fromkeys(("removed_other", "planned", "cancelled"), np.nan),
              "performed_within_limit": np.nan}]  # fmt: skip
    told = [said("R5", "Väntetider", END - k, "missing", "Byte av journalsystem.") for k in (0, 1)]
    told += [said("R6", "Produktion", END - 4, "excluded", "Samma tal som månaden före.")]
    first = [
        r | {"within_limit": r["within_limit"] - 5, "recorded_at": recorded(r["period"]), "batch_id": 1}
        for r in wait_rows()
        if r["region"] == "R2" and END - r["period"] in (4, 5, 6)
    ]
    second = [
        r | {"recorded_at": recorded(r["period"] + 2), "batch_id": 8}
        if r["region"] == "R2" and END - r["period"] in (4, 5, 6)
        else r
        for r in waits
    ]
    return quality_world(second, made, reporting=told, earlier=first)
