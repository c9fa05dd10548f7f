"""Many readers at once, for a short while: none of them meets an error. How fast is measured by benchmarks/load.py."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.web.browsing import browse
from lagesbild.answers import question
from lagesbild.pages.registry import all_pages
from lagesbild.pages.view import View
from tests.faults.service import SOAK, Service

pytestmark = pytest.mark.database


def test_nobody_of_many_meets_an_error(served: Service) -> None:
    pages = [View(page.path) for page in all_pages() if not page.parameter]
    views = [question(v) for page in pages for v in (page, View(page.path, "vardomrade=kat"))]
    # in a thread: where Chromium's tests run in the same process, this one has a loop of theirs already
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(asyncio.run, browse(served.base, views, users=40, seconds=max(SOAK, 4), think=0.5)).result()
    assert not found.errors
    assert len(found.views) > 40
    assert len(found.first) == 3 * 40
