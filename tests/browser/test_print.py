"""Paper: a clean, white A4 page of every page, whatever screen and theme it was printed from."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from lagesbild.components.model import Page
from lagesbild.pages.registry import all_pages
from tests.browser.checks import adjusted, example, sideways, wait_for_charts
from tests.browser.conftest import Live, Opened

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
PAPER = 688  # pixels between the margins
ASSETS = Path(__file__).resolve().parents[2] / "assets"
HIDDEN = (".nav", "#theme-button", "#menu-button", ".fig-t", "#fields", "#pick", ".seg", ".slide-row")
SIZES = "[...document.querySelectorAll('#main .js-plotly-plot')].map(c => c.layout.width || 0)"


def test_phone_rules_are_for_screens_only() -> None:
    """Paper is as narrow as a phone: a rule for phones that does not say so would be printed."""
    for sheet in ASSETS.glob("*.css"):
        for query in re.findall(r"@media ([^{]*max-width:767[^{]*)\{", sheet.read_text(encoding="utf-8")):
            assert query.startswith("screen and"), f"{sheet.name}: @media {query}"


def print_page(opened: Opened) -> None:
    """As on paper: the media, the width and what happens before it is printed."""
    opened.page.set_viewport_size({"width": PAPER, "height": 900})
    opened.page.emulate_media(media="print", color_scheme="dark")
    opened.page.wait_for_timeout(300)


@pytest.mark.database
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_every_page_on_paper(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page), theme="dark")
    shown = opened.page
    wait_for_charts(shown)
    print_page(opened)
    assert shown.evaluate("document.documentElement.dataset.theme") == "light"
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for tool in HIDDEN:
        assert shown.locator(tool).locator("visible=true").count() == 0, tool
    assert sideways(shown) == []
    cut = shown.evaluate(
        """paper => [...document.querySelectorAll('#main .main-svg, #main table, #main .graphic *')]
            .filter(n => n.getBoundingClientRect().right > paper + 1 && !n.closest('.vh') && !n.closest('svg'))
            .map(n => `${n.tagName}.${n.className.baseVal ?? n.className}`).slice(0, 5)""",
        PAPER,
    )
    assert cut == []
    foot = shown.evaluate("document.getElementById('page-foot').textContent")
    told = shown.evaluate("(document.getElementById('filter-form') || {dataset: {}}).dataset.selection || ''")
    assert told in foot
    assert "Senast uppdaterad " in foot
    assert "Syntetiska data" in foot
    assert "counter(page)" in foot
    if told:
        said = shown.evaluate("getComputedStyle(document.querySelector('.filter'), '::before').content")
        assert said.strip('"') == told
    assert adjusted(shown) == {"exact"}
    paper = opened.page.pdf(prefer_css_page_size=True, print_background=True)
    assert b"/MediaBox [0 0 594.9" in paper, "A4"
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 12
    assert opened.console == []


def printed(visit: Visit, address: str) -> list[str]:
    """The text of each page of the PDF that the browser makes."""
    opened = visit(address)
    wait_for_charts(opened.page)
    with pdfplumber.open(BytesIO(opened.page.pdf(prefer_css_page_size=True, print_background=True))) as paper:
        return [sheet.extract_text() for sheet in paper.pages]


@pytest.mark.database
def test_what_belongs_together_is_on_one_page(visit: Visit, live: Live) -> None:
    """The third panel of a region, how small multiples are read, and the last row of a table were alone on a page."""
    for code in ("23", "12"):  # the longest name, which takes most lines above; most providers
        region = printed(visit, f"{live.base}/region/{code}")
        first = region[0].partition("Andel som väntat")[2]
        areas = ("Kataraktoperation", "Knäprotesoperation", "Ljumskbråcksoperation")
        assert all(area in first for area in areas), code
        assert "Källa: " in first, code
    last = region[-1].partition("Sida")[0]
    assert "Alla, ljumskbråck" in last
    assert last.count("offentlig") > 1
    waits = printed(visit, f"{live.base}/vantetider")
    assert [("Så läser du" in sheet) == ("säsongen borträknad" in sheet) for sheet in waits] == [True] * len(waits)


@pytest.mark.database
@pytest.mark.parametrize("months", [12, 36])
def test_the_matrix_of_reports_is_as_wide_as_the_page(visit: Visit, live: Live, months: int) -> None:
    opened = visit(f"{live.base}/datakvalitet?manader={months}")
    print_page(opened)
    width = opened.page.evaluate("document.querySelector('.ffs').getBoundingClientRect().width")
    assert PAPER - 25 < width <= PAPER


def test_after_printing_everything_is_as_before(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address, theme="dark")
    page = opened.page
    page.wait_for_selector(".js-plotly-plot .main-svg")
    line = "document.querySelector('#vantande .js-line').style.stroke"
    before = (page.evaluate(line), page.evaluate(SIZES))
    page.pdf()
    page.wait_for_function(f"() => {line} === {before[0]!r}")
    assert page.evaluate(SIZES) == before[1]
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert page.evaluate(line) != before[0], "the light theme's ink"
    page.emulate_media(media="screen")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate(line) == before[0]


def test_what_the_foot_says_cannot_leave_its_quotes(visit: Visit, gallery_address: str) -> None:
    page = visit(gallery_address).page
    page.evaluate(
        """() => {
            document.getElementById('filter-form').dataset.selection = 'a" } body { display: none } \\\\ <b>';
            document.dispatchEvent(new CustomEvent('lagesbild:shown'));
        }"""
    )
    assert page.is_visible("h1")
    assert page.evaluate("document.getElementById('page-foot').sheet.cssRules.length") == 1
