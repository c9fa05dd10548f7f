"""A briefing as HTML for e-mail, in Chromium: axe finds nothing, nothing is fetched, and it can be read on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lagesbild.reports.html import html
from tests.browser.checks import violations
from tests.browser.conftest import Opened
from tests.reports import office_documents as made

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("document", [made.council, made.assessment])
@pytest.mark.parametrize("width", [800, 390])
def test_the_mail_is_accessible_and_fetches_nothing(
    visit: Callable[..., Opened], tmp_path: Path, document: Any, width: int
) -> None:
    file = tmp_path / "underlag.html"
    file.write_text(html(document()), encoding="utf-8")
    opened = visit(file.as_uri(), width=width, wait="main")
    assert violations(opened.page) == []
    assert opened.console == []
    assert opened.requests == [file.as_uri()]
    assert opened.page.title() == document().title
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, "a wide table moves by itself"
