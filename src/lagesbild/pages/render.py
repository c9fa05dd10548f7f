"""From an address to what is shown. The whole view is a function of (data version, path, query, theme, viewer)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dash import no_update

from lagesbild.components.filters import filter_bar, selection_line
from lagesbild.components.model import Filter, Page, PageContent
from lagesbild.components.page import database_away, message_page, no_data, not_found, page_body, page_error
from lagesbild.components.shell import Status, footer, nav_links, status_strip
from lagesbild.domain.errors import DatabaseOutdatedError, DatabaseUnavailableError, LagesbildError
from lagesbild.domain.scenario_choice import NO_WHAT_IF
from lagesbild.domain.selection import Known, Selection, from_query, to_query
from lagesbild.domain.source import DataVersion, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.cache import KeepNewest, VersionWatch
from lagesbild.pages.context import PageContext, Theme
from lagesbild.pages.data_status import data_status, fact_batches, moment_long
from lagesbild.pages.earlier import keep_moment, source_at
from lagesbild.pages.file_names import file_name
from lagesbild.pages.registry import slug

_log = logging.getLogger("lagesbild.pages")
DOWNLOADS: Final = "/ladda-ner"
_LONGEST_QUERY: Final = 2000
_PARTS_KEPT: Final = 200  # of up to half a megabyte each
_CARE_AREA: Final = {"one_care_area": "care_area", "one_produced_care_area": "care_area"}
_CARRIED: Final = {"care_area", "region", "provider", "month", "target"}  # what the menu takes along


@dataclass(frozen=True)
class View:
    """What the browser asks for: path, query string (with or without `?`), light or dark. `live`: it shows the same
    page already, with another scenario, and wants only what that changes."""

    path: str = "/"
    search: str = ""
    theme: Theme = "light"
    live: bool = False

    @classmethod
    def of(cls, data: Any) -> View:
        """From the browser's store, which anybody can fill with anything: unknown shapes become the default."""
        if not isinstance(data, dict):
            return cls()
        path, search = data.get("path"), data.get("search")
        return cls(
            path=path if isinstance(path, str) and path.startswith("/") else "/",
            search=search[:_LONGEST_QUERY] if isinstance(search, str) else "",
            theme="dark" if data.get("theme") == "dark" else "light",
            live=data.get("live") is True,
        )


