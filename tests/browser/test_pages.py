"""Every page of the registry on the real service: real PostgreSQL, seed data, forecasts, Chromium."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lagesbild.components.model import Page
from lagesbild.pages.registry import all_pages
from tests.browser.checks import (
    TABLES,
    english_in,
    english_words,
    example,
    hover_texts,
    sideways,
    violations,
    wait_for_charts,
)
from tests.browser.conftest import CHROMIUM, FLAGS, READY, Live, Opened

pytestmark = [pytest.mark.browser, pytest.mark.database]
Visit = Callable[..., Opened]
every_page = pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
FAULTS = ("Sidan kunde inte visas", "Inga uppgifter ännu", "Databasen svarar inte", "Sidan finns inte")


def text_of(opened: Opened) -> str:
    return str(opened.page.inner_text("#main"))


@every_page
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page(visit: Visit, live: Live, page: Page, theme: str) -> None:
    opened = visit(live.base + example(page), theme=theme)
    wait_for_charts(opened.page)
    text = text_of(opened)
    assert not [fault for fault in FAULTS if fault in text]
    assert "Syntetiska data" in opened.page.inner_text("#strip")
    assert violations(opened.page) == []
    opened.page.evaluate(TABLES)
    offered = opened.page.locator(".dl-open")
    if offered.count():
        offered.first.click()
        assert opened.page.is_visible(".dlp")
    assert violations(opened.page) == [], "tables shown, files offered"
    assert sideways(opened.page) == []
    opened.page.keyboard.press("Escape")
    assert english_words(opened.page) == set()
    assert english_in(hover_texts(opened.page)) == set()
    assert opened.outside(live.base) == []
    assert opened.console == []
    figures = opened.page.locator("#main figure")
    assert figures.count() <= 6
    for k in range(figures.count()):
        figure = figures.nth(k)
        assert figure.locator("h2").inner_text().strip()
        assert figure.locator("table caption").count() >= 1
        assert "Källa" in figure.inner_text()


def test_chromiums_own_network_log_holds_nothing_but_the_service(browser: Browser, live: Live, tmp_path: Path) -> None:
    """The log also sees look-ups, prefetches and preconnects, which no page event tells of.

    Chromium itself asks its maker for updates: such requests have no initiator and belong to no page of ours.
    """
    log = tmp_path / "net.json"
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, f"--log-net-log={log}"])
    opened = own.new_page()
    for page in all_pages():
        opened.goto(live.base + example(page))
        opened.wait_for_selector(READY)
        wait_for_charts(opened)
    own.close()
    events = [e.get("params", {}) for e in json.loads(log.read_text())["events"]]
    asked = [e for e in events if "url" in e and "initiator" in e]
    home = [e for e in asked if e["url"].startswith(live.base)]
    assert len({e["url"] for e in home}) > len(all_pages())
    host = live.base.removeprefix("http://")
    ours = [e for e in events if host in json.dumps({k: v for k, v in e.items() if k not in ("url", "headers")})]
    assert ours
    assert [e["url"] for e in asked if e not in home and e["initiator"] != "not an origin"] == []
    assert [e["url"] for e in ours if not e.get("url", live.base).startswith(live.base)] == []
    looked_up = {e["host"] for e in ours if "host" in e and host not in e["host"]}
    assert looked_up <= {"127.0.0.1"}


@every_page
@pytest.mark.parametrize("width", [390, 1100])
def test_page_on_narrow_screens(visit: Visit, live: Live, page: Page, width: int) -> None:
    """At 320 pixels `test_accessibility.py` looks at it."""
    opened = visit(live.base + example(page), width=width)
    wait_for_charts(opened.page)
    assert sideways(opened.page) == []
    opened.page.evaluate(TABLES)
    assert sideways(opened.page) == []
    assert violations(opened.page) == []


@every_page
def test_every_choice_of_every_filter_gives_a_page(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page))
    selects = opened.page.eval_on_selector_all(
        "select[data-param]", "nodes => nodes.map(n => [n.id, [...n.options].map(o => o.value)])"
    )
    for name, values in selects:
        for value in dict.fromkeys((values[-1], values[len(values) // 2])):
            # another region has other regions to be compared with, and no provider of the one before
            offered = opened.page.eval_on_selector_all(f"#{name} option", "nodes => nodes.map(o => o.value)")
            if value not in offered or opened.page.input_value(f"#{name}") == value:
                continue
            opened.settle(lambda name=name, value=value: opened.page.select_option(f"#{name}", value))
            text = text_of(opened)
            assert not [fault for fault in FAULTS if fault in text], f"{name}={value}"
    # a briefing about a month that the care area has no figures for is refused, and the page says why
    refused = "400 (Bad Request)" if page.path == "/rapporter" else None
    assert [line for line in opened.console if refused is None or refused not in line] == []
    assert english_words(opened.page) == set()


@every_page
def test_every_file_of_every_figure(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page))
    for link in opened.page.eval_on_selector_all(".dlp a", "nodes => nodes.map(n => n.href)"):
        response = opened.page.request.get(link)
        assert response.status == 200, link
        assert "attachment" in response.headers["content-disposition"]
        assert len(response.body()) > 40, link  # a table without rows has its headings


def test_a_killed_database_comes_back_and_the_page_with_it(visit: Visit, live: Live) -> None:
    opened = visit(live.base + "/")
    pid_files = list(Path(live.home).rglob("postmaster.pid"))
    assert len(pid_files) == 1
    os.kill(int(pid_files[0].read_text().split()[0]), signal.SIGKILL)
    opened.page.wait_for_timeout(1200)  # the data version is read once a second
    opened.settle(lambda: opened.page.click("#theme-button"))
    opened.page.wait_for_function("() => document.querySelectorAll('#main figure').length > 0", timeout=45_000)
    assert not [fault for fault in FAULTS if fault in text_of(opened)]
