"""What is let in before anything else looks at it (host, method, size of the body), and what an error says.

A browser can be led to a service on its own machine under any name (DNS rebinding), and a cache in front can be made
to keep an answer for a name that is not ours: so only known names are answered. A body has come whole before anything
is done with it (`api/front.py`).
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import orjson
from flask import Flask, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, ServiceUnavailable

from lagesbild.api.loopback import is_loopback
from lagesbild.api.problems import ProblemError

LARGEST_BODY: Final = 1_000_000  # bytes; a view's question is about 1 kB, a briefing's comments at most 200 kB
REFUSED: Final = "lagesbild.refused"  # in the environment of a request that is only told the status it names
_LARGEST: Final = "lagesbild-largest-body"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?", re.ASCII)
_SAID: Final[Mapping[int, str]] = {
    400: "Begäran kunde inte läsas.",
    403: "Det är inte tillåtet.",
    404: "Sidan eller filen finns inte.",
    405: "Adressen kan inte användas på det sättet.",
    408: "Begäran tog för lång tid att komma fram.",
    411: "Begäran säger inte hur lång den är.",
    413: "Det som skickades är för stort.",
    414: "Adressen är för lång.",
    415: "Det som skickades har ett format som inte läses här.",
    421: "Tjänsten svarar inte under det namnet. Den som driver den anger namnet i LAGESBILD_ALLOWED_HOSTS.",
    429: "För många förfrågningar. Försök igen om en stund.",
    503: "Tjänsten är upptagen just nu. Försök igen om en stund.",
}
_log = logging.getLogger("lagesbild.web")


class _Json(DefaultJSONProvider):
    """Reads JSON no deeper than a thousand levels; Python's own would exhaust its stack, which is no ValueError."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def add_guard(server: Flask, allowed_hosts: frozenset[str], larger: Mapping[str, int] | None = None) -> None:
    """Register before anything else of the application. `allowed_hosts`: names in small letters, beside those of the
    machine itself. `larger`: the path of a route that takes more than LARGEST_BODY, and how many bytes."""
    server.json = _Json(server)
    sizes = dict(larger or {})
    server.extensions[_LARGEST] = lambda path: sizes.get(path, LARGEST_BODY)

    @server.before_request
    def _let_in() -> None:
        # in `request.host` two headers or none would be read charitably
        if not is_allowed(request.headers.getlist("Host"), allowed_hosts):
            abort(421)
        if (refused := request.environ.get(REFUSED)) == 503:
            raise ServiceUnavailable(retry_after=2)
        if refused:
            abort(refused)
        if request.method not in METHODS:
            abort(405)
        limit = sizes.get(request.path, LARGEST_BODY)
        request.max_content_length = limit
        if (request.content_length or 0) > limit:
            raise RequestEntityTooLarge
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            abort(415)  # nothing here unpacks what is sent, so that nobody can send a bomb
        body = request.get_data(cache=True)
        if request.content_length is None and len(body) >= limit:  # it was cut there, and there may be more
            raise RequestEntityTooLarge

    @server.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> Response:
        given = error.get_response()
        if error.code is None or error.code < 400:  # a redirect is an answer, not an error
            return Response(given.get_data(), given.status_code, given.headers)
        kept = {k: v for k, v in given.headers.items() if k in ("Allow", "Retry-After", "WWW-Authenticate")}
        return said(error.code, headers=kept)

    @server.errorhandler(Exception)
    def _failed(error: Exception) -> Response:
        number = secrets.token_hex(3)
        _log.error("fel %s på %s %s", number, request.method, request.path, exc_info=error)
        return said(500, f"Ett fel uppstod. Det är loggat med nummer {number}.")


def largest_body(server: Flask) -> Callable[[str], int]:
    """How many bytes the body of a request may have, by path."""
    return cast(Callable[[str], int], server.extensions[_LARGEST])


def said(status: int, text: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """One Swedish sentence: a problem document from the API, JSON (`fel`) to a script, plain text to a person. Nobody
    keeps it."""
    text = text or _SAID.get(status, "Det gick inte." if status < 500 else "Ett fel uppstod.")
    if request.path.startswith("/api/"):
        return ProblemError(status, "refused", "Begäran avvisades", text, headers=headers).response()
    if request.method == "POST" or request.path.endswith(".json"):
        response = Response(orjson.dumps({"fel": text}), status=status, content_type="application/json")
    else:
        response = Response(text, status=status, content_type="text/plain; charset=utf-8")
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def is_allowed(hosts: list[str], allowed: frozenset[str]) -> bool:
    """Whether a request's Host headers name us: exactly one, a loopback name or one of `allowed`.

    >>> is_allowed(["localhost:8050"], frozenset()), is_allowed(["[::1]"], frozenset()), is_allowed([], frozenset())
    (True, True, False)
    >>> ours = frozenset({"lage.example"})
    >>> is_allowed(["evil.example"], ours), is_allowed(["LAGE.example:443"], ours)
    (False, True)
    """
    if len(hosts) != 1 or (found := _HOST.fullmatch(hosts[0])) is None:
        return False
    name = found["name"].lower().strip("[]")
    return name in allowed or is_loopback(name)


def host_names(text: str) -> frozenset[str]:
    """The names in a setting, separated by commas or spaces.

    >>> sorted(host_names("Lage.example, 192.0.2.7"))
    ['192.0.2.7', 'lage.example']
    """
    return frozenset(n.lower().strip("[]") for n in re.split(r"[\s,]+", text) if n)
