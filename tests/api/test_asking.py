"""What may be asked, and how every fault is told: RFC 9457 documents that name the parameter and what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.api.cursors import cursor_at, place_of
from lagesbild.api.problems import ProblemDocument, ProblemError
from lagesbild.domain.errors import DatabaseUnavailableError
from tests.api.world import get, service, small


@pytest.fixture(scope="module")
def client():
    return service(small()).test_client()


def problem(answer, status):
    """The document, checked against its type."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    told = ProblemDocument.model_validate_json(answer.data)
    assert told.status == status
    assert told.type.startswith("urn:lagesbild:problem:")
    return told


@pytest.mark.parametrize(
    ("query", "parameter", "value"),
    [
        ("regoin=R1", "regoin", "R1"),
        ("Region=R1", "Region", "R1"),
        ("region=QQ", "region", "QQ"),
        ("region=R1&region=QQ", "region", "QQ"),
        ("region=" + "x" * 21, "region", "x" * 21),
        ("care_area=zzz", "care_area", "zzz"),
        ("care_area=", "care_area", ""),
        ("provider=zzz", "provider", "zzz"),
        ("from=2026", "from", "2026"),
        ("from=2026-13", "from", "2026-13"),
        ("from=1999-12", "from", "1999-12"),
        ("from=2026-1", "from", "2026-1"),
        ("to=", "to", ""),
        ("from=2026-02&to=2026-01", "to", "2026-01"),
        ("as_of=yesterday", "as_of", "yesterday"),
        ("as_of=2026-02-30", "as_of", "2026-02-30"),
        ("as_of=2099-01-01", "as_of", "2099-01-01"),
        ("as_of=2099-01-01T00:00:00Z", "as_of", "2099-01-01T00:00:00Z"),
        ("as_of=2026-02-01T24:00:00", "as_of", "2026-02-01T24:00:00"),
        ("as_of=2026-02-01T10:00:00+01:00", "as_of", "2026-02-01T10:00:00 01:00"),
        ("limit=0", "limit", "0"),
        ("limit=10001", "limit", "10001"),
        ("limit=1_0", "limit", "1_0"),
        ("limit=-1", "limit", "-1"),
        ("limit=١", "limit", "١"),
        ("limit=1&limit=2", "limit", "1 och 2"),
        ("cursor=abc", "cursor", "abc"),
        ("cursor=", "cursor", ""),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client, query, parameter, value):
    told = problem(get(client, f"waits?{query}"), 400)
    assert [(e.parameter, e.value) for e in told.errors] == [(parameter, value)]
    assert told.errors[0].allowed
    assert f"”{parameter}”" in told.detail
    assert told.instance == "/api/v1/waits"


@pytest.mark.parametrize(
    "address", ["free-capacity?care_area=A1&region=R1&", "quality?", "fhir/MeasureReport?", "definitions?"]
)
def test_a_day_that_has_not_been_is_refused_at_every_address(client, address):
    told = problem(get(client, f"{address}as_of=2099-01-01"), 400)
    assert [(e.parameter, e.value) for e in told.errors] == [("as_of", "2099-01-01")]


def test_every_fault_is_told_at_once(client):
    told = problem(get(client, "waits?foo=1&limit=x&from=2026-13&as_of=z"), 400)
    assert {e.parameter for e in told.errors} == {"foo", "limit", "from", "as_of"}
    told = problem(get(client, "waits?region=Q1&region=Q2&care_area=Q3&provider=Q4"), 400)
    assert [e.value for e in told.errors] == ["Q1", "Q2", "Q3", "Q4"]


def test_a_fault_of_one_kind_hides_none_of_another(client):
    query = (
        "foo=1&region=99&region="
        + "x" * 21
        + "&care_area=Q3&provider=Q4&limit=0&as_of=z&cursor=abc&from=2026-02&to=2026-01"
    )
    told = problem(get(client, f"waits?{query}"), 400)
    assert {(e.parameter, e.value) for e in told.errors} == {
        ("foo", "1"), ("region", "99"), ("region", "x" * 21), ("care_area", "Q3"), ("provider", "Q4"), ("limit", "0"),
        ("as_of", "z"), ("cursor", "abc"), ("to", "2026-01"),
    }  # fmt: skip
    told = problem(get(client, "free-capacity?foo=1&region=LAND&care_area=Q3&provider=*&sort=x"), 400)
    assert [e.parameter for e in told.errors] == ["foo", "care_area", "region", "provider", "sort"]
    told = problem(get(client, "fhir/MeasureReport?foo=1&care_area=Q3&region=99"), 400)
    assert {e.parameter for e in told.errors} == {"foo", "care_area", "region"}
    # two values where one may be: named once, and what is missing by it is no fault of its own
    told = problem(get(client, "free-capacity?region=R1&region=R2&care_area=A1"), 400)
    assert [(e.parameter, e.value) for e in told.errors] == [("region", "R1 och R2")]


def test_what_is_allowed_is_what_this_address_takes(client):
    told = problem(get(client, "free-capacity"), 400)
    assert {e.parameter: e.allowed for e in told.errors} == {
        "care_area": "en kod ur /api/v1/care-areas",
        "region": "koden för en region ur /api/v1/regions, inte riket",
    }
    (told,) = problem(get(client, "free-capacity?care_area=A1&care_area=A1&region=R1"), 400).errors
    assert told.allowed == "bara ett värde: en kod ur /api/v1/care-areas"
    (told,) = problem(get(client, "free-capacity?care_area=A1&region="), 400).errors
    assert told.allowed == "R1, R2, R3, R4"


def test_a_code_that_does_not_exist_is_answered_with_those_that_do(client):
    told = problem(get(client, "waits?region=QQ"), 400)
    assert told.errors[0].allowed == "LAND, R1, R2, R3, R4"


def test_more_codes_than_anybody_needs(client):
    told = problem(get(client, "waits?" + "&".join(["region=R1"] * 101)), 400)
    assert told.errors[0].parameter == "region"
    assert len(told.errors[0].value) < 200


def test_a_long_question_is_refused_before_it_is_read(client):
    assert problem(get(client, "waits?region=" + "x" * 4000), 414).errors == []


@pytest.mark.parametrize("path", ["", "openapi.json", "catalogue"])
def test_what_takes_no_parameters_says_so(client, path):
    told = problem(get(client, f"{path}?region=R1"), 400)
    assert told.errors[0].allowed == "inga parametrar"


def test_an_address_that_does_not_exist(client):
    for path in ("nothing", "waits/", "waits/1", "v2/waits"):
        assert "/api/v1/" in problem(get(client, path), 404).detail


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client, method):
    answer = getattr(client, method)("/api/v1/waits")
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_other_addresses_refuse_in_a_sentence(client):
    assert client.post("/healthz").content_type.startswith("application/json")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/csv;header=present", "text/csv"),
    ],
)
def test_the_form_is_what_is_accepted(client, accept, form):
    answer = get(client, "regions", accept)
    assert answer.status_code == 200
    assert answer.mimetype == form


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "*/*;q=0", "image/*"])
def test_a_form_that_does_not_exist_is_not_guessed(client, accept):
    assert "text/csv" in problem(get(client, "regions", accept), 406).detail


