"""What an address leads to, and what it chooses there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from lagesbild.components.model import Page
from lagesbild.domain.selection import Known, Selection, exact_query, from_query, to_query
from lagesbild.domain.source import DataVersion
from lagesbild.pages.cache import VersionWatch
from lagesbild.pages.view import Place


class Addresses:
    """`known` gives what exists in the data as they are now; it is asked once for each version of them."""

    def __init__(self, pages: Sequence[Page], known: Callable[[], Known], watch: VersionWatch) -> None:
        self._by_path = {p.path: p for p in pages if not p.parameter}
        self._by_root = {p.root: p for p in pages if p.parameter}
        self._known = known
        self._watch = watch
        self._known_at: tuple[DataVersion, Known] | None = None

    def place_at(self, path: str) -> Place | None:
        """What an address (percent-decoded) leads to; a trailing slash does not matter. A page about a region that
        does not exist has a place, but see `exists`."""
        path = path.rstrip("/") or "/"
        if path in self._by_path:
            return Place(self._by_path[path])
        root = next((r for r in self._by_root if path.startswith(r) and len(path) > len(r)), None)
        return None if root is None else Place(self._by_root[root], path.removeprefix(root))

    def exists(self, place: Place | None) -> bool:
        """Whether there is such a page, about something that the data know. Raises DatabaseUnavailableError."""
        if place is None or not place.page.parameter:
            return place is not None
        known = self._known_now()
        return place.code in (known.regions if place.page.parameter == "region" else known.care_areas)

    def _known_now(self) -> Known:
        version = self._watch.current()
        kept = self._known_at
        if kept is None or kept[0] != version:
            kept = self._known_at = (version, self._known())
        return kept[1]

    def selection(self, place: Place, search: str) -> tuple[Selection, list[str]]:
        """What an address chooses, and notes about what could not be used. Raises DatabaseUnavailableError."""
        selection, notes = self.choices(search)
        return selection.with_(**{place.page.parameter: place.code}) if place.page.parameter else selection, notes

    def choices(self, search: str) -> tuple[Selection, list[str]]:
        """What a query string chooses whatever page it is for. Raises DatabaseUnavailableError."""
        return from_query(search, self._known_now(), datetime.now(UTC))

    def exactly(self, search: str) -> Selection:
        """The same for a file: what cannot be used is no note. Raises InputError, DatabaseUnavailableError."""
        return exact_query(search, self._known_now(), datetime.now(UTC))

    def query(self, place: Place, selection: Selection) -> str:
        """The query string beside the place's address."""
        return to_query(selection.with_(**{place.page.parameter: ""}) if place.page.parameter else selection)
