"""`/api/v1/catalogue`: the data as an open-data catalogue record, DCAT-AP-SE, with their quality in DQV.

The publisher and the contact are those of the settings. No licence is named: whoever runs the service decides it, and a
record that names none says that the rights must be asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import request

from lagesbild.api.answering import Counter, Make
from lagesbild.api.origins import origin_of
from lagesbild.api.parameters import NoParameters
from lagesbild.api.quality import QualityDeclaration, declared
from lagesbild.api.rdf import Thing, as_json_ld, as_turtle, iri, text, typed
from lagesbild.api.reading import read_question
from lagesbild.api.tables import Ask, TableEndpoint
from lagesbild.views.published_tables.model import Origin

TURTLE: Final = "text/turtle"
JSON_LD: Final = "application/ld+json"
FORMS: Final = (TURTLE, JSON_LD)
_EU: Final = "http://publications.europa.eu/resource/authority"
_MEDIA: Final = "http://www.iana.org/assignments/media-types"
_BASE: Final = "/api/v1/"
_CATALOGUE: Final = "/api/v1/catalogue"
_SERVICE: Final = "/api/v1/"
_MONTHLY: Final = frozenset(
    {"waits", "production", "capacity", "out-of-region", "brokering", "reporting", "forecasts", "gaps"}
)


@dataclass(frozen=True)
class Publisher:
    """Who runs the service. `contact`: an e-mail or web address; either may be empty. `for_all`: whether somebody who
    has not logged in is answered."""

    name: str
    contact: str
    for_all: bool = True

    @property
    def access(self) -> Thing:
        """In the words of the EU's authority table."""
        return iri(f"{_EU}/access-right/{'PUBLIC' if self.for_all else 'RESTRICTED'}")


def catalogue_maker(counter: Counter, endpoints: tuple[TableEndpoint, ...], who: Publisher) -> Make:
    """What makes the body. Datasets are the endpoints that hold data."""
    shown = tuple(e for e in endpoints if e.name not in ("free-capacity", "snapshots", "definitions"))

    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        read_question(NoParameters, request.args)
        told = declared(counter, ask, None)
        origins = {e.name: origin_of(e.name, ask.source, ask.viewer) for e in shown}
        things = record(shown, who, told, origins)
        version = {"Lagesbild-Data-Version": str(told.data_version)}
        return (as_turtle(things) if form == TURTLE else as_json_ld(things)), version

    return make


def record(
    endpoints: tuple[TableEndpoint, ...], who: Publisher, told: QualityDeclaration, origins: Mapping[str, Origin]
) -> list[Thing]:
    """The catalogue, its publisher, the service, and each dataset with its distributions, quality and origin. The
    catalogue was modified when the latest dataset was."""
    publisher = f"{_CATALOGUE}#publisher"
    catalogue: Thing = {
        "@id": _CATALOGUE,
        "@type": ["dcat:Catalog"],
        "dcterms:title": [text("Lägesbild: planerad specialiserad vård")],
        "dcterms:description": [
            text(
                "Väntetider, produktion, kapacitet, prognoser och kapacitetsgap i den planerade specialiserade vården."
            )
        ],
        "dcterms:publisher": [iri(publisher)],
        "dcterms:language": [iri(f"{_EU}/language/SWE")],
        "dcterms:modified": _moment(max((o.recorded_at for o in origins.values() if o.recorded_at), default=None)),
        "foaf:homepage": [iri("/")],
        "dcat:service": [iri(_SERVICE)],
        "dcat:dataset": [iri(_dataset(e.name)) for e in endpoints],
    }
    agent: Thing = {
        "@id": publisher,
        "@type": ["foaf:Agent"],
        "foaf:name": [text(who.name or "Den som driver tjänsten")],
    }
    service: Thing = {
        "@id": _SERVICE,
        "@type": ["dcat:DataService"],
        "dcterms:title": [text("Lägesbilds API")],
        "dcterms:publisher": [iri(publisher)],
        "dcat:contactPoint": _contact(who),
        "dcat:endpointURL": [iri(_SERVICE)],
        "dcat:endpointDescription": [iri(f"{_BASE}openapi.json")],
        "dcat:servesDataset": [iri(_dataset(e.name)) for e in endpoints],
        "dcterms:accessRights": [who.access],
    }
    things = [catalogue, agent, service]
    for e in endpoints:
        things.append(_described(e, who, publisher, told, origins[e.name]))
        things += [_distribution(e, "json", "application/json"), _distribution(e, "csv", "text/csv")]
    return [*things, *_metrics()]


def _dataset(name: str) -> str:
    return f"{_CATALOGUE}#{name}"


def _contact(who: Publisher) -> list[Thing]:
    if not who.contact:
        return []
    mail = "@" in who.contact and "://" not in who.contact
    how = {"vcard:hasEmail": [iri(f"mailto:{who.contact}")]} if mail else {"vcard:hasURL": [iri(who.contact)]}
    return [{"@type": ["vcard:Organization"], "vcard:fn": [text(who.name or "Den som driver tjänsten")], **how}]


