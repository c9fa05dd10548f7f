"""What a briefing is made from: the pages, as a reader with the same choices sees them.

Whoever puts the application together gives the function. So paper never computes anything: its numbers, sentences and
tables are those of the screen, protected for the same viewer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from lagesbild.components.model import Aside, FigureCard, KeyFigure, PageContent
from lagesbild.components.shell import Status
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source


@dataclass(frozen=True)
class Seen:
    """A page as it is seen: its content, the state of the data behind it, and the choices in full words."""

    content: PageContent
    status: Status
    chosen: str

    def card(self, id_: str) -> FigureCard | None:
        return next((s for s in self.content.sections if isinstance(s, FigureCard) and s.id == id_), None)

    def aside(self, id_: str) -> Aside | None:
        return next((s for s in self.content.sections if isinstance(s, Aside) and s.id == id_), None)

    @property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        return self.content.key_figures


class Look(Protocol):
    """The page at a path of the page list (`/region/<code>`: the selection's region is the code). Raises what the
    source raises."""

    def __call__(self, path: str, selection: Selection) -> Seen: ...


@dataclass
class Reader:
    """Looks at pages for one briefing, each once. Names are as the data have them."""

    look: Look
    source: Source
    selection: Selection
    _seen: dict[tuple[str, Selection], Seen] = field(default_factory=dict)

    def page(self, path: str, **changes: Any) -> Seen:
        """The page for the briefing's choices; `changes` are other ones."""
        key = (path, self.selection.with_(**changes))
        if key not in self._seen:
            self._seen[key] = self.look(*key)
        return self._seen[key]

    def card(self, path: str, id_: str) -> FigureCard | None:
        return self.page(path).card(id_)

    @property
    def base(self) -> Seen:
        """The page that the briefing sums up: the region's, the care area's or the whole picture."""
        if self.selection.region:
            return self.page("/region/<code>")
        return self.page("/vardomrade/<code>") if self.selection.care_area else self.page("/")

    @cached_property
    def region(self) -> Region | None:
        return next((r for r in self.source.regions() if r.code == self.selection.region), None)

    @cached_property
    def care_area(self) -> CareArea | None:
        return next((a for a in self.source.care_areas() if a.code == self.selection.care_area), None)

    @property
    def month(self) -> Month | None:
        """The last month of what is shown."""
        return self.selection.month or self.source.latest_month(self.selection.as_of)

    @property
    def place(self) -> str:
        """`Region Skåne`, `Norra sjukvårdsregionen`, `hela landet`"""
        if self.region is not None:
            return self.region.name
        group = self.selection.healthcare_region
        return f"{group} sjukvårdsregionen" if group else "hela landet"

    @property
    def about(self) -> str:
        """`Knäprotesoperation, hela landet, oktober 2026`"""
        area = self.care_area.name if self.care_area else "Alla vårdområden"
        return ", ".join(t for t in (area, self.place, self.month.sv if self.month else "") if t)

    @property
    def target(self) -> float:
        return self.selection.target / 100