def test_a_database_that_is_away_is_said_and_not_kept():
    source = small()
    client = service(source).test_client()
    right = source.care_areas

    def away():
        raise DatabaseUnavailableError("borta")

    source.care_areas = away
    answer = get(client, "care-areas")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"
    source.care_areas = right
    assert get(client, "care-areas").status_code == 200


def test_a_fault_of_ours_has_a_number_and_no_traceback(caplog):
    source = small()
    client = service(source).test_client()

    def broken():
        raise ZeroDivisionError("secret")

    source.care_areas = broken
    told = problem(get(client, "care-areas"), 500)
    assert "secret" not in told.model_dump_json()
    number = told.detail.split()[-1].rstrip(".")
    assert any(number in r.getMessage() for r in caplog.records)


def pages(client, path):
    """Rows of all pages, and how many there were."""
    rows, n = [], 0
    address = f"/api/v1/{path}"
    while address:
        told = client.get(address).json
        rows += told["data"]
        address, n = told["next"], n + 1
    return rows, n


def test_pages_are_the_whole_table_once(client):
    whole = get(client, "waits?limit=10000").json
    rows, n = pages(client, "waits?limit=37")
    assert rows == whole["data"]
    assert n == -(-whole["count"] // 37)
    assert whole["next"] is None


def test_the_next_page_keeps_the_question(client):
    rows, n = pages(client, "waits?region=R1&region=R2&limit=7&from=2026-01")
    assert n > 1
    assert {r["region"] for r in rows} == {"R1", "R2"}
    assert {r["period"][:4] for r in rows} == {"2026"}


def test_csv_pages_follow_the_link(client):
    first = get(client, "waits?limit=3", "text/csv")
    address = first.headers["Link"].removeprefix("<").split(">")[0]
    second = client.get(address, headers={"Accept": "text/csv"})
    both = [line for a in (first, second) for line in a.text.splitlines()[1:]]
    assert both == get(client, "waits?limit=6", "text/csv").text.splitlines()[1:]


def test_a_cursor_is_of_one_question(client):
    cursor = get(client, "waits?limit=3").json["next"].split("cursor=")[1]
    assert get(client, f"waits?limit=50&cursor={cursor}").status_code == 200  # how many at a time may change
    problem(get(client, f"waits?limit=3&region=R1&cursor={cursor}"), 400)
    problem(get(client, f"production?limit=3&cursor={cursor}"), 400)


def test_a_cursor_of_earlier_data_says_start_over():
    source = small()
    client = service(source).test_client()
    following = get(client, "waits?limit=3").json["next"]
    source.version_number = 2
    client = service(source).test_client()
    told = problem(client.get(following), 410)
    assert "utan cursor" in told.detail


@given(st.integers(0, 2**63), st.integers(0, 2**40), st.text(max_size=20))
def test_a_cursor_leads_back_to_its_place(version, place, question):
    assert place_of(cursor_at(place, version, question), version, question) == place


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{30,36}", fullmatch=True))
def test_any_other_text_is_a_fault_of_the_question(text):
    with pytest.raises(ProblemError) as found:
        place_of(text, 1, "waits")
    assert found.value.status == 400


@given(st.data())
def test_a_changed_cursor_is_a_fault_of_the_question(data):
    cursor = cursor_at(1000, 7, "waits")
    at = data.draw(st.integers(0, len(cursor) - 2))  # the last sign holds bits that stand for nothing
    sign = data.draw(st.sampled_from("AZaz09-_"))
    changed = cursor[:at] + sign + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(ProblemError):
            place_of(changed, 7, "waits")
