"""The eight situations every figure's sentence must be right in, as small made-up countries with all datasets.

One region (R2) and care area (kna) differ from an otherwise calm country, unless the situation is about the country.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import pandas as pd

from lagesbild.domain.care import CareArea
from lagesbild.domain.source import Batch
from tests.country import beside, forecast_frame, gap_row
from tests.fakes import RECORDED, FakeSource
from tests.waits_world import CODES, END, MONTHS, RUN, WIGGLE, calm_rows, changed, limit, provider, regions, row, slide

Rows = list[dict[str, Any]]
REGION: Final = "R2"
GROUP: Final = "Norra"  # R2's healthcare region
AREA: Final = "kna"
AREAS: Final = [
    CareArea("kna", "Knäprotesoperation", "operation", 90, sort_order=1, short_name="Knäprotes"),
    CareArea("kat", "Kataraktoperation", "operation", 90, sort_order=2, short_name="Katarakt"),
]


def production_rows(waits: Rows, change: float = 0.0) -> Rows:
    """Flows that keep the balance; `change` is how much more R2 has performed of its knees the last nine months."""
    out = []
    before: dict[tuple[str, str], float] = {}
    for k, r in enumerate(waits):
        key, n = (r["region"], r["care_area"]), float(r["waiting"])
        month = END - r["period"]
        more = 1 + change if key == (REGION, AREA) and month < 9 else 1.0
        performed = round(n / 4 * more * (1 + WIGGLE[k % 12] / 1000))
        removed = round(n / 40)
        added = performed + removed + n - before.get(key, n)
        before[key] = n
        keys = {"period": r["period"], "region": key[0], "care_area": key[1], "provider": ""}
        flows = {"added": added, "performed": performed, "removed_other": removed, "planned": round(n / 4 * 1.02)}
        out.append({**keys, **flows, "wait_days_median": 60.0 + k % 5})
    return out


def capacity_rows(waits: Rows) -> Rows:
    return [
        {
            "period": r["period"],
            "region": r["region"],
            "care_area": r["care_area"],
            "capacity": round(r["waiting"] / 3.6),
        }
        for r in waits
    ]


def travel_rows() -> Rows:
    """Everybody sends a few to the next region; R2 more the last nine months does not happen here."""
    out = []
    for m, month in enumerate(MONTHS):
        for k, home in enumerate(CODES):
            n = 12 + k + WIGGLE[(m + k) % 12] // 4
            to = CODES[(k + 1) % len(CODES)]
            out.append({"period": month, "home_region": home, "treating_region": to, "care_area": AREA, "performed": n})
    return out


def source(waits: Rows, *, change: float = 0.0, codes: tuple[str, ...] = CODES, reporting: Rows = ()) -> FakeSource:  # type: ignore[assignment]
    waits = [{"value_status": "reported"} | r for r in waits if r["region"] in codes]
    frames = {
        "waits": pd.DataFrame(waits),
        "production": pd.DataFrame(production_rows(waits, change)),
        "capacity": pd.DataFrame(capacity_rows(waits)),
        "out-of-region": pd.DataFrame([r for r in travel_rows() if r["home_region"] in codes]),
        "population": pd.DataFrame([{"year": 2025, "region": c, "population": 200_000} for c in codes]),
    }
    if reporting:
        frames["reporting"] = pd.DataFrame(reporting)
    leaves = [r for r in regions() if r.code in codes or (r.code == "LAND" and len(codes) > 1)]
    gaps = [gap_row(c, a, "none") | {"run_id": RUN.run_id} for c in codes for a in ("kna", "kat")]
    if REGION in codes:
        gaps[0 if len(codes) == 1 else 2] |= {
            "status": "expected",
            "probability_12m": 0.64,
            "opens_period": pd.Timestamp((END + 5).first_day),
        }
    table = pd.DataFrame(gaps)
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        table[c] = pd.to_datetime(table[c])
    return FakeSource(
        leaves,
        AREAS,
        frames,
        provider_rows=[provider("P1", REGION)],
        limit_rows=[limit(90), limit(90, area="kat")],
        run_rows=[RUN, beside(RUN)],
        forecast_rows=forecast_frame([RUN], {k: _dated(frames[k]) for k in ("waits", "production")}),
        gap_rows=table,
        batch_rows=[Batch(1, "waits", "Påhittade data", RECORDED, len(waits), True, False, "vantande.csv")],
    )


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(period=pd.to_datetime(frame["period"].map(str)))


def _better() -> FakeSource:
    return source(slide(calm_rows(), REGION, AREA, extra=-0.08), change=0.25)


def _worse() -> FakeSource:
    return source(slide(calm_rows(), REGION, AREA), change=-0.25)


def _noise() -> FakeSource:
    return source(calm_rows())


def _missing() -> FakeSource:
    rows = [r for r in calm_rows() if not (r["region"] == REGION and r["period"] == END)]
    told = {"period": END, "region": REGION, "register": "Väntetider", "status": "missing", "reason": "Byte av system."}
    return source(rows, reporting=[told])


def _provisional() -> FakeSource:
    return source(changed(calm_rows(), REGION, AREA, END, value_status="provisional"))


def _suppressed() -> FakeSource:
    small = [row(REGION, AREA, m, over=3, waiting=60) for m in MONTHS]
    rest = [r for r in calm_rows() if (r["region"], r["care_area"]) != (REGION, AREA)]
    return source(rest + small)


def _one_region() -> FakeSource:
    return source(calm_rows(), codes=(REGION,))


def _many() -> FakeSource:
    rows = calm_rows()
    for code in CODES:
        rows = slide(rows, code, AREA)
    return source(rows)


SITUATIONS: Final[Mapping[str, Callable[[], FakeSource]]] = {
    "förbättring": _better,
    "försämring": _worse,
    "brus": _noise,
    "saknas": _missing,
    "preliminärt": _provisional,
    "skyddat": _suppressed,
    "en region": _one_region,
    "många": _many,
}


@cache
def country_of(situation: str) -> FakeSource:
    """The country of a situation, made once: every page and briefing of it is made from the same data."""
    return SITUATIONS[situation]()
