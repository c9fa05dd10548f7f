"""Which views to make before anybody asks: those that a reader can be at next after the data have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from lagesbild.components.model import Filter, Page
from lagesbild.domain.selection import PARAMETERS
from lagesbild.pages.context import Theme
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View

CARE_AREA, REGION, MONTH = "care_area", "region", "month"
_THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
_Offered = dict[str, dict[str, Filter]]  # by a page's path, then a field's name
MONTHS_AHEAD: Final = 12  # of each care area, when everything else is there


def views_ahead(renderer: Renderer) -> Iterator[View]:
    """Most wanted first, none twice: every page of the menu, light and dark; every care area, then every region, on
    every page that can show them; the other choices a page offers; dark; and care areas at earlier months.

    Raises DatabaseUnavailableError.
    """
    seen = set()
    for view in _wanted(renderer):
        if view not in seen:
            seen.add(view)
            yield view


def _wanted(renderer: Renderer) -> Iterator[View]:
    menu = [p for p in renderer.pages if p.in_menu and p.kept and not p.parameter]
    for theme in _THEMES:
        yield from (View(p.path, "", theme) for p in menu)
    offered = {p.path: {f.name: f for f in renderer.offered(p)} for p in renderer.pages if p.kept and not p.parameter}
    one_step = [
        v for kind in (CARE_AREA, REGION) for c in _codes(kind, offered) for v in _about(renderer, offered, kind, c)
    ]
    yield from one_step
    for path, fields in offered.items():
        for field in fields.values():
            if field.name not in (CARE_AREA, REGION, "as_of"):
                yield from (View(path, urlencode({PARAMETERS[field.name]: o.value})) for o in field.options if o.value)
    yield from (replace(v, theme="dark") for v in one_step)
    yield from _earlier(offered, menu)


def _codes(kind: str, offered: _Offered) -> list[str]:
    """Care areas or regions that any page offers, in the order they are offered."""
    found = (o.value for fields in offered.values() if kind in fields for o in fields[kind].options)
    return list(dict.fromkeys(code for code in found if code))


def _about(renderer: Renderer, offered: _Offered, kind: str, code: str) -> Iterator[View]:
    """Everything about one care area or region at the latest month; the menu takes it along to every page."""
    for page in renderer.pages:
        if page.parameter == kind:
            yield View(page.root + code)
        elif kind in offered.get(page.path, ()):
            yield View(page.path, urlencode({PARAMETERS[kind]: code}))


def _earlier(offered: _Offered, menu: list[Page]) -> Iterator[View]:
    """Care areas at earlier months."""
    for back in range(MONTHS_AHEAD):
        for page in menu:
            areas, months = (offered[page.path].get(name) for name in (CARE_AREA, MONTH))
            if areas is None or months is None:
                continue
            month = [o.value for o in months.options if o.value][back : back + 1]
            for option in areas.options if month else ():
                if option.value:
                    asked = {PARAMETERS[CARE_AREA]: option.value, PARAMETERS[MONTH]: month[0]}
                    yield View(page.path, urlencode(asked))
