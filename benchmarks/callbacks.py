"""Every page's callback against a callback that returns a constant of the same size: at least 0.3 of its throughput.

The real application on a real database with the seed data and a small forecast; the constant in a bare Dash
application whose callback returns the very same answer, ready made. Both are asked in turn through the WSGI test
client, in one run, so that the ratio does not depend on the machine. Beside it what one uncached build takes.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask import Flask
from flask.testing import FlaskClient

from lagesbild.components.layout import CONTAINERS
from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.source import Run
from lagesbild.factory import create_app
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.jobs.seeding import load_seed
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from lagesbild.views.middles import Middles

FLOOR = 0.3
ROUNDS, CALLS = 5, 40
SEED = Path(__file__).resolve().parents[1] / "data" / "seed"


def main() -> int:
    """Print a row a page. Exit code 1 when one is below the floor."""
    with seeded(n_paths=100) as (source, _, settings):
        return measure(source, settings)


@contextmanager
def seeded(n_paths: int) -> Iterator[tuple[PgSource, Run, Settings]]:
    """A database of its own with the seed data and one forecast, open for reading."""
    with tempfile.TemporaryDirectory(prefix="lagesbild-bench-") as name:
        home = Path(name)
        home.chmod(0o755)  # as root the database runs as another user
        settings = Settings(home=home / "home", database_url=None)
        with open_database(settings, role="owner") as owner:
            upgrade(owner)
            with open_database(settings, role="write") as database:
                load_seed(database, SEED)
                run = run_forecast(PgSource(database), PgRunStore(database), n_paths=n_paths, middles=Middles())
            with open_database(settings, role="read") as database:
                yield PgSource(database), run, settings


def measure(source: PgSource, settings: Settings) -> int:
    server = create_app(source, settings)
    renderer: Renderer = server.extensions["lagesbild"]
    worst = float("inf")
    print("sida              kB   bygge ms   svar/s   konstant/s   kvot")
    for page in all_pages():
        build = statistics.median(timed(lambda page=page: renderer.answer(View(page.path))) for _ in range(5))
        ours, answer = caller(server.test_client(), page.path)
        theirs, _ = caller(constant_app(answer.get_json()["response"]).test_client(), page.path)
        rates: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for rate, call in zip(rates, (ours, theirs), strict=True):
                rate.append(CALLS / timed(lambda call=call: [call() for _ in range(CALLS)]))
        mine, constant = (statistics.median(r) for r in rates)
        worst = min(worst, mine / constant)
        size = len(answer.data) / 1000
        print(
            f"{page.path:15}{size:6.0f}{build * 1000:11.0f}{mine:9.0f}{constant:13.0f}{mine / constant:7.2f}",
            flush=True,
        )
    print(f"lägsta kvot {worst:.2f}, golv {FLOOR}")
    return 0 if worst >= FLOOR else 1


def timed(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def caller(client: FlaskClient, path: str) -> tuple[Callable[[], Any], Any]:
    """A function that asks the page callback once, and its first answer."""
    listed = client.get("/_dash-dependencies").get_json()
    output = next(c["output"] for c in listed if "main.children" in c["output"])
    names = [part.rpartition(".") for part in output.strip(".").split("...")]
    body = {
        "output": output,
        "outputs": [{"id": name, "property": prop} for name, _, prop in names],
        "inputs": [{"id": "view", "property": "data", "value": {"path": path, "search": "", "theme": "light"}}],
        "changedPropIds": ["view.data"],
    }

    def call() -> Any:
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        return answer

    return call, call()


def constant_app(response: dict[str, Any]) -> Flask:
    """A bare Dash application with the same outputs, answering one ready-made constant."""
    server = Flask("constant", static_folder=None)
    app = Dash("constant", server=server, add_log_handler=False)
    parts = [html.Div(id=name) for name in CONTAINERS]
    app.layout = html.Div([*parts, dcc.Store(id="page"), dcc.Store(id="view")])
    constant = (*(response[name]["children"] for name in CONTAINERS), response["page"]["data"])
    outputs = (*(Output(name, "children") for name in CONTAINERS), Output("page", "data"))
    app.callback(*outputs, Input("view", "data"))(lambda _: constant)
    return server


if __name__ == "__main__":
    sys.exit(main())
