"""The limit is data: per care area, per region, from a date. Compared with a naive day-by-day reading."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.care import CareArea
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month
from lagesbild.domain.source import GuaranteeLimit

KNEE = CareArea("kna", "Knäprotesoperation", "operation", 90)
REGIONS = ("13", "14")
limits = st.lists(
    st.builds(
        GuaranteeLimit,
        care_area=st.sampled_from(["kna", "katarakt"]),
        region=st.sampled_from(["", *REGIONS]),
        valid_from=st.dates(date(2023, 1, 1), date(2024, 12, 31)),
        days=st.integers(1, 365),
    ),
    max_size=8,
    unique_by=lambda x: (x.care_area, x.region, x.valid_from),
)
months = st.builds(Month, st.integers(2022, 2025), st.integers(1, 12))


def _naive(region: str, month: Month, rows: list[GuaranteeLimit]) -> int:
    """Walks through the rows in order of date: the region's own if it has any in force, else those for all."""
    for scope in (region, ""):
        days = None
        for row in sorted(rows, key=lambda x: x.valid_from):
            if row.care_area == "kna" and row.region == scope and row.valid_from <= month.first_day:
                days = row.days
        if days is not None:
            return days
    return KNEE.guarantee_days


@given(st.sampled_from(REGIONS), months, limits)
def test_same_as_reading_the_rows_one_by_one(region, month, rows):
    assert limit_days(KNEE, region, month, rows) == _naive(region, month, rows)
    assert limit_days(KNEE, region, month, reversed(rows)) == _naive(region, month, rows)


def test_a_limit_for_one_region_leaves_the_others_alone():
    halland = GuaranteeLimit("kna", "13", date(2024, 1, 1), 60)
    assert limit_days(KNEE, "13", Month(2024, 1), [halland]) == 60
    assert limit_days(KNEE, "14", Month(2024, 1), [halland]) == 90


def test_a_limit_from_the_middle_of_a_month_holds_from_the_next():
    row = GuaranteeLimit("kna", "", date(2024, 1, 2), 60)
    assert limit_days(KNEE, "13", Month(2024, 1), [row]) == 90
    assert limit_days(KNEE, "13", Month(2024, 2), [row]) == 60


def test_an_older_rule_for_the_region_beats_a_newer_one_for_all():
    rows = [GuaranteeLimit("kna", "13", date(2020, 1, 1), 60), GuaranteeLimit("kna", "", date(2024, 1, 1), 120)]
    assert limit_days(KNEE, "13", Month(2024, 6), rows) == 60
    assert limit_days(KNEE, "14", Month(2024, 6), rows) == 120
