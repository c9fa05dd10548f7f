"""How a figure says where it comes from when it leaves the system, made-up ones marked as such."""

from __future__ import annotations

from typing import Final

SYNTHETIC: Final = "Syntetiska data"


def source_label(source: str, *, synthetic: bool) -> str:
    """The source, marked when it is made up, unless it says so itself.

    >>> source_label("Region X", synthetic=False), source_label("prov", synthetic=True)
    ('Region X', 'Syntetiska data: prov')
    >>> source_label("Syntetiska data, simulering", synthetic=True)
    'Syntetiska data, simulering'
    """
    if not synthetic or source.lower().startswith(SYNTHETIC.lower()):
        return source
    return f"{SYNTHETIC}: {source}"
