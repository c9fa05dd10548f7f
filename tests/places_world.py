"""The country of `travel_world` with what the pages about one place need: a balance that holds, providers, inhabitants,
reports. Providers of R1: P1 does 60 %, P2 30 % and nobody is named for the rest."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lagesbild.domain.care import Provider
from tests.fakes import FakeSource
from tests.travel_world import flow_rows
from tests.waits_world import CODES, END, MONTHS, WAITING, calm_rows, limit, row, world

PARTS = {"P1": 0.6, "P2": 0.3}
PEOPLE = {code: 100_000 * (k + 1) for k, code in enumerate(CODES)}


def providers() -> list[Provider]:
    return [Provider("P1", "Norrby sjukhus", "R1", "public"), Provider("P2", "Ögonkliniken", "R1", "private")]


def made(code: str, area: str, month: Any, *, performed: int, removed: int, provider: str = "") -> dict[str, Any]:
    """A month in which the queue stays as it is."""
    keys = {"period": month, "region": code, "care_area": area, "provider": provider}
    return keys | {"added": performed + removed, "performed": performed, "removed_other": removed}


def production_rows(sizes: dict[str, int] = WAITING, areas: tuple[str, ...] = ("kna", "kat")) -> list[dict[str, Any]]:
    out = []
    for area in areas:
        for code in CODES:
            for m in MONTHS:
                done = sizes[code] // 4
                out.append(made(code, area, m, performed=done, removed=sizes[code] // 40))
                if code == "R1":
                    out += [
                        made(code, area, m, performed=round(done * s), removed=round(sizes[code] // 40 * s), provider=p)
                        for p, s in PARTS.items()
                    ]
    return out


def capacity_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("period", "region", "care_area", "provider")
    return [{k: r[k] for k in keys} | {"capacity": round(r["performed"] * 1.25)} for r in rows]


def provider_waits(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The region's own rows with those of its providers."""
    out = list(rows)
    for r in rows:
        if r["region"] == "R1" and r["provider"] == "":
            for p, s in PARTS.items():
                n, over = round(r["waiting"] * s), round((r["waiting"] - r["within_limit"]) * s)
                out.append(row("R1", r["care_area"], r["period"], over=over, waiting=n) | {"provider": p})
    return out


def population_rows() -> pd.DataFrame:
    rows = [{"year": y, "region": c, "population": n + y} for y in (2019, 2023) for c, n in PEOPLE.items()]
    return pd.DataFrame(rows)


def reports() -> list[dict[str, Any]]:
    told = {"register": "Produktion", "status": "partial", "reason": "Preliminärt: inte avslutad."}
    return [{"period": END, "region": "R1"} | told]


def places(rows: list[dict[str, Any]] | None = None, **more: Any) -> FakeSource:
    """`rows`: the regions' own waits; `frames` replaces datasets."""
    own = calm_rows() if rows is None else rows
    production = production_rows()
    frames = {
        "waits": pd.DataFrame(provider_waits(own)),
        "production": pd.DataFrame(production),
        "capacity": pd.DataFrame(capacity_rows(production)),
        "out-of-region": pd.DataFrame(flow_rows()),
        "population": population_rows(),
        "reporting": pd.DataFrame(reports()),
        **more.pop("frames", {}),
    }
    more = {"provider_rows": providers(), "limit_rows": [limit(90), limit(60, "R3")]} | more
    return world(own, frames=frames, **more)
