"""Takes the pictures in docs/images from a running service.

make screenshots PORT=8050
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

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
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def take(base: str) -> list[Path]:
    """One picture a page, of the first screen. Needs a service that answers at `base`."""
    IMAGES.mkdir(exist_ok=True)
    written = []
    program = next(path for name in CHROMIUM if (path := shutil.which(name)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
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
        browser.close()
    return written


if __name__ == "__main__":
    for picture in take(sys.argv[1].rstrip("/")):
        print(picture)
