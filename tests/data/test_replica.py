"""Reads from a real streaming replica that is killed, held back, cut off and promoted while they go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise

import psycopg
import pytest

from lagesbild.data.engine import Database, open_database
from lagesbild.data.replica import ReplicatedDatabase
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.replica import Limits
from lagesbild.settings import Settings
from tests.data.streaming import PATIENCE, QUICK, Server, Streaming, asked_of, becomes, wait_until

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def streaming() -> Iterator[Streaming]:
    made = Streaming()
    yield made
    made.stop()


@pytest.fixture
def level(streaming: Streaming) -> Streaming:
    """Both up, the replica following and level, whatever the test before did."""
    streaming.replica.start()
    if streaming.replica.run("SELECT pg_is_wal_replay_paused()")[0][0]:
        streaming.replica.run("SELECT pg_wal_replay_resume()")
    streaming.level()
    return streaming


@pytest.fixture
def reader(level: Streaming) -> Iterator[ReplicatedDatabase]:
    with level.reader() as opened:
        yield opened


@dataclass
class Read:
    """What readers that never rest were told."""

    versions: list[list[int]] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.versions))


@contextmanager
def reading_all_the_time(database: Database, threads: int = 4) -> Iterator[Read]:
    """`threads` readers as web processes have them; each asks for the data version, then for something slower."""
    told, stopped = Read(), threading.Event()
    source = PgSource(database)

    def read() -> None:
        mine: list[int] = []
        told.versions.append(mine)
        while not stopped.is_set():
            try:
                mine.append(source.version().version)
                database.reading(lambda c: c.execute("SELECT count(*) FROM pg_attribute, generate_series(1, 20)"))
            except BaseException as fault:
                told.faults.append(fault)
                return

    with ThreadPoolExecutor(threads) as pool:
        done = [pool.submit(read) for _ in range(threads)]
        try:
            wait_until(lambda: told.count > 2 * threads)
            yield told
            before = told.count
            wait_until(lambda: told.count > before + 2 * threads or bool(told.faults))
        finally:
            stopped.set()
            for one in done:
                one.result()


def never_older(told: Read) -> bool:
    """For each reader: what it was told later is at least what it was told before."""
    return all(a <= b for each in told.versions for a, b in pairwise(each))


def moves(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "lagesbild.replica"]


def test_reads_go_to_the_replica_and_writes_would_not(reader: ReplicatedDatabase) -> None:
    assert asked_of(reader) == "replica"
    state = reader.state()
    assert (state.condition, state.in_use, state.behind_versions, state.behind_seconds) == ("well", True, 0, 0.0)
    with reader.raw() as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
    with reader.connect() as pooled, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        pooled.connection.driver_connection.execute("RESET ROLE; UPDATE data_version SET version = 0")  # type: ignore[union-attr]


def test_a_replica_killed_under_reads_costs_no_reader_anything_and_is_used_again(
    level: Streaming, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lagesbild.replica")
    # A replica that has just started may lack the newest version for longer than QUICK's 0.3 s: it would be left a
    # second time, rightly, and whether it is depends on the machine.
    patient = replace(QUICK, lag_seconds=10 * PATIENCE)
    with level.reader(patient) as reader, reading_all_the_time(reader) as told:
        assert asked_of(reader) == "replica"
        level.replica.kill()
        becomes(reader, lambda s: s.condition == "down")
        assert asked_of(reader) == "primary"
        newer = level.bump()
        wait_until(lambda: all(each[-1] == newer for each in told.versions))
        level.replica.start()
        becomes(reader, lambda s: s.in_use)
        wait_until(lambda: asked_of(reader) == "replica")
    assert told.faults == []
    assert never_older(told)
    assert moves(caplog) == [
        "Läskopian svarar inte; läsningar går till den skrivbara servern.",
        "Läskopian följer den skrivbara servern; läsningar går till läskopian.",
    ]
    assert reader.state().switches == 2


def test_a_replica_that_is_held_back_is_left_when_it_lags_too_long_and_used_again_when_level(
    level: Streaming, reader: ReplicatedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lagesbild.replica")
    before = PgSource(reader).version().version
    with reading_all_the_time(reader) as told:
        level.replica.run("SELECT pg_wal_replay_pause()")
        newer = level.bump()
        assert newer == before + 1
        becomes(reader, lambda s: s.condition == "behind")
        state = reader.state()
        assert (state.in_use, state.behind_versions) == (False, 1)
        assert state.behind_seconds > QUICK.lag_seconds
        wait_until(lambda: all(each[-1] == newer for each in told.versions))
        level.replica.run("SELECT pg_wal_replay_resume()")
        becomes(reader, lambda s: s.in_use and s.behind_versions == 0)
        assert asked_of(reader) == "replica"
    assert told.faults == []
    assert never_older(told)
    assert set().union(*told.versions) <= {before, newer}
    assert moves(caplog) == [
        "Läskopian släpar efter; läsningar går till den skrivbara servern.",
        "Läskopian följer den skrivbara servern; läsningar går till läskopian.",
    ]


def test_what_has_been_shown_once_is_never_followed_by_something_older(level: Streaming) -> None:
    """Also while the lag is allowed: whoever has been told of the new version is answered by the primary."""
    with level.reader(Limits(lag_seconds=600, check_seconds=0.05)) as reader:
        source = PgSource(reader)
        before = source.version().version
        level.replica.run("SELECT pg_wal_replay_pause()")
        newer = level.bump()
        becomes(reader, lambda s: s.behind_versions == 1)
        assert (reader.state().in_use, source.version().version) == (True, before)
        reader.saw(newer)  # as a reader of the primary would have been told
        assert reader.state().in_use
        assert source.version().version == newer
        assert asked_of(reader) == "primary"
        with reader.raw() as connection:
            assert connection.execute("SELECT version FROM data_version").fetchone() == (newer,)
        with reader.connect() as pooled:
            assert pooled.exec_driver_sql("SELECT version FROM data_version").scalar_one() == newer
        level.replica.run("SELECT pg_wal_replay_resume()")
        level.level()
        assert (source.version().version, asked_of(reader)) == (newer, "replica")


def test_a_process_that_starts_while_the_replica_lags_reads_from_the_primary(level: Streaming) -> None:
    """So that `lagesbild export` after `lagesbild import` writes what was just imported."""
    level.replica.run("SELECT pg_wal_replay_pause()")
    newer = level.bump()
    settings = Settings(database_url=level.primary.url, read_url=level.replica.url)
    with open_database(settings, role="read") as reader:
        assert PgSource(reader).version().version == newer


def test_a_question_that_the_replica_breaks_off_to_keep_up_is_answered_by_the_primary(
    level: Streaming, reader: ReplicatedDatabase
) -> None:
    level.primary.run("CREATE TABLE IF NOT EXISTS passing (n int)")
    level.primary.run("GRANT SELECT ON passing TO lagesbild_read")
    level.primary.run("INSERT INTO passing SELECT generate_series(1, 1000)")
    level.replica.run("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    level.replica.run("SELECT pg_reload_conf()")
    level.bump()
    level.level()
    begun, asked = threading.Event(), []

    def question(connection: psycopg.Connection) -> int:
        asked.append(connection.execute("SELECT pg_is_in_recovery()").fetchone())
        connection.execute("DECLARE slow CURSOR FOR SELECT n FROM passing")  # holds its snapshot until the end
        connection.execute("FETCH 1 FROM slow")
        begun.set()
        if len(asked) == 1:
            removed.wait(20)
            connection.execute("SELECT pg_sleep(20)")
        return len(connection.execute("SELECT n FROM passing").fetchall())

    removed = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(reader.reading, question)
        assert begun.wait(20)
        level.primary.run("DELETE FROM passing")
        level.primary.run("VACUUM passing")
        removed.set()
        assert answer.result() == 0
    assert asked == [(True,), (False,)]


def test_reads_go_on_when_the_primary_is_gone_and_the_operator_is_told(
    level: Streaming, reader: ReplicatedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    version = PgSource(reader).version().version
    assert reader.state().primary_up
    level.primary.kill()
    try:
        with reading_all_the_time(reader) as told:
            assert (asked_of(reader), reader.state().condition) == ("replica", "well")
            becomes(reader, lambda s: not s.primary_up)
        assert told.faults == []
        assert set().union(*told.versions) == {version}
        assert [m for m in caplog.messages if "skrivbara servern svarar" in m] == [
            "Den skrivbara servern svarar inte; inget kan läsas in eller sparas förrän den gör det."
        ]
        reader.saw(version + 1)  # what nobody who answers has
        with pytest.raises(DatabaseUnavailableError, match="svarar inte"):
            PgSource(reader).version()
    finally:
        level.primary.start()


def test_without_either_the_error_is_the_usual_one(level: Streaming, reader: ReplicatedDatabase) -> None:
    assert asked_of(reader) == "replica"
    level.replica.kill()
    level.primary.kill()
    try:
        with pytest.raises(DatabaseUnavailableError, match="Databasen svarar inte"):
            PgSource(reader).version()
        with pytest.raises(DatabaseUnavailableError, match="Databasen svarar inte"):
            reader.raw()
    finally:
        level.primary.start()
        level.replica.start()
    wait_until(lambda: asked_of(reader) == "replica")


def test_where_only_one_server_is_given_it_is_read_without_more(streaming: Streaming) -> None:
    for database_url in (None, streaming.replica.url):
        settings = Settings(database_url=database_url, read_url=streaming.replica.url)
        with open_database(settings, role="read") as reader:
            assert type(reader) is Database
            assert PgSource(reader).replica() is None


def _at(*servers: Server, **more: str) -> str:
    """One address for several servers, as libpq knows them."""
    p = servers[0].parameters
    hosts = ",".join(s.parameters["host"] for s in servers)
    return f"postgresql://{p['user']}@/{p['dbname']}?host={hosts}&port={p['port']}" + "".join(
        f"&{name}={value}" for name, value in more.items()
    )


def test_a_replica_promoted_beside_a_living_primary_is_read_no_more_and_takes_over_when_that_is_gone(
    level: Streaming, reader: ReplicatedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """The last test of the file: there is no way back from here."""
    caplog.set_level(logging.INFO, "lagesbild.replica")
    either = _at(level.primary, level.replica, target_session_attrs="read-write")
    with reading_all_the_time(reader) as told:
        assert asked_of(reader) == "replica"
        assert level.replica.run("SELECT pg_promote()") == [(True,)]
        becomes(reader, lambda s: s.condition == "not_a_copy")
        newer = level.bump()
        wait_until(lambda: all(each[-1] == newer for each in told.versions))
        level.replica.run("UPDATE data_version SET version = version + 10")  # the two go apart
        assert PgSource(reader).version().version == newer
        assert level.version(level.replica) == newer + 9
        level.primary.kill()
        wait_until(lambda: all(each[-1] == newer + 9 for each in told.versions))
    assert told.faults == []
    assert never_older(told)
    assert moves(caplog)[0] == (
        "Läskopian är inte längre en kopia av den skrivbara servern; läsningar går till den skrivbara servern."
    )
    # an address that names both finds the one that can be written to
    with open_database(Settings(database_url=either, read_url=None), role="owner") as writer, writer.begin() as c:
        c.exec_driver_sql("UPDATE data_version SET version = version + 1")
    assert level.version(level.replica) == newer + 10
    with open_database(Settings(database_url=either, read_url=level.replica.url), role="read") as again:
        assert PgSource(again).version().version == newer + 10
        assert again.state().condition == "well"  # type: ignore[attr-defined]
