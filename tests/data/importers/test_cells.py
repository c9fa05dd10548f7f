"""One cell: every form the contract names, and that what is written is what is read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.data.importers.cells import OPEN_END, Suppressed, Unreadable, parse_cell, to_date
from lagesbild.domain.dataset_spec import Column
from lagesbild.domain.datasets import DATASETS

TODAY = date(2026, 11, 22)
WAITS = DATASETS["waits"]
COUNT = WAITS.column("waiting")
PERIOD = WAITS.column("period")
DAYS = WAITS.column("wait_days_median")
NB, NARROW = "\u00a0", "\u202f"


def read(column: Column, text: str) -> object:
    return parse_cell(column, text, TODAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1 234", 1234),
        (f"1{NB}234", 1234),
        (f"12{NARROW}345{NARROW}678", 12345678),
        ("12.0", 12),
        ("12,0", 12),
        ("1e3", 1000),
        (" 7 ", 7),
        ("", None),
        ("   ", None),
        ("<5", Suppressed(5)),
        ("< 10", Suppressed(10)),
    ],
)
def test_counts(text: str, value: object) -> None:
    assert read(COUNT, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "−3",
        "1.5",
        "1,234",
        "12 34",
        "x",
        "1.234,5",
        "nan",
        "inf",
        "0x10",
        "1_000",
        "<0",
        "<",
        "<5,5",
        "٣",
        "1e400",
    ],
)
def test_not_counts(text: str) -> None:
    assert isinstance(read(COUNT, text), Unreadable)


@pytest.mark.parametrize(
    "text",
    ["2024-03", "2024M03", "2024-3", "2024-03-01", "2024-03-31", "2024-03-01 00:00:00", "45352", "45382", "45352.0"],
)
def test_months(text: str) -> None:
    assert read(PERIOD, text) == date(2024, 3, 1)


@pytest.mark.parametrize("text", ["", "2024-13", "2024-00", "2024-03-15", "2024", "202403", "mars 2024", "45360", "<5"])
def test_not_months(text: str) -> None:
    assert isinstance(read(PERIOD, text), Unreadable)


def test_a_month_that_has_not_begun_is_refused_and_the_current_one_is_not() -> None:
    assert read(PERIOD, "2026-11") == date(2026, 11, 1)
    refused = read(PERIOD, "2026-12")
    assert isinstance(refused, Unreadable)
    assert "framtiden" in refused.expected


def test_a_planned_break_may_end_in_the_future_or_never() -> None:
    until = DATASETS["breaks"].column("to")
    assert read(until, "2027-03") == date(2027, 3, 1)
    assert read(until, "") == OPEN_END


@pytest.mark.parametrize(("text", "value"), [("12,5", 12.5), ("12.5", 12.5), ("1 234,5", 1234.5), ("0", 0.0)])
def test_days(text: str, value: float) -> None:
    assert read(DAYS, text) == value


def test_days_are_not_negative_and_never_suppressed() -> None:
    assert isinstance(read(DAYS, "-0,5"), Unreadable)
    assert isinstance(read(DAYS, "<5"), Unreadable)


def test_percent_is_0_to_100() -> None:
    share = DATASETS["published-shares"].column("within_limit_pct")
    assert read(share, "81,4") == 81.4
    assert isinstance(read(share, "100,1"), Unreadable)
    assert isinstance(read(share, "-1"), Unreadable)


@pytest.mark.parametrize("text", ["private", "privat", "PRIVAT"])
def test_choices_in_both_languages(text: str) -> None:
    assert read(DATASETS["providers"].column("kind"), text) == "private"


def test_an_unknown_choice_tells_the_choices() -> None:
    refused = read(DATASETS["providers"].column("kind"), "kommunal")
    assert isinstance(refused, Unreadable)
    assert "offentlig" in refused.expected


def test_text_is_bounded_and_visible() -> None:
    region = WAITS.column("region")
    assert read(region, "Åland-1") == "Åland-1"
    for wrong in ("x" * 21, "a\nb", "a\x07b", ""):
        assert isinstance(read(region, wrong), Unreadable)
    assert read(WAITS.column("provider"), "") == ""  # the region's own total


def test_the_sign_that_keeps_an_export_from_being_a_formula_is_taken_away() -> None:
    reason = DATASETS["reporting"].column("reason")
    assert read(reason, "'=1+1") == "=1+1"
    assert read(reason, "'n gång") == "'n gång"


@given(st.integers(0, 10**15 - 1), st.sampled_from(["", " ", NB, NARROW]))
def test_any_whole_number_survives_swedish_grouping(number: int, space: str) -> None:
    assert read(COUNT, f"{number:,}".replace(",", space)) == number


@given(st.floats(0, 1e12, allow_subnormal=False))
def test_any_number_survives_both_decimal_signs(number: float) -> None:
    text = format(number, ".15f").rstrip("0").rstrip(".") if number < 1e3 else repr(round(number, 3))
    assert read(DAYS, text) == read(DAYS, text.replace(".", ",")) == float(text)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_excel_serial_numbers_are_the_days_excel_means(day: date) -> None:
    assert to_date(str((day - date(1899, 12, 30)).days)) == day == to_date(day.isoformat())


@given(st.text(max_size=40), st.sampled_from([c for d in DATASETS.values() for c in d.columns]))
def test_any_text_in_any_column_is_read_or_refused_with_a_remedy(text: str, column: Column) -> None:
    result = read(column, text)
    if isinstance(result, Unreadable):
        assert result.expected
        assert result.remedy.endswith((".", "!"))
    elif isinstance(result, date) and column.name == "period":
        assert result.day == 1
        assert result <= TODAY + timedelta(days=0)
