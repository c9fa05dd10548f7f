"""Answers are made ahead by a process that comes when the data have changed, and that leaves when it is told to."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lagesbild import ahead
from lagesbild.answers import shelf_for
from lagesbild.data.engine import Database
from lagesbild.data.version import bump, read_version
from lagesbild.settings import Settings, project_root


@pytest.fixture
def served(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings as the environment tells them to new processes, too."""
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("LAGESBILD_HOME", str(tmp_path))
    monkeypatch.setattr(multiprocessing, "get_context", lambda: _SPAWN)
    return settings.model_copy(update={"home": tmp_path})


_SPAWN = multiprocessing.get_context("spawn")


def wait_for(happened: Callable[[], bool], seconds: float = 180) -> None:
    """Until it happens; long, for a machine where others want the processors too."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def test_answers_are_there_soon_after_start_and_after_every_change(served: Settings, database: Database) -> None:
    shelf = shelf_for(served)
    assert shelf is not None
    stopped = threading.Event()
    keeper = threading.Thread(target=ahead.keep_ahead, args=(database, project_root(), stopped, 0.2))
    keeper.start()
    try:
        first = read_version(database)
        wait_for(lambda: shelf.has_all(first))
        menu = [f for f in (served.home / "cache").rglob("*") if f.is_file()]
        assert len(menu) > 10, "every page of the menu, light and dark"
        with database.begin() as connection:
            bump(connection)
        second = read_version(database)
        assert second != first
        wait_for(lambda: shelf.has_all(second))
        assert not shelf.has_all(first), "what is of an earlier version goes"
    finally:
        stopped.set()
        keeper.join(20)
    assert not keeper.is_alive()
    assert not [p for p in multiprocessing.active_children() if p.name == "lagesbild-ahead"]


def test_it_leaves_at_once_when_the_service_stops(served: Settings, database: Database) -> None:
    stopped = threading.Event()
    keeper = threading.Thread(target=ahead.keep_ahead, args=(database, project_root(), stopped, 0.1))
    keeper.start()
    wait_for(lambda: any(p.name == "lagesbild-ahead" for p in multiprocessing.active_children()))
    stopped.set()
    keeper.join(20)  # what it has left to do takes minutes
    assert not keeper.is_alive()
    assert not [p for p in multiprocessing.active_children() if p.name == "lagesbild-ahead"]
