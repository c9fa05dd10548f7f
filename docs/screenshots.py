"""Takes the pictures in docs/images from a running service.

make screenshots PORT=8050

The search among many care areas is no part of the demonstration. Its picture is taken with `--search` from a service
with more than 60 of them (`lagesbild seed generate --care-areas 300`).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent / "images"
SHOTS = (
    ("overview", "/", 1440, "light"),
    ("overview-dark", "/", 1440, "dark"),
    ("overview-phone", "/", 390, "light"),
    ("vantetider", "/vantetider", 1440, "light"),
    ("produktion", "/produktion", 1440, "light"),
    ("prognos", "/prognos?vardomrade=katarakt&region=24&fler=3", 1440, "light"),
    ("kapacitetsgap", "/kapacitetsgap", 1440, "light"),
    ("region", "/region/21", 1440, "light"),
    ("region-phone", "/region/21", 390, "light"),
    ("vardomrade", "/vardomrade/knaprotes", 1440, "light"),
    ("utomlansvard", "/utomlansvard", 1440, "light"),
    ("datakvalitet", "/datakvalitet", 1440, "light"),
    ("rapporter", "/rapporter?vardomrade=knaprotes&region=21&mall=region", 1440, "light"),
    ("ogonblicksbilder", "/ogonblicksbilder", 1440, "light"),
)
SEARCH = "#filter-care-area-find"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next(path for name in CHROMIUM if (path := shutil.which(name)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def search(base: str) -> list[Path]:
    """The head of a page while a care area is searched for. Needs a service with more than 60 care areas."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1024, "height": 480}, locale="sv-SE", reduced_motion="reduce")
        page.goto(f"{base}/vantetider", wait_until="networkidle")
        page.locator(SEARCH).fill("operation")
        page.locator(f"{SEARCH}-box.open [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(800)
        target = IMAGES / "sok-vardomrade.png"
        page.screenshot(path=target)
    return [target]


def take(base: str) -> list[Path]:
    """One picture a page, of the first screen. Needs a service that answers at `base`."""
    IMAGES.mkdir(exist_ok=True)
    written = []
    with chromium() as browser:
        for name, path, width, scheme in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": 900 if width > 500 else 844},
                color_scheme="dark" if scheme == "dark" else "light",
                locale="sv-SE",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(base + path, wait_until="networkidle")
            page.locator("h1").first.wait_for()
            if page.locator("#bf-img").count():
                page.locator("#bf-img").wait_for(timeout=60_000)  # the pages of a briefing take a while
            page.wait_for_timeout(800)
            target = IMAGES / f"{name}.png"
            page.screenshot(path=target)
            written.append(target)
            context.close()
    return written


if __name__ == "__main__":
    given = search if "--search" in sys.argv[2:] else take
    for picture in given(sys.argv[1].rstrip("/")):
        print(picture)
