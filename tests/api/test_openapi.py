"""The OpenAPI description: of the same types as what is checked, and true when schemathesis tries it."""

from __future__ import annotations

import csv
import io

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from rdflib import Graph
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from lagesbild.api.examples import row_example
from lagesbild.api.fhir import MeasureReportBundle
from lagesbild.api.index import Index
from lagesbild.api.openapi import description
from lagesbild.api.pages import envelope_model
from lagesbild.api.problems import ProblemDocument
from lagesbild.api.quality import QualityDeclaration
from lagesbild.api.routes import ENDPOINTS
from tests.api.world import service
from tests.auth.service import service as with_people
from tests.auth.service import settings as settings_of
from tests.disclosure.small_world import Shape, country

# three regions with a little over a year, and nothing small in them: hundreds of questions are asked
APP = service(country(Shape(3, regions=3, areas=1, months=13, size=60.0, missing=0.0, providers=1)))
# a question that is far too long is refused before it is read
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": [400, 414]}}}
SCHEMA = from_wsgi("/api/v1/openapi.json", APP, config=schemathesis.Config.from_dict(REFUSED))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


@SCHEMA.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    # its client does not unpack
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})


DOCUMENT = description(ENDPOINTS)
ANSWERS = {path: told["get"]["responses"] for path, told in DOCUMENT["paths"].items()}
MODELS = {
    **{f"/api/v1/{e.name}": envelope_model(e.name, e.columns) for e in ENDPOINTS},
    "/api/v1/": Index,
    "/api/v1/fhir/MeasureReport": MeasureReportBundle,
    "/api/v1/quality": QualityDeclaration,
}


@pytest.mark.parametrize("path", MODELS)
def test_every_example_is_of_the_type_that_is_described(path):
    content = ANSWERS[path]["200"]["content"]
    for form in [f for f in content if f.endswith("json")]:
        MODELS[path].model_validate(content[form]["example"])
    for answer in [a for status, a in ANSWERS[path].items() if status in ("400", "401", "403", "503")]:
        ProblemDocument.model_validate(answer["content"]["application/problem+json"]["example"])


def test_the_example_of_csv_has_the_columns_of_the_table():
    for e in ENDPOINTS:
        (line,) = csv.DictReader(io.StringIO(ANSWERS[f"/api/v1/{e.name}"]["200"]["content"]["text/csv"]["example"]))
        assert list(line) == list(row_example(e.columns))
        assert None not in line.values()


def test_the_numbers_of_an_example_add_up():
    (row,) = ANSWERS["/api/v1/waits"]["200"]["content"]["application/json"]["example"]["data"]
    bands = [v for k, v in row.items() if k.startswith("waiting_") and not k.endswith("state")]
    assert sum(bands) == row["waiting"] == row["within_limit"] + row["over_limit"]
    assert sum(bands[:3]) == row["within_limit"] == round(row["within_limit_share"] * row["waiting"])
    assert row["excluded"] == row["excluded_patient_choice"] + row["excluded_medical"]


def test_the_example_of_the_catalogue_is_turtle():
    example = ANSWERS["/api/v1/catalogue"]["200"]["content"]["text/turtle"]["example"]
    assert len(Graph().parse(data=example, format="turtle", publicID="https://lage.example/")) == 3


def test_every_field_is_described():
    schemas = DOCUMENT["components"]["schemas"]
    bare = [(n, f) for n, s in schemas.items() for f, p in s.get("properties", {}).items() if not p.get("description")]
    assert bare == []


def test_what_the_door_and_the_guard_answer_is_described_too(tmp_path):
    client = with_people(settings_of(tmp_path, "proxy")).test_client()
    refused = client.get("/api/v1/regions")
    elsewhere = client.get("/api/v1/regions", headers={"Host": "evil.example"})
    assert (refused.status_code, elsewhere.status_code) == (401, 421)
    for answer in (refused, elsewhere):
        told = ProblemDocument.model_validate_json(answer.data)
        assert str(told.status) in ANSWERS["/api/v1/regions"]
        assert answer.mimetype in ANSWERS["/api/v1/regions"][str(told.status)]["content"]
    assert "WWW-Authenticate" in ANSWERS["/api/v1/regions"]["401"]["headers"]
    assert refused.headers["WWW-Authenticate"]
    assert refused.json["type"] == "about:blank" != elsewhere.json["type"]


def test_the_list_of_addresses_is_the_described_ones():
    listed = APP.test_client().get("/api/v1/").json["addresses"]
    assert {a["path"] for a in listed} == set(DOCUMENT["paths"])
