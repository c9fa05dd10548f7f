"""What the browser asks for, where that leads, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from lagesbild.components.markup import settled
from lagesbild.components.model import Page, PageContent
from lagesbild.components.pieces import shaped
from lagesbild.components.shell import Status
from lagesbild.domain.source import DataVersion
from lagesbild.pages.context import PageContext, Theme

_LONGEST_QUERY: Final = 2000
_LONGEST_PATH: Final = 500
_SHAPE: Final = 16


@dataclass(frozen=True)
class View:
    """What the browser asks for: path, query string (with or without `?`), light or dark. `live`: it shows the same
    page already, with another scenario, and wants only what that changes."""

    path: str = "/"
    search: str = ""
    theme: Theme = "light"
    live: bool = False
    shape: str = ""  # of what the browser shows, as the answer to it told

    @classmethod
    def of(cls, data: Any) -> View:
        """From the browser's store, which anybody can fill with anything: unknown shapes become the default."""
        if not isinstance(data, dict):
            return cls()
        path, search, shape = data.get("path"), data.get("search"), data.get("shape")
        return cls(
            path=unquote(path[:_LONGEST_PATH]) if isinstance(path, str) and path.startswith("/") else "/",
            search=search[:_LONGEST_QUERY] if isinstance(search, str) else "",
            theme="dark" if data.get("theme") == "dark" else "light",
            live=data.get("live") is True,
            shape=shape[:_SHAPE] if isinstance(shape, str) else "",
        )


@dataclass(frozen=True)
class Key:
    """What an answer is a function of: the data's version and `what` is asked by whom. `lasting`: worth keeping for
    others and longer than this process runs; a scenario and an address that leads nowhere are not."""

    version: DataVersion
    what: tuple[Any, ...]
    lasting: bool = True


@dataclass(frozen=True)
class Place:
    """What an address leads to: a page and, when its address ends in one, the code (known or not)."""

    page: Page
    code: str = ""

    @property
    def address(self) -> str:
        return self.page.address(self.code)


@dataclass(frozen=True)
class Built:
    """A page built for a view, with what belongs around it."""

    place: Place
    context: PageContext
    content: PageContent
    status: Status


@dataclass(frozen=True)
class Answer:
    """Everything the page callback returns: children of the named containers, and what the browser must know."""

    strip: Any
    nav: Any
    filters: Any
    main: Any
    foot: Any
    page: dict[str, Any]
    cacheable: bool = True
    live: frozenset[str] = frozenset()  # ids of the parts that are changed on their own

    @property
    def outputs(self) -> tuple[Any, ...]:
        strip, nav, filters, main, foot = (
            settled(part, self.live) for part in (self.strip, self.nav, self.filters, self.main, self.foot)
        )
        page = self.page
        if isinstance(main, list):
            made = shaped(main)
            main, page = made.tree, {**page, "shape": made.shape}
        return strip, nav, filters, main, foot, page
