"""How every address answers: form, check of the question, ETag and 304, kept answers, and faults as problems.

An answer is a function of the program, the data version, the viewer, the address with its parameters, and the form. The
same make its ETag and the key under which it is kept, so an exact figure never meets a public viewer, and a new version
needs nothing to be thrown away. The ETag is weak: the same answer has other bytes when it is packed otherwise.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, Protocol

from flask import Response, request

from lagesbild.api.negotiating import form_of, pack, packing_of
from lagesbild.api.problems import ProblemError, no_database, too_long, unforeseen
from lagesbild.api.tables import Ask
from lagesbild.api.turns import Turns
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.snapshots.store import Store

_LONGEST: Final = 4_000  # characters of a query string
_log = logging.getLogger("lagesbild.api")


class Keep(Protocol):
    """Gives what was made for a key before, or makes it."""

    def __call__(self, key: Hashable, make: Callable[[], Any]) -> Any: ...


@dataclass(frozen=True)
class Counter:
    """What answers are made with. `source` and `viewer`: the data now, and whoever asks now. `answers` keeps bodies and
    `tables` whole tables of many pages; `kept`: whether a body is there already, else it is made in one of the `turns`;
    `login`: whether who asks follows from cookies or headers; `program`: changes
    when the program or what it was told at the start does, and with it every ETag."""

    source: Callable[[], Source]
    viewer: Callable[[], Viewer]
    answers: Keep
    tables: Keep
    kept: Callable[[Hashable], bool] = lambda key: False
    turns: Turns = field(default_factory=Turns)
    snapshots: Store | None = None
    login: bool = False
    program: str = ""


@dataclass(frozen=True)
class Body:
    """What was made: bytes and every header, as they are sent. `tag`: the ETag's text."""

    content: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str


Make = Callable[[str, Ask], tuple[bytes, Mapping[str, str]]]  # of the form and who asks


def answer(counter: Counter, forms: Sequence[str], make: Make, *, lasting: bool = True) -> Response:
    """The response to the request at hand; never raises. `lasting`: whether the answer is the same as long as the data
    are; then it is kept, and not even made for whoever has it already."""
    try:
        response = _answered(counter, forms, make, lasting=lasting)
    except ProblemError as problem:
        response = problem.response()
    except DatabaseUnavailableError as error:
        _log.warning("databasen svarar inte: %s", error)
        response = no_database().response()
    except Exception:
        number = secrets.token_hex(3)
        _log.exception("fel %s på %s", number, request.full_path)
        response = unforeseen(number).response()
    if "Vary" not in response.headers:
        response.headers["Vary"] = _vary(counter)
    return response


def _answered(counter: Counter, forms: Sequence[str], make: Make, *, lasting: bool) -> Response:
    if len(request.query_string) > _LONGEST:
        raise too_long(_LONGEST)
    form, packing = form_of(request, forms), packing_of(request)
    ask = Ask(counter.source(), counter.viewer(), counter.snapshots)
    key = (ask.source.version(), ask.viewer, request.path, request.query_string, form)
    had = request.if_none_match if "If-None-Match" in request.headers else None
    if lasting and had is not None and not had.star_tag and had.contains_weak(tag := _tag(counter, key)):
        return Response(status=304, headers=_headers(tag, counter, ask))

    def made() -> Body:
        content, headers = make(form, ask)
        body, packed_as = pack(content, packing)
        tag = _tag(counter, key if lasting else (key, content))
        every = {**headers, **_headers(tag, counter, ask), "Content-Type": _content_type(form)}
        return Body(body, tuple((every | ({"Content-Encoding": packed_as} if packed_as else {})).items()), tag)

    if lasting and counter.kept((*key, packing)):
        body: Body = counter.answers((*key, packing), made)
    else:
        with counter.turns.turn():  # also those who wait for what another makes: they hold a place too
            body = counter.answers((*key, packing), made) if lasting else made()
    response = Response(body.content, headers=list(body.headers))
    if had is not None:
        response.make_conditional(request)
    return response


def _headers(tag: str, counter: Counter, ask: Ask) -> dict[str, str]:
    # kept by anybody, but never used without asking us: the tag of another viewer is another
    open_to_all = ask.viewer.role == "public" and not ask.viewer.own
    return {
        "ETag": f'W/"{tag}"',
        "Cache-Control": f"{'public' if open_to_all else 'private'}, no-cache",
        "Vary": _vary(counter),
    }


def _vary(counter: Counter) -> str:
    return "Accept, Accept-Encoding" + (", Cookie, Authorization" if counter.login else "")


def _tag(counter: Counter, key: Hashable) -> str:
    return blake2b(f"{counter.program} {key!r}".encode(), digest_size=16).hexdigest()


def _content_type(form: str) -> str:
    return f"{form}; charset=utf-8; header=present" if form == "text/csv" else form
