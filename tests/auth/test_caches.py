"""What is kept for one reader is never handed to another: in a process, on the shelf for all, in files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lagesbild.answers import make, question, shelf_for
from lagesbild.auth.access import UPDATE
from lagesbild.components.model import Page
from lagesbild.domain.person import Person
from lagesbild.pages.context import PageContext
from lagesbild.pages.view import View
from tests import gallery
from tests.auth.memory import MemoryPeople
from tests.auth.service import ROLES, service, settings, somebody

PLANNERS = (somebody("planner"), Person("planner", "p2", "P", "09"))
READERS = (*(somebody(r) for r in ROLES), PLANNERS[1])


def telling(page: Page) -> Page:
    """The page, saying for whose eyes it was made in its title, its parts that are kept, and its tables."""

    def build(context: PageContext) -> Any:
        content = page.build(context)
        mark = context.keep("mark", lambda: f"[sedd {context.viewer.role} {context.viewer.own}]")
        sections = [replace(s, summary=mark) if hasattr(s, "table") else s for s in content.sections]
        return replace(content, kicker=mark, sections=tuple(sections))

    return replace(page, build=build)


def mark(person: Person) -> str:
    seen = person.viewer(5)
    return f"[sedd {seen.role} {seen.own}]"


@pytest.fixture
def processes(tmp_path: Path) -> list[Any]:
    """Two web processes with one shelf, and who asks next."""
    told, people, asks = settings(tmp_path), MemoryPeople(), [READERS[0]]
    pages = [telling(gallery.PAGES[0]), *gallery.PAGES[1:]]
    made = [
        service(told, people, who=lambda: asks[0], pages=pages, shelf=shelf_for(told)).test_client() for _ in range(2)
    ]
    return [asks, *made]


def test_pages_kept_in_a_process_and_on_the_shelf(processes: list[Any]) -> None:
    asks, first, second = processes
    make(first.application, View("/", "region=21"))  # as the process does that makes answers ahead, for the public
    for order in (READERS, READERS[::-1], READERS):
        for client in (first, second):
            for asks[0] in order:
                for theme in ("light", "dark"):
                    body = client.post(UPDATE, json=question(View("/", "region=21", theme))).text
                    assert mark(asks[0]) in body, asks[0]
                    others = {mark(p) for p in READERS} - {mark(asks[0])}
                    assert not [o for o in others if o in body]


def test_files(processes: list[Any]) -> None:
    asks, first, second = processes
    for client in (first, second, first):
        for asks[0] in READERS:
            for form in ("csv", "xlsx"):
                answer = client.get(f"/ladda-ner/lagesbild/vantande.{form}?region=21")
                assert answer.status_code == 200
                assert answer.headers["Cache-Control"] == "no-store"
                if form == "csv":
                    assert mark(asks[0]) in answer.text
                    assert ("Tal under 5 är skyddade." in answer.text) is (asks[0].viewer(5).role == "public")


def test_a_refusal_is_not_kept_for_who_may_nor_the_other_way_round(tmp_path: Path) -> None:
    told, asks = settings(tmp_path), [None]
    server = service(told, who=lambda: asks[0], shelf=shelf_for(told))
    client = server.test_client()
    for asks[0] in (None, somebody("support"), None, somebody("public")):
        body = client.post(UPDATE, json=question(View("/"))).text
        assert ("Komponenter" in body) is (asks[0] is not None)
        assert ("inte inloggad" in body) is (asks[0] is None)
