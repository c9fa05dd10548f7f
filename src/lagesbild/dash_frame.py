"""The frame that pages come and go in: Dash with its document, style, scripts and the callbacks that fill it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import plotly
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.exceptions import DependencyException
from dash.fingerprint import build_fingerprint
from flask import Flask, Response, g, request
from plotly.offline import get_plotlyjs_version

from lagesbild.api.guard import said
from lagesbild.auth.pages import link
from lagesbild.auth.refusing import Said
from lagesbild.auth.routes import LOGIN, back_address
from lagesbild.components.assets import Bundle, first_script
from lagesbild.components.layout import CONTAINERS, INDEX, layout, waiting
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import Answer, View


def dash_app(server: Flask, assets: Path, made: tuple[Bundle, Bundle], bare: Collection[str]) -> Dash:
    """`made`: style and script. `bare`: the addresses of pages without a filter bar."""
    style, script = made
    plotly_js = plotly_address(assets)
    places = {
        "__FIRST__": first_script(assets)[0],
        "__STYLE__": style.address,
        "__SCRIPT__": script.address,
        "__PLOTLY__": plotly_js,
    }
    index = INDEX
    for name, what in places.items():
        index = index.replace(name, what)
    app = Dash(
        "lagesbild",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(assets),
        include_assets_files=False,  # they are served as two files, see `components.assets`
        index_string=index,
        title="Lägesbild",
        update_title="",
        add_log_handler=False,
        compress=False,
    )
    # an address that names a package or a file of Dash's that does not exist
    server.register_error_handler(DependencyException, lambda _: said(404))
    for one in (style, script):
        server.add_url_rule(one.path, one.path, partial(_bundle, one))
    told = app._config
    app._config = lambda: {**told(), "plotlyjs_url": plotly_js}  # type: ignore[method-assign, no-untyped-call]
    plain = app.interpolate_index

    def first(**parts: str) -> str:
        return cast(str, plain(**{**parts, "app_entry": waiting(request.path not in bare)}))  # type: ignore[no-untyped-call]

    app.interpolate_index = first  # type: ignore[method-assign, assignment]
    return app


def frame_layout(who: Any) -> html.Div:
    """Everything that stays while pages come and go. `who`: is logged in, as it stands in the header."""
    stores = [dcc.Store(id=name) for name in ("view", "page", "shown", "theme", "attempt")]
    return html.Div([layout(who), dcc.Location(id="url", refresh=False), *stores])  # type: ignore[list-item]


def _bundle(made: Bundle) -> Response:
    g.compress_key = made.address
    return Response(made.body, content_type=made.content_type)


def plotly_address(assets: Path) -> str:
    """Where the browser finds Plotly: the cartesian bundle when `tools/plotly_bundle.py` has fetched it for this
    version, else all of it from the Python package. Either address changes with its contents."""
    bundle = assets / "plotly" / f"plotly-cartesian-{get_plotlyjs_version()}.min.js"
    if bundle.is_file():
        return f"/assets/plotly/{bundle.name}?m={bundle.stat().st_mtime}"
    whole = build_fingerprint("package_data/plotly.min.js", plotly.__version__, "0")  # type: ignore[no-untyped-call]
    return f"/_dash-component-suites/plotly/{whole}"


def add_callbacks(app: Dash, renderer_now: Callable[[], Renderer]) -> None:
    """The address asks for a page, `renderer_now` (the pages as whoever asks may see them) answers."""
    ours = "lagesbild"
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(ours, "view"),
        Output("view", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("theme", "data"),
        Input("attempt", "data"),
    )

    def show(data: Any) -> tuple[Any, ...]:
        view, told = View.of(data), g.get("said")
        answer = _refused(renderer_now(), view, told) if told else renderer_now().answer(view)
        g.cacheable = answer.cacheable
        outputs = answer.outputs
        g.shape = outputs[-1].get("shape", "")
        return outputs

    app.callback(
        *(Output(name, "children") for name in CONTAINERS),
        Output("page", "data"),
        Input("view", "data"),
        prevent_initial_call=True,
    )(show)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(ours, "shown"), Output("shown", "data"), Input("page", "data")
    )


def _refused(renderer: Renderer, view: View, told: Said) -> Answer:
    """Instead of a page, to somebody who may not see it: in its frame, with the way on."""
    nodes: list[Any] = [told.more]
    way = ""
    if told.why in ("login", "ended"):
        way = back_address(LOGIN, quote(view.path) + view.search)
        nodes = [*([told.more] if told.why == "ended" else []), link("Logga in", way)]
    answer = renderer.said(view, told.title, told.sentence, nodes, retry=told.why == "away")
    # the header was made for who was logged in when the page was opened
    return replace(answer, page={**answer.page, "out": way}) if way else answer
