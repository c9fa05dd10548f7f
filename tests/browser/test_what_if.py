"""Scenarios on `/prognos` in Chromium, on invented data: by keyboard, mouse and buttons, back, reload, axe, widths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from lagesbild.factory import create_app
from lagesbild.pages import kapacitetsgap, om, overview, prognos
from lagesbild.settings import Settings
from tests.browser.checks import english_words, sideways, violations
from tests.browser.conftest import Opened, served
from tests.what_if_world import world

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
PAGES = [p.PAGE for p in (overview, prognos, kapacitetsgap, om)]
B = "/prognos?vardomrade=kna&region=B"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = create_app(world(), Settings(), pages=PAGES)
    with served(app) as base:
        yield base


TWO_STEPS = """(id) => {
  const input = document.getElementById(id);
  for (let k = 0; k < 2; k++) {
    input.stepUp();
    for (const name of ["input", "change"]) { input.dispatchEvent(new Event(name, {bubbles: true})); }
  }
}"""


def table(page: Page) -> list[list[str]]:
    """The table "Utan / Med", row by row."""
    rows = page.locator("#vad-hander-om-result .wi-table").first.locator("tbody tr")
    return [r.locator("th, td").all_inner_texts() for r in rows.all()]


def press(opened: Opened, key: str) -> None:
    opened.settle(lambda: opened.page.keyboard.press(key))


def test_by_keyboard_the_address_the_table_and_the_words_follow(visit: Visit, address: str) -> None:
    opened = visit(address + B)
    page = opened.page
    assert all(len(r) == 2 for r in table(page))
    plain = page.inner_text("#lead .say")
    page.focus("#wi-fler")
    press(opened, "ArrowRight")
    assert page.url.endswith("&fler=0.23")
    assert page.get_attribute("#wi-fler", "aria-valuetext") == "1 i månaden"
    assert page.evaluate("document.activeElement.id") == "wi-fler"
    assert all(len(r) == 3 for r in table(page))
    said = page.inner_text("#lead .say")
    assert re.search(r"En till operation i månaden sänker risken från \d+ till \d+", said)
    page.wait_for_function("() => document.getElementById('live').textContent.includes('sänker risken')")
    opened.settle(page.go_back)
    assert page.url.endswith(B)
    page.evaluate(TWO_STEPS, "wi-fler")  # at once, as a held key does: on a busy machine two presses can be far apart
    assert page.locator("[data-slide=fler] .slide-now").inner_text() == "2 i månaden"
    page.wait_for_function("() => document.querySelector('#lead .say').textContent.includes('Två fler')")
    assert page.url.endswith("&fler=0.46")
    opened.settle(page.go_back)  # two presses in a row are one step
    assert page.url.endswith(B)
    assert page.input_value("#wi-fler") == "0"
    assert page.inner_text("#lead .say") == plain
    opened.settle(page.go_forward)
    assert page.input_value("#wi-fler") == "2"
    assert opened.console == []


def test_only_what_changes_is_asked_for_and_the_chart_is_drawn_anew(visit: Visit, address: str) -> None:
    opened = visit(address + B)
    page = opened.page
    page.wait_for_selector("#prognos-chart .main-svg")
    page.evaluate("document.querySelector('#tidigare-prognoser').dataset.mine = '1'")
    lines = "document.querySelectorAll('#prognos-chart .scatterlayer .trace').length"
    before = page.evaluate(lines)
    page.focus("#wi-fler")
    press(opened, "ArrowRight")
    page.wait_for_function(f"() => {lines} > {before}")
    assert page.get_attribute("#tidigare-prognoser", "data-mine") == "1"
    assert page.locator("#prognos-chart text", has_text="en till").count()
    hrefs = page.eval_on_selector_all("#main .dlp a", "nodes => nodes.map(n => n.search)")
    assert hrefs
    assert all(h.endswith("fler=0.23") for h in hrefs)


def test_dragging_answers_while_it_goes_and_is_one_step_back(visit: Visit, address: str) -> None:
    opened = visit(address + B)
    page = opened.page
    steps = page.evaluate("history.length")
    page.locator("#wi-inflode").scroll_into_view_if_needed()
    box = page.locator("#wi-inflode").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(8):
        page.mouse.move(x + 8 * k, y)
        page.wait_for_timeout(40)
    page.wait_for_function("() => location.search.includes('inflode=')")
    page.wait_for_function("() => document.querySelector('#lead .say').textContent.includes('större inflöde')")
    assert page.evaluate("history.length") == steps
    page.mouse.up()
    page.wait_for_function(f"() => history.length === {steps + 1}")
    moved = page.url
    page.wait_for_timeout(300)
    opened.settle(page.go_back)
    assert page.url.endswith(B)
    assert moved != page.url
    assert opened.console == []


def test_reloading_gives_the_same(visit: Visit, address: str) -> None:
    scenario = "&fler=0.46&inflode=-5&skickas=0.69&till=C&fran=2027-01&langvantande=60"
    opened = visit(address + B)
    page = opened.page
    page.focus("#wi-fler")
    press(opened, "ArrowRight")
    shown = table(page), page.inner_text("#lead .say")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert (table(page), page.inner_text("#lead .say")) == shown
    again = visit(address + B + scenario).page
    texts = again.eval_on_selector_all(
        "[data-slide]", "nodes => nodes.map(n => n.querySelector('.slide-now').textContent)"
    )
    assert texts == ["2 i månaden", "−5\u00a0%", "3 i månaden", "januari 2027", "0 i månaden", "60\u00a0%"]
    assert again.input_value("#wi-till") == "C"
    assert "I Östvik, som tar emot" in again.inner_text("#vad-hander-om-result")


def test_two_scenarios_beside_each_other_and_back_to_none(visit: Visit, address: str) -> None:
    opened = visit(address + B + "&fler=0.23")
    page = opened.page
    opened.settle(lambda: page.click("#wi-compare"))
    assert page.url.endswith("&fler=0.23&jamfor=ja&fler_b=0.23")
    assert all(len(r) == 4 for r in table(page))
    page.focus("#wi-fler-b")
    press(opened, "ArrowRight")
    assert page.url.endswith("fler_b=0.46")
    assert page.evaluate("document.activeElement.id") == "wi-fler-b"
    rows = {r[0].replace("\n", " "): r[1:] for r in table(page)}
    assert rows["Gap inom tolv månader"][1] != rows["Gap inom tolv månader"][2]
    assert violations(page) == []
    opened.settle(lambda: page.click("#wi-reset"))
    assert page.url.endswith(B)
    assert all(len(r) == 2 for r in table(page))
    assert opened.console == []


def test_where_they_are_sent_is_asked_for_when_anybody_is(visit: Visit, address: str) -> None:
    opened = visit(address + B)
    page = opened.page
    assert not page.is_visible("#wi-till")
    page.focus("#wi-skickas")
    press(opened, "ArrowRight")
    assert page.is_visible("#wi-till")
    opened.settle(lambda: page.select_option("#wi-till", "C"))
    assert page.url.endswith("&skickas=0.23&till=C")
    assert page.is_visible("#wi-till")
    assert "I Östvik, som tar emot" in page.inner_text("#vad-hander-om-result")


def test_the_target_is_reached_within_other_months(visit: Visit, address: str) -> None:
    opened = visit(address + B)
    page = opened.page
    before = page.inner_text("#stanger-gapet-title")
    page.focus("#wi-inom")
    opened.settle(lambda: page.select_option("#wi-inom", "12"))
    assert page.url.endswith("&inom=12")
    assert page.inner_text("#stanger-gapet-title") != before
    assert page.input_value("#wi-inom") == "12"
    page.wait_for_function("() => document.activeElement.id === 'wi-inom'")


@pytest.mark.parametrize("width", [320, 390])
def test_on_phones_minus_and_plus_and_the_result_at_the_bottom(visit: Visit, address: str, width: int) -> None:
    opened = visit(address + B, width=width)
    page = opened.page
    plus = page.get_by_role("button", name="Öka: Fler operationer")
    minus = page.get_by_role("button", name="Minska: Fler operationer")
    plus.scroll_into_view_if_needed()
    assert min(plus.bounding_box()["width"], plus.bounding_box()["height"]) >= 44  # type: ignore[index]
    opened.settle(plus.click)
    assert page.url.endswith("&fler=0.23")
    bar = page.locator(".wi-bar").bounding_box()
    assert bar
    assert bar["y"] + bar["height"] == pytest.approx(900, abs=2)
    assert page.inner_text(".wi-bar").startswith("Med en till: ")
    opened.settle(minus.click)
    assert page.url.endswith(B)
    assert sideways(page) == []
    assert opened.console == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100, 1440])
@pytest.mark.parametrize("query", ["", "&fler=0.46&skickas=2.3&till=C&tas_emot=0.23&fran_region=A&langvantande=20"])
def test_nothing_for_axe_to_find_and_all_in_swedish(
    visit: Visit, address: str, theme: str, width: int, query: str
) -> None:
    opened = visit(address + B + query, theme=theme, width=width)
    assert violations(opened.page) == []
    assert sideways(opened.page) == []
    assert english_words(opened.page) == set()
    assert opened.console == []
    assert opened.outside(address) == []


def test_the_link_is_copied(visit: Visit, address: str) -> None:
    opened = visit(address + B + "&fler=0.46")
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#save-scenario")
    page.wait_for_function("() => document.getElementById('live').textContent === 'Länken är kopierad.'")
    assert page.evaluate("navigator.clipboard.readText()").endswith("&fler=0.46")
