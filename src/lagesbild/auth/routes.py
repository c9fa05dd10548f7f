"""`/logga-in`, where to and back from the provider, and `/logga-ut`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from lagesbild.auth.address import Net
from lagesbild.auth.claims import Mapped, Regions
from lagesbild.auth.cookies import Cookies
from lagesbild.auth.identity import sender
from lagesbild.auth.pages import Frame, link
from lagesbild.auth.provider import Provider, ProviderError
from lagesbild.auth.refusing import LOGIN_AT, words
from lagesbild.auth.secrets import form_token, fresh, hashed, same
from lagesbild.auth.tokens import TokenError
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.people import Event, People
from lagesbild.domain.person import Person

_log = logging.getLogger("lagesbild.auth")
BACK: Final = f"{LOGIN_AT}/svar"
LEFT: Final = "/utloggad"
LOGIN: Final = "inloggning.page"
LEAVE: Final = "inloggning.leave"
_ATTEMPT_MINUTES: Final = 10  # to log in at the provider
_LONGEST: Final = 2_000  # characters of an address to go back to


@dataclass(frozen=True)
class Reception:
    """What login needs. `public`: whether somebody without a role is let in as public. `home`: our address."""

    provider: Provider
    people: People
    mapping: Mapped
    cookies: Cookies
    trusted: tuple[Net, ...]
    hours: float
    public: bool
    home: str
    regions: Regions


def back_address(endpoint: str, where: str) -> str:
    """The address of a login page that leads on to `where`."""
    path = LOGIN_AT if endpoint == LOGIN else f"{LOGIN_AT}/start"
    return path if inside(where) == "/" else f"{path}?{urlencode({'till': inside(where)})}"


def inside(where: str) -> str:
    r"""An address of our own, `/` for anything else.

    >>> [inside(w) for w in ("/region/21?manad=2024-01", "//evil.example", "https://evil.example/", "/\\evil.example")]
    ['/region/21?manad=2024-01', '/', '/', '/']
    """
    plain = where.isprintable() and len(where) <= _LONGEST and "\\" not in where
    if not plain or not where.startswith("/") or where.startswith(("//", LOGIN_AT, LEFT)):
        return "/"
    try:
        parts = urlsplit(where)
    except ValueError:
        return "/"
    return where if not parts.scheme and not parts.netloc else "/"


def login_routes(at: Reception, frame: Frame) -> Blueprint:
    """The routes."""
    blueprint = Blueprint("inloggning", __name__)

    @blueprint.get(LOGIN_AT)
    def page() -> Response:
        start = back_address("", request.args.get("till", "/"))
        return frame.page("Logga in", "Lägesbild är till för den som har fått en roll.", [link("Logga in", start)])

    @blueprint.get(f"{LOGIN_AT}/start")
    def start() -> AnyResponse:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            # nobody is logged in for having followed another site's link
            return redirect(back_address(LOGIN, request.args.get("till", "/")))
        try:
            away, state, attempt = at.provider.away(inside(request.args.get("till", "/")))
            browser = fresh()
            at.people.begin(hashed("state", state), hashed("browser", browser), attempt)
        except (ProviderError, DatabaseUnavailableError) as error:
            return _failed(at, frame, str(error), 503)
        response = redirect(away)
        response.headers["Cache-Control"] = "no-store"
        at.cookies.give(response, at.cookies.login, browser, 60 * _ATTEMPT_MINUTES)  # type: ignore[arg-type]
        return response

    @blueprint.get(BACK)
    def back() -> AnyResponse:
        state, browser = request.args.get("state", ""), at.cookies.read(request, at.cookies.login)
        try:
            attempt = at.people.take(hashed("state", state), hashed("browser", browser), _ATTEMPT_MINUTES)
            if attempt is None or not browser:
                return _failed(at, frame, "okänt, gammalt eller redan använt svar (state)", 400)
            if "code" not in request.args:
                return _failed(at, frame, f"identitetstjänsten sade nej: {request.args.get('error', '')[:80]}", 403)
            claims = at.provider.claims(request.args["code"], attempt, request.args.get("iss"))
            found = at.mapping.who(claims, at.regions)
            if found is None:
                return _failed(at, frame, "svaret nämner ingen person", 403)
            person = found.person
            if found.lacks and not at.public:
                return _no_role(at, frame, person, found.lacks)
            secret = fresh()
            # first the line in the log: nobody gets in without one
            at.people.note(
                Event("login", person.subject, person.role, address=sender(at.trusted), detail=person.region)
            )
            at.people.open_session(hashed("session", secret), person, at.mapping.digest, at.hours)
            _close(at)
        except (ProviderError, TokenError) as error:
            return _failed(at, frame, str(error), 403)
        except DatabaseUnavailableError as error:
            return _failed(at, frame, str(error), 503)
        response = redirect(attempt.back_to, 303)
        response.headers["Cache-Control"] = "no-store"
        at.cookies.give(response, at.cookies.session, secret)  # type: ignore[arg-type]
        at.cookies.take_back(response, at.cookies.login)  # type: ignore[arg-type]
        return response

    @blueprint.post("/logga-ut")
    def leave() -> Response:
        secret = at.cookies.read(request, at.cookies.session)
        if secret and not same(request.form.get("token", ""), form_token(secret)):
            return frame.page("Nekad", "Det här kan bara göras från Lägesbilds egna sidor.", [], 403)
        person: Person = g.person
        try:
            _close(at)
            if person.subject:
                at.people.note(Event("logout", person.subject, person.role, address=sender(at.trusted)))
        except DatabaseUnavailableError:
            return frame.page("Databasen svarar inte", "Du är inte utloggad.", ["Försök igen om en stund."], 503)
        further = at.provider.end_session(at.home + LEFT)
        said = "Du är utloggad från Lägesbild."
        if further is None:
            response = frame.page("Utloggad", said, [link("Logga in igen", LOGIN_AT)])
        else:
            # not a redirect: the policy lets forms lead nowhere else
            response = frame.page("Utloggad", said, [link("Logga ut även hos identitetstjänsten", further)])
            response.headers["Refresh"] = f"0; url={further}"
        at.cookies.take_back(response, at.cookies.session)
        response.headers["Clear-Site-Data"] = '"cache"'  # pages that Back would otherwise show the next reader
        return response

    @blueprint.get(LEFT)
    def left() -> Response:
        return frame.page("Utloggad", "Du är utloggad.", [link("Logga in igen", LOGIN_AT)])

    return blueprint


def _close(at: Reception) -> None:
    """End the session that the browser has."""
    secret = at.cookies.read(request, at.cookies.session)
    if secret:
        at.people.close_session(hashed("session", secret))


def _no_role(at: Reception, frame: Frame, person: Person, lacks: str) -> Response:
    at.people.note(Event("login-failed", person.subject, address=sender(at.trusted), detail=lacks))
    told = words("no-role")
    again = ["Be den som driver tjänsten att ge dig en roll, och logga in igen.", link("Logga in igen", LOGIN_AT)]
    return frame.page(told.title, told.sentence, again, 403)


def _failed(at: Reception, frame: Frame, why: str, status: int) -> Response:
    """Why is for the log alone: it would help who is trying."""
    _log.warning("inloggning misslyckades: %s", why)
    try:
        at.people.note(Event("login-failed", address=sender(at.trusted), detail=why[:200]))
    except DatabaseUnavailableError:
        _log.warning("kan inte skriva i loggen")
    return frame.page("Inloggningen gick inte", "Du är inte inloggad.", [link("Försök igen", LOGIN_AT)], status)
