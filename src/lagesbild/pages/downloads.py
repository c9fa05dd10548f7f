"""`/ladda-ner/<page>/<figure>.<csv|xlsx>?<query>`: the table behind a figure, built exactly as the page builds it.

`form=maskin` before the page's own query gives the CSV for programs.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request

from lagesbild.components.figure_card import MACHINE
from lagesbild.components.files import SYNTHETIC, csv_bytes, xlsx_bytes
from lagesbild.components.filters import selection_text
from lagesbild.components.machine_file import About, machine_csv
from lagesbild.components.model import FigureCard, Page
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.selection import PARAMETERS
from lagesbild.pages.file_names import file_name, is_synthetic
from lagesbild.pages.own import protected_in
from lagesbild.pages.place_codes import one_area, place_codes, source_of
from lagesbild.pages.registry import slug
from lagesbild.pages.render import DOWNLOADS, Renderer
from lagesbild.pages.view import Built, Place

_log = logging.getLogger("lagesbild.pages")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def downloads(pages: Sequence[Page], renderer_now: Callable[[], Renderer]) -> Blueprint:
    """The route. `renderer_now`: the pages as whoever asks may see them.

    404 for an unknown page, figure or format, 503 when the database is away; texts in Swedish.
    """
    blueprint = Blueprint("ladda_ner", __name__)
    by_slug = {slug(p): p for p in pages}

    @blueprint.get(f"{DOWNLOADS}/<name>/<figure>.<kind>")
    def download(name: str, figure: str, kind: str) -> Response:
        page, renderer = by_slug.get(name), renderer_now()
        if page is None or kind not in _TYPES:
            return _say("Filen finns inte. Gå till sidan och välj Ladda ner.", 404)
        try:
            machine, query = _form(request.query_string.decode("utf-8", "replace"))
            place = _place(renderer, page, query)
            if place is None:
                return _say("Sidan finns inte. Gå till en region eller ett vårdområde och välj Ladda ner.", 404)
            built = renderer.build(*place)
        except DatabaseUnavailableError:
            return _say("Databasen svarar inte just nu. Försök igen om en stund.", 503)
        except Exception:
            number = secrets.token_hex(3)
            _log.exception("fel %s på %s", number, request.full_path)
            return _say(f"Filen kunde inte skapas. Felet är loggat med nummer {number}.", 500)
        card = next((s for s in built.content.sections if isinstance(s, FigureCard) and s.id == figure), None)
        if card is None:
            return _say("Figuren finns inte för urvalet. Gå till sidan och välj Ladda ner.", 404)
        exact = renderer.viewer.role != "public"
        if kind == "xlsx":
            data = xlsx_bytes(card, about(card, built, renderer), exact=exact)
        elif machine:
            codes = place_codes(built.context)
            area = one_area(renderer.fields(built), codes)
            told = About(codes, source_of(card.source), is_synthetic(card, built), area)
            data = machine_csv(card, told, exact=exact)
        else:
            data = csv_bytes(card, about(card, built, renderer))
        response = Response(data, content_type=_TYPES[kind])
        called = file_name(name, card, built) + ("-maskin" if machine and kind == "csv" else "")
        response.headers["Content-Disposition"] = f'attachment; filename="{called}.{kind}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _place(renderer: Renderer, page: Page, query: str) -> tuple[Place, str] | None:
    """A page about a region has the region's code among the choices here."""
    if not page.parameter:
        return Place(page), query
    name = PARAMETERS[page.parameter]
    pairs = parse_qsl(query)
    place = Place(page, next((v for k, v in pairs if k == name), ""))
    return (place, urlencode([(k, v) for k, v in pairs if k != name])) if renderer.addresses.exists(place) else None


def about(card: FigureCard, built: Built, renderer: Renderer) -> list[str]:
    """What must follow the figures wherever they go: title, mark, selection, source, state of the data."""
    lines = [card.title]
    if is_synthetic(card, built):
        lines.append(SYNTHETIC)
    elif card.mark_text:
        lines.append(card.mark_text)
    lines += [built.content.kicker, card.summary, card.table.caption]
    # published figures are the same whatever is chosen
    chosen = "" if card.mark == "real" else selection_text(renderer.fields(built))
    lines += [f"Urval. {chosen}" if chosen else "", card.source]
    status = built.status
    if status.as_of:
        earlier = "Tidigare läge. " if status.historic else ""
        taken = "Uttag" if status.historic else "Senast uppdaterad"
        # published figures say their own months and date in the source
        until = f"Data till och med {status.until}. " if status.until and card.mark != "real" else ""
        lines.append(f"{earlier}{until}{taken} {status.as_of}. Dataversion {status.version}.")
    if renderer.viewer.role == "public":
        lines.append(protected_in(built.content, renderer.viewer, built.context.source))
    return [line for line in lines if line]


def _form(query: str) -> tuple[bool, str]:
    """Whether the form for programs is asked for, and the page's own query."""
    parts = query.split("&")
    return MACHINE in parts, "&".join(p for p in parts if p != MACHINE)


def _say(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
