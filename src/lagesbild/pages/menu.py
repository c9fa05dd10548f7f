"""The menu: each link with what is chosen and its page can use, so that a choice is made once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lagesbild.components.model import Page
from lagesbild.domain.selection import Selection, to_query

_FIELD: Final = {
    "one_care_area": "care_area",
    "any_care_area": "care_area",
    "one_produced_care_area": "care_area",
    "one_travelled_care_area": "care_area",
    "home_region": "region",
    "travel_per": "per",
}
# what the menu takes along
_CARRIED: Final = {"care_area", "region", "healthcare_region", "provider", "month", "target", "per", "compare"}


def menu_for(pages: Sequence[Page], selection: Selection) -> list[tuple[str, str]]:
    """Addresses and names of the pages that are in the menu."""
    menu = []
    for page in pages:
        if not page.in_menu:
            continue
        own = {_FIELD.get(name, name) for name in page.filters} & _CARRIED | {"as_of"}
        query = to_query(Selection(**{name: getattr(selection, name) for name in own}))
        menu.append((f"{page.path}?{query}" if query else page.path, page.name))
    return menu
