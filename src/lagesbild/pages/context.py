"""What a page is built from."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeVar

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.snapshots.store import Store

Theme = Literal["light", "dark"]
T = TypeVar("T")


def _make(key: Hashable, make: Callable[[], Any]) -> Any:
    return make()


@dataclass(frozen=True)
class Operator:
    """Who answers for this installation: a name, and an e-mail or web address. Empty until somebody has said."""

    name: str = ""
    contact: str = ""


NOBODY: Final = Operator()


@dataclass(frozen=True)
class PageContext:
    """Source, the chosen selection (already checked), who looks, and light or dark. `freezes`: who looks may make
    snapshots; for pages that are not kept alone, since others are kept for all who see the same."""

    source: Source
    selection: Selection
    viewer: Viewer
    theme: Theme = "light"
    kept: Callable[[Hashable, Callable[[], Any]], Any] = _make
    operator: Operator = NOBODY
    snapshots: Store | None = None
    freezes: bool = True
    lead: bool = False  # only what a page says first is wanted: sentences and key figures

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this state of the data and this viewer. `key` must name all it depends on
        beside them (a page's parts that stay while a slider moves)."""
        made: T = self.kept((self.viewer, key), make)
        return made

    @property
    def everybody(self) -> PageContext:
        """The same for a reader who has no region of their own."""
        return replace(self, viewer=self.viewer.everybody)

    @cached_property
    def regions(self) -> list[Region]:
        """Leaf regions in sort order."""
        return leaf_regions(self.source.regions())

    @cached_property
    def care_areas(self) -> list[CareArea]:
        return sorted(self.source.care_areas(), key=lambda a: (a.sort_order, a.code))
