"""The pages at a moment, for one who may see what the snapshot's viewer may: sentences, key figures and the sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from lagesbild.components.model import KeyFigure
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.earlier import source_at
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import swedish_clock
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.moment import Known, asked_once, known_at
from lagesbild.pages import options
from lagesbild.pages.filter_places import areas_with_regions
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document
from lagesbild.reports.from_card import key_figure
from lagesbild.reports.looking import Seen


@dataclass(frozen=True)
class Said:
    """What a page says first, in words that stay as they were."""

    kicker: str
    sentences: tuple[str, ...]
    more: str
    key_figures: tuple[KeyFigure, ...]


Sayings = Mapping[tuple[str, str], Said]


class Pages:
    """Pages over a source that shows the moment already; they say the moment and its version, not what came since."""

    def __init__(self, source: Source, viewer: Viewer, known: Known) -> None:
        self._source, self.viewer, self.known = source, viewer, known
        self._renderer = Renderer(source, viewer, all_pages(), known=options.known, filters=options.filters)

    def _look(self, path: str, selection: Selection) -> Seen:
        seen = Seen(*look(self._renderer, path, selection))
        moment, version = swedish_clock(self.known.as_of), self.known.version
        return replace(seen, status=replace(seen.status, as_of=moment, version=version))

    def sheet(self) -> Document:
        """The one-page sheet for preparedness."""
        return briefing(Selection(kind="beredskap"), self._look, self._renderer.source, self.viewer)

    def asked(self) -> Mapping[tuple[str, str], tuple[str, Selection]]:
        """Page and choices by (region, care area): the country as a whole ("", ""), each care area, each region, and
        each care area in each region, of those that regions report."""
        found = {("", ""): ("/", Selection())}
        areas = areas_with_regions(self._source)
        for area in self._source.care_areas():
            found["", area.code] = "/vardomrade/<code>", Selection(care_area=area.code)
        for region in leaf_regions(self._source.regions()):
            found[region.code, ""] = "/region/<code>", Selection(region=region.code)
            for area in areas:
                one = Selection(region=region.code, care_area=area.code)
                found[region.code, area.code] = "/region/<code>", one
        return found

    def said(self) -> Sayings:
        """By (region, care area), all that are `asked`."""
        return {key: self._said(path, selection) for key, (path, selection) in self.asked().items()}

    def _said(self, path: str, selection: Selection) -> Said:
        content = look(self._renderer, path, selection, lead=True)[0]
        return Said(content.kicker, content.sentences, content.more, tuple(map(key_figure, content.key_figures)))


# asks every page what it says: while the block goes on, or when the answer is called for
Speaker = Callable[[Pages], AbstractContextManager[Callable[[], Sayings]]]


@contextmanager
def said_here(pages: Pages) -> Iterator[Callable[[], Sayings]]:
    """In this process, when the answer is called for."""
    yield pages.said


def said_at(source: Source, as_of: datetime, viewer: Viewer) -> Sayings:
    """The same, for whoever has nothing but a source: as another process has. Raises as `known_at`."""
    source = asked_once(source_at(source, as_of), as_of)
    return Pages(source, viewer, known_at(source, as_of)).said()
