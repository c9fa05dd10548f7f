"""An address that names a region or a care area that the data do not have: said so, with those there are."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el
from lagesbild.components.model import Page
from lagesbild.components.page import message_page
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.source import Source


def unknown_place(page: Page, code: str, source: Source) -> tuple[str, list[dict[str, Any]]]:
    """Title and content."""
    if page.parameter == "region":
        title, which = "Regionen finns inte", "region"
        there = [(r.code, r.short_name) for r in leaf_regions(source.regions())]
    else:
        title, which = "Vårdområdet finns inte", "vårdområde"
        there = [(a.code, a.name) for a in sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))]
    links = el("Ul", [el("Li", el("A", name, href=page.address(key))) for key, name in there])
    return title, message_page(title, f"Ingen uppgift hör till {which} ”{code}”.", ["De som finns:", links])
