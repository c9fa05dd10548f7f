"""How large the head of a request may be. The web server's own limit is that of a buffer, which grows in steps: with
64 kB it has let heads of up to 100 kB pass."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from lagesbild.api.guard import said

HEADER_BYTES: Final = 65_536
_BETWEEN: Final = 4  # bytes around each header: colon, space, end of line


def add_head_limit(server: Flask) -> None:
    """Called before anything that reads headers."""

    @server.before_request
    def _small_enough() -> Response | None:
        told = sum(len(name) + len(value) + _BETWEEN for name, value in request.headers)
        if told + len(request.environ["PATH_INFO"]) + len(request.query_string) <= HEADER_BYTES:
            return None
        return said(431, "Det som skickades före begäran själv (adress och huvud) är för stort.")
