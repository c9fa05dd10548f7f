"""Where the next page begins, as a text that only this service reads: bound to the question and the data version.

A cursor is no secret and opens nothing that the question does not; the check sum only tells a cursor from other texts,
so that one which was cut or changed is a fault in the question and never an error of ours.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Hashable
from hashlib import blake2b
from typing import Final

from lagesbild.api.parameters import ALLOWED
from lagesbild.api.problems import changed_data, fault, wrong_parameters

_CHECK: Final = 9  # bytes
_HEAD: Final = 16  # data version and place, eight bytes each


def cursor_at(place: int, version: int, question: Hashable) -> str:
    """For the page that begins at row `place`.

    >>> cursor_at(1000, 7, "waits")
    'AAAAAAAAAAcAAAAAAAAD6CAyxvN0vUFgkg'
    """
    head = version.to_bytes(8, "big") + place.to_bytes(8, "big")
    return base64.urlsafe_b64encode(head + _check(head, question)).decode().rstrip("=")


def place_of(cursor: str | None, version: int, question: Hashable) -> int:
    """The row that a cursor points at; 0 without one. Raises ProblemError: 400 for what is no cursor of this question,
    410 for one of another data version."""
    if cursor is None:
        return 0
    wrong = wrong_parameters([fault("cursor", cursor, ALLOWED["cursor"])])
    try:
        plain = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise wrong from error
    head = plain[:_HEAD]
    if len(plain) != _HEAD + _CHECK or plain[_HEAD:] != _check(head, question):
        raise wrong
    if int.from_bytes(head[:8], "big") != version:
        raise changed_data()
    return int.from_bytes(head[8:], "big")


def _check(head: bytes, question: Hashable) -> bytes:
    return blake2b(head + repr(question).encode(), digest_size=_CHECK).digest()
