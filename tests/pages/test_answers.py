"""What one process has made another hands out: the same bytes, only to the same viewer, only while the data stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lagesbild.answers import make, question, shelf_for
from lagesbild.api import health
from lagesbild.auth.access import UPDATE
from lagesbild.factory import create_app
from lagesbild.pages.ahead import views_ahead
from lagesbild.pages.cache import VersionWatch
from lagesbild.pages.context import PageContext
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from tests import gallery
from tests.fakes import FakeSource


class Process:
    """An application as a web process has it, with the pages it has had to build."""

    def __init__(self, source: FakeSource, settings: Settings) -> None:
        self.built: list[str] = []

        def build(context: PageContext) -> Any:
            self.built.append(context.selection.region)
            self.during()
            return gallery.build(context)

        pages = [replace(gallery.PAGES[0], build=build), *gallery.PAGES[1:]]
        self.server = create_app(
            source, settings, pages=pages, known=gallery.known, filters=gallery.filters, shelf=shelf_for(settings)
        )
        self.renderer: Renderer = self.server.extensions["lagesbild"]
        self.renderer._watch = VersionWatch(source, seconds=0.0)

    def during(self) -> None:
        """Happens while a page is built."""

    def ask(self, view: View) -> Any:
        answer = self.server.test_client().post(UPDATE, json=question(view))
        assert answer.status_code == 200
        return answer.get_json()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_what_one_process_has_made_another_hands_out(settings: Settings) -> None:
    source = gallery.source()
    first, second = Process(source, settings), Process(source, settings)
    view = View("/", "region=09")
    made = first.ask(view)
    assert second.ask(view) == made
    assert (first.built, second.built) == (["09"], [])
    shaped = replace(view, shape=made["response"]["page"]["data"]["shape"])
    pieces = first.ask(shaped)
    assert "main" not in pieces["response"]
    assert second.ask(shaped) == pieces
    assert second.built == []


def test_an_exact_answer_is_never_handed_to_a_public_viewer(settings: Settings) -> None:
    source = gallery.source()
    exact = Process(source, settings.model_copy(update={"viewer_role": "exact"}))
    public = Process(source, settings)
    stricter = Process(source, settings.model_copy(update={"small_count_threshold": 10}))
    for process in (exact, public, stricter):
        process.ask(View())
        assert process.built == [""], "each has made its own"


def test_new_data_make_new_answers(settings: Settings) -> None:
    source = gallery.source()
    first, second = Process(source, settings), Process(source, settings)
    first.ask(View())
    source.version_number = 2
    second.ask(View())
    assert second.built == [""]
    third = Process(source, settings)
    third.ask(View())
    assert third.built == []


def test_data_that_change_meanwhile_leave_nothing_behind(settings: Settings) -> None:
    source = gallery.source()
    first, second = Process(source, settings), Process(source, settings)

    def change() -> None:
        source.version_number = 2

    first.during = change  # type: ignore[method-assign]
    first.ask(View())
    source.version_number = 1
    second.ask(View())
    assert second.built == [""]


def test_a_fault_and_an_address_that_leads_nowhere_are_not_shared(settings: Settings) -> None:
    source = gallery.source()
    first, second = Process(source, settings), Process(source, settings)
    failing = View("/", "region=99")
    for process in (first, second):
        assert "nummer" in str(process.ask(failing)["response"]["main"])
        assert process.built == ["99"]
    first.ask(View("/nix"))
    assert not [f for f in settings.home.rglob("*") if f.is_file()]


def test_without_room_nothing_is_written(settings: Settings) -> None:
    Process(gallery.source(), settings.model_copy(update={"cache_mb": 0})).ask(View())
    assert not list(settings.home.iterdir())


def test_every_view_that_is_made_ahead_is_one_that_nobody_has_to_wait_for(settings: Settings) -> None:
    source = gallery.source()
    maker, web = Process(source, settings), Process(source, settings)
    views = list(views_ahead(maker.renderer))
    assert len(set(views)) == len(views)
    assert views[:2] == [View("/"), View("/andra")]
    for wanted in (
        View("/", "", "dark"),
        View("/", "region=21"),
        View("/", "manad=2023-12"),
        View("/", "region=21", "dark"),
    ):
        assert wanted in views
    for view in views:
        make(maker.server, view)
    for view in views:
        made = web.ask(view)
        shape = made["response"]["page"]["data"].get("shape", "")
        web.ask(replace(view, shape=shape))
    assert web.built == []


def test_a_password_in_an_address_is_not_in_any_file(settings: Settings) -> None:
    url = "postgresql://u:hemligt@127.0.0.1/x"
    Process(gallery.source(), settings.model_copy(update={"database_url": url})).ask(View())
    found = [f for f in settings.home.rglob("*") if f.is_file()]
    assert found
    assert all(b"hemligt" not in f.read_bytes() for f in found)


def test_what_is_made_ahead_is_no_request_that_somebody_waited_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_SLOW_SECONDS", 0.0)
    process = Process(gallery.source(), settings)
    client = process.server.test_client()
    caplog.clear()
    make(process.server, View("/", "region=09"))
    assert process.built == ["09"]
    assert [r for r in caplog.records if r.name == "lagesbild.requests"] == []
    assert 'kind="view"' not in client.get("/metrics").text
    process.ask(View("/", "region=21"))
    assert [r.levelname for r in caplog.records if r.name == "lagesbild.requests"][-1] == "WARNING"
    assert 'lagesbild_requests_total{kind="view",status="200"} 1.0' in client.get("/metrics").text
