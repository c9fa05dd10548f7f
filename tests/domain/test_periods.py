"""Month arithmetic, its text forms and its Swedish names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.periods import MONTHS_SV, MONTHS_SV_SHORT, WEEKS_PER_MONTH, Month, months_between

months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))
steps = st.integers(-1200, 1200)


@given(months, steps)
def test_adding_and_subtracting_undo_each_other(month, step):
    assert (month + step) - step == month
    assert (month + step) - month == step


@given(months)
def test_one_month_on_is_the_month_after_the_last_day(month):
    following = pd.Timestamp(month.first_day) + pd.offsets.MonthEnd(0) + pd.Timedelta(days=1)
    assert month + 1 == Month.of(following)


@given(months, months)
def test_order_is_the_order_of_days_and_of_texts(first, second):
    assert (first < second) == (first.first_day < second.first_day) == (str(first) < str(second))


@given(months)
def test_both_text_forms_are_read_back(month):
    assert Month.parse(str(month)) == month
    assert Month.parse(f" {month.year}M{month.month} ") == month
    assert Month.from_ordinal(month.ordinal) == month


@given(st.text(max_size=10))
def test_any_other_text_is_refused_with_value_error(text):
    try:
        month = Month.parse(text)
    except ValueError:
        return
    year, _, number = text.strip().replace("M", "-").partition("-")
    assert (month.year, month.month) == (int(year), int(number))


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-00", "0000-01", "2024-1-1", "24-01", "januari 2024"])
def test_not_a_month(text):
    with pytest.raises(ValueError):
        Month.parse(text)


@given(months, st.integers(-3, 40))
def test_months_between_holds_both_ends_and_no_gap(first, length):
    found = months_between(first, first + (length - 1))
    assert len(found) == max(length, 0)
    assert found == [first + k for k in range(length)]


def test_of_takes_the_month_of_whatever_has_a_date():
    assert Month.of(date(2024, 2, 29)) == Month.of(datetime(2024, 2, 1, tzinfo=UTC)) == Month(2024, 2)
    assert Month.of(pd.Timestamp("2024-02-29")) == Month(2024, 2)


def test_swedish_names_are_lower_case_and_in_order():
    assert [Month(2024, m).name for m in (1, 5, 8, 10, 12)] == ["januari", "maj", "augusti", "oktober", "december"]
    assert Month(2024, 10).sv == "oktober 2024"
    assert Month(2024, 10).sv_short == "okt 2024"
    assert all(long.startswith(short) for long, short in zip(MONTHS_SV, MONTHS_SV_SHORT, strict=True))


def test_weeks_per_month_is_the_gregorian_mean():
    assert pytest.approx(146097 / 400 / 12 / 7, abs=1e-3) == WEEKS_PER_MONTH
