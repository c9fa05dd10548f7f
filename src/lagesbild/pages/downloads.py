"""`/ladda-ner/<page>/<figure>.<csv|xlsx>?<query>`: the table behind a figure, built exactly as the page builds it."""

from __future__ import annotations

import logging
import re
import secrets
from datetime import UTC
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request

from lagesbild.components.files import SYNTHETIC, csv_bytes, xlsx_bytes
from lagesbild.components.filters import selection_line
from lagesbild.components.model import FigureCard, Page
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.selection import PARAMETERS
from lagesbild.pages.registry import slug
from lagesbild.pages.render import DOWNLOADS, Built, Place, Renderer

_log = logging.getLogger("lagesbild.pages")
_TYPES = {
    "csv": ("text/csv; charset=utf-8", csv_bytes),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
}


def downloads(renderer: Renderer) -> Blueprint:
    """The route. 404 for an unknown page, figure or format, 503 when the database is away; texts in Swedish."""
    blueprint = Blueprint("ladda_ner", __name__)
    by_slug = {slug(p): p for p in renderer.pages}

    @blueprint.get(f"{DOWNLOADS}/<name>/<figure>.<kind>")
    def download(name: str, figure: str, kind: str) -> Response:
        page = by_slug.get(name)
        if page is None or kind not in _TYPES:
            return _say("Filen finns inte. Gå till sidan och välj Ladda ner.", 404)
        try:
            place = _place(renderer, page, request.query_string.decode("utf-8", "replace"))
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
        synthetic = is_synthetic(card, built)
        mimetype, write = _TYPES[kind]
        response = Response(write(card, about(card, built, renderer)), content_type=mimetype)
        file_name = _file_name(name, card, built, synthetic=synthetic)
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}.{kind}"'
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
    return (place, urlencode([(k, v) for k, v in pairs if k != name])) if renderer.exists(place) else None


def is_synthetic(card: FigureCard, built: Built) -> bool:
    """A figure marked real is not, whatever else is in the database."""
    return card.mark == "synthetic" or (card.mark != "real" and bool(built.status.synthetic))


def _file_name(name: str, card: FigureCard, built: Built, *, synthetic: bool) -> str:
    """Page, figure, what was chosen and what kind of numbers: two files of different choices never have one name."""
    selection, real = built.context.selection, card.mark == "real"
    # published figures are the same whatever is chosen
    chosen = () if real else (selection.care_area, selection.region, selection.provider, str(selection.month or ""))
    as_of = f"uttag-{selection.as_of.astimezone(UTC):%Y-%m-%d-%H%M}" if selection.as_of else ""
    kind = "verkliga-tal" if real else "syntetiska-data" if synthetic else ""
    parts = ("lagesbild", name, card.id.removeprefix(f"{name}-"), *chosen, as_of, kind)
    return re.sub(r"[^A-Za-z0-9_-]+", "-", "-".join(p for p in parts if p))


def about(card: FigureCard, built: Built, renderer: Renderer) -> list[str]:
    """What must follow the figures wherever they go: title, mark, selection, source, state of the data."""
    lines = [card.title]
    if is_synthetic(card, built):
        lines.append(SYNTHETIC)
    elif card.mark_text:
        lines.append(card.mark_text)
    lines += [built.content.kicker, card.summary, card.table.caption]
    chosen = selection_line(renderer.fields(built))
    lines += [f"Urval: {chosen}" if chosen else "", card.source]
    status = built.status
    if status.as_of:
        earlier = "Tidigare läge. " if status.historic else ""
        until = f"Data till och med {status.until}. " if status.until else ""
        lines.append(f"{earlier}{until}Uttag {status.as_of}. Dataversion {status.version}.")
    if renderer.viewer.role == "public":
        lines.append(f"Tal under {renderer.viewer.threshold} är skyddade.")
    return [line for line in lines if line]


def _say(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
