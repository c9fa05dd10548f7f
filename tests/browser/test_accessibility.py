"""WCAG 2.1 AA on every page in every state, by axe, by keyboard alone, enlarged, and in the computer's own colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page as Shown

from lagesbild.components.model import Page
from lagesbild.pages.registry import all_pages
from tests import gallery
from tests.browser.checks import TABLES, english_words, example, sideways, violations, wait_for_charts
from tests.browser.conftest import Live, Opened
from tests.fakes import FakeSource

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
SHIFTS = """() => {
    window.shifts = [];
    const seen = list => list.getEntries().filter(e => !e.hadRecentInput).forEach(e => window.shifts.push(e.value));
    new PerformanceObserver(seen).observe({ type: 'layout-shift', buffered: true });
}"""
MOST_SHIFT = 0.02  # of the screen while loading; 0.1 is what is called good
MOST_CHANGE = 0.1  # after a choice: other sentences are of other length, and push what follows a line or two


@pytest.mark.database
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (320, "light")])
def test_axe_finds_nothing_on_any_page_in_any_state_on_a_phone(
    visit: Visit, live: Live, page: Page, width: int, theme: str
) -> None:
    """`test_pages.test_page` looks at the same states on a wide screen, where there is no menu to open."""
    opened = visit(live.base + example(page), width=width, theme=theme)
    shown = opened.page
    wait_for_charts(shown)
    assert violations(shown) == []
    assert sideways(shown) == []
    shown.evaluate(TABLES)
    assert violations(shown) == [], "tables shown"
    assert sideways(shown) == []
    if shown.locator(".dl-open").count():
        shown.locator(".dl-open").first.click()
        assert shown.is_visible(".dlp")
        assert violations(shown, again=True) == [], "tables shown, files offered"
        assert sideways(shown) == []
    shown.keyboard.press("Escape")
    shown.click("#menu-button")
    assert violations(shown, again=True) == [], "menu open"
    shown.click("#menu-button")
    if shown.locator("#pick").count():
        shown.click("#pick")
        assert violations(shown, again=True) == [], "selection open"


@pytest.mark.parametrize(
    "worse",
    [
        "document.querySelector('h1').style.color = '#ddd'",
        "document.querySelector('#main').style.backgroundColor = '#555'",  # what lies on it looks as before
        "document.querySelector('#main').insertAdjacentHTML('beforeend', '<p style=\"color: #ddd\">Blekt</p>')",
    ],
)
def test_contrast_is_tried_again_where_something_looks_otherwise(
    visit: Visit, gallery_address: str, worse: str
) -> None:
    page = visit(gallery_address).page
    assert violations(page) == []
    assert violations(page, again=True) == []
    page.evaluate(worse)
    assert [v for v in violations(page, again=True) if v.startswith("color-contrast ")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?region=98", "?region=99", "?region=zz", "nix"])
def test_axe_finds_nothing_where_something_is_wrong(visit: Visit, gallery_address: str, theme: str, query: str) -> None:
    """Every state of a cell, an empty figure, a chart and a page that failed, an unknown choice and address."""
    opened = visit(f"{gallery_address}/{query}", theme=theme)
    assert violations(opened.page) == []
    assert english_words(opened.page) == set()


def test_axe_finds_nothing_before_there_are_data(visit: Visit, serve_source: Callable[[FakeSource], str]) -> None:
    opened = visit(serve_source(FakeSource([], [])))
    assert opened.page.inner_text("h1") == "Inga uppgifter ännu"
    assert violations(opened.page) == []


def test_a_chart_that_failed_leaves_its_table_and_the_page(
    visit: Visit, gallery_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = visit(f"{gallery_address}/?region=98").page
    said = page.inner_text("#vantande .state")
    assert "Diagrammet kunde inte ritas. Tabellen fungerar." in said
    number = said.rsplit(" ", 1)[1].strip(".\n")
    assert len(number) == 6
    assert any(number in r.getMessage() for r in caplog.records), "the number is in the log"
    page.click("#vantande .toggle")
    assert page.is_visible("#vantande-table table")
    assert page.is_visible("#celler .graphic"), "the other figures stand"
    assert page.request.get(page.locator("#vantande-files a").first.evaluate("a => a.href")).status == 200


def focused(page: Shown) -> dict[str, Any]:
    """What has the focus, and whether it can be seen that it has."""
    got: dict[str, Any] = page.evaluate(
        """() => {
            const node = document.activeElement;
            const ring = node.matches('.pickbox select') ? node.parentElement : node;
            const style = getComputedStyle(ring);
            const box = node.getBoundingClientRect();
            return {
                id: node.id, tag: node.tagName, text: (node.innerText || '').trim(), name: node.className,
                ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                inside: box.width > 0 && box.bottom > 0 && box.top < window.innerHeight,
            };
        }"""
    )
    return got


def tab_to(page: Shown, wanted: Callable[[dict[str, Any]], bool], most: int = 60) -> dict[str, Any]:
    """Tabs on until something has the focus; everything on the way is seen to have it. No mouse, no script."""
    for _ in range(most):
        page.keyboard.press("Tab")
        now = focused(page)
        assert now["ring"], f"no visible focus on {now}"
        assert now["inside"], f"out of sight: {now}"
        if wanted(now):
            return now
    raise AssertionError("never reached by keyboard")


@pytest.mark.database
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_journey_by_keyboard_alone(visit: Visit, live: Live, theme: str) -> None:
    """Skip link, another page, filter, table, file, the next figure."""
    opened = visit(live.base + "/", theme=theme)
    page = opened.page
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "Hoppa till innehållet"
    tab_to(page, lambda f: f["text"] == "Väntetider")
    opened.settle(lambda: page.keyboard.press("Enter"))
    assert focused(page)["tag"] == "H1"
    page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if focused(page)["id"] == "filter-region":
            break
        page.keyboard.press("Shift+Tab")
    assert focused(page)["id"] == "filter-region"
    opened.settle(lambda: page.keyboard.press("ArrowDown"))
    assert "region=" in page.url
    assert focused(page)["id"] == "filter-region"
    first = page.locator("#main figure").first.get_attribute("id")
    tab_to(page, lambda f: f["text"] == "Visa som tabell")
    page.keyboard.press("Enter")
    assert page.is_visible(f"#{first}-table table")
    assert focused(page)["text"] == "Visa som diagram"
    tab_to(page, lambda f: f["text"].startswith("Ladda ner"))
    page.keyboard.press("Enter")
    assert focused(page)["text"].startswith("CSV")
    with page.expect_download():
        page.keyboard.press("Enter")
    assert focused(page)["text"].startswith("Ladda ner")
    page.keyboard.press("Enter")
    with page.expect_download() as picture:
        tab_to(page, lambda f: f["text"].startswith("SVG"))
        page.keyboard.press("Enter")
    assert picture.value.suggested_filename.endswith(".svg")
    tab_to(page, lambda f: f["text"] == "Visa som tabell")
    assert page.evaluate("document.activeElement.closest('figure').id") != first


@pytest.mark.database
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_every_figure_and_control_has_a_name(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page))
    wait_for_charts(opened.page)
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, select, input, [role=img], figure, [role=region]')]
            .filter(n => n.getClientRects().length)
            .filter(n => {
                const by = (n.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i));
                const label = n.labels && n.labels.length ? n.labels[0].textContent : '';
                const said = n.matches('[role=img], figure, [role=region]') ? '' : n.textContent;
                const named = n.getAttribute('aria-label') || by.map(b => b && b.textContent).join('') || label || said;
                return !named.trim();
            }).map(n => n.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    described = opened.page.evaluate(
        """() => [...document.querySelectorAll('[aria-describedby], [aria-controls]')]
            .flatMap(n => [n.getAttribute('aria-describedby'), n.getAttribute('aria-controls')])
            .filter(id => id && !document.getElementById(id))"""
    )
    assert described == [], "names that lead nowhere"


@pytest.mark.database
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_nothing_jumps_while_a_page_loads_or_a_choice_is_shown(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page))
    shown = opened.page
    shown.add_init_script(f"({SHIFTS})()")
    shown.reload()
    shown.wait_for_selector("html[data-ready]", state="attached")
    wait_for_charts(shown)
    shown.wait_for_timeout(300)
    assert sum(shown.evaluate("window.shifts")) < MOST_SHIFT
    if not shown.locator("#filter-month, #filter-region").count():
        return
    shown.evaluate("window.shifts.length = 0")
    name = "#filter-month" if shown.locator("#filter-month").count() else "#filter-region"
    other = shown.locator(f"{name} option").nth(2).get_attribute("value")
    opened.settle(lambda: shown.select_option(name, other))
    wait_for_charts(shown)
    shown.wait_for_timeout(300)
    assert sum(shown.evaluate("window.shifts")) < MOST_CHANGE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_computers_own_colours_everything_is_still_seen(visit: Visit, gallery_address: str, scheme: str) -> None:
    page = visit(gallery_address, theme=scheme).page
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_function("() => matchMedia('(forced-colors: active)').matches")
    page.wait_for_timeout(200)
    unseen = page.evaluate(
        """() => {
            const canvas = getComputedStyle(document.body).backgroundColor;
            const graphics =
                '.lv, .bar-part, .range-line, .range-mark:not(.open), .spark-dot, .flag, .ico';
            const lines = [...document.querySelectorAll('.spark-line path')];
            if (lines.some(n => getComputedStyle(n).stroke === canvas)) { return ['spark-line']; }
            return [...document.querySelectorAll(graphics)].filter(n => n.getClientRects().length).filter(n => {
                const style = getComputedStyle(n);
                const clear = style.backgroundColor === canvas || /^rgba.*, 0\\)$/.test(style.backgroundColor);
                return clear && style.backgroundImage === 'none' && style.outlineStyle === 'none';
            }).map(n => n.className);
        }"""
    )
    assert unseen == []
    assert page.evaluate("getComputedStyle(document.querySelector('.st-missing .hole')).backgroundImage") != "none"
    current = "getComputedStyle(document.querySelector('.nav a[aria-current]')).borderBottomColor"
    assert page.evaluate(current) != page.evaluate(current.replace("[aria-current]", ":not([aria-current])"))


def test_enlarged_twice_nothing_is_cut_off(visit: Visit, gallery_address: str) -> None:
    """200 % on a screen of 1 280 pixels leaves 640 of them; or only the text is made twice as large."""
    assert sideways(visit(gallery_address, width=640).page) == []
    page = visit(gallery_address, width=1280).page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == []


def test_who_wants_no_movement_gets_none(visit: Visit, gallery_address: str) -> None:
    page = visit(gallery_address).page
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(n => {
            const s = getComputedStyle(n);
            return s.transitionDuration.split(',').some(d => parseFloat(d) > 0) || s.animationName !== 'none';
        }).length"""
    )
    assert moving == 0


def test_loading_says_so_in_swedish(visit: Visit, gallery_address: str, browser: Any) -> None:
    page = browser.new_page()
    page.route("**/_dash-update-component*", lambda route: None)  # the answer never comes
    page.goto(gallery_address)
    page.wait_for_selector("#main .starting")
    page.wait_for_timeout(500)  # a question that was answered after all would be seen by now
    assert page.inner_text("#main .starting") == "Hämtar uppgifter …"
    assert not page.is_visible("#foot")
    page.close()


def test_the_gallery_shows_every_state() -> None:
    """What the tests above look at: a state that is dropped from the gallery would pass unseen."""
    states = {c.state for r in gallery.table().rows for c in r.cells if hasattr(c, "state")}
    assert states == {"missing", "suppressed", "secondary", "excluded", "short"}
    assert any(r.note == "prel." for r in gallery.table().rows)
