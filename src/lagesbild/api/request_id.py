"""`X-Request-Id`: the same number in the answer, in the log of this service and in that of the proxy before it."""

from __future__ import annotations

import re
import secrets
from typing import Final

from flask import Flask, Response, g, request

from lagesbild.api.loopback import is_loopback
from lagesbild.log import request_id

HEADER: Final = "X-Request-Id"
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_BYTES: Final = 8


def add_request_id(server: Flask) -> None:
    """To be added before anything else that looks at requests, so that all it logs carries the number."""

    @server.before_request
    def _begin() -> None:
        g.request_id = request.headers.get(HEADER, "")
        # a number is taken over from a proxy on this machine only: anybody can send the header
        if not (is_loopback(request.remote_addr or "") and _WELL_FORMED.fullmatch(g.request_id)):
            g.request_id = secrets.token_hex(_BYTES)
        g.request_id_before = request_id.set(g.request_id)

    @server.after_request
    def _tell(response: Response) -> Response:
        response.headers[HEADER] = g.get("request_id") or secrets.token_hex(_BYTES)
        return response

    @server.teardown_request
    def _end(_: BaseException | None) -> None:
        if before := g.pop("request_id_before", None):
            request_id.reset(before)
