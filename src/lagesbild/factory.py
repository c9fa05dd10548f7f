"""Builds the web application from a source and the settings. Knows neither the database nor the environment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, Response, g, has_request_context, request

from lagesbild.answers import kept_answers, program
from lagesbild.api.answering import Body, Counter
from lagesbild.api.catalogue import Publisher
from lagesbild.api.guard import add_guard, host_names
from lagesbild.api.heads import add_head_limit
from lagesbild.api.health import AHEAD, add_health
from lagesbild.api.http import add_headers
from lagesbild.api.request_id import add_request_id
from lagesbild.api.routes import api_routes
from lagesbild.auth.access import UPDATE
from lagesbild.auth.door import PERSON
from lagesbild.auth.opening import open_door
from lagesbild.auth.pages import Frame
from lagesbild.components.assets import bundles, first_script
from lagesbild.components.model import Filter, Page
from lagesbild.components.shell import who
from lagesbild.dash_frame import add_callbacks, dash_app, frame_layout
from lagesbild.domain.briefing import Briefings
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.job_state import JobState
from lagesbild.domain.people import Audit, People
from lagesbild.domain.person import ANYBODY, Identify, Person
from lagesbild.domain.replica import ReplicaState
from lagesbild.domain.selection import Known
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.routes import GIVEN, Archive, snapshot_routes
from lagesbild.pages.cache import KeepNewest
from lagesbild.pages.context import Operator, PageContext
from lagesbild.pages.downloads import downloads
from lagesbild.pages.finding import finding
from lagesbild.pages.looking import look
from lagesbild.pages.render import Renderer
from lagesbild.pages.shelf import Shelf
from lagesbild.reports.looking import Seen
from lagesbild.reports.routes import Desk, briefing_routes
from lagesbild.settings import Settings
from lagesbild.snapshots.limits import DEFAULT
from lagesbild.snapshots.store import Store

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
_ANSWERS_KEPT: Final = 32_000_000  # bytes of packed answers of the API; a page of a thousand rows is about 30 kB
_TABLES_KEPT: Final = 96_000_000  # bytes of whole tables that the API gives page by page; all providers' waits are 10
_BRIEFINGS_KEPT: Final = 24  # documents, files and their pages as pictures, a megabyte or so each


def create_app(
    source: Source,
    settings: Settings,
    *,
    pages: Sequence[Page] | None = None,
    known: Callable[[Source], Known] | None = None,
    filters: Callable[[PageContext, tuple[str, ...]], Sequence[Filter]] | None = None,
    assets: Path = ASSETS,
    briefings: Briefings | None = None,
    snapshots: Store | None = None,
    shelf: Shelf | None = None,
    people: People | None = None,
    audit: Audit | None = None,
    identify: Identify | None = None,
    jobs: Callable[[], Sequence[JobState]] | None = None,
    replica: Callable[[], ReplicaState | None] | None = None,
) -> Flask:
    """A WSGI application. `pages`, `known` and `filters` are those of the package unless a test gives its own.
    `briefings`: where briefings are saved; without it they are made but not saved.
    `snapshots`: where frozen states are kept; without it none can be listed or made.
    `shelf`: where answers lie for other processes too. `jobs`: how imports and runs have gone, for `/metrics`;
    `replica`: how the read replica is, for the same.
    `people`: where sessions, rates and the log are; needed where the settings say that somebody logs in.
    `audit`: where the log is written in which nobody logs in.
    `identify`: who asks, in place of what the settings say.

    Raises ConfigError when a setting that login needs is missing."""
    if pages is None:
        from lagesbild.pages.registry import all_pages

        pages = all_pages()
    if known is None or filters is None:
        from lagesbild.pages import options

        known, filters = known or options.known, filters or options.filters
    door, login = open_door(settings, people, audit, lambda: {r.code for r in leaf_regions(renderer.source.regions())})
    if identify is not None:
        door = replace(door, identify=identify)
    everybody = ANYBODY if door.people is not None else door.identify() or ANYBODY
    viewer = everybody.viewer(settings.small_count_threshold)
    operator = Operator(settings.operator, settings.contact)
    renderer = Renderer(
        source,
        viewer,
        pages,
        known=known,
        filters=filters,
        operator=operator,
        snapshots=snapshots,
        guarded=door.people is not None,
    )

    server = Flask("lagesbild", static_folder=None)
    add_request_id(server)
    server.extensions["lagesbild"] = renderer
    server.extensions["lagesbild-everybody"] = everybody
    add_head_limit(server)
    add_guard(server, host_names(settings.allowed_hosts), {GIVEN: DEFAULT.packed})
    style, script = bundles(assets)
    frame = Frame(style.address, first_script(assets)[0])
    door.install(server, frame)

    def viewer_now() -> Viewer:
        return cast(Person, g.person).viewer(settings.small_count_threshold)

    def who_now() -> Any:
        """Who is logged in, for the header; nobody when Dash asks at the start."""
        if door.people is None or not has_request_context():
            return None
        return who(g.person, door.form_token(), login=door.login)

    def renderer_now() -> Renderer:
        return renderer.seen_by(viewer_now(), freezes=cast(Person, g.person).may("freeze"))

    server.extensions["lagesbild-shelf"] = shelf
    app = dash_app(server, assets, (style, script), bare={p.path for p in pages if not p.filters})
    app.layout = lambda: frame_layout(who_now())
    add_callbacks(app, renderer_now)
    dispatch = cast(Callable[[], Response], server.view_functions[UPDATE])
    server.view_functions[UPDATE] = kept_answers(dispatch, renderer_now, shelf)
    server.register_blueprint(downloads(pages, renderer_now))
    server.register_blueprint(finding(renderer_now))
    server.register_blueprint(briefing_routes(_desk(renderer_now, briefings)))
    if snapshots is not None:
        store = snapshots

        def store_now() -> Store:
            return store.seen_by(viewer_now().role) if door.people is not None else store

        server.register_blueprint(snapshot_routes(Archive(store, store_now, source, viewer_now, settings)))
    if login is not None:
        server.register_blueprint(login(frame))
    server.register_blueprint(
        api_routes(
            _counter(renderer_now, viewer_now, snapshots, settings),
            Publisher(
                settings.operator, settings.contact, for_all=settings.auth == "none" or settings.others == "public"
            ),
        )
    )
    add_health(server, source, jobs, replica)
    _unknown_addresses(server, renderer)
    add_headers(server, [*app.csp_hashes(), first_script(assets)[1]])
    door.watch(server, frame)
    # Dash sets its scripts up in the first request; without this one, simultaneous first requests can get a blank page
    server.test_client().get("/", environ_overrides={PERSON: everybody, AHEAD: True})
    return server


def _desk(renderer_now: Callable[[], Renderer], briefings: Briefings | None) -> Desk:
    """Briefings are made of the pages, as the page `/rapporter` would see them."""
    kept: KeepNewest[Any] = KeepNewest(_BRIEFINGS_KEPT)
    return Desk(
        look=lambda path, selection: Seen(*look(renderer_now(), path, selection)),
        source=lambda: renderer_now().source,
        viewer=lambda: renderer_now().viewer,
        choose=lambda query: renderer_now().addresses.exactly(query),
        briefings=briefings,
        keep=lambda key, make: kept.get(key, lambda: (make(), True)),
    )


def _counter(
    renderer_now: Callable[[], Renderer], viewer_now: Callable[[], Viewer], snapshots: Store | None, settings: Settings
) -> Counter:
    """What the API answers with: the pages' reading of the data, and kept answers of its own."""
    answers: KeepNewest[Body] = KeepNewest(_ANSWERS_KEPT, lambda body: len(body.content))
    tables: KeepNewest[Any] = KeepNewest(_TABLES_KEPT, lambda told: told.weight)
    return Counter(
        source=lambda: renderer_now().source,
        viewer=viewer_now,
        answers=lambda key, make: answers.get(key, lambda: (make(), True)),
        tables=lambda key, make: tables.get(key, lambda: (make(), True)),
        kept=lambda key: key in answers,
        snapshots=snapshots,
        login=settings.auth != "none",
        program=f"{program()} {settings.operator} {settings.contact} {settings.auth} {settings.others}",
    )


def _unknown_addresses(server: Flask, renderer: Renderer) -> None:
    @server.after_request
    def _not_found(response: Response) -> Response:
        # Dash answers every address with its document: right for the browser, but the status must tell the truth
        if request.endpoint == "/<path:path>" and not _leads_somewhere(renderer, request.path):
            response.status_code = 404
        return response


def _leads_somewhere(renderer: Renderer, path: str) -> bool:
    try:
        return renderer.addresses.exists(renderer.place_at(path))
    except DatabaseUnavailableError:
        return True  # the page says so itself, and is shown when the database is back
