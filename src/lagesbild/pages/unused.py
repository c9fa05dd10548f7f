"""A choice in the address that the page has no use for is told, whichever page and choice it is: nobody may take the
country's numbers for those of the healthcare region that was chosen on another page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Final

from lagesbild.components.model import Page, PageContent
from lagesbild.domain.selection import LABELS, PER_INHABITANTS, SHARES, Selection
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.phrases import place

_FIELD: Final = {
    "one_care_area": "care_area",
    "any_care_area": "care_area",
    "one_produced_care_area": "care_area",
    "one_travelled_care_area": "care_area",
    "home_region": "region",
    "reported_window": "window",
    "travel_per": "per",
    "travel_order": "order",
}
# any page can be ordered and shown as it was; an order that a page does not know it tells itself
_EVERYWHERE: Final = frozenset({"as_of", "sort"})
# whose numbers they are: these follow along to every page, so that a choice is made once
PLACES: Final = frozenset({"care_area", "region", "healthcare_region", "provider"})
_OF_PLACES: Final = {
    "care_area": "vårdområde",
    "region": "region",
    "healthcare_region": "sjukvårdsregion",
    "provider": "vårdgivare",
}


def offered(page: Page) -> frozenset[str]:
    """The Selection fields of the page's filter bar."""
    return frozenset(_FIELD.get(name, name) for name in page.filters)


def used(page: Page) -> frozenset[str]:
    """The Selection fields that change what the page shows."""
    return offered(page) | frozenset(page.also) | _EVERYWHERE | {page.parameter}


def unused(page: Page, selection: Selection) -> tuple[str, ...]:
    """The fields that are chosen though the page has no use for them; none on a page without choices.

    >>> unused(Page("/x", "X", ("region",), print, 0), Selection(region="21", healthcare_region="Norra"))
    ('healthcare_region',)
    """
    if not page.filters:
        return ()
    mine = used(page)
    found = [f.name for f in fields(selection) if f.name not in mine and selection.differs(f.name)]
    if selection.per == SHARES and "per" in mine and "travel_per" not in page.filters:
        found.append("per")
    return tuple(found)


def telling_unused(page: Page) -> Page:
    """The page with a note for each such choice."""

    def build(context: PageContext) -> PageContent:
        content: PageContent = page.build(context)
        left = unused(page, context.selection)
        if not left:
            return content
        return replace(content, notes=(*content.notes, *(_note(name, page, context) for name in left)))

    return replace(page, build=build)


def kept_for(path: str, selection: Selection) -> Selection:
    """What a link to the page at `path` takes along: places, and what the page can use."""
    page = _page_at()(path)
    if page is None:
        return selection
    mine = used(page) | PLACES
    default = Selection()
    return selection.with_(**{f.name: getattr(default, f.name) for f in fields(selection) if f.name not in mine})


@cache
def _page_at() -> Callable[[str], Page | None]:
    from lagesbild.pages.registry import all_pages  # here: it imports the pages, and they import the links

    exact = {p.path: p for p in all_pages() if not p.parameter}
    roots = {p.root: p for p in all_pages() if p.parameter}

    def find(path: str) -> Page | None:
        return exact.get(path) or next((p for root, p in roots.items() if path.startswith(root)), None)

    return find


def _note(name: str, page: Page, context: PageContext) -> str:
    who = page.name if page.in_menu else "Sidan"
    if name in _OF_PLACES:
        shown = "alla" if name == "care_area" else _where(page, context)
        return f"{who} visas inte per {_OF_PLACES[name]}; {shown} visas."
    match name:
        case "month":
            return f"{who} visas inte för en vald månad; det senaste visas."
        case "per" if context.selection.per == PER_INHABITANTS:
            return f"{who} visar inte antal per 100\u00a0000 invånare; antal visas."
        case "per":
            return f"{who} visar inte andel av regionens egna; antal visas."
        case _:
            return f"Valet ”{LABELS[name]}” används inte på den här sidan."


def _where(page: Page, context: PageContext) -> str:
    """The widest place that the page can show of what is chosen."""
    selection, mine = context.selection, used(page)
    region = next((r for r in context.source.regions() if r.code == selection.region), None)
    if region is not None and "region" in mine:
        return region.name
    if selection.healthcare_region and "healthcare_region" in mine:
        return f"sjukvårdsregion {selection.healthcare_region}"
    country = country_name(context.source)
    return "hela riket" if country == "Riket" else place(None, country)
