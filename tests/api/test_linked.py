"""The catalogue record: read by rdflib, complete as DCAT-AP-SE asks, with quality that the declaration has too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from lagesbild.api.rdf import as_json_ld, as_turtle, iri, text, typed
from lagesbild.auth.door import PERSON
from lagesbild.domain.person import Person
from lagesbild.domain.selection import end_of_day
from lagesbild.domain.source import Batch
from tests.api.world import get, service
from tests.auth.service import service as with_people
from tests.auth.service import settings as settings_of
from tests.country import country as plain_country
from tests.fakes import RECORDED
from tests.quality_world import faulty_world

# rdflib's own reader of JSON-LD uses what rdflib itself has put aside
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
BASE = "https://lagesbild.example/api/v1/catalogue"
DQV = "http://www.w3.org/ns/dqv#"
HELD = ["waits", "production", "capacity", "out-of-region", "brokering", "reporting", "forecasts", "gaps"]


def graph(answer) -> Graph:
    """Fetched from BASE, whatever the service believes it is called."""
    form = {"text/turtle": "turtle", "application/ld+json": "json-ld"}[answer.mimetype]
    return Graph().parse(data=answer.data, format=form, publicID=BASE)


@pytest.fixture(scope="module")
def client():
    return service(faulty_world(), operator="Region Ö", contact="vantetider@example.se").test_client()


@pytest.fixture(scope="module")
def record(client) -> Graph:
    return graph(get(client, "catalogue"))


def test_both_forms_say_the_same(client, record):
    linked = get(client, "catalogue", "application/ld+json")
    assert linked.mimetype == "application/ld+json"
    assert isomorphic(graph(linked), record)
    assert len(record) > 300


def test_the_catalogue_has_what_the_profile_demands(record):
    (catalogue,) = record.subjects(RDF.type, DCAT.Catalog)
    assert catalogue == URIRef(BASE)
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.language, DCTERMS.modified):
        assert list(record.objects(catalogue, needed)), needed
    (publisher,) = record.objects(catalogue, DCTERMS.publisher)
    assert record.value(publisher, FOAF.name) == Literal("Region Ö", lang="sv")
    datasets = set(record.objects(catalogue, DCAT.dataset))
    assert datasets == set(record.subjects(RDF.type, DCAT.Dataset))
    assert {URIRef(f"{BASE}#{name}") for name in HELD} <= datasets


def test_every_dataset_is_described_and_reached(client, record):
    for dataset in record.subjects(RDF.type, DCAT.Dataset):
        for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.theme, DCTERMS.accrualPeriodicity):
            assert len(list(record.objects(dataset, needed))) == 1, (dataset, needed)
        (contact,) = record.objects(dataset, DCAT.contactPoint)
        assert URIRef("mailto:vantetider@example.se") in set(record.objects(contact))
        forms = list(record.objects(dataset, DCAT.distribution))
        assert len(forms) == 2
        for form in forms:
            assert (form, RDF.type, DCAT.Distribution) in record
            (address,) = record.objects(form, DCAT.accessURL)
            media = str(record.value(form, DCAT.mediaType)).split("media-types/")[1]
            answer = client.get(str(address).removeprefix("https://lagesbild.example"), headers={"Accept": media})
            assert (answer.status_code, answer.mimetype) == (200, media)


def test_each_dataset_is_said_to_be_what_its_own_answer_says():
    """What is invented, where it comes from and when it was changed differ between the datasets of one catalogue."""
    source = plain_country()
    for frame in source.frames.values():  # what the country itself has published is real; its regions are invented
        own = frame["region"] == "ALL"
        frame["synthetic"] = ~own
        frame["source"] = np.where(own, "SKR, Väntetider i vården", "Påhittade data")
        frame["recorded_at"] = np.where(own, RECORDED - timedelta(days=9), RECORDED)
    frames = source.frames
    frames["published-shares"] = (
        frames["waits"]
        .head(1)[["period", "region", "care_area"]]
        .assign(
            within_limit_pct=80.0, source="SKR, andelar", synthetic=False, recorded_at=RECORDED - timedelta(days=99)
        )
    )
    source.frames["population"] = pd.DataFrame([(2025, "A", 1000)], columns=["year", "region", "population"])
    real = Batch(90, "population", "SCB, befolkning", RECORDED - timedelta(days=40), 1, False, False, "p.csv")
    source.batch_rows = [*source.batch_rows, real]
    source.run_rows = [replace(r, data_as_of=RECORDED + timedelta(days=3)) for r in source.run_rows]
    client = service(source).test_client()
    record = graph(get(client, "catalogue"))
    seen = set()
    for name in (*HELD, "published-totals", "published-shares", "population", "regions"):
        told, dataset = get(client, f"{name}?limit=1").json, URIRef(f"{BASE}#{name}")
        said = "Syntetiska data" in str(record.value(dataset, DCTERMS.description))
        assert said == told["synthetic"], name
        labels = {str(record.value(p, RDFS.label)) for p in record.objects(dataset, DCTERMS.provenance)}
        assert labels == set(told["sources"]), name
        changed = record.value(dataset, DCTERMS.modified)
        assert (None if changed is None else changed.toPython()) == (
            told["recorded_at"] and datetime.fromisoformat(told["recorded_at"])
        ), name
        seen.add((said, str(changed)))
    assert len(seen) == 6, seen  # invented at two moments, three published, and codes that nothing is known of
    latest = record.value(URIRef(BASE), DCTERMS.modified).toPython()
    assert latest == RECORDED + timedelta(days=3)


@pytest.mark.parametrize(("others", "access"), [("public", "PUBLIC"), ("refused", "RESTRICTED")])
def test_who_may_read_follows_from_what_others_are_answered(tmp_path, others, access):
    app = with_people(settings_of(tmp_path, "proxy", others=others), source=faulty_world())
    record = graph(app.test_client().get("/api/v1/catalogue", environ_overrides={PERSON: Person("administrator")}))
    rights = {str(r).rsplit("/", 1)[1] for r in record.objects(None, DCTERMS.accessRights)}
    assert rights == {access}


def test_quality_is_that_of_the_declaration(client, record):
    told = get(client, "quality").json
    waits = next(r for r in told["registers"] if r["register"] == "waits")
    measured = {}
    for found in record.objects(URIRef(f"{BASE}#waits"), URIRef(f"{DQV}hasQualityMeasurement")):
        metric = str(record.value(found, URIRef(f"{DQV}isMeasurementOf"))).rsplit("#metric-", 1)[1]
        measured[metric] = float(record.value(found, URIRef(f"{DQV}value")))
    assert measured["reported"] == pytest.approx(waits["reported"])
    assert measured["late"] == pytest.approx(waits["late"])
    metrics = {str(m).rsplit("#metric-", 1)[1] for m in record.subjects(RDF.type, URIRef(f"{DQV}Metric"))}
    assert set(measured) <= metrics


def test_known_faults_are_annotations(client, record):
    stops = [f for f in get(client, "quality").json["faults"] if f["grade"] == "stop"]
    assert stops
    noted = list(record.subjects(RDF.type, URIRef(f"{DQV}QualityAnnotation")))
    assert len(noted) == len(stops)


def test_the_declaration_counts_what_the_page_counts(client):
    told = get(client, "quality").json
    assert told["fault_counts"]["stop"] >= 1
    assert sum(told["fault_counts"].values()) >= len(told["faults"])
    for r in told["registers"]:
        assert r["reported"] + r["missing"] + r["excluded"] <= 1.0001
        assert r["late"] <= r["reported"]
        assert (r["late_days_median"] is None) == (r["late"] == 0)
    assert {c["figure"] for c in told["coverage"]} >= {"share", "waiting", "performed"}
    then = get(client, "quality?as_of=2026-11-20").json["as_of"]
    assert datetime.fromisoformat(then) == end_of_day(date(2026, 11, 20))


def test_who_has_no_contact_names_none():
    record = graph(get(service(faulty_world()).test_client(), "catalogue"))
    assert not list(record.objects(None, DCAT.contactPoint))
    web = graph(get(service(faulty_world(), contact="https://example.se/kontakt").test_client(), "catalogue"))
    assert URIRef("https://example.se/kontakt") in set(web.objects())


@given(st.text(), st.text())
@settings(max_examples=40, deadline=None)
def test_any_text_is_the_same_in_both_forms(words, address):
    thing = {
        "@id": "#a",
        "@type": ["dcat:Dataset"],
        "dcterms:title": [text(words)],
        "dcterms:relation": [iri(f"x:{address}")],
        "dcterms:extent": [typed("1.5", "xsd:decimal")],
        "dcterms:creator": [{"@type": ["foaf:Agent"], "foaf:name": [text(words)]}],
    }
    turtle = Graph().parse(data=as_turtle([thing]), format="turtle", publicID=BASE)
    (title,) = turtle.objects(URIRef(f"{BASE}#a"), DCTERMS.title)
    assert str(title) == words
    assert isomorphic(turtle, Graph().parse(data=as_json_ld([thing]), format="json-ld", publicID=BASE))
