"""A small frozen country for the offline page: small counts, holes, hostile names, and words as pages say them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.offline import Fact, Told, Words
from lagesbild.reports.document import Stamp
from lagesbild.views.published_tables import TABLES, Asked, PublishedTable, published_definitions, published_table
from tests.disclosure.small_world import Shape, country
from tests.fakes import FakeSource

HOSTILE = "</script><img src=x onerror=alert(1)>"
FORMULA = '=1+1;"A'
ODD = "Å/1 &#?"  # a code that an address must not lose
STAMP = Stamp(
    synthetic="Alla tal är påhittade.",
    selection="Hela riket.",
    sources="Källor: syntetiska data.",
    until="oktober 2026",
    as_of="2026-11-16 kl. 09.00",
    version="2026-11-16.1",
    coverage="5 av 5 regioner",
    protected="Tal under 5 är skyddade.",
    code_version="0.1.0",
    forecast_run="Prognos 3, data till och med oktober 2026.",
)
TOLD = Told(
    {
        ("", ""): Words(
            "Lägesbild för oktober 2026",
            ("Område 1 blir sämre i riket.", "Ett gap är öppet."),
            "Resten ryms i den normala variationen.",
            (
                Fact("Område 1", "har väntat högst 90 dagar", "81,4\u00a0%", "worse", "", "−2,2 procentenheter"),
                Fact("Kapacitetsgap", "öppna eller väntade", "2\u00a0av 8 serier"),
                Fact("Förväntad väntetid", "per region", "41–68\u00a0dagar"),
            ),
        ),
        ("R2", ""): Words("Läget i " + HOSTILE, (HOSTILE + " ligger stilla.",)),
    }
)


@cache
def source() -> FakeSource:
    """Five regions, two care areas, thirty months. R2 has a hostile name, R3 one that Excel would calculate, R5 a code
    that has to be written otherwise in an address."""
    made = country(Shape(3, regions=5, areas=2, months=30, size=4.0, providers=2, missing=0.08))
    names = {"R2": HOSTILE, "R3": FORMULA}
    made.region_rows = [
        replace(r, code=ODD if r.code == "R5" else r.code, short_name=names.get(r.code, r.short_name))
        for r in made.region_rows
    ]
    for frame in (*made.frames.values(), made.forecast_rows, made.gap_rows):
        for column in frame.columns.intersection(["region", "home_region", "treating_region"]):
            frame[column] = np.where(frame[column] == "R5", ODD, frame[column])
    return made


@cache
def tables() -> dict[str, PublishedTable]:
    found = {name: published_table(name, source(), Asked(), Viewer()) for name in TABLES}
    return found | {"definitions": published_definitions(found, Viewer())}
