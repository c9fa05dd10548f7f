"""How somebody is told no, in Swedish: as a page, as text, or as the JSON that scripts read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from flask import Response, jsonify, request

from lagesbild.auth.pages import Frame
from lagesbild.domain.swedish import count

LOGIN_AT: Final = "/logga-in"
_API: Final = "/api/"
Why = Literal["closed", "forged", "unknown", "login", "ended", "no-role", "role", "rate", "away"]
_STATUS: Final[dict[Why, int]] = {
    "closed": 403,
    "forged": 403,
    "unknown": 401,
    "login": 401,
    "ended": 401,
    "no-role": 403,
    "role": 403,
    "rate": 429,
    "away": 503,
}
# How one becomes known, as a 401 must say (RFC 9110, 15.5.2). No registered scheme is a session in a cookie or what a
# reverse proxy signs, and one that is, as Basic, would have browsers ask for a password that does not exist.
_BY_COOKIE: Final = f'Cookie realm="Lagesbild", authorization_uri="{LOGIN_AT}"'
CHALLENGES: Final[dict[Why, str]] = {
    "unknown": 'Proxy realm="Lagesbild", error_description="Log in at the reverse proxy"',
    "login": _BY_COOKIE,
    "ended": f'{_BY_COOKIE}, error_description="The session has ended"',
}
# title, sentence, what to do
_TEXTS: Final[dict[Why, tuple[str, str, str]]] = {
    "closed": ("Stängt", "Adressen är inte öppen för någon.", "Gå till startsidan."),
    "forged": ("Nekad", "Det här kan bara göras från Lägesbilds egna sidor.", "Öppna sidan på nytt och försök igen."),
    "unknown": (
        "Inte inloggad",
        "Du är inte inloggad.",
        "Gå in genom den adress du fått av den som driver tjänsten.",
    ),
    "login": ("Inte inloggad", "Du är inte inloggad.", "Logga in och försök igen."),
    "ended": (
        "Inloggningen har gått ut",
        "Din inloggning har gått ut.",
        "Den slutar efter {idle} utan att något görs, och gäller i högst {hours}. Logga in och försök igen.",
    ),
    "no-role": (
        "Ingen roll",
        "Du är känd men har ingen roll i Lägesbild.",
        "Be den som driver tjänsten att ge dig en roll, och öppna sidan på nytt.",
    ),
    "role": ("Nekad", "Din roll får inte göra det här.", "Fråga den som driver tjänsten om du behöver det."),
    "rate": ("Vänta lite", "Det här har gjorts många gånger på kort tid.", "Försök igen om {wait}."),
    "away": (
        "Databasen svarar inte",
        "Databasen svarar inte just nu.",
        "Försök igen om en stund. Sidor försöker själva.",
    ),
}


@dataclass(frozen=True)
class Lasts:
    """How long a login does: without anything being done, and at the most."""

    idle_minutes: int = 30
    hours: int = 10


USUAL: Final = Lasts()


@dataclass(frozen=True)
class Said:
    """Why not, and the words for it: `title`, what is the matter, what to do."""

    why: Why
    title: str
    sentence: str
    more: str


def words(why: Why, lasts: Lasts = USUAL, seconds: float = 0) -> Said:
    """`seconds`: until it may be done again."""
    title, sentence, more = _TEXTS[why]
    idle = "en minut" if lasts.idle_minutes == 1 else f"{count(lasts.idle_minutes)} minuter"
    hours = "en timme" if lasts.hours == 1 else f"{count(lasts.hours)} timmar"
    return Said(why, title, sentence, more.format(wait=_wait(seconds), idle=idle, hours=hours))


def refusal(told: Said, frame: Frame, *, opened: bool = False) -> Response:
    """For a caller of the API a problem document (RFC 9457), for a script JSON with `fel`, for somebody who follows a
    link a page, else text; a 401 with its challenge. `opened`: the address is that of a page, whatever asks for it
    says it wants."""
    why, title, sentence, more = told.why, told.title, told.sentence, told.more
    if request.path.startswith(_API):
        problem = {"type": "about:blank", "title": title, "status": _STATUS[why], "detail": f"{sentence} {more}"}
        response = jsonify(**problem, instance=request.path)
        response.status_code, response.mimetype = _STATUS[why], "application/problem+json"
    elif request.path.endswith(".json") or request.method not in ("GET", "HEAD"):
        response = jsonify(fel=f"{sentence} {more}")
        response.status_code = _STATUS[why]
    elif opened or "text/html" in request.headers.get("Accept", ""):
        response = frame.page(title, sentence, [more], _STATUS[why])
    else:
        response = Response(f"{sentence} {more}\n", _STATUS[why], content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    if why in CHALLENGES:
        response.headers["WWW-Authenticate"] = CHALLENGES[why]
    return response


def _wait(seconds: float) -> str:
    seconds = math.ceil(seconds)
    if seconds >= 90:
        return f"{count(-(-seconds // 60))} minuter"
    return "en sekund" if seconds == 1 else f"{count(seconds)} sekunder"
