"""How large the head of a request may be. The web server's own limit is that of a buffer, which grows in steps: with
64 kB it has let heads of up to 100 kB pass."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from lagesbild.api.guard import said

HEADER_BYTES: Final = 65_536
_PREFIX: Final = "HTTP_"
_BETWEEN: Final = 4  # bytes around each header: colon, space, end of line


def add_head_limit(server: Flask) -> None:
    """Called before anything that reads headers."""

    @server.before_request
    def _small_enough() -> Response | None:
        # of the environment, where names have a prefix: of `request.headers` each name is put together anew
        heads = ((k, v) for k, v in request.environ.items() if k.startswith(_PREFIX))
        told = sum(len(name) - len(_PREFIX) + len(value) + _BETWEEN for name, value in heads)
        if told + len(request.environ["PATH_INFO"]) + len(request.query_string) <= HEADER_BYTES:
            return None
        return said(431, "Det som skickades före begäran själv (adress och huvud) är för stort.")
