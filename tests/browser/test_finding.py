"""The search among many care areas: by keyboard, by pointer, on a phone, for screen readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lagesbild.factory import create_app
from lagesbild.settings import Settings
from tests.browser.checks import sideways, violations
from tests.browser.conftest import served
from tests.pages.test_finding import CODES, long_list

pytestmark = pytest.mark.browser

FIELD = "#filter-care-area-find"
BOX = "#filter-care-area-find-box"


@pytest.fixture(scope="module")
def many() -> Iterator[str]:
    with served(create_app(long_list(), Settings())) as address:
        yield address


def test_a_care_area_is_found_and_chosen_with_the_keyboard(visit, many):
    opened = visit(f"{many}/prognos")
    page = opened.page
    before = page.locator("main").bounding_box()
    page.locator(FIELD).focus()
    page.keyboard.type("omr")
    page.wait_for_selector(f"{BOX}.open [role=option]")
    assert page.locator(f"{BOX} [role=option]").count() == 20
    assert page.locator(BOX).inner_text().endswith(f"{len(CODES) - 20} träffar till, skriv mer.")
    assert page.locator("main").bounding_box() == before  # nothing moves
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.locator(FIELD).get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert page.locator(f"#{active}").inner_text() == "Område nummer 1"
    page.keyboard.press("Escape")
    assert page.locator(FIELD).get_attribute("aria-expanded") == "false"
    page.locator(FIELD).fill("gråst")
    page.wait_for_selector(f"{BOX}.open [role=option]")
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/prognos?vardomrade=gra")
    assert page.locator("#filter-care-area option:checked").inner_text() == "Gråstarrsoperation"
    assert opened.console == []


def test_a_shared_link_shows_the_name_and_a_pointer_chooses_on_a_phone(visit, many):
    opened = visit(f"{many}/prognos?vardomrade={CODES[-1]}", 390)
    page = opened.page
    assert f"Område nummer {len(CODES) - 1}" in page.locator("#pick").inner_text()
    page.locator("#pick").click()
    before = page.locator("#filter-region").bounding_box()
    page.locator(FIELD).fill("knä")
    page.wait_for_selector(f"{BOX}.open [role=option]")
    assert page.locator("#filter-region").bounding_box() == before
    assert violations(page) == []
    assert sideways(page) == []
    page.locator(f"{BOX} [role=option]").first.click()
    assert page.locator("#filter-care-area").input_value() == "kna"
    assert "vardomrade=kna" not in page.url  # in the sheet nothing changes before "Visa"
    opened.settle(lambda: page.locator("#sheet-apply").click())
    assert page.url.endswith("vardomrade=kna")


def test_nothing_found_and_no_answer_are_said(visit, many):
    page = visit(f"{many}/prognos").page
    page.locator(FIELD).fill("zzz")
    page.wait_for_selector(f"{BOX}.open")
    assert page.locator(BOX).inner_text() == "Inga träffar."
    page.route("**/val/vardomraden**", lambda route: route.abort())
    page.locator(FIELD).fill("knä")
    page.locator(f"{BOX} p", has_text="Sökningen gick inte. Försök igen.").wait_for()
