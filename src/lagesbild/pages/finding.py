"""`/val/vardomraden?lista=<list>&q=<text>`: the care areas of a selector that match what somebody types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from lagesbild.components.model import Filter, Option
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import count
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import (
    AREA_SEARCH,
    any_care_area,
    care_area,
    one_care_area,
    one_produced_care_area,
    one_travelled_care_area,
)
from lagesbild.pages.render import Renderer

FOUND: Final = 20  # in an answer
LONGEST: Final = 100  # characters that are searched for
LISTS: Final[Mapping[str, Callable[[PageContext], Filter | None]]] = {
    "alla": care_area,
    "platser": any_care_area,
    "waits": one_care_area,
    "production": one_produced_care_area,
    "out-of-region": one_travelled_care_area,
}


def finding(renderer_now: Callable[[], Renderer]) -> Blueprint:
    """The route. 400 for a list that does not exist, 503 when the database is away; texts in Swedish."""
    blueprint = Blueprint("val", __name__)

    @blueprint.get(AREA_SEARCH)
    def areas() -> Response:
        made = LISTS.get(request.args.get("lista", ""))
        if made is None:
            return _say(f"Listan finns inte. Välj en av: {', '.join(LISTS)}.", 400)
        renderer = renderer_now()
        try:
            version = renderer.version_now().version
            field = made(PageContext(renderer.source, Selection(), renderer.viewer))
        except DatabaseUnavailableError:
            return _say("Databasen svarar inte just nu. Försök igen om en stund.", 503)
        found = matches(field.options if field else (), request.args.get("q", "")[:LONGEST])
        told: dict[str, Any] = {
            "found": [{"value": o.value, "label": o.label} for o in found[:FOUND]],
            "more": more_words(len(found)),
        }
        response = jsonify(told)
        response.set_etag(str(version))
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request)
        return response

    return blueprint


def matches(options: Sequence[Option], text: str) -> list[Option]:
    """Those whose name, short name or code holds every word of `text`, first the ones that begin with it."""
    words = text.casefold().split()
    found = [o for o in options if all(w in f"{o.label} {o.short} {o.value}".casefold() for w in words)]
    whole = " ".join(words)
    return sorted(found, key=lambda o: not (o.label.casefold().startswith(whole) or o.value.casefold() == whole))


def more_words(n: int) -> str:
    """
    >>> more_words(0), more_words(20), more_words(21), more_words(1234)
    ('Inga träffar.', '', 'En träff till, skriv mer.', '1\\xa0214 träffar till, skriv mer.')
    """
    if not n:
        return "Inga träffar."
    rest = n - FOUND
    if rest <= 0:
        return ""
    return "En träff till, skriv mer." if rest == 1 else f"{count(rest)} träffar till, skriv mer."


def _say(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
