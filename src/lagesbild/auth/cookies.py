"""The two cookies: who is logged in, and who is on the way to be. Each holds a secret and nothing else."""

from __future__ import annotations

from typing import Final

from flask import Request, Response

_SESSION: Final = "lagesbild"
_LOGIN: Final = "lagesbild-logga-in"


class Cookies:
    """`encrypted`: readers come by https, so the names say that no other site and no plain http can have set them."""

    def __init__(self, *, encrypted: bool) -> None:
        self._encrypted = encrypted
        prefix = "__Host-" if encrypted else ""
        self.session, self.login = prefix + _SESSION, prefix + _LOGIN

    def read(self, asked: Request, name: str) -> str:
        """Empty when there is none, or one that was not made here."""
        value = asked.cookies.get(name, "")
        return value if len(value) < 100 else ""

    def give(self, response: Response, name: str, secret: str, seconds: int | None = None) -> None:
        """Out of reach of scripts, not sent with other sites' requests. Without `seconds` it goes with the browser."""
        response.set_cookie(
            name, secret, max_age=seconds, secure=self._encrypted, httponly=True, samesite="Lax", path="/"
        )

    def take_back(self, response: Response, name: str) -> None:
        """Have the browser forget it."""
        response.delete_cookie(name, secure=self._encrypted, httponly=True, samesite="Lax", path="/")
