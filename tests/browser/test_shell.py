"""The shell in Chromium on the test page: keyboard, phone, themes, address, files, faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.source import DataVersion
from tests import gallery
from tests.browser.checks import english_in, english_words, hover_texts, sideways, violations
from tests.browser.conftest import Opened
from tests.fakes import FakeSource

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_no_english_nothing_fetched_no_complaint(
    visit: Visit, gallery_address: str, theme: str, width: int
) -> None:
    opened = visit(gallery_address, width=width, theme=theme)
    opened.page.wait_for_selector(".js-plotly-plot .main-svg")
    assert violations(opened.page) == []
    assert english_words(opened.page) == set()
    assert english_in(hover_texts(opened.page)) == set()
    assert opened.outside(gallery_address) == []
    assert opened.console == []
    assert opened.page.evaluate("document.documentElement.lang") == "sv"


@pytest.mark.parametrize("width", [320, 390, 768, 1100])
def test_no_sideways_scrolling(visit: Visit, gallery_address: str, width: int) -> None:
    page = visit(gallery_address, width=width).page
    assert sideways(page) == []
    page.evaluate("document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'))")
    assert sideways(page) == []
    page.click(".dl-open")
    assert sideways(page) == []


def test_keyboard_journey(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address)
    page = opened.page

    def focused() -> str:
        return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))

    page.keyboard.press("Tab")
    assert focused() == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus(".word")
    page.keyboard.press("Tab")
    assert focused() == "Lägesbild"
    page.keyboard.press("Tab")
    assert focused() == "Andra"
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/andra")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.title() == "Andra – Lägesbild"
    opened.settle(page.go_back)
    assert page.title() == "Komponenter – Lägesbild"

    page.focus("#filter-region")
    opened.settle(lambda: page.keyboard.press("ArrowDown"))
    assert "region=01" in page.url
    assert page.evaluate("document.activeElement.id") == "filter-region"
    assert "Komponenter" in (page.text_content("#live") or "") or page.wait_for_function(
        "() => document.getElementById('live').textContent.includes('Komponenter')"
    )

    toggle = "#vantande .toggle"
    page.focus(toggle)
    page.keyboard.press("Enter")
    assert page.is_visible("#vantande-table table")
    assert not page.is_visible("#vantande .graphic")
    assert page.inner_text(toggle).strip() == "Visa som diagram"
    assert page.evaluate("document.activeElement.className").endswith("toggle")
    page.keyboard.press("Enter")
    assert page.is_visible("#vantande .graphic")

    page.keyboard.press("Enter")
    opened.settle(lambda: page.select_option("#filter-region", ""))
    assert page.is_visible("#vantande-table table"), "the table stays when the selection changes"
    page.focus(toggle)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused().startswith("CSV")
    page.keyboard.press("Escape")
    assert not page.is_visible("#vantande-files")
    assert focused().startswith("Ladda ner")
    assert page.get_attribute("#vantande .dl-open", "aria-expanded") == "false"


def test_the_address_is_the_view(visit: Visit, gallery_address: str) -> None:
    opened = visit(f"{gallery_address}/?region=21&manad=2023-12")
    page = opened.page
    assert "tillstånd, 21" in page.inner_text("h1")
    assert page.input_value("#filter-region") == "21"
    opened.settle(lambda: page.select_option("#filter-region", "09"))
    assert page.url.endswith("/?region=09&manad=2023-12")
    opened.settle(page.go_back)
    assert page.input_value("#filter-region") == "21"
    assert page.inner_text(".sel.set b") == "Gävleborg"
    opened.settle(lambda: page.click(".clear"))
    assert page.url == f"{gallery_address}/"
    assert page.input_value("#filter-region") == ""
    opened.settle(lambda: page.reload())
    assert "tillstånd, riket" in page.inner_text("h1")


def test_tables_tabs_and_orders_are_in_the_address(visit: Visit, gallery_address: str) -> None:
    opened = visit(f"{gallery_address}/?region=21", width=390)
    page = opened.page

    def first() -> str:
        return str(page.inner_text("#vantande-table tbody tr:nth-child(2) th")).strip()

    page.click("#vantande .toggle")
    assert page.url.endswith("/?region=21&tabell=vantande")
    opened.settle(lambda: page.click("#ordna-vantande-waiting"))
    assert "sortera=vantande.-waiting" in page.url
    assert "tabell=vantande" in page.url
    assert first() == "Uppsala"
    assert page.evaluate("document.activeElement.id") == "ordna-vantande-waiting"
    assert page.get_attribute("#vantande-table th:nth-child(2)[aria-sort]", "aria-sort") == "descending"
    page.click("[data-segment-choice=b]")
    assert "flik=celler.b" in page.url
    assert sum("_dash-update-component" in u for u in opened.requests) == 2, "only the order asks the server"

    sent = visit(page.url, width=390).page
    assert sent.is_visible("#vantande-table table")
    assert sent.is_visible("td[data-segment=b]")
    assert str(sent.inner_text("#vantande-table tbody tr:nth-child(2) th")).strip() == "Uppsala"

    page.go_back()
    page.wait_for_selector("td[data-segment=a]", state="visible")
    opened.settle(page.go_back)
    assert first() == "Jönköping"
    page.go_back()
    page.wait_for_selector("#vantande .graphic", state="visible")
    page.go_forward()
    page.wait_for_selector("#vantande-table table", state="visible")


def test_a_mark_in_a_chart_leads_where_its_name_does(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address)
    page = opened.page
    page.wait_for_selector("#vantande .js-plotly-plot .main-svg")
    page.locator("#vantande .nsewdrag").first.scroll_into_view_if_needed()
    box = page.locator("#vantande .nsewdrag").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 5 / 11, box["y"] + box["height"] * 0.5  # the sixth of twelve months
    page.mouse.move(x, y)
    page.wait_for_selector(".js-plotly-plot.leads")
    opened.settle(lambda: page.mouse.click(x, y))
    assert page.url == f"{gallery_address}/andra"


def test_one_question_an_answer(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address)
    assert sum("_dash-update-component" in u for u in opened.requests) == 1
    opened.settle(lambda: opened.page.select_option("#filter-region", "09"))
    opened.page.wait_for_timeout(300)
    assert sum("_dash-update-component" in u for u in opened.requests) == 2


def test_theme_is_the_computers_until_chosen_and_then_kept(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address, theme="dark")
    page = opened.page
    now = "document.documentElement.dataset.theme"
    assert page.evaluate(now) == "dark"
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"() => {now} === 'light'")
    opened.settle(lambda: page.click("#theme-button"))
    assert page.evaluate(now) == "dark"
    opened.settle(lambda: page.reload())
    assert page.evaluate(now) == "dark"
    page.wait_for_selector(".js-plotly-plot .main-svg")
    color = page.evaluate("document.querySelector('.js-plotly-plot').layout.font.color")
    assert color == "#B7C4CC"


def test_phone_menu(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address, width=390)
    page = opened.page
    assert not page.is_visible("#nav")
    page.click("#menu-button")
    assert page.is_visible("#nav")
    assert page.inner_text("#menu-button").strip() == "Stäng"
    page.keyboard.press("Escape")
    assert not page.is_visible("#nav")
    assert page.evaluate("document.activeElement.id") == "menu-button"
    page.click("#menu-button")
    opened.settle(lambda: page.click("#nav a >> text=Andra"))
    assert not page.is_visible("#nav")


def test_phone_selection_changes_nothing_before_it_is_applied(visit: Visit, gallery_address: str) -> None:
    opened = visit(gallery_address, width=390)
    page = opened.page
    assert page.inner_text("#pick b") == "Hela riket, januari 2024"
    page.click("#pick")
    assert page.get_attribute("#fields", "role") == "dialog"
    assert page.evaluate("document.activeElement.id") == "sheet-close"
    assert violations(page) == []
    page.select_option("#filter-region", "21")
    page.select_option("#filter-month", "2023-12")
    page.wait_for_timeout(200)
    assert page.url == f"{gallery_address}/"
    page.keyboard.press("Escape")
    assert page.input_value("#filter-region") == ""
    assert page.url == f"{gallery_address}/"
    page.click("#pick")
    for _ in range(8):  # the focus stays in the dialog
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#fields') !== null")
    page.select_option("#filter-region", "21")
    page.select_option("#filter-month", "2023-12")
    opened.settle(lambda: page.click("#sheet-apply"))
    assert page.url.endswith("/?region=21&manad=2023-12")
    assert page.inner_text("#pick b") == "Gävleborg, december 2023"


def test_one_care_area_at_a_time_on_a_phone(visit: Visit, gallery_address: str) -> None:
    page = visit(gallery_address, width=390).page
    assert page.is_visible("td[data-segment=a]")
    assert not page.is_visible("td[data-segment=b]")
    page.click("[data-segment-choice=b]")
    assert page.is_visible("td[data-segment=b]")
    assert not page.is_visible("td[data-segment=a]")
    wide = visit(gallery_address).page
    assert wide.is_visible("td[data-segment=a]")
    assert wide.is_visible("td[data-segment=b]")
    assert not wide.is_visible(".seg")


def test_files_and_pictures_are_downloaded(visit: Visit, gallery_address: str) -> None:
    page = visit(f"{gallery_address}/?region=21").page
    page.wait_for_selector(".js-plotly-plot .main-svg")
    for choice, name in (
        ("a >> text=CSV", "lagesbild-lagesbild-vantande-21-2024-01-syntetiska-data.csv"),
        ("a >> text=XLSX", "lagesbild-lagesbild-vantande-21-2024-01-syntetiska-data.xlsx"),
        ("[data-picture=svg]", "lagesbild-lagesbild-vantande-21-2024-01-syntetiska-data.svg"),
        ("[data-picture=png]", "lagesbild-lagesbild-vantande-21-2024-01-syntetiska-data.png"),
    ):
        page.click("#vantande .dl-open")
        with page.expect_download() as got:
            page.click(f"#vantande-files {choice}")
        assert got.value.suggested_filename == name


class Away(FakeSource):
    """A source whose database can be stopped."""

    away = False

    def version(self) -> DataVersion:
        if self.away:
            raise DatabaseUnavailableError("Databasen svarar inte.", "Vänta.")
        return super().version()


def test_the_page_comes_back_by_itself_when_the_database_does(
    visit: Visit, serve_source: Callable[[FakeSource], str]
) -> None:
    made = gallery.source()
    source = Away(**{f: getattr(made, f) for f in made.__dataclass_fields__})
    source.away = True
    opened = visit(serve_source(source))
    assert "Databasen svarar inte just nu" in opened.page.inner_text("h1")
    source.away = False
    opened.page.wait_for_selector("h1 >> text=Komponenter", timeout=15_000)
    assert opened.console == []


def test_unknown_address_and_failing_page(visit: Visit, gallery_address: str) -> None:
    missing = visit(f"{gallery_address}/nix").page
    assert missing.inner_text("h1") == "Sidan finns inte"
    assert missing.locator("#main a").count() == 2
    failing = visit(f"{gallery_address}/?region=99").page
    assert "nummer" in failing.inner_text("#main")
    assert english_words(failing) == set()


def test_a_choice_asks_once_and_fades_what_is_shown_only_while_its_answer_is_long_in_coming(
    visit: Visit, gallery_address: str
) -> None:
    opened = visit(gallery_address)
    page = opened.page
    page.evaluate(
        """() => {
            const main = document.getElementById('main');
            window.faded = 0;
            new MutationObserver(() => { window.faded += main.hasAttribute('data-waiting'); })
                .observe(main, { attributeFilter: ['data-waiting'] });
        }"""
    )

    def asked() -> int:
        return sum("_dash-update-component" in address for address in opened.requests)

    for region in ("21", "01"):
        before = asked()
        opened.settle(lambda chosen=region: page.select_option("#filter-region", chosen))
        assert asked() == before + 1
    held: list[Any] = []
    page.route("**/_dash-update-component*", lambda route: held.append(route))
    before = page.evaluate("document.documentElement.dataset.ready")
    faded = page.evaluate("window.faded")
    page.select_option("#filter-region", "21")
    page.wait_for_selector("#main[data-waiting]", state="attached")
    assert page.evaluate("window.faded") == faded + 1
    held.pop().continue_()
    page.wait_for_function("old => document.documentElement.dataset.ready !== old", arg=before)
    page.wait_for_selector("#main:not([data-waiting])", state="attached")
    page.select_option("#filter-region", "01")
    page.wait_for_selector("#main[data-waiting]", state="attached")
    held.pop().abort()  # nobody answers: what is shown is no longer waiting to be exchanged
    page.wait_for_selector("#main:not([data-waiting])", state="attached")
    assert held == []
