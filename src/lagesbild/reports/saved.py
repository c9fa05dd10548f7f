"""A saved briefing looked up: its comments, and the moment it was saved at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lagesbild.domain.briefing import Briefings
from lagesbild.domain.errors import InputError, UnknownCodeError
from lagesbild.domain.selection import Selection, to_query


@dataclass(frozen=True)
class Resolved:
    """The selection a briefing is made for, with comments by section."""

    selection: Selection
    comments: Mapping[str, str]


def resolved(selection: Selection, briefings: Briefings | None) -> Resolved:
    """As the address says. A saved briefing shows the data as they were known when it was saved, from the first time it
    is asked for, so that its link gives the same bytes before and after they change.

    Its comments are about what was chosen when they were written: beside other choices in the address they would be a
    person's words about somewhere else. Raises UnknownCodeError when there is no such briefing, InputError when the
    address chooses otherwise, DatabaseUnavailableError."""
    if not selection.saved:
        return Resolved(selection, {})
    found = briefings.get(selection.saved) if briefings is not None else None
    if found is None:
        raise UnknownCodeError(
            f"Det finns inget sparat underlag ”{selection.saved}”.", "Välj ett bland de sparade på sidan Rapporter."
        )
    if to_query(selection.with_(saved="")) != found.query:
        raise InputError(
            f"Underlaget ”{found.title}” är sparat med andra val än adressens, och kommentarerna gäller dem.",
            f"Öppna det från de sparade på sidan Rapporter, eller ta bort ”underlag={found.id}” ur adressen.",
        )
    if selection.as_of is None:
        return Resolved(selection.with_(as_of=found.created_at), dict(found.comments))
    # an earlier state that somebody chose before it was saved: told as such
    return Resolved(selection.with_(saved=""), dict(found.comments))
