"""How somebody is told no, in Swedish: as a page, as text, or as the JSON that scripts read."""

from __future__ import annotations

from typing import Final, Literal

from flask import Response, jsonify, request

from lagesbild.auth.pages import Frame
from lagesbild.domain.swedish import count

_API: Final = "/api/"
Why = Literal["closed", "forged", "unknown", "login", "role", "rate", "away"]
_STATUS: Final[dict[Why, int]] = {
    "closed": 403,
    "forged": 403,
    "unknown": 401,
    "login": 401,
    "role": 403,
    "rate": 429,
    "away": 503,
}
# title, sentence, what to do
TEXTS: Final[dict[Why, tuple[str, str, str]]] = {
    "closed": ("Stängt", "Adressen är inte öppen för någon.", "Gå till startsidan."),
    "forged": ("Nekad", "Det här kan bara göras från Lägesbilds egna sidor.", "Öppna sidan på nytt och försök igen."),
    "unknown": (
        "Inte inloggad",
        "Du är inte inloggad.",
        "Gå in genom den adress du fått av den som driver tjänsten.",
    ),
    "login": ("Inte inloggad", "Du är inte inloggad.", "Logga in och försök igen."),
    "role": ("Nekad", "Din roll får inte göra det här.", "Fråga den som driver tjänsten om du behöver det."),
    "rate": ("Vänta lite", "Det här har gjorts många gånger på kort tid.", "Försök igen om {wait}."),
    "away": (
        "Databasen svarar inte",
        "Databasen svarar inte just nu.",
        "Försök igen om en stund. Sidor försöker själva.",
    ),
}


def refusal(why: Why, frame: Frame, seconds: int = 0) -> Response:
    """For a caller of the API a problem document (RFC 9457), for a script JSON with `fel`, for somebody who follows a
    link a page, else text."""
    title, sentence, more = TEXTS[why]
    more = more.format(wait=_wait(seconds))
    if request.path.startswith(_API):
        told = {"type": "about:blank", "title": title, "status": _STATUS[why], "detail": f"{sentence} {more}"}
        response = jsonify(**told, instance=request.path)
        response.status_code, response.mimetype = _STATUS[why], "application/problem+json"
    elif request.path.endswith(".json") or request.method not in ("GET", "HEAD"):
        response = jsonify(fel=f"{sentence} {more}")
        response.status_code = _STATUS[why]
    elif "text/html" in request.headers.get("Accept", ""):
        response = frame.page(title, sentence, [more], _STATUS[why])
    else:
        response = Response(f"{sentence} {more}\n", _STATUS[why], content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _wait(seconds: int) -> str:
    if seconds >= 90:
        return f"{count(-(-seconds // 60))} minuter"
    return "en sekund" if seconds == 1 else f"{count(seconds)} sekunder"