def _moment(moment: datetime | None) -> list[Thing]:
    return [] if moment is None else [typed(moment.isoformat(), "xsd:dateTime")]


def _described(e: TableEndpoint, who: Publisher, publisher: str, told: QualityDeclaration, origin: Origin) -> Thing:
    months = e.name in _MONTHLY
    marked = " Syntetiska data: uppgifterna är påhittade." if origin.synthetic else ""
    return {
        "@id": _dataset(e.name),
        "@type": ["dcat:Dataset"],
        "dcterms:title": [text(e.title)],
        "dcterms:description": [text(e.summary + marked)],
        "dcterms:identifier": [typed(e.name, "xsd:string")],
        "dcterms:publisher": [iri(publisher)],
        "dcat:contactPoint": _contact(who),
        "dcterms:language": [iri(f"{_EU}/language/SWE")],
        "dcterms:accessRights": [who.access],
        "dcat:theme": [iri(f"{_EU}/data-theme/HEAL")],
        "dcat:keyword": [text("väntetider"), text("vårdgaranti"), text("planerad vård")],
        "dcterms:accrualPeriodicity": [iri(f"{_EU}/frequency/{'MONTHLY' if months else 'IRREG'}")],
        "dcterms:modified": _moment(origin.recorded_at),
        "dcterms:provenance": [
            {"@type": ["dcterms:ProvenanceStatement"], "rdfs:label": [text(s)]} for s in origin.sources
        ],
        "dcat:distribution": [iri(f"{_dataset(e.name)}-json"), iri(f"{_dataset(e.name)}-csv")],
        "dqv:hasQualityMeasurement": _measurements(e.name, told),
        "dqv:hasQualityAnnotation": _annotations(e.name, told),
    }


def _distribution(e: TableEndpoint, form: str, media: str) -> Thing:
    """Both have one address; which form is sent follows from Accept."""
    return {
        "@id": f"{_dataset(e.name)}-{form}",
        "@type": ["dcat:Distribution"],
        "dcterms:title": [text(f"{e.title}, {form.upper()}")],
        "dcterms:description": [text(f"Accept: {media}")],
        "dcat:accessURL": [iri(f"{_BASE}{e.name}")],
        "dcat:accessService": [iri(_SERVICE)],
        "dcat:mediaType": [iri(f"{_MEDIA}/{media}")],
        "dcterms:format": [iri(f"{_EU}/file-type/{form.upper()}")],
        "dcterms:rights": [
            {
                "@type": ["dcterms:RightsStatement"],
                "rdfs:label": [text("Licensen bestäms av den som driver tjänsten. Fråga den som är kontakt.")],
            }
        ],
    }


_METRICS: Final = {
    "reported": (
        "Rapporterat",
        "Andel av regionernas månader som är rapporterade, senaste tolv månaderna.",
        "completeness",
    ),
    "late": ("För sent", "Andel av regionernas månader som kom för sent, senaste tolv månaderna.", "timeliness"),
    "late-days": ("Dagar för sent", "Median dagar för sent, av dem som kom för sent.", "timeliness"),
    "revised": (
        "Ändrat i efterhand",
        "Största ändring av en publicerad nationell andel, procentenheter.",
        "semanticAccuracy",
    ),
}


def _metrics() -> list[Thing]:
    return [
        {
            "@id": f"{_CATALOGUE}#metric-{name}",
            "@type": ["dqv:Metric"],
            "skos:prefLabel": [text(label)],
            "skos:definition": [text(meaning)],
            "dqv:expectedDataType": [iri("http://www.w3.org/2001/XMLSchema#decimal")],
            "dqv:inDimension": [iri(f"http://www.w3.org/2016/05/ldqd#{dimension}")],
        }
        for name, (label, meaning, dimension) in _METRICS.items()
    ]


def _measurement(metric: str, value: float) -> Thing:
    return {
        "@type": ["dqv:QualityMeasurement"],
        "dqv:isMeasurementOf": [iri(f"{_CATALOGUE}#metric-{metric}")],
        "dqv:value": [typed(f"{value:.4f}".rstrip("0").rstrip(".") if value else "0", "xsd:decimal")],
    }


def _measurements(name: str, told: QualityDeclaration) -> list[Thing]:
    out = []
    for r in told.registers:
        if r.register_name == name:
            out += [_measurement("reported", r.reported), _measurement("late", r.late)]
            out += [_measurement("late-days", r.late_days_median)] if r.late_days_median is not None else []
    largest = [m.largest_points for m in told.revisions if m.largest_points is not None]
    return [*out, _measurement("revised", max(largest))] if name == "waits" and largest else out


def _annotations(name: str, told: QualityDeclaration) -> list[Thing]:
    """Serious faults that are known: what `/api/v1/quality` has more of."""
    return [
        {
            "@type": ["dqv:QualityAnnotation", "oa:Annotation"],
            "oa:motivatedBy": [iri("http://www.w3.org/ns/dqv#qualityAssessment")],
            "oa:hasBody": [{"@type": ["oa:TextualBody"], "rdf:value": [text(f"{f.title}. {f.said}")]}],
        }
        for f in told.faults
        if f.dataset == name and f.grade == "stop"
    ]
