"""Freezing a moment: content, manifest and signature put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from lagesbild.domain.errors import InputError
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import date_time
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.contents import Contents, contents
from lagesbild.snapshots.bundle import Bundle, seal
from lagesbild.snapshots.keys import PrivateKey

MOST_REASON = 200  # characters; it stands in a list


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

    Raises InputError for a moment that has not been (what is known then may still change) or of which nothing is known,
    and for a reason that is no single line.
    """
    if as_of > now:
        raise InputError(
            f"Tidpunkten {date_time(as_of)} har inte varit än.",
            "Välj en tidpunkt som har varit, eller ange ingen alls: nu.",
        )
    told = " ".join(reason.split())
    if len(told) > MOST_REASON or not told.isprintable():
        raise InputError(
            f"Skälet är längre än {MOST_REASON} tecken, eller har osynliga tecken.", "Skriv en kort mening."
        )
    progress("hämtar uppgifter")
    files, facts = made_by(source, as_of.astimezone(UTC), viewer)
    progress("räknar kontrollsummor")
    return seal(files, facts.model_copy(update={"reason": told}), key)
