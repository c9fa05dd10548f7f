"""Login in Chromium: at a real OpenID provider (npm oidc-provider), and at one that does wrong."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from lagesbild.data.engine import open_database
from lagesbild.data.people import PgAudit, PgPeople
from lagesbild.pages import options
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings
from tests.auth.misbehaving import SECRET, running
from tests.auth.service import service, settings
from tests.browser.checks import english_words, sideways, violations
from tests.browser.conftest import Opened, Quiet, free_port
from tests.browser.test_places import _batch
from tests.pages.test_place_pages import flagged

pytestmark = [pytest.mark.browser, pytest.mark.database]
Visit = Callable[..., Opened]
PROVIDER = Path(__file__).resolve().parents[1] / "auth" / "provider"
PEOPLE = {
    "anna": {"name": "Anna Ek", "groups": ["stod"]},
    "bo": {"name": "Bo Alm", "groups": ["plan"], "healthCareProviderHsaId": "SE1"},
    "cia": {"name": "Cia Berg", "groups": ["okänd"]},
}


@dataclass(frozen=True)
class At:
    """Where the service is, and its people in PostgreSQL."""

    home: str
    issuer: str
    url: str

    def run(self, statement: str) -> None:
        """As if time had gone."""
        with open_database(Settings(database_url=self.url), role="owner") as database, database.begin() as connection:
            connection.exec_driver_sql(statement)

    def events(self) -> list[tuple[str, str]]:
        with open_database(Settings(database_url=self.url), role="people") as database:
            return [(e.what, e.who) for e in PgAudit(database).events()]


@contextmanager
def listening(app: Flask, home: str) -> Iterator[None]:
    """At `home`; with TLS, by a certificate that nobody has signed, where that is https."""
    port, tls = int(home.rpartition(":")[2]), "adhoc" if home.startswith("https:") else None
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join(10)
    server.server_close()


@contextmanager
def real_provider(home: str) -> Iterator[str]:
    """The provider's address; it knows the service at `home`."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        pytest.skip("npm saknas: en riktig OpenID-tjänst kan inte startas")
    assert (PROVIDER / "node_modules").is_dir(), "kör make provider"
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    told = {"issuer": issuer, "home": home, "secret": SECRET, "port": port, "people": PEOPLE}
    process = subprocess.Popen(
        [node, "provider.mjs", json.dumps(told)],
        cwd=PROVIDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "listens"
        yield issuer
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def serve(tmp_path: Path, database_url: str) -> Iterator[Callable[..., At]]:
    """`serve(issuer, home)`: the service with login there. The provider is another site: cookies must stand that.
    `more`: of `service`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    secret = tmp_path / "oidc"
    secret.write_text(SECRET, encoding="utf-8")
    with open_database(Settings(database_url=database_url), role="people") as database:
        stack = []

        def start(issuer: str, home: str, **more: Any) -> At:
            told = settings(tmp_path, oidc_issuer=issuer, public_url=home, oidc_secret_file=secret)
            running_ = listening(service(told, PgPeople(database), **more), home)
            running_.__enter__()
            stack.append(running_)
            return At(home, issuer, database_url)

        yield start
        for one in stack:
            one.__exit__(None, None, None)


def somewhere() -> str:
    return f"http://localhost:{free_port()}"


def log_in(page: Any, who: str) -> None:
    """From the service's own page, by the provider's form."""
    page.get_by_role("link", name="Logga in").click()
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", "x")
    page.click("button[type=submit]")


def test_login_logout_and_expiry_at_a_real_provider(visit: Visit, serve: Callable[..., At]) -> None:
    home = somewhere()
    with real_provider(home) as issuer:
        at = serve(issuer, home)
        opened = visit(f"{home}/andra?region=21", wait="a.pri")
        page = opened.page
        assert page.url == f"{home}/logga-in?till=%2Fandra%3Fregion%3D21"
        assert violations(page) == []
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Logga in", "reached by keyboard"
        assert english_words(page) == set()
        log_in(page, "bo")
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.url == f"{home}/andra?region=21"
        assert page.inner_text(".who") == "Bo Alm, planerare 21\nLogga ut"
        cookies = {c["name"]: c for c in page.context.cookies(home)}
        kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
        assert cookies["lagesbild"]["httpOnly"]
        assert cookies["lagesbild"]["sameSite"] == "Lax"
        assert "lagesbild-logga-in" not in cookies
        assert cookies["lagesbild"]["value"] not in kept
        assert "eyJ" not in kept + json.dumps(list(cookies.values()))

        # the session ends while the page stands there: the next thing asked for says so and leads back
        at.run("UPDATE login_session SET seen_at = seen_at - interval '31 minutes'")
        page.evaluate("window.lagesbild.go('/')")
        page.wait_for_selector("text=Din inloggning har gått ut.")
        assert "Komponenter" not in page.inner_text("body")
        page.locator("#main").get_by_role("link", name="Logga in").click()
        page.get_by_role("link", name="Logga in").click()  # the provider remembers who it was
        page.wait_for_selector("text=Komponenter och tillstånd")

        page.get_by_role("button", name="Logga ut").click()
        page.wait_for_url(f"{issuer}/session/end**")
        page.get_by_role("button").first.click()
        page.wait_for_url(f"{home}/utloggad**")
        assert "Du är utloggad." in page.inner_text("main")
        page.goto(home)
        assert page.url == f"{home}/logga-in"
        assert at.events() == [("logout", "bo"), ("login", "bo"), ("login", "bo")]

        # somebody the provider knows and we do not
        log_in(page, "cia")
        page.wait_for_selector("text=ingen roll i Lägesbild")
        assert at.events()[0] == ("login-failed", "cia")
        assert not [c for c in page.context.cookies(home) if c["name"] == "lagesbild"]


def test_over_tls_the_cookie_is_bound_to_the_host(browser: Browser, serve: Callable[..., At]) -> None:
    """As it stands in use: a browser keeps a `__Host-` cookie only if it is secure and of this host alone."""
    home = somewhere().replace("http:", "https:")
    with real_provider(home) as issuer, closing(browser.new_context(ignore_https_errors=True)) as context:
        at = serve(issuer, home)
        page = context.new_page()
        answer = page.goto(f"{home}/andra?region=21")
        assert answer is not None
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        log_in(page, "bo")
        page.wait_for_selector("html[data-ready]", state="attached")
        assert page.url == f"{home}/andra?region=21"
        (kept,) = context.cookies(home)
        assert (kept["name"], kept["secure"], kept["httpOnly"]) == ("__Host-lagesbild", True, True)
        assert (kept["sameSite"], kept["path"], kept["domain"]) == ("Lax", "/", "localhost")
        page.get_by_role("button", name="Logga ut").click()
        page.wait_for_url(f"{issuer}/session/end**")
        assert [c for c in context.cookies(home) if "lagesbild" in c["name"]] == []
        assert at.events() == [("logout", "bo"), ("login", "bo")]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_session_that_ends_while_the_page_stands_open(visit: Visit, serve: Callable[..., At], width: int) -> None:
    with running() as provider:
        at = serve(provider.issuer, somewhere())
        page = visit(f"{at.home}/logga-in?till=/andra", width=width, wait="a.pri").page
        page.get_by_role("link", name="Logga in").click()
        page.wait_for_selector("html[data-ready]", state="attached")
        at.run("UPDATE login_session SET seen_at = seen_at - interval '31 minutes'")
        page.evaluate("window.lagesbild.go('/')")
        page.wait_for_selector("text=Din inloggning har gått ut.")
        assert "efter 30 minuter utan att något görs" in page.inner_text("#main")
        if width < 900:
            page.click("#menu-button")
        assert page.inner_text(".who") == "Inte inloggad\nLogga in", "not whose session it was"
        assert page.inner_text("#strip").strip() == "Inga uppgifter visas."
        assert violations(page) == []
        assert sideways(page) == []

        # logged in again beside it: the page finds out with its next question, header and all
        other = page.context.new_page()
        other.goto(f"{at.home}/logga-in/start")
        other.wait_for_selector("text=Komponenter och tillstånd")
        page.evaluate("window.lagesbild.go('/andra')")
        page.wait_for_selector(".who b", state="attached")
        assert "har gått ut" not in page.inner_text("#main")


@pytest.mark.parametrize(
    "how",
    [
        {"claims": {"aud": "other"}},
        {"tamper": lambda token: token[:-8] + "AAAAAAAA"},
        {"claims": {"exp": int(time.time()) - 100_000}},
        {"claims": {"iat": int(time.time()) + 100_000}},
        {"claims": {"nonce": "other"}},
        {"header": {"alg": "none"}},
    ],
    ids=["audience", "tampered", "expired", "skew", "nonce", "unsigned"],
)
def test_a_provider_that_does_wrong_lets_nobody_in(visit: Visit, serve: Callable[..., At], how: dict) -> None:
    with running() as provider:
        at = serve(provider.issuer, somewhere())
        for name, value in how.items():
            setattr(provider, name, value)
        page = visit(f"{at.home}/logga-in", wait="a.pri").page
        page.get_by_role("link", name="Logga in").click()
        page.wait_for_selector("text=Inloggningen gick inte")
        assert not [c for c in page.context.cookies(at.home) if c["name"] == "lagesbild"]
        assert at.events() == [("login-failed", "")]
        for name in how:
            setattr(provider, name, {} if name != "tamper" else None)
        page.get_by_role("link", name="Försök igen").click()
        page.get_by_role("link", name="Logga in").click()
        page.wait_for_selector("text=Komponenter och tillstånd")


def test_an_answer_that_is_sent_again_is_refused(visit: Visit, serve: Callable[..., At]) -> None:
    with running() as provider:
        at = serve(provider.issuer, somewhere())
        opened = visit(f"{at.home}/logga-in", wait="a.pri")
        page = opened.page
        page.get_by_role("link", name="Logga in").click()
        page.wait_for_selector("text=Komponenter och tillstånd")
        answer = next(u for u in opened.requests if "/logga-in/svar?" in u)
        page.goto(answer)
        assert "Inloggningen gick inte" in page.inner_text("main")
        page.context.clear_cookies()
        page.goto(answer)
        assert "Inloggningen gick inte" in page.inner_text("main")
        page.goto(at.home)
        assert page.url == f"{at.home}/logga-in"


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_the_header_and_the_login_pages_at_each_width(
    visit: Visit, serve: Callable[..., At], width: int, theme: str
) -> None:
    with running() as provider:
        at = serve(provider.issuer, somewhere())
        page = visit(f"{at.home}/logga-in", width=width, theme=theme, wait="a.pri").page
        assert violations(page) == []
        assert sideways(page) == []
        page.get_by_role("link", name="Logga in").click()
        page.wait_for_selector("html[data-ready]", state="attached")
        assert "Syntetiska data" in page.inner_text("#strip")
        if width < 900:
            assert not page.is_visible(".who")
            page.click("#menu-button")
        assert page.is_visible(".who")
        assert violations(page) == []
        assert sideways(page) == []
        page.focus(".who button")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{at.home}/utloggad")  # by way of the provider
        assert violations(page) == []
        assert sideways(page) == []


def test_our_own_scripts_save_and_a_snapshot_with_exact_counts_is_seen_by_those_alone_who_may(
    visit: Visit, serve: Callable[..., At]
) -> None:
    source = flagged()
    source.batch_rows = [_batch()]
    parts = {"source": source, "pages": all_pages(), "known": options.known, "filters": options.filters}
    with running() as provider:
        at = serve(provider.issuer, somewhere(), **parts)
        for groups, sees in ((["stod"], True), (["rad"], False)):
            provider.userinfo = {"groups": groups}
            page = visit(f"{at.home}/logga-in?till=/ogonblicksbilder", wait="a.pri").page
            page.get_by_role("link", name="Logga in").click()
            page.wait_for_selector("#snap-verify")
            if sees:
                page.click("#snap-save")
                page.wait_for_selector(".snaps tbody tr", timeout=120_000)
                assert at.events()[0] == ("snapshot", "anna")
            page.reload()
            page.wait_for_selector("#snap-verify")
            assert page.locator("#snap-save").count() == sees
            assert (page.locator(".snaps tbody tr a").count() > 0) is sees
        page.set_input_files("#snap-file", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"nothing"})
        page.click("#snap-verify")
        page.wait_for_selector("#snap-verdict .mind")
        assert "egna sidor" not in page.inner_text("#snap-verdict")
