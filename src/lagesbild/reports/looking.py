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
from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.earlier import source_at
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Run, Source
from lagesbild.views.forecast_fan import chosen_run, of_another_month
from lagesbild.views.reported import reported_by_regions


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

    @cached_property
    def then(self) -> Source:
        """The data in the state that is shown."""
        return source_at(self.source, self.selection.as_of)

    @cached_property
    def month(self) -> Month | None:
        """The last month of what is shown: of published figures their own last one, which may be years back."""
        if self.published_only and self.care_area is not None:
            asked = Query(care_areas=(self.care_area.code,), last=self.selection.month)
            rows = [self.then.facts(dataset, asked)["period"] for dataset in ("production", "published-shares")]
            last = next((r.max() for r in rows if len(r)), None)
            return None if last is None else Month.of(last)
        return self.selection.month or self.then.latest_month()

    @cached_property
    def run(self) -> Run | None:
        """The forecast run that the pages show for the choices; nothing is forecast of what is only published."""
        return None if self.published_only else chosen_run(self.then, self.selection)

    @property
    def run_apart(self) -> bool:
        """Whether the forecast was made from another month than the briefing is about: then the two are told apart."""
        return of_another_month(self.run, self.month)

    @property
    def run_words(self) -> str:
        """Which run it is, where that must be said; empty where it is the month's own."""
        if self.run is None or self.month is None or not self.run_apart:
            return ""
        way = "efter" if self.run.until > self.month else "före"
        until = self.run.until.sv
        return f"Prognosen är gjord på uppgifter till och med {until}, {way} den månad underlaget handlar om."

    @cached_property
    def published_only(self) -> bool:
        """Whether no region reports the care area: then only what is published for the whole is told, and how many
        regions are in other sums is not."""
        return self.care_area is not None and not reported_by_regions(self.then, self.care_area.code)

    @cached_property
    def coverage(self) -> str:
        """Who is in the figures, for the foot of every page: as the pages' strip says it, of a healthcare region its
        own regions."""
        group = self.selection.healthcare_region
        if self.published_only:
            return "Publicerade tal för helheten"
        if not group or self.month is None:
            return self.base.status.coverage
        mine = tuple(r.code for r in leaf_regions(self.source.regions()) if r.healthcare_region == group)
        asked = Query(regions=mine, first=self.month, last=self.month)
        there = self.then.distinct("waits", "region", asked, "waiting") if mine else frozenset[str]()
        return f"{len(there)} av {len(mine)} {'region' if len(mine) == 1 else 'regioner'} i {group}"

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
