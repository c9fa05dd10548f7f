"""`/rapporter/...`: a briefing's files, its pages as pictures, what is known of it, and saving it.

Every address takes the same choices as the page, and refuses what it cannot use: a file about something else than its
link says does harm, and whoever opens it has no page with a note. Texts are Swedish; 404 for what does not exist, 400
for choices that cannot be used, 503 when the database is away, 500 with a number that is in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import Blueprint, Response, g, request

from lagesbild.domain.briefing import Briefings, SavedBriefing, comments_of
from lagesbild.domain.provenance import data_version
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.source import Batch, Source
from lagesbild.domain.swedish import date_time
from lagesbild.domain.viewer import Viewer
from lagesbild.reports.answers import as_json, in_swedish, json_fault
from lagesbild.reports.checks import checks
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document
from lagesbild.reports.files import FORMS, file_name
from lagesbild.reports.looking import Look
from lagesbild.reports.saved import Resolved, resolved

PATH: Final = "/rapporter"
LARGEST_BODY: Final = 200_000  # bytes of choices and comments
_log = logging.getLogger("lagesbild.reports")


class Keep(Protocol):
    """Gives what was made for a key before, or makes it."""

    def __call__(self, key: Hashable, make: Callable[[], Any]) -> Any: ...


@dataclass(frozen=True)
class Desk:
    """What briefings are made with. `look` and `viewer` are those of whoever asks; `choose` reads a query
    string and raises InputError for what it cannot use; `source` is the data as they are now."""

    look: Look
    source: Callable[[], Source]
    viewer: Callable[[], Viewer]
    choose: Callable[[str], Selection]
    briefings: Briefings | None
    keep: Keep


def briefing_routes(desk: Desk) -> Blueprint:
    """The routes."""
    blueprint = Blueprint("rapporter", __name__)
    swedish = in_swedish(_log, _fault, "Underlaget kunde inte göras.")

    @blueprint.get(f"{PATH}/underlag.<form>")
    @swedish
    def file(form: str) -> Response:
        if form not in FORMS:
            return _say(f"Formatet ”{form}” finns inte. Välj pdf, pptx, xlsx eller html.", 404)
        made = _resolved(desk)
        document = _document(desk, made)
        body = desk.keep((form, *_key(desk, made)), lambda: FORMS[form].make(document))
        response = Response(body, content_type=FORMS[form].content_type)
        if form != "html" or "visa" not in request.args:
            name = file_name(document, made.selection, form)
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get(f"{PATH}/sida/<int:number>.png")
    @swedish
    def page(number: int) -> Response:
        pages = _pages(desk, _resolved(desk))
        if not 1 <= number <= len(pages):
            return _say(f"Underlaget har {len(pages)} sidor, ingen sida {number}.", 404)
        response = Response(pages[number - 1], content_type="image/png")
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get(f"{PATH}/om.json")
    @swedish
    def about() -> Response:
        made = _resolved(desk)
        document = _document(desk, made)
        found = checks(document)
        return as_json(
            {
                "titel": document.title,
                "sidor": len(_pages(desk, made)),
                "kontroller": [text for good, text in found if good],
                "varningar": [*(text for good, text in found if not good), *document.warnings],
                "kommentarer": dict(made.comments),
            }
        )

    @blueprint.get(f"{PATH}/sparade.json")
    @swedish
    def saved() -> Response:
        rows = desk.briefings.recent() if desk.briefings is not None else []
        batches = desk.source().batches() if rows else []
        return as_json({"underlag": [_row(b, batches) for b in rows]})

    @blueprint.post(f"{PATH}/spara")
    @swedish
    def save() -> Response:
        if desk.briefings is None:
            return _fault("Den här installationen kan inte spara underlag.", 503)
        if (request.content_length or 0) > LARGEST_BODY:
            return _fault("Kommentarerna är för långa för att sparas.", 413)
        try:
            query, given = _posted()
            comments = comments_of(given)
        except ValueError as error:
            return _fault(str(error), 400)
        selection = desk.choose(query).with_(saved="")
        made = briefing(selection, desk.look, desk.source(), desk.viewer(), dict(comments))
        chosen = to_query(selection)
        title = f"{made.purpose}: {made.kicker}"
        id_ = desk.briefings.save(SavedBriefing(title, chosen, comments, desk.source().version().version))
        g.detail = f"{id_} {title}"[:200]  # for the log
        return as_json({"adress": f"{PATH}?{to_query(selection.with_(saved=id_))}"})

    return blueprint


def _posted() -> tuple[str, dict[str, str]]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or not isinstance(told.get("val"), str):
        raise ValueError("Underlaget kunde inte läsas.")
    given = told.get("kommentarer")
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise ValueError("Kommentarerna kunde inte läsas.")
    return told["val"], given


def _resolved(desk: Desk) -> Resolved:
    given = request.query_string.decode("utf-8", "replace").split("&")
    query = "&".join(p for p in given if p.partition("=")[0] != "visa")
    return resolved(desk.choose(query), desk.briefings)


def _key(desk: Desk, made: Resolved) -> tuple[Hashable, ...]:
    """Equal for equal documents."""
    return (desk.source().version(), desk.viewer(), to_query(made.selection), tuple(sorted(made.comments.items())))


def _document(desk: Desk, made: Resolved) -> Document:
    def make() -> Document:
        return briefing(made.selection, desk.look, desk.source(), desk.viewer(), made.comments)

    document: Document = desk.keep(("underlag", *_key(desk, made)), make)
    return document


def _pages(desk: Desk, made: Resolved) -> list[bytes]:
    """The PDF's pages as pictures."""
    from lagesbild.reports.typeset import preview

    document = _document(desk, made)
    pages: list[bytes] = desk.keep(("sidor", *_key(desk, made)), lambda: preview(document))
    return pages


def _row(b: SavedBriefing, batches: Sequence[Batch]) -> dict[str, str]:
    """`batches`: all imports; those of the time tell which data it shows."""
    moment = b.created_at
    choices = f"{b.query}&" if b.query else ""
    return {
        "titel": b.title,
        "adress": f"{PATH}?{choices}underlag={b.id}",
        "sparat": date_time(moment) if moment else "",
        "dataversion": data_version([x for x in batches if moment is None or x.recorded_at <= moment]),
        "igen": f"{PATH}?{b.query}" if b.query else PATH,
    }


def _fault(text: str, status: int) -> Response:
    """For the script on the page as JSON, for a person who follows a link as text."""
    if request.path.endswith(".json") or request.method == "POST":
        return json_fault(text, status)
    return _say(text, status)


def _say(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
