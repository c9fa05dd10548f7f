"""A clock that is set back, or is not that of the database: what came last is what counts, and is in every snapshot."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from lagesbild.data.engine import Database
from lagesbild.data.runs import store_run
from lagesbild.data.source import PgSource
from lagesbild.domain.periods import Month
from lagesbild.domain.run_contents import RunContents
from lagesbild.domain.source import Query, Run
from lagesbild.freezing.moment import known_at, moment_now
from lagesbild.jobs.importing import import_file
from tests.data.import_files import Importer

pytestmark = pytest.mark.database
AHEAD = timedelta(hours=3)


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    made.waits("2024-01,01,kat,,10,5")
    return made


def _was_ahead(importer: Importer) -> datetime:
    """As if the clock had been three hours ahead until now: all that has been stored moves there. Returns when the last
    of it was."""
    with importer.database.raw() as connection:
        connection.execute("RESET ROLE")  # nobody else can change what is stored
        for table in ("batch", "waits", "regions", "care_areas", "providers"):
            connection.execute(f"UPDATE {table} SET recorded_at = recorded_at + interval '3 hours'")
        connection.execute("UPDATE data_version SET changed_at = changed_at + interval '3 hours'")
        found = connection.execute("SELECT max(recorded_at) FROM batch").fetchone()
    assert found is not None
    return found[0]


def _waiting(importer: Importer, as_of: datetime | None = None) -> list[float]:
    return PgSource(importer.database).facts("waits", Query(as_of=as_of))["waiting"].tolist()


def test_what_is_imported_last_counts_though_the_clock_was_set_back(
    importer: Importer, caplog: pytest.LogCaptureFixture
) -> None:
    before = _was_ahead(importer)
    with caplog.at_level(logging.WARNING):
        result = importer.waits("2024-01,01,kat,,11,5")
    assert result.inserted == 1
    assert before < result.recorded_at < before + timedelta(seconds=1)
    assert "klockan visar" in caplog.text
    assert _waiting(importer) == [11]
    assert _waiting(importer, before) == [10]
    assert _waiting(importer, result.recorded_at) == [11]
    assert importer.waits("2024-01,01,kat,,11,5", name="igen.csv").inserted == 0, "the same twice changes nothing"
    back = importer.waits("2024-01,01,kat,,10,5", name="tillbaka.csv")
    assert back.inserted == 1, "and back again is a change, not the row from before"
    assert _waiting(importer) == [10]


def test_a_time_that_is_given_is_kept_and_one_in_the_future_is_refused(importer: Importer) -> None:
    early = datetime(2024, 2, 1, tzinfo=UTC)
    path = importer.file("period,region,care_area,provider,waiting,within_limit\n2023-12,01,kat,,7,5", "forr.csv")
    assert import_file(importer.database, "waits", path, recorded_at=early).recorded_at == early
    with pytest.raises(Exception, match="ligger i framtiden"):
        import_file(importer.database, "waits", path, recorded_at=datetime.now(UTC) + AHEAD)


def test_a_snapshot_of_now_holds_what_the_pages_show(importer: Importer) -> None:
    last = _was_ahead(importer)
    source = PgSource(importer.database)
    now = datetime.now(UTC)
    assert now < last
    moment = moment_now(source, now)
    assert moment >= last
    assert len(known_at(source, moment).batches) == len(source.batches())
    assert _waiting(importer, moment) == _waiting(importer)
    later = now + 2 * AHEAD
    assert moment_now(source, later) == later, "a clock that goes right is believed"


def test_the_data_version_never_goes_back_in_time(importer: Importer) -> None:
    _was_ahead(importer)
    source = PgSource(importer.database)
    before = source.version()
    importer.waits("2024-02,01,kat,,11,5")
    after = source.version()
    assert after.version == before.version + 1
    assert after.changed_at > before.changed_at
    assert after.changed_at >= max(b.recorded_at for b in source.batches())


def test_the_run_made_last_is_the_newest(importer: Importer) -> None:
    source, now = PgSource(importer.database), datetime.now(UTC)
    run = Run(0, "forecast", now + AHEAD, 1, now, Month(2024, 1), 12, 1, "0.1.0", 1, 1.0)
    first = store_run(importer.database, run, RunContents(pd.DataFrame()))
    second = store_run(importer.database, Run(**{**vars(run), "created_at": now}), RunContents(pd.DataFrame()))
    assert second.created_at == first.created_at + timedelta(microseconds=1)
    assert [r.run_id for r in source.runs()] == [second.run_id, first.run_id]
    assert source.runs()[0] == second
    assert source.version().changed_at >= second.created_at
