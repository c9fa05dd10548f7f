"""`/datakvalitet` in Chromium on invented data: fields by keyboard, findings that open, tables, widths and themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lagesbild.factory import create_app
from lagesbild.pages import datakvalitet, om, overview, produktion, vantetider
from lagesbild.settings import Settings
from tests.browser.checks import english_words, sideways, violations
from tests.browser.conftest import Opened, served
from tests.quality_world import faulty_world

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
PAGES = [p.PAGE for p in (overview, vantetider, produktion, datakvalitet, om)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app(faulty_world(), Settings(), pages=PAGES)) as base:
        yield base


def told(opened: Opened) -> str:
    return opened.page.inner_text("#falt-text")


def test_fields_are_walked_with_arrows_and_each_says_what_is_known(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/datakvalitet")
    page = opened.page
    assert page.locator('#falt td.ff[tabindex="0"]').count() == 1
    page.focus("#rapportering .scroll")
    page.keyboard.press("Tab")  # the first region's name
    page.keyboard.press("Tab")
    assert told(opened).startswith("Norrby, väntetider i november 2025: rapporterad. Fil leverans-2025-11.csv")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    assert "augusti 2026: rapporterad efter sista dag, 6 dagar sent" in told(opened)
    page.keyboard.press("ArrowDown")
    assert told(opened).startswith("Åby, väntetider i augusti 2026")
    page.keyboard.press("End")
    assert told(opened).startswith("Åby, patientregister i oktober 2026")
    page.keyboard.press("ArrowRight")  # nothing further: the focus stays
    page.keyboard.press("Home")
    assert told(opened).startswith("Åby, väntetider i november 2025")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert told(opened).startswith("Norrby")
    assert page.locator('#falt td.ff[tabindex="0"]').count() == 1
    outline = page.evaluate("getComputedStyle(document.activeElement, '::before').outlineStyle")
    assert outline == "solid"
    assert opened.console == []


def test_a_field_is_chosen_with_the_mouse_and_hidden_words_are_in_it(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/datakvalitet")
    missing = opened.page.locator("#falt td.ff-missing").first
    assert missing.inner_text() == "saknas"
    missing.click()
    assert told(opened) == "Ökna, väntetider i september 2026: saknas. Byte av journalsystem."
    opened.page.locator("#falt td.ff-excluded").first.click()
    assert "Lillö, produktion i juni 2026: utesluten. Samma tal som månaden före." in told(opened)


def test_a_finding_opens_by_keyboard_on_rows_effect_and_trail(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/datakvalitet")
    page = opened.page
    summary = page.locator(".fn details summary", has_text="Summan är bruten")
    summary.focus()
    page.keyboard.press("Enter")
    shown = page.locator(".fn details[open]").inner_text()
    for words in ("Vad regeln såg", "Vad det påverkar", "leverans-2025-12.csv", "Väntat 91–120 dagar"):
        assert words in shown
    page.keyboard.press("Enter")
    assert page.locator(".fn details[open]").count() == 0


def test_filters_narrow_and_the_address_keeps_them(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/datakvalitet")
    page = opened.page
    opened.settle(lambda: page.select_option("#filter-register", "production"))
    assert "register=production" in page.url
    assert page.locator("#falt thead th.reg").count() == 1
    opened.settle(lambda: page.select_option("#filter-finding", "stop"))
    assert page.locator(".fn details").count() == 1
    opened.settle(lambda: page.select_option("#filter-window", "24"))
    assert page.locator("#falt tbody tr").first.locator("td.ff").count() == 24
    opened.settle(page.go_back)
    assert page.locator("#falt tbody tr").first.locator("td.ff").count() == 12
    again = visit(page.url)
    for part in ("#lead", "#rapportering", "#fynd"):
        assert again.page.inner_text(part) == page.inner_text(part)


def test_the_status_strip_leads_here(visit: Visit, address: str) -> None:
    opened = visit(f"{address}/vantetider")
    opened.settle(lambda: opened.page.click(".strip a"))
    assert "/datakvalitet" in opened.page.url
    assert opened.page.inner_text("h1").startswith("Datakvalitet")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_every_width_and_theme_opened_and_as_tables(visit: Visit, address: str, width: int, theme: str) -> None:
    opened = visit(f"{address}/datakvalitet", width=width, theme=theme)
    page = opened.page
    page.evaluate("document.querySelectorAll('.fn details').forEach(d => { d.open = true; })")
    assert violations(page) == []
    assert sideways(page) == []
    assert english_words(page) == set()
    page.evaluate("document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'))")
    assert violations(page) == []
    assert sideways(page) == []
    assert opened.outside(address) == []
    assert opened.console == []
