"""Contexts of Chromium that are used again, one for each reader of a test."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext


class Readers:
    """Every reader of a test has a context of its own, and leaves nothing in it.

    A page in a new context is a new process that compiles Plotly first: 1.6 s of processor a visit. Where a page of
    the same site lives on, the process does, with what it has compiled: 0.6 s.
    """

    MOST = 3  # processes kept; a test that reads as more persons than so is given new ones

    def __init__(self, browser: Browser, site: str = "http://127.0.0.1/", **options: Any) -> None:
        """Of pages of a site (a port is none of it); `options` are those of a context."""
        self._browser, self._site, self._options = browser, site, options
        self._kept: list[BrowserContext] = []
        self._used: list[BrowserContext] = []
        self._seen: set[str] = set()

    def next(self) -> BrowserContext:
        """For a reader that nobody else of the test is."""
        if len(self._used) < len(self._kept):
            context = self._kept[len(self._used)]
        else:
            context = self._browser.new_context(locale="sv-SE", **self._options)
            if len(self._kept) < self.MOST:
                self._keep(context)
        self._used.append(context)
        return context

    def saw(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            self._seen.add(f"{parts.scheme}://{parts.netloc}")

    def leave(self) -> None:
        """Closes what the test opened; cookies, what pages have stored and what they were allowed are gone."""
        for context in self._used:
            if context not in self._kept:
                context.close()
                continue
            anchor, *pages = context.pages
            for page in pages:
                page.close()
            context.clear_cookies()
            context.clear_permissions()
            anchor.evaluate("localStorage.clear()")
            storage = context.new_cdp_session(anchor)
            for origin in self._seen:
                storage.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
            storage.detach()
        self._used.clear()
        self._seen.clear()

    def close(self) -> None:
        for context in self._kept:
            context.close()

    def _keep(self, context: BrowserContext) -> None:
        """An empty page of the site holds on to the process."""
        anchor = context.new_page()
        anchor.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        anchor.goto(self._site)
        anchor.on("crash", lambda: self._kept.remove(context))
        self._kept.append(context)
