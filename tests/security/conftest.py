"""The hostile country in a database of its own, served, once for each file that asks for it; Chromium as elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import Database, open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.briefing import SavedBriefing, comments_of
from lagesbild.factory import create_app
from lagesbild.settings import Settings
from lagesbild.snapshots.store import Store
from tests.conftest import TEMPLATE, PgServer
from tests.security import hostile


@dataclass(frozen=True)
class Hostile:
    """The hostile country: the application, its database, the saved snapshot and the id of a saved briefing."""

    app: Flask
    writer: Database
    snapshot: Path
    briefing: str


@pytest.fixture(scope="module")
def hostile_world(pg_server: PgServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    name = "hostile"
    pg_server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    settings = Settings(database_url=pg_server.url(name))
    home = tmp_path_factory.mktemp("hostile")
    (home / "files").mkdir()
    with open_database(settings, role="write") as writer, open_database(settings, role="read") as reader:
        hostile.import_hostile(writer, home / "files")
        source = PgSource(reader)
        snapshot = hostile.freeze_hostile(source, home)
        briefings = PgBriefings(reader, writer)
        comments = comments_of(dict.fromkeys(("sammanfattning", "vantetider"), "\n".join(hostile.TEXTS)))
        saved = briefings.save(SavedBriefing(hostile.SCRIPTS[0], "", comments, source.version().version))
        app = create_app(source, settings, briefings=briefings, snapshots=Store(home))
        yield Hostile(app, writer, snapshot, saved)
    pg_server.run(f"DROP DATABASE {name} WITH (FORCE)")
