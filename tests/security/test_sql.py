"""SQL in every import column and every parameter: nothing is changed that should not be, nothing half written."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from lagesbild.answers import UPDATE, question
from lagesbild.auth.forgery import HEADER
from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import Database
from lagesbild.data.source import PgSource
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import ImportRejectedError, InputError
from lagesbild.domain.selection import PARAMETERS
from lagesbild.factory import create_app
from lagesbild.jobs.importing import import_file
from lagesbild.pages.registry import all_pages
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from lagesbild.snapshots.store import Store
from tests.data.import_files import Importer
from tests.security.fuzzing import budget, mutated, survives, with_cell
from tests.security.hostile import SQL
from tests.security.parsers import BUNDLE_TEXT, SAMPLES

pytestmark = pytest.mark.database
TABLES = sorted({d.table for d in DATASETS.values()} | {"batch", "data_version", "briefing", "forecast_run"})


def state(database: Database) -> dict[str, tuple[Any, ...]]:
    """How many rows each table has, and the data version."""
    with database.raw() as connection:
        told = {t: tuple(connection.execute(f'SELECT count(*) FROM "{t}"').fetchall()) for t in TABLES}  # type: ignore[arg-type]
        told["version"] = tuple(connection.execute("SELECT version FROM data_version").fetchall())
    return told


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    for name in ("regions", "care-areas", "providers"):
        made(name, _codes(name))
    return made


def _codes(name: str) -> str:
    more = {
        "regions": "\n03,Region C,C,Södra,,,SE\n14,VGR,VGR,Västra,,,SE",
        "providers": "\nP2,Två,01,private,SE1-E2,,,,\nP3,Tre,03,private,,,,,",
    }
    return SAMPLES[name] + more.get(name, "")


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_sql_in_a_cell_is_text_or_a_fault(dataset: str, importer: Importer) -> None:
    table = _codes(dataset)
    header, first, *_ = table.split("\n")
    columns = header.split(",")
    before = state(importer.database)
    for place, column in enumerate(columns):
        for attack in SQL[:2]:
            cells = first.split(",")
            cells[place] = f'"{attack}"'
            try:
                importer(dataset, f"{header}\n{','.join(cells)}")
            except ImportRejectedError:
                assert state(importer.database) == before, column
            else:
                now = state(importer.database)
                assert now["version"] > before["version"], column
                found = importer.query(f'SELECT "{column}" FROM {DATASETS[dataset].table}')
                assert (attack,) in found, column  # stored as the text that it is
                before = now


def test_sql_in_an_address_or_a_body_changes_nothing(
    importer: Importer, open_as: Callable[[str], Database], tmp_path: Path
) -> None:
    importer("waits", SAMPLES["waits"])
    reader = open_as("read")
    app = create_app(
        PgSource(reader), Settings(), briefings=PgBriefings(reader, importer.database), snapshots=Store(tmp_path)
    )
    client = app.test_client()
    before = state(importer.database)
    for attack in SQL:
        every = urlencode({**dict.fromkeys(PARAMETERS.values(), attack), attack: attack})
        pages = [p.address(quote(attack, safe="")) if p.parameter else p.path for p in all_pages()]
        for path in pages:
            answer = client.post(UPDATE, json=question(View(path, f"?{every}")))
            assert answer.status_code == 200, path
            assert "Felet är loggat" not in answer.text, path
        for path in ("/rapporter/om.json", "/rapporter/underlag.html", "/ladda-ner/vantetider/rangordning.csv"):
            assert client.get(f"{path}?{every}").status_code < 500, path
        for name in ("fil", "oppna", "prova"):
            assert client.get(f"/ogonblicksbilder/{name}/{quote(attack, safe='')}").status_code in (400, 404)
    assert state(importer.database) == before
    comment = {"val": "", "kommentarer": {"sammanfattning": SQL[0]}}
    told = client.post("/rapporter/spara", json=comment, headers={HEADER: "1"})
    assert told.status_code == 200
    assert importer.query("SELECT comments->>'sammanfattning' FROM briefing") == [(SQL[0],)]
    assert {**state(importer.database), "briefing": before["briefing"]} == before


def test_a_mutated_file_is_imported_whole_or_not_at_all(importer: Importer) -> None:
    """The database after each import is as before, or holds one batch more and its rows."""
    names = [*DATASETS, "fhir"]
    path = importer.file(b"x", "fil.csv")
    chosen: list[str] = []
    last = state(importer.database)

    def make(rng: random.Random) -> bytes:
        chosen[:] = [rng.choice(names)]
        if chosen == ["fhir"]:
            return mutated(rng, BUNDLE_TEXT, [BUNDLE_TEXT])
        own = _codes(chosen[0]).encode()
        return with_cell(rng, own) if rng.random() < 0.6 else mutated(rng, own, [own])

    def try_it(data: bytes) -> None:
        nonlocal last
        path.write_bytes(data)
        try:
            done = import_file(importer.database, chosen[0], path)
        except InputError:
            assert state(importer.database) == last
        else:
            now = state(importer.database)
            table = DATASETS["production" if chosen[0] == "fhir" else chosen[0]].table
            assert now[table][0][0] == last[table][0][0] + done.inserted
            assert now["batch"][0][0] == last["batch"][0][0] + len(done.batch_ids)
            last = now

    survives("import", min(budget(120), 5_000), make, try_it)
