"""`/api/v1/openapi.json`: OpenAPI 3.1, made of the types that validate questions and describe answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lagesbild import __version__
from lagesbild.api import catalogue, fhir, quality
from lagesbild.api.examples import (
    bundle_example,
    catalogue_example,
    csv_example,
    index_example,
    page_example,
    problem_example,
    quality_example,
)
from lagesbild.api.fhir import MeasureReportBundle
from lagesbild.api.index import Index
from lagesbild.api.pages import CSV, EDITION, JSON, envelope_model
from lagesbild.api.parameters import MomentParameters, NoParameters, Parameters, ReportParameters
from lagesbild.api.problems import MEDIA, ProblemDocument
from lagesbild.api.quality import QualityDeclaration
from lagesbild.api.reading import names_of
from lagesbild.api.tables import TableEndpoint

PREFIX: Final = "/api/v1"
_REF: Final = "#/components/schemas/{model}"
_PROBLEMS: Final = {
    "400": "En eller flera parametrar är fel; errors säger vilka.",
    "401": "Ingen är inloggad, där inloggning krävs. type är about:blank.",
    "403": "Den som är inloggad får inte läsa det här. type är about:blank.",
    "406": "Inget av formaten i Accept finns.",
    "410": "Uppgifterna har ändrats sedan cursor gavs. Börja om.",
    "414": "Frågan är för lång.",
    "421": "Tjänsten svarar inte under det namnet.",
    "500": "Internt fel, loggat.",
    "503": "Databasen svarar inte just nu, eller så många svar som får göras på en gång görs redan; se Retry-After.",
}
_HEADERS: Final = {
    "ETag": "Svag etikett för dataversion, den som frågar, frågan och formatet. Skicka den i If-None-Match.",
    "Cache-Control": "Får sparas, men används inte utan att ETag har prövats.",
    "Vary": "Vad svaret beror på utöver adressen.",
    "Lagesbild-Data-Version": "Ökar varje gång uppgifterna ändras.",
}
_PROBLEM_HEADERS: Final = {
    "401": {"WWW-Authenticate": "Hur man loggar in: Cookie med adressen i authorization_uri, eller Proxy."},
}
_TABLE_HEADERS: Final = {
    "Lagesbild-Data-Edition": EDITION,
    "Lagesbild-Synthetic": "true när någon av uppgifterna bakom är påhittad.",
    "Lagesbild-Sources": "Källor, procentkodade enligt UTF-8, åtskilda av komma.",
    "Lagesbild-Viewer": "public = små tal är skyddade; exact = alla tal visas.",
    "Lagesbild-Count": "Antal rader i allt.",
    "Lagesbild-Recorded-At": "När den senaste av uppgifterna bakom blev känd.",
    "Lagesbild-As-Of": "Tidpunkten som frågan gällde.",
    "Lagesbild-Notes": "Vad i frågan som inte väljer något här, och vad som inte är känt; procentkodat enligt UTF-8.",
    "Link": "Nästa sida, rel=next.",
}
Content = dict[str, Any]


def description(endpoints: Sequence[TableEndpoint]) -> dict[str, Any]:
    """The whole document."""
    pages = {e.name: envelope_model(e.name, e.columns) for e in endpoints}
    models: list[type[BaseModel]] = [ProblemDocument, Index, QualityDeclaration, MeasureReportBundle, *pages.values()]
    _, schemas = models_json_schema([(m, "validation") for m in models], by_alias=True, ref_template=_REF)
    paths: dict[str, Any] = {}
    for e in endpoints:
        content = {
            JSON: _schema(pages[e.name]) | {"example": page_example(e.name, e.title, e.columns)},
            CSV: {"schema": {"type": "string"}, "example": csv_example(e.columns)},
        }
        paths[f"{PREFIX}/{e.name}"] = _path(
            e.name, e.title, e.summary, e.parameters, content, _HEADERS | _TABLE_HEADERS
        )
    bundle = _schema(MeasureReportBundle) | {"example": bundle_example()}
    index = _schema(Index) | {"example": index_example(f"{PREFIX}/waits")}
    paths |= {
        f"{PREFIX}/": _path("index", "Adresser", "Räknar upp adresserna.", NoParameters, {JSON: index}, _HEADERS),
        f"{PREFIX}/quality": _path(
            "quality",
            "Kvalitetsdeklaration",
            "Täckning, punktlighet, revideringar och kända fel.",
            MomentParameters,
            {quality.FORMS[0]: _schema(QualityDeclaration) | {"example": quality_example()}},
            _HEADERS,
        ),
        f"{PREFIX}/catalogue": _path(
            "catalogue",
            "Katalogpost",
            "Datamängderna som DCAT-AP-SE, med kvalitet enligt DQV.",
            NoParameters,
            {
                catalogue.TURTLE: {"schema": {"type": "string"}, "example": catalogue_example()},
                catalogue.JSON_LD: {"schema": {"type": "object"}},
            },
            _HEADERS,
        ),
        f"{PREFIX}/fhir/MeasureReport": _path(
            "measure-report",
            "FHIR MeasureReport",
            "Vad sjukhusen har genomfört, som FHIR R4 Bundle; lagesbild import fhir läser den.",
            ReportParameters,
            dict.fromkeys(fhir.FORMS, bundle),
            _HEADERS,
        ),
        f"{PREFIX}/openapi.json": _path(
            "openapi",
            "Beskrivning",
            "Det här dokumentet: OpenAPI 3.1.",
            NoParameters,
            {JSON: {"schema": {"type": "object"}}},
            _HEADERS,
        ),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lägesbild",
            "version": __version__,
            "description": "Planerad specialiserad vård: väntetider, produktion, kapacitet, prognoser, kapacitetsgap. "
            "Samma tal och samma skydd av små tal som på sidorna.",
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }


def _schema(model: type[BaseModel]) -> Content:
    return {"schema": {"$ref": _REF.format(model=model.__name__)}}


def _path(
    name: str,
    title: str,
    summary: str,
    parameters: type[Parameters],
    content: Mapping[str, Content],
    headers: Mapping[str, str],
) -> dict[str, Any]:
    def problem(status: str) -> Content:
        example = problem_example(status, f"{PREFIX}/{name}")
        return {MEDIA: _schema(ProblemDocument) | ({} if example is None else {"example": example})}

    def described(names: Mapping[str, str]) -> dict[str, Any]:
        return {n: {"description": d, "schema": {"type": "string"}} for n, d in names.items()}

    def refused(status: str) -> dict[str, Any]:
        headed = {"headers": described(_PROBLEM_HEADERS[status])} if status in _PROBLEM_HEADERS else {}
        return {"description": _PROBLEMS[status], **headed, "content": problem(status)}

    return {
        "get": {
            "operationId": name,
            "summary": title,
            "description": summary,
            "parameters": parameters_of(parameters),
            "responses": {
                "200": {"description": "Svaret.", "headers": described(headers), "content": dict(content)},
                "304": {"description": "Oförändrat sedan ETag gavs."},
                **{status: refused(status) for status in _PROBLEMS},
            },
        }
    }


def parameters_of(model: type[Parameters]) -> list[dict[str, Any]]:
    """A model's fields as OpenAPI parameters of the query string."""
    schema = model.model_json_schema(by_alias=True)
    out = []
    for name, many in names_of(model).items():
        about = dict(schema["properties"][name])
        words = about.pop("description", "")
        about.pop("title", None)
        if about.get("default", "") is None:
            del about["default"]
        # null is written by leaving the parameter out
        choices = [x for x in about.pop("anyOf", []) if x != {"type": "null"}]
        parameter = {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "description": words,
            "schema": about | (choices[0] if choices else {}),
        }
        out.append(parameter | ({"style": "form", "explode": True} if many else {}))
    return out
