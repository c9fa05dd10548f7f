"""Real Chromium: how long from a choice, or from an address, until everything is drawn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.web.servers import Service

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
QUIET_MS: Final = 300  # without a question or a change to the document: everything was drawn at the last change
# Every change to what is shown is a mutation of the document. What is said to screen readers afterwards is no drawing.
WATCH: Final = """
window.__last = 0;
window.__changes = 0;
window.__waiting = 0;
window.__answers = 0;
const asked = window.fetch;
window.fetch = function () {
  window.__waiting += 1;
  return asked.apply(this, arguments).finally(() => {
    window.__waiting -= 1;
    window.__answers += 1;
    window.__last = performance.now();   // what it brings is drawn after this
  });
};
new MutationObserver(records => {
  if (records.some(r => !(r.target.closest && r.target.closest('#live, head, title')) )) {
    window.__last = performance.now();
    window.__changes += 1;
  }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
DRAWN: Final = """
() => {
  const graphs = [...document.querySelectorAll('.dash-graph')].filter(g => g.offsetParent);
  return graphs.length > 0 && graphs.every(g => g.querySelector('.main-svg .plot, .main-svg .cartesianlayer'))
    && window.__waiting === 0 && window.__answers > (window.__from || 0)
    && performance.now() - window.__last > QUIET ? window.__last : false;
}
""".replace("QUIET", str(QUIET_MS))
CHOOSE_OURS: Final = """
([name, value]) => {
  const select = document.getElementById(name);
  window.__from = window.__answers;
  window.__began = performance.now();
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}
"""
CHOOSE_THEIRS: Final = """
([name, value]) => {
  window.__from = window.__answers;
  window.__began = performance.now();
  window.dash_clientside.set_props(name, { value });
}
"""


@dataclass(frozen=True)
class Defaults:
    """What a page shows before anybody has chosen."""

    area: str
    month: str


@dataclass
class Load:
    """One load of a page, in a browser that knows nothing of it (`cold_ms`) and again (`warm_ms`)."""

    cold_ms: float
    warm_ms: float
    kilobytes: float
    requests: int


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit("Chromium saknas: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
    context.add_init_script(WATCH)
    return context


def _drawn(page: Page) -> float:
    return float(page.wait_for_function(DRAWN, timeout=60_000, polling=50).json_value())


def first_load(browser: Browser, service: Service) -> Load:
    """In a fresh context, whose cache is empty; then the same address once more."""
    context = _context(browser)
    page = context.new_page()
    network = context.new_cdp_session(page)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(service.change_page)
    cold = _drawn(page)
    got = list(sizes)
    page.goto(service.change_page)
    warm = _drawn(page)
    context.close()
    return Load(cold, warm, sum(got) / 1000, len(got))


class Changer:
    """An open page of a service, on which one selector after the other is changed.

    `views` are (care area, month) in the order they are to be shown; one selector differs from one to the next.
    """

    def __init__(self, browser: Browser, service: Service, views: Sequence[tuple[str, str]], first: Defaults) -> None:
        self.page = _context(browser).new_page()
        self._ours = service.name == "Lägesbild"
        self.page.goto(service.change_page)
        _drawn(self.page)
        self._first = first
        self._shown = (first.area, first.month)
        self._views = iter(views)

    def change(self) -> float:
        """Milliseconds from the choice to the last thing drawn."""
        view = next(self._views)
        place = 0 if view[0] != self._shown[0] else 1
        assert view[1 - place] == self._shown[1 - place]
        self._shown = view
        value = view[place]
        if self._ours:
            name = ("filter-care-area", "filter-month")[place]
            value = "" if value == (self._first.area, self._first.month)[place] else value
        else:
            name = ("area", "month")[place]
        self.page.evaluate(CHOOSE_OURS if self._ours else CHOOSE_THEIRS, [name, value])
        return _drawn(self.page) - float(self.page.evaluate("window.__began"))

    def count(self) -> dict[str, Any]:
        """How much stands on the page."""
        return dict(
            self.page.evaluate(
                "() => ({nodes: document.querySelectorAll('*').length,"
                " graphs: document.querySelectorAll('.dash-graph').length})"
            )
        )


def in_turn(tasks: dict[str, Callable[[], Any]], rounds: int, warm: int = 0) -> dict[str, list[Any]]:
    """What each gives, taken in turns, so that a busy machine is busy for all of them."""
    out: dict[str, list[Any]] = {name: [] for name in tasks}
    for k in range(rounds + warm):
        for name, task in tasks.items():
            got = task()
            if k >= warm:
                out[name].append(got)
    return out
