"""What another site may not have a reader's browser do here. The cookie's SameSite is one lock; these are two more."""

from __future__ import annotations

from typing import Final

from flask import Request

SAFE: Final = ("GET", "HEAD", "OPTIONS")
HEADER: Final = "X-Lagesbild"  # our own scripts send it; another site's cannot without asking the service first


def is_forged(asked: Request, origin: str) -> bool:
    """Whether the browser says that the request was made by another site's page. `origin`: ours, where it is set.

    Without one the host must be the same: behind a proxy with TLS the reader's scheme is not ours.
    """
    site, told = asked.headers.get("Sec-Fetch-Site"), asked.headers.get("Origin")
    if site is not None and site != "same-origin":
        return True
    if told is None:
        return False
    if origin:
        return told.lower() != origin.lower()
    return site is None and told.partition("://")[2].lower() != asked.host.lower()


def is_plain(asked: Request, *, json_is_enough: bool = False) -> bool:
    """Whether a form on any page could have sent this: no header of ours, nor, where Dash's scripts ask, JSON. For
    either a browser asks the service first, which never says yes."""
    return HEADER not in asked.headers and not (json_is_enough and asked.is_json)
