"""`/api/v1/...`: the figures for other systems. The numbers, and what is hidden of them, are those of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from lagesbild import __version__
from lagesbild.api import catalogue, fhir, index, quality
from lagesbild.api.answering import Counter, Make, answer
from lagesbild.api.catalogue import Publisher, catalogue_maker
from lagesbild.api.fhir import reports_maker
from lagesbild.api.guard import said
from lagesbild.api.index import Address, index_maker
from lagesbild.api.openapi import PREFIX, description
from lagesbild.api.other_tables import other_endpoints
from lagesbild.api.pages import JSON
from lagesbild.api.parameters import MomentParameters, NoParameters, Parameters, ReportParameters
from lagesbild.api.problems import not_allowed, not_found
from lagesbild.api.quality import quality_maker
from lagesbild.api.reading import names_of, read_question
from lagesbild.api.table_answers import FORMS, table_maker
from lagesbild.api.tables import Ask, dataset_endpoints

ENDPOINTS: Final = (*dataset_endpoints(), *other_endpoints())


@dataclass(frozen=True)
class Route:
    """An address below the prefix, and what makes its answer."""

    path: str
    title: str
    summary: str
    forms: Sequence[str]
    parameters: type[Parameters]
    make: Make
    lasting: bool = True

    @property
    def address(self) -> Address:
        return Address(
            path=f"{PREFIX}/{self.path}",
            title=self.title,
            summary=self.summary,
            forms=list(self.forms),
            parameters=list(names_of(self.parameters)),
        )


def api_routes(counter: Counter, who: Publisher) -> Blueprint:
    """The routes. `who` runs the service, for the catalogue record."""
    blueprint = Blueprint("api", __name__)
    for route in _routes(counter, who):
        # the address stands for the route: `/api/v1/waits` is `api.waits`
        name = route.path.replace("/", "-").replace(".", "-") or "index"
        blueprint.add_url_rule(f"{PREFIX}/{route.path}", name, _view(counter, route))
        if not route.path:
            blueprint.add_url_rule(PREFIX, "bare", _view(counter, route))

    @blueprint.get(f"{PREFIX}/<path:rest>", endpoint="unknown")
    def unknown(rest: str) -> Response:
        return not_found(request.path).response()

    @blueprint.app_errorhandler(MethodNotAllowed)
    def method(error: MethodNotAllowed) -> Response:
        if not request.path.startswith(f"{PREFIX}/"):
            return said(405, headers={"Allow": ", ".join(sorted(error.valid_methods or ("GET", "HEAD", "OPTIONS")))})
        return not_allowed(sorted(error.valid_methods or ("GET", "HEAD", "OPTIONS"))).response()

    return blueprint


def _view(counter: Counter, route: Route) -> Callable[[], Response]:
    return lambda: answer(counter, route.forms, route.make, lasting=route.lasting)


def addresses() -> list[Address]:
    """Every address that there is, as it is listed."""

    def nothing() -> Any:
        raise LookupError("only listed")

    quiet = Counter(nothing, nothing, lambda key, make: make(), lambda key, make: make())
    return [r.address for r in _routes(quiet, Publisher("", ""))]


def _routes(counter: Counter, who: Publisher) -> list[Route]:
    routes = [
        Route(e.name, e.title, e.summary, FORMS, e.parameters, table_maker(e, counter), e.lasting) for e in ENDPOINTS
    ]
    routes += [
        Route(
            "quality",
            "Kvalitetsdeklaration",
            "Täckning, punktlighet, revideringar och kända fel.",
            quality.FORMS,
            MomentParameters,
            quality_maker(counter),
        ),
        Route(
            "catalogue",
            "Katalogpost",
            "Datamängderna som DCAT-AP-SE, med kvalitet enligt DQV.",
            catalogue.FORMS,
            NoParameters,
            catalogue_maker(counter, ENDPOINTS, who),
        ),
        Route(
            "fhir/MeasureReport",
            "FHIR MeasureReport",
            "Vad sjukhusen har genomfört, som FHIR R4 Bundle; lagesbild import fhir läser den.",
            fhir.FORMS,
            ReportParameters,
            reports_maker(counter),
        ),
        Route("openapi.json", "Beskrivning", "OpenAPI 3.1.", (JSON,), NoParameters, _openapi()),
    ]
    itself = Address(
        path=f"{PREFIX}/", title="Adresser", summary="Räknar upp adresserna.", forms=list(index.FORMS), parameters=[]
    )
    listed = index_maker([itself, *(r.address for r in routes)], __version__)
    return [Route("", itself.title, itself.summary, index.FORMS, NoParameters, listed), *routes]


def _openapi() -> Make:
    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        read_question(NoParameters, request.args)
        version = {"Lagesbild-Data-Version": str(ask.source.version().version)}
        return orjson.dumps(description(ENDPOINTS)), version

    return make
