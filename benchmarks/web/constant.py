"""The service beside an endpoint that only hands out a constant, in one process: what an answer of the API costs.

`/constant` is a bare Flask that answers every time with the same bytes, packed before the first request; they are an
answer of the API, which `CONSTANT_OF` names. Everything else is the application that `lagesbild serve` runs, behind the
same web server.

granian --interface wsgi benchmarks.web.constant:server
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response

from app import server as service

PATH = "/constant"


def _constant() -> Flask:
    given = service.test_client().get(os.environ["CONSTANT_OF"], headers={"Accept-Encoding": "gzip"})
    if given.status_code != 200:
        raise SystemExit(f"{os.environ['CONSTANT_OF']}: {given.status}")
    body, encoding = given.data, given.headers.get("Content-Encoding", "identity")
    bare = Flask("constant")

    @bare.get(PATH)
    def constant() -> Response:
        return Response(body, content_type="application/json", headers={"Content-Encoding": encoding})

    return bare


_bare = _constant()


def server(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI."""
    chosen = _bare if environ["PATH_INFO"] == PATH else service
    return chosen(environ, start)
