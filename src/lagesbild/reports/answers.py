"""What routes beside the pages answer: JSON that nobody keeps, and every fault as one Swedish sentence."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from lagesbild.domain.errors import DatabaseUnavailableError, LagesbildError, UnknownCodeError

View = Callable[..., Response]


def in_swedish(log: logging.Logger, fault: Callable[[str, int], Response], failed: str) -> Callable[[View], View]:
    """A view whose errors are answers of `fault(sentence, status)`. `failed`: what an unforeseen one is called; it is
    logged under a number that stands in the sentence."""

    def guarded(view: View) -> View:
        @wraps(view)
        def told(**given: Any) -> Response:
            try:
                return view(**given)
            except DatabaseUnavailableError as error:
                log.warning("databasen svarar inte: %s", error)
                return fault("Databasen svarar inte just nu. Försök igen om en stund.", 503)
            except UnknownCodeError as error:
                return fault(str(error), 404)
            except LagesbildError as error:
                return fault(" ".join(t for t in (error.message, error.remedy) if t), 400)
            except HTTPException:
                raise  # an answer already: `api.guard` says it in Swedish
            except Exception:
                number = secrets.token_hex(3)
                log.exception("fel %s på %s", number, request.full_path)
                return fault(f"{failed} Felet är loggat med nummer {number}.", 500)

        return told

    return guarded


def as_json(told: Any) -> Response:
    """Never kept by a browser or a proxy."""
    response = Response(orjson.dumps(told), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def json_fault(text: str, status: int) -> Response:
    """One sentence, `fel`."""
    return Response(orjson.dumps({"fel": text}), status=status, content_type="application/json")
