"""`/kapacitetsgap` in Chromium on invented data: ordered by keyboard, filtered, as a table, on every width."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from lagesbild.factory import create_app
from lagesbild.pages import kapacitetsgap, om, overview, prognos
from lagesbild.settings import Settings
from tests.browser.checks import english_words, sideways, violations
from tests.browser.conftest import Opened, served
from tests.country import country
from tests.pages.test_gap_pages import thirteen_of_22
from tests.views.test_warning_record import COLUMNS

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
PAGES = [p.PAGE for p in (overview, prognos, kapacitetsgap, om)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    source = country()
    source.record_rows = pd.DataFrame([r for s in thirteen_of_22() for r in s], columns=list(COLUMNS))
    source.gap_rows["limit_used"] = 0.8
    source.gap_rows.loc[source.gap_rows["status"] == "watch", "probability_12m"] = 0.24
    app = create_app(source, Settings(), pages=PAGES)
    with served(app) as base:
        yield base


def regions(opened: Opened) -> list[str]:
    return [t.strip() for t in opened.page.locator(".gt .nums th").all_inner_texts()]


def test_the_list_is_ordered_by_keyboard_and_the_focus_stays(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/kapacitetsgap")
    page = opened.page
    assert regions(opened) == ["Aldal", "Björke", "Aldal"]
    page.focus("#ordna-region")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("?ordning=region")
    assert regions(opened) == ["Aldal", "Aldal", "Björke"]
    assert page.get_attribute(".gt th:has(#ordna-region)", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.id") == "ordna-region"
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert regions(opened) == ["Björke", "Aldal", "Aldal"]
    assert page.get_attribute(".gt th:has(#ordna-region)", "aria-sort") == "descending"
    assert page.input_value("#filter-order") == "region-omvand"
    opened.settle(lambda: page.click("#ordna-lage"))
    assert page.locator(".gt [aria-sort]").count() == 0
    opened.settle(page.go_back)
    assert regions(opened) == ["Björke", "Aldal", "Aldal"]
    assert opened.console == []


def test_filters_narrow_the_list_and_leave_one_another(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/kapacitetsgap?region=A")
    page = opened.page
    assert regions(opened) == ["Aldal", "Aldal"]
    opened.settle(lambda: page.select_option("#filter-healthcare-region", "Norra"))
    assert page.url.endswith("?sjukvardsregion=Norra")  # a region chosen before is left
    assert regions(opened) == ["Aldal", "Björke", "Aldal"]
    opened.settle(lambda: page.select_option("#filter-status", "expected"))
    assert regions(opened) == ["Björke"]


def test_the_table_has_every_number_and_the_files_follow_the_order(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/kapacitetsgap?ordning=region-omvand")
    page = opened.page
    page.click("#gap .fig-t .btn >> nth=0")
    table = page.inner_text("#gap-table")
    for word in ("stoppa växande kö", "50 % chans", "kvar från förra prognosen, nu 24 %", "minst 75 %"):
        assert word in table.replace("\u00a0", " ")
    link = page.eval_on_selector("#gap .dlp a", "a => a.href")
    text = page.request.get(link).body().decode("utf-8-sig")
    assert [line.split(";")[0] for line in text.splitlines()[1:4]] == ["Björke", "Aldal", "Aldal"]
    record = page.eval_on_selector("#varningar .dlp a", "a => a.href")
    assert "gap utan varning" in page.request.get(record).body().decode("utf-8-sig")


@pytest.mark.parametrize("width", [320, 390, 768, 900, 1024, 1180, 1440])
@pytest.mark.parametrize("order", ["", "?ordning=behov"])
def test_nothing_scrolls_sideways_on_any_width(visit: Visit, address: str, width: int, order: str) -> None:
    page = visit(f"{address}/kapacitetsgap{order}", width=width).page
    assert sideways(page) == []
    hidden = page.evaluate("(b => b ? b.scrollWidth - b.clientWidth : 0)(document.querySelector('.gap-wide .scroll'))")
    assert hidden <= 1
    lines = page.locator(".why-row" if width >= 768 else ".gl li")
    assert lines.count() == 3
    assert all(lines.nth(k).is_visible() for k in range(3))
    near = page.locator(".near-words" if 768 <= width <= 1180 else ".gt .free" if width > 1180 else ".gl .gt3")
    assert near.first.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "search"), [(1440, ""), (1440, "?ordning=sannolikhet"), (1024, ""), (390, "")])
def test_nothing_serious_and_no_english(visit: Visit, address: str, theme: str, width: int, search: str) -> None:
    opened = visit(f"{address}/kapacitetsgap{search}", width=width, theme=theme)
    assert violations(opened.page) == []
    assert english_words(opened.page) == set()
    opened.page.evaluate("document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'))")
    assert violations(opened.page) == []
    assert opened.console == []


def test_the_overview_tells_of_changes_without_an_earlier_run(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/")
    assert "Ingen tidigare prognos att jämföra med." in opened.page.inner_text("#flaggor")
    assert violations(opened.page) == []
