"""Swedish writing: checked against the rules written a second time, and against a real time-zone database."""

from __future__ import annotations

import doctest
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain import swedish
from lagesbild.domain.swedish import (
    count,
    date_long,
    date_time,
    decimal,
    join_and,
    number_word,
    percent,
    points,
    signed,
    sort_key,
    swedish_time,
)


def test_examples_in_the_docstrings() -> None:
    result = doctest.testmod(swedish)
    assert (result.failed, result.attempted > 8) == (0, True)


@given(st.integers(-(10**12), 10**12))
def test_counts_read_back(n: int) -> None:
    text = count(n)
    assert int(text.replace("\u00a0", "").replace("−", "-")) == n
    assert re.fullmatch(r"−?\d{1,3}(\u00a0\d{3})*", text)


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_decimals_read_back_and_never_show_a_negative_zero(x: float, n: int) -> None:
    text = decimal(x, n)
    back = float(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))
    assert back == pytest.approx(round(x, n), abs=10**-n)
    assert text.startswith("−") == (back < 0)
    assert signed(x, n).startswith("+") == (back > 0)


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_what_does_not_exist_is_never_a_number(nothing: float | None) -> None:
    shown = [count(nothing), decimal(nothing), signed(nothing), percent(nothing), points(nothing)]
    assert shown == ["saknas"] * 5


def test_units() -> None:
    assert percent(0.8135) == "81,3\u00a0%" or percent(0.8135) == "81,4\u00a0%"
    assert percent(0.5, 0) == "50\u00a0%"
    assert points(0) == "0,0 procentenheter"
    assert points(-1, 0) == "−1 procentenhet"
    assert points(1.0) == "+1,0 procentenheter"


def test_words_and_lists() -> None:
    assert [number_word(n) for n in (0, 12, 13, 1500)] == ["noll", "tolv", "13", "1\u00a0500"]
    assert [join_and([]), join_and(["a"]), join_and(["a", "b"])] == ["", "a", "a och b"]


def test_dates() -> None:
    assert date_long(date(2026, 11, 1)) == "1 november 2026"
    assert date_long(datetime(2023, 12, 31, 23, 30, tzinfo=UTC)) == "1 januari 2024"
    assert date_time(datetime(2026, 7, 1, 5, 10, tzinfo=UTC)) == "2026-07-01 kl. 07.10"


@given(st.datetimes(datetime(1996, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001 - made aware below
def test_swedish_time_agrees_with_the_time_zone_database(moment: datetime) -> None:
    zone = pytest.importorskip("zoneinfo")
    try:
        stockholm = zone.ZoneInfo("Europe/Stockholm")
    except zone.ZoneInfoNotFoundError:
        pytest.skip("this machine has no time-zone database")
    aware = moment.replace(tzinfo=UTC)
    assert swedish_time(aware) == aware.astimezone(stockholm).replace(tzinfo=None)


@given(st.lists(st.text("aeéözåäüÅÖ -1", max_size=4)))
def test_sort_key_orders_totally_by_the_swedish_alphabet(words: list[str]) -> None:
    ordered = sorted(words, key=sort_key)
    assert sorted(ordered, key=sort_key) == ordered
    assert sorted("öäåzy", key=sort_key) == ["y", "z", "å", "ä", "ö"]


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:30:00+02:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00"]
)
def test_a_time_at_the_calendars_end_is_told_as_it_is_written(text: str) -> None:
    moment = datetime.fromisoformat(text)
    assert swedish_time(moment) == moment.replace(tzinfo=None)
