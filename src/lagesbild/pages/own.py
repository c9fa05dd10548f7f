"""Pages as a planner sees them: the own region's numbers exact, everything else as everybody sees it.

The views decide number by number (`Viewer.of`, `Viewer.mine`). What is said of many regions at once, in sentences and
headings, is taken from everybody's page; what names the own region, and pages about it, from the planner's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.components.protection import own_region, passing_on, protected_words
from lagesbild.domain.care import Region
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext

# a figure with a row for each of many regions has one of these
_PLACES: Final = ("region", "home_region")
Said = TypeVar("Said", str, tuple[str, ...])


def showing_own(page: Page) -> Page:
    """The page with the reader's own region exact, where it has one and the page can; else as everybody sees it."""

    def build(context: PageContext) -> PageContent:
        region = own_region(context.viewer, context.source.regions())
        about_it = region is not None and _about(context.selection, context.source, region)
        if region is None or page.own == "" or (page.own == "chosen" and not about_it):
            content: PageContent = page.build(context.everybody)
            return content
        mine = page.build(context)
        # a page that tells of one place alone says nothing of many; one that counts what it lists counts no persons
        whole = page.own == "listed" or (about_it and (page.own == "chosen" or page.parameter == "region"))
        told = mine if whole else _joined(mine, page.build(context.everybody), region, about_it=about_it)
        return replace(told, notes=(*mine.notes, passing_on(region)))

    return replace(page, build=build)


def _joined(mine: PageContent, theirs: PageContent, region: Region, *, about_it: bool) -> PageContent:
    cards = {s.id: s for s in theirs.sections if isinstance(s, FigureCard)}
    sections = tuple(_headed(s, cards.get(s.id), region, about_it=about_it) for s in mine.sections)
    if about_it:
        return replace(mine, sections=sections)
    said = _said(mine.sentences, theirs.sentences, region)
    return replace(mine, sentences=said, key_figures=theirs.key_figures, sections=sections)


def _about(selection: Selection, source: Source, region: Region) -> bool:
    """Whether what is chosen is the own region, or one of its providers."""
    if selection.region:
        return selection.region == region.code
    return any(p.code == selection.provider and p.region == region.code for p in source.providers())


def _headed(
    mine: FigureCard | Aside, theirs: FigureCard | None, region: Region, *, about_it: bool
) -> FigureCard | Aside:
    if theirs is None or not isinstance(mine, FigureCard):
        return mine
    if about_it and not {c.name for c in mine.table.columns} & set(_PLACES):
        return mine
    title, summary = (_said(a, b, region) for a, b in ((mine.title, theirs.title), (mine.summary, theirs.summary)))
    return replace(mine, title=title, summary=summary)


def _said(mine: Said, theirs: Said, region: Region) -> Said:
    """What everybody is told; where that names the own region, what is true of it."""
    told: Sequence[str] = (theirs,) if isinstance(theirs, str) else theirs
    return mine if any(region.short_name in text for text in told) else theirs


def protected_in(content: PageContent, viewer: Viewer, source: Source) -> str:
    """What is said of small counts with the figures of a page."""
    region = own_region(viewer, source.regions())
    shown = region is not None and passing_on(region) in content.notes
    return protected_words(viewer, region if shown else None)
