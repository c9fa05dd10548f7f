"""A saved briefing looked up: its comments, and the state of the data it was saved for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lagesbild.domain.briefing import Briefings
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import DataVersion


@dataclass(frozen=True)
class Resolved:
    """The selection a briefing is made for, with comments by section; notes about what could not be used."""

    selection: Selection
    comments: Mapping[str, str]
    notes: tuple[str, ...] = ()


def resolved(selection: Selection, briefings: Briefings | None, version: DataVersion) -> Resolved:
    """As the address says. A briefing saved before the data changed shows the data as they were then, so that a link
    gives the same briefing. Raises DatabaseUnavailableError."""
    if not selection.saved:
        return Resolved(selection, {})
    found = briefings.get(selection.saved) if briefings is not None else None
    if found is None:
        note = f"Det finns inget sparat underlag ”{selection.saved}”. Valen i adressen visas utan kommentarer."
        return Resolved(selection, {}, (note,))
    changed = found.data_version != version.version
    if changed and selection.as_of is None and found.created_at is not None:
        selection = selection.with_(as_of=found.created_at)
    return Resolved(selection, dict(found.comments))
