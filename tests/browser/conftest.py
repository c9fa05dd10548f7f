"""Chromium, the test page served in this process, and the real service: embedded PostgreSQL, seed data, forecasts."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from lagesbild.factory import create_app
from lagesbild.settings import Settings
from tests import gallery
from tests.browser.readers import Readers
from tests.fakes import FakeSource

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("lagesbild"))
CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
READY = "html[data-ready]"


@dataclass
class Opened:
    """A page in Chromium, with everything it said and everything it asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def outside(self, base: str) -> list[str]:
        """Requests to anywhere but the service itself (data: and blob: go nowhere)."""
        home = urlsplit(base).netloc
        return [u for u in self.requests if urlsplit(u).scheme not in ("data", "blob") and urlsplit(u).netloc != home]

    def settle(self, act: Callable[[], Any]) -> None:
        """Do something that asks the server, and wait for what it answers to be shown."""
        before = self.page.evaluate("document.documentElement.dataset.ready")
        act()
        self.page.wait_for_function("old => document.documentElement.dataset.ready !== old", arg=before)


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Readers]:
    kept = Readers(browser)
    yield kept
    kept.close()


@pytest.fixture
def visit(readers: Readers) -> Iterator[Callable[..., Opened]]:
    """`visit(address, width=1440, theme="light")`: opened, listened to, and shown, to a reader who has seen nothing."""

    def go(address: str, width: int = 1440, theme: Any = "light", wait: str = READY) -> Opened:
        context = readers.next()
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        opened = Opened(page)

        def asked(url: str) -> None:
            opened.requests.append(url)
            readers.saw(url)

        page.on("console", lambda m: opened.console.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: opened.console.append(str(e)))
        network = context.new_cdp_session(page)  # the log of the network layer, not only what pages may see
        network.on("Network.requestWillBeSent", lambda event: asked(event["request"]["url"]))
        network.on("Network.webSocketCreated", lambda event: asked(event["url"]))
        network.send("Network.enable")
        page.goto(address)
        page.wait_for_selector(wait, state="attached")
        return opened

    yield go
    readers.leave()


class Quiet(WSGIRequestHandler):
    """Requests are in the browser's own log; the server's would only drown what failed."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serves an application from a thread of this process; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def serve_source() -> Iterator[Callable[[FakeSource], str]]:
    """Serves a source with the test page; gives the address."""
    with ExitStack() as servers:

        def start(source: FakeSource) -> str:
            app = create_app(source, Settings(), pages=gallery.PAGES, known=gallery.known, filters=gallery.filters)
            return servers.enter_context(served(app))

        yield start


@pytest.fixture
def gallery_address(serve_source: Callable[[FakeSource], str]) -> str:
    return serve_source(gallery.source())


def free_port() -> int:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Until the address answers 200. Raises AssertionError when the process ends or the time is out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} never answered")


@dataclass(frozen=True)
class Live:
    """The real service: where it is, and the home of its embedded database."""

    base: str
    home: Path
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """`lagesbild demo` as a newcomer runs it: everything is real."""
    home, port = tmp_path_factory.mktemp("demo"), free_port()
    for parent in (home, *list(home.parents)[:3]):  # as root the database runs as another user
        if parent.owner() == home.owner() and parent != Path("/tmp"):
            parent.chmod(0o755)
    log = (home / "demo.log").open("w")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD_")},
        "LAGESBILD_HOME": str(home / "lagesbild"),
        "LAGESBILD_PREPARE": "false",  # answers made ahead would take the processor from the tests; see test_workers
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    process = subprocess.Popen([COMMAND, "demo"], env=environment, cwd=ROOT, stderr=log, stdout=log, text=True)
    base = f"http://127.0.0.1:{port}"
    try:
        try:
            wait_for(f"{base}/readyz", process, 300)
        except AssertionError as error:
            raise AssertionError((home / "demo.log").read_text()) from error
        yield Live(base, home / "lagesbild", process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                process.kill()
            log.close()
