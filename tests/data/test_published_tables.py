"""The published tables from PostgreSQL are those of the same rows in memory."""

from __future__ import annotations

import pandas as pd
import pytest

from lagesbild.data.engine import Database
from lagesbild.data.source import PgSource
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import Asked, published_table
from tests.data.test_source import T0, add_batch
from tests.disclosure.small_world import LAST, Shape, country

pytestmark = pytest.mark.database
WORLD = country(Shape(3, regions=4, areas=1, months=26, size=4.0, providers=1, missing=0.05))


@pytest.fixture
def source(database: Database) -> PgSource:
    found = {
        "regions": [
            {
                "code": r.code,
                "name": r.name,
                "short_name": r.short_name,
                "healthcare_region": r.healthcare_region,
                "sort_order": r.sort_order,
                "parent": r.parent,
            }
            for r in WORLD.regions()
        ],
        "care-areas": [
            {"code": a.code, "name": a.name, "kind": a.kind, "guarantee_days": a.guarantee_days, "sort_order": 1}
            for a in WORLD.care_areas()
        ],
        "providers": [{"code": p.code, "name": p.name, "region": p.region, "kind": p.kind} for p in WORLD.providers()],
    }
    for name in ("waits", "production", "capacity", "out-of-region"):
        columns = {c.name for c in DATASETS[name].columns}
        rows = WORLD.frames[name].to_dict("records")
        found[name] = [
            {k: f"{v}-01" if k == "period" else v for k, v in r.items() if k in columns and not pd.isna(v)}
            for r in rows
        ]
    for name, rows in found.items():
        add_batch(database, name, T0, rows, synthetic=True)
    return PgSource(database)


@pytest.mark.parametrize("name", ["waits", "production", "capacity", "out-of-region"])
def test_from_postgresql_as_from_memory(source: PgSource, name: str) -> None:
    asked = Asked(providers=None if name == "waits" else ())
    stored, memory = (published_table(name, s, asked, Viewer()) for s in (source, WORLD))
    pd.testing.assert_frame_equal(stored.frame, memory.frame)
    assert len(stored.frame) > 50
    assert stored.synthetic
    assert stored.recorded_at == T0


def test_before_anything_was_recorded_there_is_nothing(source: PgSource) -> None:
    asked = Asked(as_of=T0.replace(year=2020), last=LAST)
    assert published_table("waits", source, asked, Viewer()).frame.empty
    assert published_table("waits", source, Asked(as_of=T0, first=LAST), Viewer()).frame["waiting"].notna().any()
