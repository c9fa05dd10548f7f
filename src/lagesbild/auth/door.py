"""The door: before each request it is decided who asks and whether they may, after it what they did is written down."""

from __future__ import annotations

import logging
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from lagesbild.auth.access import UPDATE, Route, route
from lagesbild.auth.address import Net, block
from lagesbild.auth.cookies import Cookies
from lagesbild.auth.forgery import SAFE, is_forged, is_plain
from lagesbild.auth.identity import NoRoleError, sender
from lagesbild.auth.limits import seconds_to_wait
from lagesbild.auth.pages import Frame
from lagesbild.auth.refusing import USUAL, Lasts, Why, refusal, words
from lagesbild.auth.routes import LEAVE, LOGIN, back_address
from lagesbild.auth.secrets import form_token
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.people import Audit, Event, People
from lagesbild.domain.person import ANYBODY, Identify, Person

_log = logging.getLogger("lagesbild.auth")
PERSON: Final = "lagesbild.person"  # in the environment of a request that the service makes to itself


@dataclass(frozen=True)
class Door:
    """`identify`: who asks. `people`: None where nobody logs in; then nothing is limited. `audit`: None where nothing
    is written down. `cookies`: of our own sessions, None where there are none. `others`: what somebody unknown is, None
    for refused. `origin`: of the pages, empty for the one of the request. `exports`: heavy files a minute for each.
    `lasts`: how long a login does."""

    identify: Identify
    people: People | None = None
    audit: Audit | None = None
    cookies: Cookies | None = None
    others: Person | None = ANYBODY
    origin: str = ""
    trusted: tuple[Net, ...] = ()
    exports: int = 20
    lasts: Lasts = USUAL

    @property
    def login(self) -> bool:
        """Whether there is a page to log in at."""
        return self.cookies is not None

    def form_token(self) -> str:
        """What a form of this reader's session must bring; empty without one."""
        secret = self.cookies.read(request, self.cookies.session) if self.cookies is not None else ""
        return form_token(secret) if secret else ""

    def install(self, server: Flask, frame: Frame) -> None:
        """Guard every address of the server. `frame`: of pages that refuse."""

        @server.before_request
        def _before() -> AnyResponse | None:
            g.person = ANYBODY
            if request.endpoint is None:
                return None  # no such address, or not with this method: Flask says so
            found = route(request.endpoint)
            if found is None:
                return refusal(words("closed"), frame)
            return self._forgery(frame) or self._who(found, frame) or self._rate(found, frame)

    def watch(self, server: Flask, frame: Frame) -> None:
        """Write down what was handed out. Called last, so that a refusal gets the headers that all answers have."""

        @server.after_request
        def _after(response: Response) -> Response:
            if "forget" in g and self.cookies is not None:
                self.cookies.take_back(response, self.cookies.session)
            found = route(request.endpoint or "")
            if found is not None and found.needs != "open" and self.people is not None:
                response.headers.setdefault("Cache-Control", "private, no-cache")
                response.vary.add("Cookie")
            if found is None or found.told is None or response.status_code != 200:
                return response
            return self._written(found, response, frame) if found.only in ("", response.mimetype) else response

    def _forgery(self, frame: Frame) -> Response | None:
        """A logout is a form, with a token of its own."""
        if request.method in SAFE:
            return None
        plain = request.endpoint != LEAVE and is_plain(request, json_is_enough=request.endpoint == UPDATE)
        return refusal(words("forged"), frame) if plain or is_forged(request, self.origin) else None

    def _who(self, found: Route, frame: Frame) -> AnyResponse | None:
        if found.needs == "open":
            return None
        given = request.environ.get(PERSON)
        try:
            person = given if isinstance(given, Person) else self.identify()
        except DatabaseUnavailableError as error:
            _log.warning("databasen svarar inte: %s", error)
            return self._refused(found, "away", frame)
        except NoRoleError as error:
            g.person = error.person  # for the frame around the page: they are logged in
            return self._refused(found, "no-role", frame)
        if person is None and self._had_session():
            if self.others is None:
                return self._refused(found, "ended", frame)
            # said once, before they go on as the public: what was exact a moment ago would change without a word
            g.forget = True
            if found.needs not in ("shell", "document"):
                return self._refused(found, "ended", frame)
        person = person or self.others
        if person is None:
            return self._refused(found, "login" if self.login else "unknown", frame)
        g.person = person
        if found.needs in ("shell", "document") or person.may(found.needs):  # type: ignore[arg-type]
            return None
        if self.audit is not None:
            with suppress(DatabaseUnavailableError):
                self.audit.note(self._event("refused"))
        return refusal(words("role"), frame)

    def _had_session(self) -> bool:
        return self.cookies is not None and bool(self.cookies.read(request, self.cookies.session))

    def _refused(self, found: Route, why: Why, frame: Frame) -> AnyResponse | None:
        """The frame around a page is shown all the same, so that the page can say it and lead on."""
        told = words(why, self.lasts)
        if request.endpoint == UPDATE:
            g.said = told
            return None
        if found.needs == "document" and why in ("login", "ended") and request.method in SAFE:
            response = redirect(back_address(LOGIN, request.full_path.rstrip("?")))
            response.headers["Cache-Control"] = "no-store"
            return response
        if found.needs == "shell" or (found.needs == "document" and why == "away"):
            return None
        return refusal(told, frame, opened=found.needs == "document" and why == "no-role")

    def _rate(self, found: Route, frame: Frame) -> Response | None:
        if self.people is None or not found.rate:
            return None
        person: Person = g.person
        who = person.subject or block(sender(self.trusted))
        try:
            seconds = seconds_to_wait(self.people, found.rate, who, self.exports)
        except DatabaseUnavailableError:
            return refusal(words("away"), frame)
        if not seconds:
            return None
        response = refusal(words("rate", seconds=seconds), frame)
        response.headers["Retry-After"] = str(math.ceil(seconds))
        return response

    def _written(self, found: Route, response: Response, frame: Frame) -> Response:
        """What cannot be written down is not handed out, where people log in."""
        assert found.told is not None
        if self.audit is None:
            return response
        try:
            self.audit.note(self._event(found.told))
        except DatabaseUnavailableError as error:
            _log.warning("kan inte skriva i loggen: %s", error)
            if self.people is not None:
                response.close()
                return refusal(words("away"), frame)
        return response

    def _event(self, what: Any) -> Event:
        person: Person = g.person
        choices = request.query_string.decode("utf-8", "replace")[:2_000]
        detail = str(g.get("detail", ""))
        return Event(what, person.subject, person.role, request.path, choices, sender(self.trusted), detail)
