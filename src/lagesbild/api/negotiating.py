"""Which form and which compression an answer has, from what the caller accepts."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from lagesbild.api.http import packed
from lagesbild.api.problems import not_acceptable

# those that are both quick to make and common among programs; the strongest first among equals
_PACKED: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "zstd": packed,
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_USUAL: Final = 300  # characters of a header that is remembered; programs send the same ones
_SMALL: Final = 500  # bytes that are not worth packing


def form_of(request: Request, forms: Sequence[str]) -> str:
    """The form wanted most; the first of `forms` among equals, and where nothing is said. Raises ProblemError (406)."""
    accepted = request.headers.get("Accept", "")
    best = _form(accepted, tuple(forms)) if len(accepted) < _USUAL else _form.__wrapped__(accepted, tuple(forms))
    if not best:
        raise not_acceptable(forms)
    return best


@lru_cache(maxsize=256)
def _form(accepted: str, forms: tuple[str, ...]) -> str:
    if not accepted.strip():
        return forms[0]
    # what is said beside a type (charset, header, fhirVersion) chooses nothing here
    wanted = MIMEAccept(
        (name.split(";")[0].strip(), weight) for name, weight in parse_accept_header(accepted, MIMEAccept)
    )
    best = max(forms, key=wanted.quality)  # the first among equals
    return best if wanted.quality(best) > 0 else ""


def packing_of(request: Request) -> str:
    """`zstd`, `gzip`, or `` for none."""
    accepted = request.headers.get("Accept-Encoding", "")
    return _packing(accepted) if len(accepted) < _USUAL else _packing.__wrapped__(accepted)


@lru_cache(maxsize=256)
def _packing(accepted: str) -> str:
    wanted = parse_accept_header(accepted)
    best = max(_PACKED, key=lambda name: wanted[name])
    return best if wanted[best] > 0 else ""


def pack(body: bytes, packing: str) -> tuple[bytes, str]:
    """The body as it is sent, and its Content-Encoding; small ones as they are."""
    if not packing or len(body) < _SMALL:
        return body, ""
    return _PACKED[packing](body), packing
