"""Which form and which compression an answer has, from what the caller accepts."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flask import Request
from werkzeug.datastructures import MIMEAccept

from lagesbild.api.http import packed
from lagesbild.api.problems import not_acceptable

# those that are both quick to make and common among programs; the strongest first among equals
_PACKED: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "zstd": packed,
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_SMALL: Final = 500  # bytes that are not worth packing


def form_of(request: Request, forms: Sequence[str]) -> str:
    """The form wanted most; the first of `forms` among equals, and where nothing is said. Raises ProblemError (406)."""
    if not request.accept_mimetypes:
        return forms[0]
    # what is said beside a type (charset, header, fhirVersion) chooses nothing here
    accepted = MIMEAccept((name.split(";")[0].strip(), weight) for name, weight in request.accept_mimetypes)
    best, weight = "", 0.0
    for form in forms:
        here = accepted.quality(form)
        if here > weight:
            best, weight = form, here
    if not best:
        raise not_acceptable(forms)
    return best


def packing_of(request: Request) -> str:
    """`zstd`, `gzip`, or `` for none."""
    accepted = request.accept_encodings
    best, weight = "", 0.0
    for name in _PACKED:
        here = accepted[name]
        if here > weight:
            best, weight = name, here
    return best


def pack(body: bytes, packing: str) -> tuple[bytes, str]:
    """The body as it is sent, and its Content-Encoding; small ones as they are."""
    if not packing or len(body) < _SMALL:
        return body, ""
    return _PACKED[packing](body), packing
