"""From the country to a healthcare region to a region and back, by table, chart and way back, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lagesbild.factory import create_app
from lagesbild.pages import overview, produktion, region, vantetider, vardomrade
from lagesbild.settings import Settings
from tests.browser.checks import english_words, sideways, violations
from tests.browser.conftest import Opened, served
from tests.fakes import RECORDED
from tests.pages.test_place_pages import flagged

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
PAGES = [p.PAGE for p in (overview, vantetider, produktion, region, vardomrade)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    source = flagged()
    source.batch_rows = [_batch()]
    with served(create_app(source, Settings(), pages=PAGES)) as base:
        yield base


def _batch():
    from lagesbild.domain.source import Batch

    return Batch(1, "waits", "provdata", RECORDED, 100, True, False, "waits.csv")


def heading(opened: Opened) -> str:
    return str(opened.page.inner_text("h1"))


def test_down_by_table_and_back_by_the_way_back(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/?grans=90")
    page = opened.page
    opened.settle(lambda: page.click('#statusmatris a:text-is("Knäprotesoperation")'))
    assert page.url == f"{address}/vardomrade/kna?grans=90"
    opened.settle(lambda: page.click('#sjukvardsregioner a:text-is("Norra")'))
    assert page.url == f"{address}/vardomrade/kna?sjukvardsregion=Norra&grans=90"
    assert heading(opened).startswith("Knäprotesoperation i sjukvårdsregion Norra")
    opened.settle(lambda: page.click('#regioner a:text-is("Åby")'))
    assert page.url == f"{address}/region/R2?vardomrade=kna&grans=90"
    assert heading(opened).startswith("Region Åby")
    opened.settle(lambda: page.click('.crumbs a:text-is("Norra")'))
    assert heading(opened).startswith("Knäprotesoperation i sjukvårdsregion Norra")
    opened.settle(lambda: page.click('.crumbs a:text-is("Knäprotesoperation")'))
    assert heading(opened).startswith("Knäprotesoperation i riket")
    opened.settle(lambda: page.click('.crumbs a:text-is("Riket")'))
    assert page.url == f"{address}/?grans=90"
    opened.settle(page.go_back)
    assert heading(opened).startswith("Knäprotesoperation i riket")
    assert opened.console == []


def test_a_dot_leads_to_its_region(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/region/R1?vardomrade=kna")
    page = opened.page
    page.wait_for_selector("#plats-chart .points path")
    before = page.url
    dot = page.locator("#plats-chart .trace").first.locator(".points path").first
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.wait_for_selector("#plats-chart .hoverlayer .hovertext")
    opened.settle(lambda: page.mouse.click(x, y))
    assert page.url != before
    assert "/region/R" in page.url
    assert not heading(opened).startswith("Region Norrby")


def test_another_region_and_comparison_are_chosen_in_the_filters(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/region/R1")
    page = opened.page
    opened.settle(lambda: page.select_option("#filter-compare", "sjukvardsregion"))
    assert page.url == f"{address}/region/R1?jamfor_med=sjukvardsregion"
    assert "Streckad: sjukvårdsregion Norra." in page.inner_text("#andel")
    opened.settle(lambda: page.select_option("#filter-region", "R5"))
    assert page.url == f"{address}/region/R5?jamfor_med=sjukvardsregion"
    assert "Streckad: sjukvårdsregion Södra." in page.inner_text("#andel")
    opened.settle(lambda: page.select_option("#filter-region", ""))
    assert page.url.startswith(f"{address}/")
    assert "/region/" not in page.url
    assert opened.console == []


def test_the_regions_table_is_ordered_by_its_headings(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/vardomrade/kna")
    page = opened.page
    opened.settle(lambda: page.click("#ordna-regioner-expected_wait_days"))
    names = page.locator("#regioner tbody th").all_inner_texts()
    assert [n.strip() for n in names[:3]] == ["Riket", "Norrby", "Ekeby"]
    assert "sortera=regioner.-expected_wait_days" in page.url


@pytest.mark.parametrize(
    "path", ["/region/R1", "/region/LAND", "/vardomrade/kna", "/vardomrade/kna?sjukvardsregion=Norra"]
)
@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (1024, "light"), (390, "light"), (320, "dark")])
def test_every_width_and_theme(visit: Visit, address: str, path: str, width: int, theme: str) -> None:
    opened = visit(address + path, width=width, theme=theme)
    assert sideways(opened.page) == []
    assert violations(opened.page) == []
    assert english_words(opened.page) == set()
    opened.page.evaluate("document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'))")
    assert sideways(opened.page) == []
    assert opened.console == []
