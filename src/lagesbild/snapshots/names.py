"""Names that a file brought with it, as they can be printed: a message must not steer a terminal."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 80


def written_out(name: str) -> str:
    """The name with hidden characters written out, cut when it is long.

    >>> written_out("data/a\x1b[2J.csv")
    'data/a<1b>[2J.csv'
    """
    return "".join(c if c.isprintable() else f"<{ord(c):x}>" for c in name[:_LONGEST])


def quoted(name: str) -> str:
    """`written_out` in quotation marks."""
    return f"”{written_out(name)}”"