@dataclass(frozen=True)
class Built:
    """A page built for a view, with what belongs around it."""

    page: Page
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

    @property
    def outputs(self) -> tuple[Any, ...]:
        return (self.strip, self.nav, self.filters, self.main, self.foot, self.page)


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
    ) -> None:
        self.source = source
        self.viewer = viewer
        self.pages = tuple(pages)
        self._by_path = {p.path: p for p in pages}
        self._menu = [(p.path, p.name) for p in pages]
        self._known = known
        self.filters = filters
        self._watch = watch or VersionWatch(source)
        self._known_at: tuple[DataVersion, Known] | None = None
        self._parts: KeepNewest[Any] = KeepNewest(_PARTS_KEPT)

    def page_at(self, path: str) -> Page | None:
        """The page at an address; a trailing slash does not matter."""
        return self._by_path.get(path.rstrip("/") or "/")

    def selection(self, search: str) -> tuple[Selection, list[str]]:
        """What a query string chooses, and notes about what could not be used. Raises DatabaseUnavailableError."""
        version = self._watch.current()
        kept = self._known_at
        if kept is None or kept[0] != version:
            kept = self._known_at = (version, self._known(self.source))
        return from_query(search, kept[1])

    def key(self, view: View) -> Hashable:
        """Equal for views that must look the same. Raises DatabaseUnavailableError."""
        version = self._watch.current()
        page = self.page_at(view.path)
        if page is None:
            return (version, None, "", (), view.theme, self.viewer, False)
        selection, notes = self.selection(view.search)
        return (version, page.path, to_query(selection), tuple(notes), view.theme, self.viewer, view.live)

    def build(self, page: Page, search: str, theme: Theme = "light") -> Built:
        """The page's content for a query string, for screen and files alike. Raises what the source raises."""
        selection, notes = self.selection(search)
        context = PageContext(
            source_at(self.source, selection.as_of), selection, self.viewer, theme, self._keep(page, selection)
        )
        content = page.build(context)
        if selection.as_of is not None:
            when = moment_long(selection.as_of)
            known = f"Tidigare läge: sidan visar det som var känt {when}. Senare uppgifter och prognoser är inte med."
            notes = [*notes, known]
        if notes:
            content = _with_notes(content, notes)
        coverage = "/datakvalitet" if "/datakvalitet" in self._by_path else ""
        plain = selection.with_(what_if=NO_WHAT_IF)
        return Built(page, context, content, context.keep(("status", plain), lambda: data_status(context, coverage)))

    def _keep(self, page: Page, selection: Selection) -> Callable[[Hashable, Callable[[], Any]], Any]:
        """Keeps parts of a page by data version, earlier state, viewer and what the page names."""
        version = self._watch.current()

        def kept(key: Hashable, make: Callable[[], Any]) -> Any:
            whole = (version, page.path, selection.as_of, self.viewer, key)
            return self._parts.get(whole, lambda: (make(), True))

        return kept

    def answer(self, view: View) -> Answer:
        """Never raises: what goes wrong is a page of its own, in Swedish, with a number that is in the log."""
        page = self.page_at(view.path)
        try:
            if page is None:
                return self._plain(view, "Sidan finns inte", not_found(self._menu), cacheable=True)
            if page.needs_data and not fact_batches(self.source):
                return self._plain(view, "Inga uppgifter ännu", no_data(), cacheable=True)
            return self._page(view, page)
        except DatabaseUnavailableError as error:
            _log.warning("databasen svarar inte: %s", error)
            if isinstance(error, DatabaseOutdatedError):  # asking again would not help
                return self._plain(view, "Fel", message_page("Sidan kunde inte visas", error.message, [error.remedy]))
            return self._plain(view, "Databasen svarar inte", database_away(), retry=True)
        except LagesbildError as error:
            number = _reference()
            _log.warning("fel %s på %s%s: %s", number, view.path, view.search, error)
            more = [t for t in (error.remedy, f"Felet är loggat med nummer {number}.") if t]
            return self._plain(view, "Fel", message_page("Sidan kunde inte visas", error.message, more))
        except Exception:
            number = _reference()
            _log.exception("fel %s på %s%s", number, view.path, view.search)
            return self._plain(view, "Fel", page_error(number))

    def _page(self, view: View, page: Page) -> Answer:
        if view.live and page.live:
            live = self._live(view, page)
            if live is not None:
                return live
        built = self.build(page, view.search, view.theme)
        content, context = built.content, built.context
        query = to_query(context.selection)
        plain = context.selection.with_(what_if=NO_WHAT_IF)  # no filter and no status hangs on the scenario
        fields = context.keep(("fields", plain), lambda: tuple(self.filters(context, page.filters)))
        line = page.phone_selection(context) if page.phone_selection else selection_line(fields)
        files = f"{DOWNLOADS}/{slug(page)}"
        main = page_body(
            content,
            download=files,
            query=query,
            threshold=self.viewer.threshold,
            file_name=lambda card: file_name(slug(page), card, built),
        )
        if context.selection.as_of is not None:
            main = keep_moment(main, context.selection.as_of, frozenset(self._by_path))
        return Answer(
            strip=status_strip(built.status),
            nav=nav_links(self._menu_for(context.selection), page.path),
            filters=filter_bar(fields, path=page.path, line=line),
            main=main,
            foot=footer(self._foot(), built.status.version),
            page=_told(content.title or page.name, " ".join((content.kicker + ".", *content.sentences))),
        )

    def _live(self, view: View, page: Page) -> Answer | None:
        """Only the parts of the page that a scenario changes; None when something else must be told too."""
        selection, notes = self.selection(view.search)
        if notes:
            return None
        context = PageContext(
            source_at(self.source, selection.as_of), selection, self.viewer, view.theme, self._keep(page, selection)
        )
        content = page.build(context)
        sections = tuple(s for s in content.sections if any(i.startswith(s.id) for i in page.live))
        query, files = to_query(selection), f"{DOWNLOADS}/{slug(page)}"
        main: Any = page_body(
            replace(content, sections=sections), download=files, query=query, threshold=self.viewer.threshold
        )
        if selection.as_of is not None:
            main = keep_moment(main, selection.as_of, frozenset(self._by_path))
        told = _told(content.title or page.name, " ".join(content.sentences))
        parts = dict(_found(main, frozenset(page.live)))
        stay = (no_update,) * 5
        return Answer(*stay, page={**told, "parts": parts, "query": query})

    def _menu_for(self, selection: Selection) -> list[tuple[str, str]]:
        """The menu, each link with what is chosen and the page can use, so that a choice is made once."""
        menu = []
        for page in self.pages:
            own = {_CARE_AREA.get(name, name) for name in page.filters} & _CARRIED | {"as_of"}
            query = to_query(Selection(**{name: getattr(selection, name) for name in own}))
            menu.append((f"{page.path}?{query}" if query else page.path, page.name))
        return menu

    def _plain(self, view: View, title: str, main: Any, *, cacheable: bool = False, retry: bool = False) -> Answer:
        page = self.page_at(view.path)
        return Answer(
            strip=status_strip(Status()),
            nav=nav_links(self._menu, page.path if page else ""),
            filters=None,
            main=main,
            foot=footer(self._foot(), ""),
            page=_told(title, title, retry=retry),
            cacheable=cacheable,
        )

    def _foot(self) -> list[tuple[str, str]]:
        if "/om" not in self._by_path:
            return []
        return [("/om", "Definitioner och källor"), ("/om#tillganglighet", "Tillgänglighetsredogörelse")]


def _told(title: str, live: str, *, retry: bool = False) -> dict[str, Any]:
    return {"title": f"{title} – Lägesbild", "live": live, "retry": retry}


def _found(tree: Any, ids: frozenset[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The props of the components with these ids, outermost first, without the id itself."""
    if isinstance(tree, (list, tuple)):
        for node in tree:
            yield from _found(node, ids)
    elif isinstance(tree, dict) and "props" in tree:
        props = tree["props"]
        if props.get("id") in ids:
            yield props["id"], {k: v for k, v in props.items() if k in ("children", "figure", "style")}
        else:
            yield from _found(props.get("children"), ids)


def _with_notes(content: PageContent, notes: Sequence[str]) -> PageContent:
    return replace(content, notes=(*notes, *content.notes))


def _reference() -> str:
    return secrets.token_hex(3)
