"""Briefings of every region are made by several processes: the same files as one makes, the same faults in words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lagesbild.cli import main as run_main
from lagesbild.cli.briefing_files import Maker, Order, maker, write, write_every
from lagesbild.data.engine import Database, open_database
from lagesbild.data.people import PgAudit
from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import InputError
from lagesbild.domain.selection import Selection
from lagesbild.jobs.seed.generate import generate
from lagesbild.jobs.seeding import load_seed
from lagesbild.settings import Settings


def test_many_processes_make_what_one_makes_and_tell_its_faults(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_seed(database, generate(tmp_path / "seed", regions=6, care_areas=1, months=26))
    made = maker(PgSource(database), settings)
    codes = [r.code for r in leaf_regions(made.source.regions())]
    area = made.source.care_areas()[0].code
    one, many = tmp_path / "en", tmp_path / "flera"
    one.mkdir()
    many.mkdir()

    def order(out: Path) -> Order:
        return Order(settings, Selection(care_area=area, kind="region"), "html", out, {"prognos": "Obs."})

    paths = list(write_every(made, order(many), codes, processes=2))
    assert [p.parent for p in paths] == [many] * 6
    assert all(code.lower() in p.name for code, p in zip(codes, paths, strict=True)), "in order"
    alone = write(made, order(one), codes[-1], directory=True)
    assert alone.read_bytes() == paths[-1].read_bytes()
    assert not list(many.glob(".*"))
    _fault_is_told(made, order(tmp_path / "finns-inte"), codes)
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", str(settings.database_url))
    _is_in_the_log(settings, area, codes[-1], tmp_path / "u.html")


def _fault_is_told(made: Maker, order: Order, codes: list[str]) -> None:
    with pytest.raises(InputError, match="kan inte skrivas: den finns inte") as told:
        list(write_every(made, order, codes, processes=2))
    assert told.value.remedy == "Välj en annan plats med --out."
    assert told.value.exit_code == 2


def _is_in_the_log(settings: Settings, area: str, region: str, out: Path) -> None:
    """What was chosen, as the web's log has it, and where the file went."""
    arguments = ("--format", "html", "--care-area", area, "--region", region, "--out", str(out))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["lagesbild", "briefing", *arguments])
        with pytest.raises(SystemExit) as stopped:
            run_main()
    assert not stopped.value.code
    assert out.exists()
    with open_database(settings, role="people") as people:
        (event, *_) = PgAudit(people).events()
    assert (event.what, event.object, event.role, event.detail) == (
        "export",
        "briefing",
        "kommandorad",
        f"html, till {out}",
    )
    assert f"vardomrade={area}" in event.choices
    assert f"region={region}" in event.choices
