"""The view state survives the URL, and whatever else stands in a URL falls back with a note."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.briefing import KINDS
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.scenario_choice import (
    CHOICE_PARAMETERS,
    MOST_INFLOW_PERCENT,
    WHAT_IF_PARAMETERS,
    WITHIN_MONTHS,
    Choice,
    WhatIf,
)
from lagesbild.domain.selection import (
    BROWSER_PARAMETERS,
    OWN_HEALTHCARE_REGION,
    PARAMETERS,
    PER_INHABITANTS,
    SHARES,
    WINDOWS,
    Known,
    Selection,
    exact_query,
    from_query,
    moment_fault,
    parse_as_of,
    to_query,
)
from lagesbild.domain.targets import DEFAULT_TARGET, TARGETS

KNOWN = Known(
    care_areas=("kna", "C&D=1"),
    regions=("01", "S08000015", "Åre / Ö"),
    providers=("SE-1#2",),
    months=months_between(Month(2023, 1), Month(2024, 6)),
    runs=(3, 7),
    statuses=("open", "watch"),
    orders=("name", "share"),
    healthcare_regions=("Norra", "Väst & syd"),
    registers=("waits", "out-of-region"),
    findings=("stop",),
    forecast_months=months_between(Month(2024, 7), Month(2025, 6)),
)
CLOCK = datetime(9998, 12, 31, tzinfo=UTC)
amounts = st.integers(0, 999_900).map(lambda n: n / 100)
choices = st.builds(
    Choice,
    extra_per_week=amounts,
    inflow_percent=st.integers(-MOST_INFLOW_PERCENT, MOST_INFLOW_PERCENT),
    sent_per_week=amounts,
    sent_to=st.sampled_from(["", *KNOWN.regions]),
    received_per_week=amounts,
    received_from=st.sampled_from(["", *KNOWN.regions]),
    first_month=st.sampled_from([None, *KNOWN.forecast_months]),
    long_waiter_percent=st.integers(0, 100),
)
what_ifs = st.builds(WhatIf, first=choices, second=st.none() | choices, within=st.sampled_from(WITHIN_MONTHS))
# the calendar's first and last year are refused: a reader's zone could lead out of it
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31, 23, 59, 59), timezones=st.just(UTC))  # noqa: DTZ001
selections = st.builds(
    Selection,
    care_area=st.sampled_from(["", *KNOWN.care_areas]),
    region=st.sampled_from(["", *KNOWN.regions]),
    healthcare_region=st.sampled_from(["", *KNOWN.healthcare_regions]),
    provider=st.sampled_from(["", *KNOWN.providers]),
    month=st.sampled_from([None, *KNOWN.months]),
    target=st.sampled_from(TARGETS),
    run=st.sampled_from([None, *KNOWN.runs]),
    status=st.sampled_from(["", *KNOWN.statuses]),
    order=st.sampled_from(["", *KNOWN.orders]),
    compare=st.sampled_from(["", OWN_HEALTHCARE_REGION, *KNOWN.regions]),
    per=st.sampled_from(["", PER_INHABITANTS, SHARES]),
    window=st.sampled_from([None, *WINDOWS]),
    register=st.sampled_from(["", *KNOWN.registers]),
    finding=st.sampled_from(["", *KNOWN.findings]),
    sort=st.sampled_from(["", "rangordning.waiting", "a.-b,rangordning.within_limit_share"]),
    kind=st.sampled_from(list(KINDS)),
    first=st.sampled_from([None, *KNOWN.months]),
    contents=st.sampled_from(["", "prognos", "vantetider.prognos.kvalitet"]),
    saved=st.sampled_from(["", "0123456789abcdef"]),
    before=st.sampled_from(["", "lagesbild-2026-11-15-1200-syntetisk.zip"]),
    after=st.sampled_from(["", "lagesbild-2026-11-16-1200-2.zip"]),
    as_of=st.none() | moments,
    what_if=st.just(WhatIf()) | what_ifs,
)


@given(selections)
def test_every_selection_survives_the_url(selection):
    assert from_query("?" + to_query(selection), KNOWN, CLOCK) == (selection, [])


@given(selections)
def test_the_query_is_canonical(selection):
    """Reading and writing once more gives the same text, whatever order the parts came in: caches are keyed on it."""
    query = to_query(selection)
    shuffled = urlencode(list(reversed(parse_qsl(query))))
    assert to_query(from_query(shuffled, KNOWN, CLOCK)[0]) == query


def test_the_default_view_has_an_empty_query():
    assert to_query(Selection()) == ""
    assert not any(Selection().differs(f.name) for f in fields(Selection))


def test_only_what_differs_is_written_and_marked():
    chosen = Selection(region="01", target=90)
    assert to_query(chosen) == "region=01&grans=90"
    assert [f.name for f in fields(chosen) if chosen.differs(f.name)] == ["region", "target"]
    assert chosen.with_(region="") == Selection(target=90)


def test_every_field_has_a_parameter_and_no_two_share_one():
    assert set(PARAMETERS) == {f.name for f in fields(Selection)} - {"what_if"}
    assert set(CHOICE_PARAMETERS) == {f.name for f in fields(Choice)}
    all_of_them = [*PARAMETERS.values(), *WHAT_IF_PARAMETERS, *BROWSER_PARAMETERS]
    assert len(set(all_of_them)) == len(all_of_them)
    assert DEFAULT_TARGET in TARGETS


@pytest.mark.parametrize(
    "query, shown",
    [
        ("region=99", "99"),
        ("vardomrade=okand", "okand"),
        ("vardgivare=x", "x"),
        ("manad=2031-01", "2031-01"),
        ("manad=igår", "igår"),
        ("grans=75", "75"),
        ("grans=hundra", "hundra"),
        ("prognos=12", "12"),
        ("lage=%3Cscript%3E", "<script>"),
        ("ordning=slump", "slump"),
        ("jamfor_med=99", "99"),
        ("matt=per_kapita", "per_kapita"),
        ("manader=13", "13"),
        ("manader=tolv", "tolv"),
        ("register=x", "x"),
        ("fynd=x", "x"),
        ("sortera=a", "a"),
        ("sortera=a.b,a.c", "a.b,a.c"),
        ("as_of=2024-02-31", "2024-02-31"),
        ("fler=-1", "-1"),
        ("fler=nan", "nan"),
        ("fler=1.234", "1.234"),
        ("fler=10000", "10000"),
        ("inflode=31", "31"),
        ("inflode=fem", "fem"),
        ("till=99", "99"),
        ("fran=2024-06", "2024-06"),
        ("fran=i morgon", "i morgon"),
        ("langvantande=101", "101"),
        ("inom=7", "7"),
        ("jamfor=nej", "nej"),
        ("fler_b=många", "många"),
    ],
)
def test_an_unknown_value_falls_back_with_a_note(query, shown):
    selection, notes = from_query(query, KNOWN, CLOCK)
    assert selection == Selection()
    assert len(notes) == 1
    assert f"”{shown}”" in notes[0]


def test_an_unknown_choice_is_told_and_the_rest_kept():
    selection, notes = from_query("?region=01&utm_source=x", KNOWN, CLOCK)
    assert selection == Selection(region="01")
    assert notes == ["Adressen har ett okänt val, ”utm_source”. Det har utelämnats."]


def test_a_page_about_a_day_that_has_not_been_shows_what_is_known_and_says_so():
    clock = datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert from_query("region=01&as_of=2026-11-27", KNOWN, clock) == (
        Selection(region="01"),
        ["2026-11-27 kl. 23.59 har inte varit ännu. Det som är känt nu visas i stället."],
    )
    assert from_query("as_of=2026-11-26", KNOWN, clock) == (Selection(as_of=parse_as_of("2026-11-26")), [])
    ahead = replace(KNOWN, last_import=clock + timedelta(days=1))  # the clock was set back
    assert from_query("as_of=2026-11-27", ahead, clock) == (Selection(as_of=parse_as_of("2026-11-27")), [])


@given(st.text(max_size=60))
def test_no_text_after_the_question_mark_breaks_the_page(text):
    selection, _ = from_query("?" + text, KNOWN, CLOCK)
    assert from_query(to_query(selection), KNOWN, CLOCK)[0] == selection


@given(st.sampled_from(sorted([*PARAMETERS.values(), *WHAT_IF_PARAMETERS])), st.text(max_size=20))
def test_no_value_breaks_the_page(name, value):
    selection, notes = from_query(f"{name}={quote(value)}", KNOWN, CLOCK)
    assert from_query(to_query(selection), KNOWN, CLOCK) == (selection, [])
    assert len(notes) <= 1


def test_what_only_the_browser_keeps_is_no_choice_and_no_fault():
    assert from_query("region=01&tabell=a,b&flik=karta.kna", KNOWN, CLOCK) == (Selection(region="01"), [])


def test_as_of_means_the_end_of_a_day_and_utc_when_nothing_else_is_said():
    assert parse_as_of("2024-01-31") == datetime(2024, 1, 31, 22, 59, 59, 999999, tzinfo=UTC)
    assert parse_as_of("2024-01-31T08:00") == datetime(2024, 1, 31, 8, tzinfo=UTC)
    swedish = parse_as_of("2024-01-31T08:00+01:00")
    assert swedish == datetime(2024, 1, 31, 7, tzinfo=UTC)
    assert swedish.tzinfo == timezone(timedelta(hours=1))


def test_a_whole_day_is_written_as_its_date():
    end = parse_as_of("2024-01-31")
    assert to_query(Selection(as_of=end)) == "as_of=2024-01-31"
    assert parse_as_of("2024-01-31") == from_query(to_query(Selection(as_of=end)), KNOWN, CLOCK)[0].as_of


def test_a_scenario_is_written_with_swedish_names_and_amounts_a_week():
    chosen = Selection(region="01", what_if=WhatIf(Choice(extra_per_week=1.15), Choice(inflow_percent=-5), within=12))
    assert to_query(chosen) == "region=01&fler=1.15&jamfor=ja&inflode_b=-5&inom=12"
    assert from_query("fler=1,15", KNOWN, CLOCK)[0].what_if.first.extra_per_week == 1.15
    assert from_query("fler_b=2", KNOWN, CLOCK)[0].what_if == WhatIf(second=Choice(extra_per_week=2))


def test_two_selections_with_the_same_content_are_equal():
    assert replace(Selection(region="01")) == Selection(region="01")


@given(selections)
def test_what_can_be_used_is_the_same_for_a_file(selection):
    assert exact_query(to_query(selection), KNOWN, CLOCK) == selection


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("region=99", "”99” finns inte för valet ”Region”. Rätta"),
        ("vardomrade=tand&mall=foo", "”tand” finns inte för valet ”Vårdområde”. ”foo” finns inte för valet ”Mall”."),
        ("manad=2031-01", "”2031-01” finns inte för valet ”Månad”"),
        ("underlag=zzz", "”zzz” finns inte för valet ”Sparat underlag”"),
        ("regoin=21", "okänt val, ”regoin”"),
        ("as_of=2031-01-01", "har inte varit ännu"),
        ("as_of=2010-01-01", "Inget var känt 2010-01-01"),
    ],
)
def test_a_file_is_refused_where_a_page_falls_back(query, said):
    clock = datetime(2026, 11, 26, 18, tzinfo=UTC)
    known = replace(
        KNOWN, first_facts=datetime(2026, 11, 15, tzinfo=UTC), last_import=datetime(2026, 11, 16, tzinfo=UTC)
    )
    with pytest.raises(InputError) as raised:
        exact_query(query, known, clock)
    assert said in str(raised.value)
    assert "i stället" not in str(raised.value)


def test_today_can_be_chosen_and_a_clock_set_back_hides_nothing():
    clock = datetime(2026, 11, 26, 18, tzinfo=UTC)
    today, tomorrow = parse_as_of("2026-11-26"), parse_as_of("2026-11-27")
    assert moment_fault(today, KNOWN, clock) == ""
    assert moment_fault(tomorrow, KNOWN, clock) == "2026-11-27 kl. 23.59 har inte varit ännu."
    assert moment_fault(tomorrow, replace(KNOWN, last_import=clock + timedelta(days=1)), clock) == ""
