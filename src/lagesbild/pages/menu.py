"""The menu: each link with what is chosen, so that a choice is made once: places everywhere, the rest where it is of
use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lagesbild.components.model import Page
from lagesbild.domain.selection import Selection, to_query
from lagesbild.pages.unused import PLACES, offered

# what the menu takes along where it can be used; places follow everywhere, and a page that cannot use one says so
_CARRIED: Final = {"month", "target", "per", "compare", "run"}


def menu_for(pages: Sequence[Page], selection: Selection) -> list[tuple[str, str]]:
    """Addresses and names of the pages that are in the menu."""
    menu = []
    for page in pages:
        if not page.in_menu:
            continue
        own = (offered(page) | set(page.also)) & _CARRIED | {"as_of"} | (PLACES if page.filters else frozenset[str]())
        query = to_query(Selection(**{name: getattr(selection, name) for name in own}))
        menu.append((f"{page.path}?{query}" if query else page.path, page.name))
    return menu
