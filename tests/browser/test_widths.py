"""Between a phone and a wide screen nothing is cut, split or pushed aside: the menu, the matrix, the ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from lagesbild.components.model import Page
from lagesbild.factory import create_app
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings
from tests.browser.checks import sideways, violations
from tests.browser.conftest import Live, Opened, served
from tests.browser.test_places import _batch
from tests.pages.test_place_pages import flagged
from tests.travel_world import travel_world

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
TEN: tuple[str, ...] = (
    "Lägesbild",
    "Väntetider",
    "Produktion",
    "Utomlänsvård",
    "Prognos",
    "Kapacitetsgap",
    "Datakvalitet",
    "Rapporter",
    "Ögonblicksbilder",
    "Om",
)


def ten_pages() -> list[Page]:
    """Ten names in the menu, those that are not pages yet standing in for one that is."""
    own = [p for p in all_pages() if p.path in ("/", "/vantetider") or not p.in_menu]
    wait = next(p for p in own if p.path == "/vantetider")
    return own + [replace(wait, path=f"/sida{k}", name=n, order=20 + k) for k, n in enumerate(TEN[2:])]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    source = flagged()
    source.batch_rows = [_batch()]
    with served(create_app(source, Settings(), pages=ten_pages())) as base:
        yield base


@pytest.mark.parametrize("width", [768, 899, 900, 1024, 1160, 1280, 1439, 1440])
def test_ten_names_are_one_line_or_a_button(visit: Visit, address: str, width: int) -> None:
    opened = visit(f"{address}/", width=width)
    page = opened.page
    links = page.locator("#nav a")
    assert tuple(links.all_inner_texts()) == TEN if width >= 900 else links.count() == len(TEN)
    if width < 900:
        assert not links.first.is_visible()
        page.click("#menu-button")
        assert links.last.is_visible()
        page.set_viewport_size({"width": 1200, "height": 900})
        page.set_viewport_size({"width": width, "height": 900})
        assert page.get_attribute("#menu-button", "aria-expanded") == "false"
    else:
        tops = {round(box["y"]) for k in range(len(TEN)) if (box := links.nth(k).bounding_box())}
        assert len(tops) == 1
        assert not page.locator("#menu-button").is_visible()
    assert sideways(page) == []


@pytest.mark.parametrize("width", [320, 768, 900, 961, 1024, 1101])
def test_no_part_of_the_matrix_is_cut(visit: Visit, address: str, width: int) -> None:
    page = visit(f"{address}/", width=width).page
    box = page.locator("#statusmatris .scroll").first
    assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 1


def test_the_ranking_has_whole_bars_and_says_what_they_are_on_a_phone(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/vantetider", width=390)
    rank = opened.page.locator("#rangordning .rank")
    bars = rank.locator("tbody .b")
    assert all(b["width"] > 300 for k in range(bars.count()) if (b := bars.nth(k).bounding_box()))
    assert rank.get_by_text("har väntat inom gränsen").is_visible()
    assert rank.get_by_role("row").count() == bars.count() + 1
    assert rank.get_by_role("columnheader").count() == 5
    assert sideways(opened.page) == []
    assert violations(opened.page) == []


def test_twelve_months_of_reports_fit_a_phone(visit: Visit, address: str) -> None:
    """The last month is the one that is asked about, and stood outside the screen."""
    page = visit(f"{address}/region/R1", width=390).page
    box = page.locator("#rapportering .scroll").first
    # the longest of the registers' names in the demonstration data
    box.locator("tbody th").first.evaluate("e => e.textContent = 'Patientregister'")
    assert box.locator("thead .m").count() == 12
    assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_names_of_small_multiples_are_whole_at_320(visit: Visit, address: str) -> None:
    page = visit(f"{address}/vantetider", width=320).page
    name = page.locator("#trend .mul li h3 a").last
    name.evaluate("e => e.textContent = 'Jämtland Härjedalen'")
    assert name.evaluate("e => e.parentElement.scrollWidth - e.parentElement.clientWidth") <= 0


def test_every_head_of_the_healthcare_regions_is_seen_on_a_phone(visit: Visit) -> None:
    """`Från andra`, what a region receives, was cut."""
    source = travel_world()
    source.batch_rows = [_batch()]
    with served(create_app(source, Settings())) as base:
        opened = visit(f"{base}/utomlansvard", width=390)
        box = opened.page.locator("#sjukvardsregioner .scroll").first
        assert box.get_by_role("columnheader").last.inner_text() == "Från andra"
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert sideways(opened.page) == []


@pytest.mark.database
@pytest.mark.parametrize("width", [1024, 1280])
@pytest.mark.parametrize("path", ["/region/12", "/vardomrade/knaprotes", "/prognos", "/kapacitetsgap", "/datakvalitet"])
def test_what_acts_on_the_choices_stands_beside_them(visit: Visit, live: Live, path: str, width: int) -> None:
    """On a row of its own, 22 pixels high, it stuck to the line under the bar."""
    page = visit(live.base + path, width=width).page
    fields = [f.bounding_box() for f in page.locator("#fields .sel").all()]
    acts, copy = page.locator(".filter .acts").bounding_box(), page.locator(".filter .acts .btn").last.bounding_box()
    assert acts is not None
    assert copy is not None
    assert any(f and f["y"] <= copy["y"] and copy["y"] + copy["height"] <= f["y"] + f["height"] + 6 for f in fields)
    assert acts["height"] >= 44
    assert all(f and (f["y"] + f["height"] <= acts["y"] or f["x"] + f["width"] <= acts["x"]) for f in fields)
