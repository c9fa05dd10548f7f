"""Pages as others see them: for briefings and snapshots, which say what the screen says."""

from __future__ import annotations

from lagesbild.components.filters import selection_text
from lagesbild.components.model import PageContent
from lagesbild.components.shell import Status
from lagesbild.domain.selection import Selection, to_query
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import Place


def look(renderer: Renderer, path: str, selection: Selection, *, lead: bool = False) -> tuple[PageContent, Status, str]:
    """The page at a path of the page list for a selection: content, state of the data, and the choices in words. The
    field that a page's address ends in is taken from the selection. With `lead` the figures may be left out. Raises
    KeyError for an unknown path."""
    page = next((p for p in renderer.pages if p.path == path), None)
    if page is None:
        raise KeyError(path)
    code = getattr(selection, page.parameter) if page.parameter else ""
    asked = selection.with_(**({page.parameter: ""} if page.parameter else {}), first=None)
    built = renderer.build(Place(page, code), to_query(asked), lead=lead)
    return built.content, built.status, selection_text(renderer.fields(built))
