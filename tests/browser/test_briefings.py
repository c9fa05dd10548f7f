"""`/rapporter` as the support office uses it: choose, see, comment, save, take the files."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlsplit

import pikepdf
import pytest
from playwright.sync_api import Page as Shown

from tests.browser.checks import violations
from tests.browser.conftest import Live, Opened

pytestmark = [pytest.mark.browser, pytest.mark.database]
Visit = Callable[..., Opened]
ADDRESS = "/rapporter?vardomrade=knaprotes&region=21&mall=region"


def seen(page: Shown) -> None:
    """Until the first page of the briefing is drawn."""
    page.wait_for_function(
        """() => {
            const img = document.getElementById('bf-img');
            return img && !img.hidden && img.complete && img.naturalWidth > 0;
        }""",
        timeout=60_000,
    )


def test_the_pages_are_seen_and_turned(visit: Visit, live: Live) -> None:
    opened = visit(live.base + ADDRESS)
    page = opened.page
    seen(page)
    assert page.inner_text("#bf-page") == "Sida 1 av 2"
    assert page.is_disabled("#bf-prev")
    page.click("#bf-next")
    page.wait_for_function("() => document.getElementById('bf-img').src.includes('/sida/2.png')")
    assert page.inner_text("#bf-page") == "Sida 2 av 2"
    assert page.is_disabled("#bf-next")
    assert page.get_attribute("#bf-img", "alt").startswith("Sida 2 av 2")  # type: ignore[union-attr]
    assert "Alla tal har källa." in page.inner_text("#bf-checks")
    assert violations(page) == []
    assert opened.outside(live.base) == []
    assert opened.console == []


def test_a_section_is_left_out_and_moved_by_keyboard(visit: Visit, live: Live) -> None:
    opened = visit(live.base + ADDRESS)
    page = opened.page
    page.focus("#del-kvalitet")
    opened.settle(lambda: page.keyboard.press("Space"))
    assert "innehall=" in page.url
    assert not page.is_checked("#del-kvalitet")
    assert page.evaluate("document.activeElement.id") == "del-kvalitet"
    page.focus("#upp-prognos")
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert "prognos.produktion" in page.url
    opened.settle(page.go_back)
    assert "produktion.prognos" in page.url


def test_what_is_written_is_saved_with_the_briefing(visit: Visit, live: Live) -> None:
    opened = visit(live.base + ADDRESS)
    page = opened.page
    seen(page)
    page.click("details:has(#kommentar-prognos) summary")
    page.fill("#kommentar-prognos", "Sommaren är osäker <b>& viktig</b>.")
    opened.settle(lambda: page.click("#bf-save"))
    seen(page)
    assert "underlag=" in page.url
    other = visit(page.url).page  # another reader, with nothing but the link
    seen(other)
    other.wait_for_function("() => document.getElementById('kommentar-prognos').value.startsWith('Sommaren')")
    body = other.request.get(f"{live.base}/rapporter/underlag.html?{urlsplit(page.url).query}&visa").text()
    assert "Sommaren är osäker &lt;b&gt;&amp; viktig&lt;/b&gt;." in body
    assert "Knäprotesoperation, Region Gävleborg" in other.inner_text("#bf-saved")
    # about something else there is nothing of it, in the form or in the file
    opened.settle(lambda: page.select_option("#filter-region", "01"))
    seen(page)
    assert "underlag=" not in page.url
    assert page.input_value("#kommentar-prognos") == ""
    link = page.get_attribute("#fil-html", "href")
    assert "Sommaren är osäker" not in page.request.get(f"{live.base}{link}").text()


@pytest.mark.parametrize("form", ["pdf", "pptx", "xlsx", "html"])
def test_the_files_are_what_they_say(visit: Visit, live: Live, form: str) -> None:
    page = visit(live.base + ADDRESS).page
    with page.expect_download() as taken:
        page.click(f"#fil-{form}")
    assert taken.value.suggested_filename == f"lagesbild-region-knaprotes-21-oktober-2026-syntetisk.{form}"
    body = taken.value.path().read_bytes()
    assert body[:4] == {"pdf": b"%PDF", "pptx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "html": b"<!DO"}[form]
    if form == "pdf":
        assert len(pikepdf.open(io.BytesIO(body)).pages) == 2


def test_what_cannot_be_made_is_said_in_swedish(visit: Visit, live: Live) -> None:
    page = visit(live.base + ADDRESS).page
    missing = page.request.get(f"{live.base}/rapporter/underlag.docx")
    assert (missing.status, "Välj pdf, pptx, xlsx eller html" in missing.text()) == (404, True)
    assert page.request.get(f"{live.base}/rapporter/sida/99.png").status == 404
    foreign = page.request.post(
        f"{live.base}/rapporter/spara",
        data={"val": "", "kommentarer": {}},
        headers={"Sec-Fetch-Site": "cross-site", "X-Lagesbild": "1"},
    )
    assert foreign.status == 403
    broken = page.request.post(
        f"{live.base}/rapporter/spara", data="[]", headers={"Content-Type": "application/json", "X-Lagesbild": "1"}
    )
    assert broken.status == 400
