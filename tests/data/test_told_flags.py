"""What PostgreSQL counts of a run's flags is what is counted row by row, for every kind of viewer."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from lagesbild.data.engine import Database
from lagesbild.data.source import PgSource
from lagesbild.domain.told_flags import ToldFlags
from tests import fake_flags

pytestmark = pytest.mark.database

REGIONS = ("03", "01", "02")  # in an order of their own
AREAS = tuple(f"a{k}" for k in range(14))
WORDS = ("open", "open", "expected", "watch", "none")


def store_run(connection: Any, draw: random.Random, pairs: list[tuple[str, str]]) -> int:
    made = datetime(2026, 11, 16, tzinfo=UTC)
    run_id: int = connection.execute(
        "INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, "
        "series, seconds) VALUES ('forecast', %s, 1, %s, '2026-10-01', 12, 1, '0.1', 1, 1) RETURNING run_id",
        [made, made],
    ).fetchone()[0]
    for region, area in pairs:
        for target in (0.7, 0.8, 0.9):
            values = [
                draw.choice(WORDS),
                draw.choice([None, 0.25, 0.5, 0.5]),
                draw.choice([None, 0.6, 0.7, 0.75]),
                draw.choice([None, date(2026, 12, 1), date(2027, 3, 1)]),
                draw.choice([None, 0.0, 2.5]),
            ]
            connection.execute(
                "INSERT INTO gaps (run_id, region, care_area, target_share, status, probability_12m, "
                "structural_share_now, opens_period, extra_per_week_to_target) VALUES (%s, %s, %s, %s, %s, %s, %s, "
                "%s, %s)",
                [run_id, region, area, target, *values],
            )
    return run_id


@pytest.fixture
def stored(database: Database) -> tuple[PgSource, int, int, int]:
    """A source with a run, what was made beside it of a third of its pairs, and an earlier run of most."""
    draw = random.Random(5)
    pairs = [(r, a) for r in (*REGIONS, "", "04") for a in AREAS]
    with database.raw() as connection:
        run, beside = store_run(connection, draw, pairs), store_run(connection, draw, pairs[::3])
        before = store_run(connection, draw, [p for p in pairs if p[1] != "a1"])
    return PgSource(database), run, beside, before


def viewers(run: int, beside: int) -> dict[str, ToldFlags]:
    untold = frozenset({("01", "a0"), ("02", "a7"), ("03", "a2")})
    return {
        "exact": ToldFlags(run, 0.8, REGIONS),
        "everybody": ToldFlags(run, 0.8, REGIONS, beside=beside),
        "own region": ToldFlags(run, 80 / 100, REGIONS, beside=beside, own="01"),
        "older run": ToldFlags(run, 0.8, REGIONS, untold=untold),
        "care area": ToldFlags(run, 0.9, REGIONS, "a3", beside=beside),
        "one region": ToldFlags(run, 0.7, ("02",), beside=beside),
        "nothing": ToldFlags(run, 0.75, REGIONS),
    }


def same(found: pd.DataFrame, wanted: pd.DataFrame, *keys: str) -> None:
    found, wanted = (f.sort_values(list(keys)).reset_index(drop=True) for f in (found, wanted))
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False, check_column_type=False)


def test_the_queries_count_as_one_would_row_by_row(stored: tuple[PgSource, int, int, int]) -> None:
    source, run, beside, before = stored
    for name, asked in viewers(run, beside).items():
        counts = source.flag_counts(asked)
        same(counts, fake_flags.flag_counts(source.gaps, asked), "region", "state")
        assert counts.empty == (name == "nothing")
        same(source.flagged_areas(asked), fake_flags.flagged_areas(source.gaps, asked), "care_area")
        for besides, by_share in (((), REGIONS), (("a0", "a4"), ("01",)), ((), ())):
            found = source.first_flags(asked, 2, besides, by_share)
            same(found, fake_flags.first_flags(source.gaps, asked, 2, besides, by_share), "region", "care_area")
            assert not set(found["care_area"]) & set(besides)
        then = ToldFlags(before, asked.target, asked.regions, asked.care_area)
        changed = source.changed_flags(asked, then, 2)
        same(changed, fake_flags.changed_flags(source.gaps, asked, then, 2), "region", "care_area")
        if name in ("exact", "everybody", "own region"):
            assert (changed["n"] > 2).any()


def test_of_what_may_not_be_told_nothing_but_its_number_is(stored: tuple[PgSource, int, int, int]) -> None:
    source, run, beside, _ = stored
    asked = viewers(run, beside)["older run"]
    counts = source.flag_counts(asked)
    assert counts[counts["state"] == "untold"]["n"].sum() == len(asked.untold)
    listed = source.first_flags(asked, 99, (), ())
    assert not asked.untold & set(zip(listed["region"], listed["care_area"], strict=True))
