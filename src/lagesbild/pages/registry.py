"""Which pages there are. A page is a module of this package with a `PAGE`; nothing else has to be told about it."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import lagesbild.pages as package
from lagesbild.components.model import Page
from lagesbild.pages.own import showing_own
from lagesbild.pages.unused import telling_unused


@cache
def all_pages() -> tuple[Page, ...]:
    """Every page in menu order. Raises ValueError when two claim one address."""
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        page = getattr(import_module(f"{package.__name__}.{module.name}"), "PAGE", None)
        if isinstance(page, Page):
            found.append(showing_own(telling_unused(page)))
    if len({p.path for p in found}) != len(found):
        raise ValueError(f"two pages have the same path: {sorted(p.path for p in found)}")
    return tuple(sorted(found, key=lambda p: (p.order, p.path)))


def slug(page: Page) -> str:
    """The page's name in download addresses and file names: `vantetider`; the start page is `lagesbild`."""
    return page.root.strip("/").replace("/", "-") or "lagesbild"
