"""Two that write at once: nothing is lost, nothing is there twice, and every run is of one state of the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from lagesbild.data.engine import Database, open_database
from lagesbild.data.job_log import JobLog
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.source import Query
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.jobs.importing import import_file
from lagesbild.jobs.recorded import recorded
from lagesbild.jobs.rerunning import rerun
from lagesbild.settings import Settings
from tests.data.import_files import Importer
from tests.faults.service import PATIENCE, fill
from tests.forecast.made_up import NaiveEngine

pytestmark = pytest.mark.database


class Meanwhile:
    """An executor in this process, which has something happen before the first piece of work is done."""

    workers = 1

    def __init__(self, happen: Callable[[], object]) -> None:
        self._happen = happen
        self._happened = False

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            if not self._happened:
                self._happened = True
                self._happen()
            yield function(item)

    def close(self) -> None:
        pass


@pytest.fixture
def country(database_url: str, tmp_path: Path) -> Iterator[Importer]:
    importer = fill(database_url, tmp_path, codes=("01",))
    yield importer
    importer.database.close()


def test_an_import_in_the_middle_of_a_forecast_run(country: Importer) -> None:
    source = PgSource(country.database)
    before = source.version()

    def import_more() -> None:
        assert country.waits("2025-06,01,kat,,999,1", name="under.csv").inserted == 1

    run = run_forecast(source, PgRunStore(country.database), n_paths=50, executor=Meanwhile(import_more))
    assert run.data_version == before.version, "the run is of the data it began with, and says so"
    assert source.version().version == before.version + 2, "both are stored"
    assert source.facts("waits", Query(regions=("01",), care_areas=("kat",)))["waiting"].iloc[-1] == 999
    again = rerun(lambda moment: PgSource(country.database, moment), run.run_id, jobs=1)
    assert not again.differences, "what came meanwhile is in no number of it"


def test_two_forecast_runs_at_once_are_two_runs(country: Importer, database_url: str) -> None:
    together = Barrier(2)

    def forecast(_: int) -> tuple[int, datetime]:
        with open_database(Settings(database_url=database_url), role="write") as database:
            run = run_forecast(
                PgSource(database),
                PgRunStore(database),
                n_paths=50,
                executor=Meanwhile(lambda: together.wait(PATIENCE)),
                engine=NaiveEngine(),
            )
            return run.run_id, run.created_at

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(forecast, range(2)))
    source = PgSource(country.database)
    assert sorted(r.run_id for r in source.runs()) == sorted(run_id for run_id, _ in made)
    assert len({run_id for run_id, _ in made}) == 2
    frames = [source.forecasts((r.run_id,)).drop(columns="run_id") for r in source.runs()]
    assert len(frames[0]) > 0
    assert frames[0].equals(frames[1]), "whole, and not mixed"


def test_the_same_file_twice_at_once_is_stored_once(country: Importer) -> None:
    path = country.file("period,region,care_area,provider,waiting,within_limit\n2025-07,03,kna,,77,7", "samma.csv")
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: import_file(country.database, "waits", path), range(4)))
    assert sorted(r.inserted for r in results) == [0, 0, 0, 1]
    assert country.query("SELECT count(*) FROM waits WHERE waiting = 77") == [(1,)]


def test_how_work_went_is_there_whatever_became_of_it(database: Database) -> None:
    log = JobLog(database)
    assert log.states() == []
    with recorded(log, "import", "waits a.csv"):
        pass
    with pytest.raises(RuntimeError), recorded(log, "import", "waits b.csv"):
        raise RuntimeError("disk")
    log.begun("import", "waits c.csv")  # and was killed
    log.begun("forecast", "2026-10")
    forecast, imports = log.states()
    assert (forecast.kind, forecast.done_at, forecast.failed) == ("forecast", None, 0)
    assert forecast.unfinished is not None
    assert (imports.kind, imports.failed) == ("import", 1)
    assert imports.done_at is not None
    assert imports.failed_at is not None
    assert imports.unfinished is not None
    with recorded(log, "import", "waits d.csv"):
        pass
    healed = log.states()[1]
    assert (healed.failed, healed.unfinished) == (0, None), "one that is done heals the ones before"
