"""Freezing a moment: content, manifest and signature put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from lagesbild.domain.earlier import source_at
from lagesbild.domain.errors import InputError, LagesbildError
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import swedish_clock
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.contents import Contents, contents
from lagesbild.snapshots.bundle import Bundle, seal
from lagesbild.snapshots.keys import PrivateKey
from lagesbild.snapshots.manifest import Facts

MOST_REASON: Final = 200  # characters; it stands in a list
_ATTEMPTS: Final = 3


def freeze(
    source: Source,
    as_of: datetime,
    viewer: Viewer,
    *,
    now: datetime,
    reason: str = "",
    key: PrivateKey | None = None,
    made_by: Contents = contents,
    progress: Callable[[str], None] = lambda _: None,
) -> Bundle:
    """The snapshot of a moment, as `viewer` may see it. `progress` is told what is being done, in Swedish.

    The content is asked of the source as it was at the moment, so what small counts hide today is hidden in it too.

    Raises InputError for a moment that has not been (what is known then may still change) or of which nothing is known,
    and for a reason that is no single line; LagesbildError when imports never leave a quiet while.
    """
    if as_of > now:
        raise InputError(
            f"Tidpunkten {swedish_clock(as_of)} har inte varit än.",
            "Välj en tidpunkt som har varit, eller ange ingen alls: nu.",
        )
    told = " ".join(reason.split())
    if len(told) > MOST_REASON or not told.isprintable():
        raise InputError(
            f"Skälet är längre än {MOST_REASON} tecken, eller har osynliga tecken.", "Skriv en kort mening."
        )
    files, facts = _at_one_version(source, as_of.astimezone(UTC), viewer, made_by, progress)
    progress("räknar kontrollsummor")
    return seal(files, facts.model_copy(update={"reason": told}), key)


def _at_one_version(
    source: Source, as_of: datetime, viewer: Viewer, made_by: Contents, progress: Callable[[str], None]
) -> tuple[Mapping[str, bytes], Facts]:
    """Content read while nothing changed: lists of codes have no history, and back-dated imports reach the moment."""
    for _ in range(_ATTEMPTS):
        before = source.version().version
        progress("hämtar uppgifter")
        found = made_by(source_at(source, as_of), as_of, viewer, progress)
        if source.version().version == before:
            return found
    raise LagesbildError("Uppgifterna ändrades medan bilden gjordes.", "Försök igen när inläsningen är klar.")
