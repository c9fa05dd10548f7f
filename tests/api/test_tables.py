"""Tables as JSON and CSV: every endpoint says what its published table says, in the types that describe it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pandas as pd
import pytest
from pydantic import ValidationError

from lagesbild.api.fields import names_of, values_of
from lagesbild.api.pages import envelope_model
from lagesbild.api.routes import ENDPOINTS
from lagesbild.domain.care import Region
from lagesbild.domain.selection import Selection, end_of_day
from lagesbild.domain.source import Batch
from lagesbild.domain.viewer import Viewer
from lagesbild.factory import create_app
from lagesbild.freezing.moment import known_at
from lagesbild.pages.context import PageContext
from lagesbild.pages.data_status import data_status
from lagesbild.settings import Settings
from lagesbild.snapshots.store import Store
from lagesbild.views.published_tables import COLUMNS, TABLES, Asked, published_table
from tests import gallery
from tests.api.world import exact, get, service, small
from tests.country import country as plain_country
from tests.fakes import RECORDED
from tests.snapshots.made import bundle

SOURCE = small()
NAMES = [e.name for e in ENDPOINTS]
QUESTION = {"free-capacity": "?care_area=A1&region=R1"}


@pytest.fixture(scope="module")
def client():
    return service(SOURCE).test_client()


def test_every_dataset_of_the_contract_has_an_endpoint():
    contract = ["regions", "care-areas", "providers", "waits", "production", "out-of-region", "capacity", "brokering"]
    assert {*contract, "reporting", "forecasts", "gaps", "snapshots", *TABLES} <= set(NAMES)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_known_before_there_are_data(name):
    assert published_table(name, SOURCE, Asked(), Viewer()).columns == COLUMNS[name]


@pytest.mark.parametrize("name", NAMES)
def test_json_is_of_the_described_type_and_csv_has_the_same_rows(client, name):
    endpoint = next(e for e in ENDPOINTS if e.name == name)
    answer = get(client, name + QUESTION.get(name, "?limit=200"))
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    told = envelope_model(name, endpoint.columns).model_validate_json(answer.data)
    rows = answer.json["data"]
    assert answer.json["count"] >= len(rows)
    lines = list(csv.DictReader(io.StringIO(get(client, name + QUESTION.get(name, "?limit=200"), "text/csv").text)))
    assert len(lines) == len(rows) == len(told.data)
    for row, line in zip(rows, lines, strict=True):
        assert list(row) == list(line) == names_of(endpoint.columns)
        for key, value in row.items():
            if isinstance(value, bool) or value is None:
                assert line[key] == {None: "", True: "true", False: "false"}[value]
            elif isinstance(value, str):
                assert line[key].removeprefix("'") == value.removeprefix("'")
            else:
                assert float(line[key]) == value


def test_the_type_of_a_row_refuses_a_state_that_does_not_exist(client):
    row = get(client, "waits?limit=1").json
    row["data"][0]["waiting_state"] = "shown"
    with pytest.raises(ValidationError):
        envelope_model("waits", COLUMNS["waits"]).model_validate_json(json.dumps(row))


@pytest.mark.parametrize("name", ["waits", "production", "forecasts"])
def test_no_number_stands_where_its_state_is_not_empty(client, name):
    rows = get(client, f"{name}?limit=5000").json["data"]
    measures = [c.name for c in COLUMNS[name] if c.role == "measure"]
    cells = [(r[m], r[f"{m}_state"]) for r in rows for m in measures]
    assert all((value is None) == (state != "") for value, state in cells)
    assert {"", "secondary"} <= {state for _, state in cells}


def test_the_envelope_says_version_moment_sources_and_what_is_invented(client):
    told = get(client, "waits?limit=1&as_of=2026-11-20").json
    assert told["data_version"] == 1
    assert datetime.fromisoformat(told["as_of"]) == end_of_day(date(2026, 11, 20))
    assert (told["synthetic"], told["sources"], told["viewer"]) == (True, ["provdata"], "public")
    # forecasts have no sources of their own: those of what they were made of, invented beside published ones
    source = plain_country()
    told = get(service(source).test_client(), "forecasts?limit=1").json
    assert {b.source for b in source.batches()} == {"Påhittade data", "SKR, Väntetider i vården"}
    assert (told["synthetic"], told["sources"]) == (True, ["Påhittade data"])


def test_a_snapshot_and_the_api_call_the_version_of_the_data_the_same(tmp_path):
    source = plain_country()
    source.batch_rows.append(Batch(7, "waits", "Senare", RECORDED + timedelta(days=2), 5, True, False, "w.csv"))
    store = Store(tmp_path)
    then = datetime(2026, 11, 16, 12, tzinfo=UTC)
    edition = known_at(source, then).version
    store.save(bundle(data_version=edition, as_of=then))
    client = create_app(
        source, Settings(), pages=gallery.PAGES, known=gallery.known, filters=gallery.filters, snapshots=store
    ).test_client()
    (row,) = get(client, "snapshots").json["data"]
    assert row["data_edition"] == edition
    asked = f"as_of={quote(row['as_of'])}"
    for path in (f"regions?{asked}", f"waits?limit=1&{asked}", f"quality?{asked}"):
        assert get(client, path).json["data_edition"] == edition
    assert get(client, f"regions?{asked}", "text/csv").headers["Lagesbild-Data-Edition"] == edition
    now = {get(client, path).json["data_edition"] for path in ("", "regions", "quality", "snapshots")}
    assert now == {data_status(PageContext(source, Selection(), Viewer())).version} != {edition}


def test_csv_says_the_same_in_its_head(client):
    answer = get(client, "waits?limit=1&as_of=2026-11-20", "text/csv")
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    told = answer.headers
    assert (told["Lagesbild-Data-Version"], told["Lagesbild-Synthetic"], told["Lagesbild-Viewer"]) == (
        "1",
        "true",
        "public",
    )
    assert told["Lagesbild-Sources"] == "provdata"
    assert told["Lagesbild-As-Of"].startswith("2026-11-20")
    assert 'rel="next"' in told["Link"]


def test_sources_with_swedish_letters_go_into_a_header():
    source = small()
    source.batch_rows = [replace(b, source="Väntetider, Sörmland") for b in source.batch_rows]
    told = get(service(source).test_client(), "gaps", "text/csv").headers["Lagesbild-Sources"]
    assert told == "V%C3%A4ntetider%2C S%C3%B6rmland"


def test_no_cell_of_csv_starts_a_formula():
    source = small()
    source.region_rows = [*source.region_rows, Region("=1+1", "@SUM(A1)", "-x", "Norra", parent="LAND")]
    client = service(source).test_client()
    lines = list(csv.reader(io.StringIO(get(client, "regions", "text/csv").text)))
    assert ["'=1+1", "'@SUM(A1)", "'-x"] in [line[:3] for line in lines]
    assert not [
        c for line in lines for c in line if c.startswith(("=", "+", "@")) or (c[:1] == "-" and c[1:2].isalpha())
    ]


def test_whose_numbers_and_which_months(client):
    country = get(client, "waits?region=").json["data"]
    assert {(r["level"], r["region"]) for r in country} == {("country", "")}
    own = get(client, "waits?region=R1&region=R2&from=2026-08&to=2026-09").json["data"]
    assert {r["region"] for r in own} == {"R1", "R2"}
    assert {r["period"] for r in own} == {"2026-08", "2026-09"}
    assert {r["provider"] for r in get(client, "waits?provider=R1-P1").json["data"]} == {"R1-P1"}
    both = {r["level"] for r in get(client, "waits?provider=*&region=R1&limit=9000").json["data"]}
    assert both == {"region", "provider"}
    assert get(client, "providers?provider=R1-P1").json["count"] == 1
    assert get(client, "providers?provider=*").json["count"] == 4


def test_forecasts_of_coming_months_alone(client):
    everything = get(client, "forecasts?limit=9000").json["data"]
    later = get(client, "forecasts?from=2027-01&limit=9000").json["data"]
    assert later == [r for r in everything if r["period"] >= "2027-01"]
    assert later


def test_months_that_have_not_come_change_nothing(client):
    assert get(client, "waits?to=2099-12").json["data"] == get(client, "waits").json["data"]
    assert get(client, "waits?from=2098-01").json["count"] == 0
    assert (
        get(client, "reporting?from=2026-06&to=2099-12").json["data"]
        == get(client, "reporting?from=2026-06").json["data"]
    )


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("regions?care_area=A1", "care_area"),
        ("regions?from=2020-01", "from"),
        ("care-areas?region=R1", "region"),
        ("regions?as_of=2026-01-01", "as_of"),
        ("snapshots?region=R1", "region"),
    ],
)
def test_what_chooses_nothing_is_said(client, path, word):
    (note,) = get(client, path).json["notes"]
    assert note.startswith(word)
    assert "waits" not in note


def test_a_provider_has_no_rows_where_tables_have_no_providers(client):
    told = get(client, "forecasts?provider=R1-P1").json
    assert told["count"] == 0
    assert "vårdgivare" in told["notes"][0]


def test_a_code_that_stands_for_many_regions_is_said_to_have_no_rows(client):
    told = get(client, "waits?region=LAND&region=R1").json
    assert {r["region"] for r in told["data"]} == {"R1"}
    assert told["notes"] == [
        "LAND består av regioner och har inga egna rader här: summan av alla regioner är region= utan värde."
    ]
    assert get(client, "gaps?region=LAND").json["notes"] == ["LAND består av regioner och har inga egna rader här."]
    assert get(client, "regions?region=LAND").json["notes"] == []
    assert get(client, "waits?region=").json["notes"] == []


def test_nothing_is_noted_where_everything_chooses(client):
    assert (
        get(client, "waits?region=R1&care_area=A1&provider=*&from=2026-01&to=2026-02&as_of=2026-11-20").json["notes"]
        == []
    )


def test_exact_numbers_are_for_those_who_may_see_them(client):
    support = service(SOURCE, exact).test_client()
    seen = zip(*(get(c, "waits?limit=5000").json["data"] for c in (client, support)), strict=True)
    measures = [c.name for c in COLUMNS["waits"] if c.role == "measure" and c.kind == "count"]
    small_counts = [row[m] for mine, row in seen for m in measures if mine[f"{m}_state"] == "suppressed"]
    assert len(small_counts) > 20
    assert all(0 < n < 5 for n in small_counts)
    assert get(support, "waits?limit=1").json["viewer"] == "exact"


def test_before_anything_is_imported_every_table_is_empty():
    from tests.fakes import FakeSource

    client = service(FakeSource([], [])).test_client()
    for name in COLUMNS:
        told = get(client, name)
        assert (told.status_code, told.json["count"], told.json["data"]) == (200, 0, []), name
    assert get(client, "quality").json["registers"] == []
    assert get(client, "catalogue").status_code == 200
    assert get(client, "fhir/MeasureReport").json["total"] == 0


def test_a_count_that_is_not_whole_keeps_its_decimals():
    waiting = COLUMNS["waits"][[c.name for c in COLUMNS["waits"]].index("waiting")]
    assert values_of(waiting, pd.DataFrame({"waiting": [3.0, 3.5, float("nan")]})) == [3, 3.5, None]
