"""What a page is built from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class PageContext:
    """Source, the chosen selection (already checked), who looks, and light or dark."""

    source: Source
    selection: Selection
    viewer: Viewer
    theme: Theme = "light"

    @cached_property
    def regions(self) -> list[Region]:
        """Leaf regions in sort order."""
        return leaf_regions(self.source.regions())

    @cached_property
    def care_areas(self) -> list[CareArea]:
        return sorted(self.source.care_areas(), key=lambda a: (a.sort_order, a.code))
