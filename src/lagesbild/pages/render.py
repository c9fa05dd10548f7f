"""From an address to what is shown. The whole view is a function of (data version, path, query, theme, viewer)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote

from dash import no_update

from lagesbild.components.filters import filter_bar, selection_line
from lagesbild.components.model import FigureCard, Filter, NotDrawn, Page, PageContent
from lagesbild.components.page import message_page, no_data, not_found, page_body
from lagesbild.components.pieces import props_of
from lagesbild.components.shell import NO_FIGURES, Status, footer, nav_links, status_strip
from lagesbild.domain.earlier import source_at
from lagesbild.domain.scenario_choice import NO_WHAT_IF
from lagesbild.domain.selection import Known, Selection, to_query
from lagesbild.domain.source import DataVersion, Source
from lagesbild.domain.table_order import next_order
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.addresses import Addresses
from lagesbild.pages.cache import KeepNewest, VersionWatch
from lagesbild.pages.context import NOBODY, Operator, PageContext, Theme
from lagesbild.pages.data_status import data_status, fact_batches, moment_long
from lagesbild.pages.earlier import keep_moment
from lagesbild.pages.faults import instead_of_page, numbered
from lagesbild.pages.file_names import file_name
from lagesbild.pages.kept_source import Newest
from lagesbild.pages.menu import menu_for
from lagesbild.pages.ordering import in_order
from lagesbild.pages.own import protected_in
from lagesbild.pages.registry import slug
from lagesbild.pages.unknown import unknown_place
from lagesbild.pages.view import Answer, Built, Key, Place, View
from lagesbild.snapshots.store import Store

DOWNLOADS: Final = "/ladda-ner"
_NO_STATUS: Final = Status()
# a handful of each view, the largest a quarter of a megabyte; 300 of them took 29 MB more of two processes after 210
# views that nobody had asked for, and were no faster
_PARTS_KEPT: Final = 64
_VIEWERS_KEPT: Final = 64  # everybody, all who see all, and the planners of each region


class Renderer:
    """Builds answers. `known` and `filters` are those of `pages.options`; given, so that tests can do with less."""

    def __init__(
        self,
        source: Source,
        viewer: Viewer,
        pages: Sequence[Page],
        *,
        known: Callable[[Source], Known],
        filters: Callable[[PageContext, tuple[str, ...]], Sequence[Filter]],
        watch: VersionWatch | None = None,
        operator: Operator = NOBODY,
        snapshots: Store | None = None,
        guarded: bool = False,
    ) -> None:
        """`guarded`: snapshots with exact small counts are there for those alone who may see them."""
        self._guarded = guarded
        self.viewer = viewer
        self.freezes = True
        self.operator = operator
        self._snapshots = snapshots
        self.pages = tuple(pages)
        self._menu = [(p.path, p.name) for p in pages if p.in_menu]
        self.filters = filters
        self._watch = watch or VersionWatch(source)
        self._newest = Newest(source, self._watch)
        self._seen_by: KeepNewest[Renderer] = KeepNewest(2 * _VIEWERS_KEPT)
        self.addresses = Addresses(pages, lambda: known(self.source), self._watch)
        self._parts: KeepNewest[Any] = KeepNewest(_PARTS_KEPT)

    @property
    def source(self) -> Source:
        """The data as they are now; what does not change until they do is asked for once. Raises
        DatabaseUnavailableError."""
        return self._newest.source()

    def seen_by(self, viewer: Viewer, *, freezes: bool = True) -> Renderer:
        """The same pages for somebody else, who may make snapshots or not. What is kept is shared: its keys say for
        whom it was made."""
        if (viewer, freezes) == (self.viewer, self.freezes):
            return self

        def make() -> tuple[Renderer, bool]:
            other = copy(self)
            other.viewer, other.freezes = viewer, freezes
            return other, True

        return self._seen_by.get((viewer, freezes), make)

    def place_at(self, path: str) -> Place | None:
        """See `Addresses.place_at`."""
        return self.addresses.place_at(path)

    def version_now(self) -> DataVersion:
        """The data's version, at most a second old. Raises DatabaseUnavailableError."""
        return self._watch.current()

    def key(self, view: View) -> Key:
        """Equal for views that must look the same. Raises DatabaseUnavailableError."""
        version = self._watch.current()
        place = self.place_at(view.path)
        if place is None or not self.addresses.exists(place):
            where = None if place is None else (place.page.path, place.code)
            return Key(version, (None, where, view.theme, self.viewer), lasting=False)
        selection, notes = self.addresses.selection(place, view.search)
        # what may be done is told by pages that are not kept; it is in the key for those who ask at the same moment
        freezes = place.page.kept or self.freezes
        what = (place.page.path, to_query(selection), tuple(notes), view.theme, self.viewer, view.live, freezes)
        return Key(version, what, lasting=not view.live)

    def build(self, place: Place, search: str, theme: Theme = "light", *, lead: bool = False) -> Built:
        """The page's content for a query string, for screen and files alike; with `lead` what it says first may be
        all there is. Raises what the source raises."""
        selection, notes = self.addresses.selection(place, search)
        page = place.page
        context = replace(self._context(page, selection, theme), lead=lead)
        content, unordered = in_order(page.build(context), selection.sort)
        notes += unordered
        if selection.as_of is not None:
            when = moment_long(selection.as_of)
            known = f"Tidigare läge: sidan visar det som var känt {when}. Senare uppgifter och prognoser är inte med."
            notes = [*notes, known]
        if notes:
            content = _with_notes(content, notes)
        coverage = "/datakvalitet" if self.place_at("/datakvalitet") else ""
        plain = selection.with_(what_if=NO_WHAT_IF)
        return Built(place, context, content, context.keep(("status", plain), lambda: data_status(context, coverage)))

    def _context(self, page: Page, selection: Selection, theme: Theme) -> PageContext:
        source = source_at(self.source, selection.as_of)
        store = self._snapshots
        if store is not None and self._guarded:
            store = store.seen_by(self.viewer.role)
        kept = self._keep(page, selection)
        return PageContext(source, selection, self.viewer, theme, kept, self.operator, store, self.freezes)

    def _keep(self, page: Page, selection: Selection) -> Callable[[Hashable, Callable[[], Any]], Any]:
        """Keeps parts of a page by data version, earlier state and what the page names, for whom among that."""
        version = self._watch.current()

        def kept(key: Hashable, make: Callable[[], Any]) -> Any:
            whole = (version, page.path, selection.as_of, key)
            return self._parts.get(whole, lambda: (make(), True))

        return kept

    def answer(self, view: View) -> Answer:
        """Never raises: what goes wrong is a page of its own, in Swedish, with a number that is in the log."""
        place = self.place_at(view.path)
        try:
            if place is None:
                return self._plain(view, "Sidan finns inte", not_found(self._menu), cacheable=True)
            if place.page.needs_data and not fact_batches(self.source):
                return self._plain(view, "Inga uppgifter ännu", no_data(), cacheable=True)
            if not self.addresses.exists(place):
                title, main = unknown_place(place.page, place.code, self.source)
                return self._plain(view, title, main, cacheable=True)
            return self._page(view, place)
        except Exception as error:
            told = instead_of_page(error, view)
            return self._plain(view, told.title, told.main, retry=told.retry)

    def said(self, view: View, title: str, sentence: str, more: Sequence[Any], *, retry: bool = False) -> Answer:
        """The frame of a page with nothing in it but a message: no data are read."""
        return self._plain(view, title, message_page(title, sentence, more), retry=retry, status=NO_FIGURES)

    def fields(self, built: Built) -> tuple[Filter, ...]:
        """The filter bar of a page; no field hangs on the scenario."""
        return self._fields(built.context, built.place.page)

    def offered(self, page: Page) -> tuple[Filter, ...]:
        """The filter bar of a page without a code in its address when nothing is chosen. Raises what the source
        raises."""
        return self._fields(self._context(page, Selection(), "light"), page)

    def _fields(self, context: PageContext, page: Page) -> tuple[Filter, ...]:
        plain = context.selection.with_(what_if=NO_WHAT_IF)

        def make() -> tuple[Filter, ...]:
            made = self.filters(context, page.filters)
            return tuple(replace(f, root=page.root) if f.name == page.parameter else f for f in made)

        return context.keep(("fields", plain), make)

    def _page(self, view: View, place: Place) -> Answer:
        page = place.page
        if view.live and page.live:
            live = self._live(view, place)
            if live is not None:
                return live
        built = self.build(place, view.search, view.theme)
        content, whole = numbered(built.content, view)
        selection = built.context.selection
        fields = self.fields(built)
        line = page.phone_selection(built.context) if page.phone_selection else selection_line(fields)
        main = self._body(content, place, selection, lambda card: file_name(slug(page), card, built))
        return Answer(
            strip=status_strip(built.status),
            nav=nav_links(menu_for(self.pages, selection), page.path),
            filters=filter_bar(fields, path=place.address, line=line),
            main=main,
            foot=footer(self._foot(), built.status.version),
            page={
                **_told(content.title or page.name, " ".join((content.kicker + ".", *content.sentences))),
                "of": self._of(view, place, selection),
            },
            live=frozenset(page.live),
            cacheable=whole and page.kept,
        )

    def _of(self, view: View, place: Place, selection: Selection) -> list[str]:
        """What question this answers, but for the scenario: the browser asks for less when it has the rest already."""
        return [place.address, self.addresses.query(place, selection.with_(what_if=NO_WHAT_IF)), view.theme]

    def _body(
        self,
        content: PageContent,
        place: Place,
        selection: Selection,
        named: Callable[[FigureCard], str] = lambda card: "",
    ) -> Any:
        def sorting(figure: str, column: str, *, descending_first: bool) -> str:
            order = next_order(selection.sort, figure, column, descending_first=descending_first)
            query = self.addresses.query(place, selection.with_(sort=order))
            return f"{place.address}?{query}" if query else place.address

        files = f"{DOWNLOADS}/{slug(place.page)}"
        main: Any = page_body(
            content,
            download=files,
            query=to_query(selection),
            protected=protected_in(content, self.viewer, self.source),
            sorting=sorting,
            file_name=named,
        )
        if selection.as_of is not None:
            main = keep_moment(main, selection.as_of, lambda path: self.place_at(unquote(path)) is not None)
        return main

    def _live(self, view: View, place: Place) -> Answer | None:
        """Only the parts of the page that a scenario changes; None when something else must be told too."""
        page = place.page
        selection, notes = self.addresses.selection(place, view.search)
        if notes:
            return None
        context = self._context(page, selection, view.theme)
        content, unordered = in_order(page.build(context), selection.sort)
        if unordered:
            return None
        sections = tuple(s for s in content.sections if any(i.startswith(s.id) for i in page.live))
        if any(isinstance(s, FigureCard) and isinstance(s.graphic, NotDrawn) for s in sections):
            return None  # the whole page says it, and what it says is in the log
        main = self._body(replace(content, sections=sections), place, selection)
        told = _told(content.title or page.name, " ".join(content.sentences))
        parts = dict(props_of(main, frozenset(page.live)))
        stay = (no_update,) * 5
        of = self._of(view, place, selection)
        return Answer(*stay, page={**told, "parts": parts, "query": to_query(selection), "of": of})

    def _plain(
        self,
        view: View,
        title: str,
        main: Any,
        *,
        cacheable: bool = False,
        retry: bool = False,
        status: Status = _NO_STATUS,
    ) -> Answer:
        place = self.place_at(view.path)
        return Answer(
            strip=status_strip(status),
            nav=nav_links(self._menu, place.page.path if place else ""),
            filters=None,
            main=main,
            foot=footer(self._foot(), ""),
            page=_told(title, title, retry=retry),
            cacheable=cacheable,
        )

    def _foot(self) -> list[tuple[str, str]]:
        if self.place_at("/om") is None:
            return []
        return [("/om", "Definitioner och källor"), ("/om#tillganglighet", "Tillgänglighetsredogörelse")]


def _told(title: str, live: str, *, retry: bool = False) -> dict[str, Any]:
    return {"title": f"{title} – Lägesbild", "live": live, "retry": retry}


def _with_notes(content: PageContent, notes: Sequence[str]) -> PageContent:
    return replace(content, notes=(*notes, *content.notes))
