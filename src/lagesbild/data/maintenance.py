"""What a database needs now and then: partitions for the years to come, room after what is old, fresh statistics.

`look` tells what is to be done and changes nothing; `carry_out` does it, each kind of work in a transaction of its own,
so a run that is broken off leaves whole steps and the next one does the rest. Nothing to do means nothing done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data import old_runs as old
from lagesbild.data import partitions
from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.data.migrate import hold_schema
from lagesbild.data.partitions import Missing
from lagesbild.data.staging import wait_lock
from lagesbild.data.tables import forecast_fit
from lagesbild.data.version import bump
from lagesbild.domain.errors import InputError

_DEAD_ROWS, _DEAD_SHARE = 10_000, 0.2  # autovacuum's own share; with fewer rows there is nothing to gain
_WAIT: Final = "SET LOCAL lock_timeout = '10s'"  # whoever waits for a lock is waited for by every reader after it
_BLOATED: Final = """
SELECT relname, n_dead_tup FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND n_dead_tup > %s AND n_dead_tup > %s * n_live_tup ORDER BY n_dead_tup DESC
"""
# Autovacuum never looks at a partitioned table itself, whose statistics a question about many years is planned by
_STALE: Final = """
SELECT s.relname FROM pg_stat_user_tables s WHERE s.schemaname = current_schema() AND s.relname = ANY(%s)
  AND s.last_analyze IS DISTINCT FROM greatest(s.last_analyze, (SELECT max(created_at) FROM batch))
ORDER BY s.relname
"""


@dataclass(frozen=True)
class Wishes:
    """`now` decides which years are to come; what was made before `runs_before` goes (None = everything stays), and
    facts of years before `facts_before` (None = no facts are touched)."""

    now: datetime
    years_ahead: int
    runs_before: datetime | None = None
    facts_before: int | None = None

    @property
    def fits_before(self) -> datetime:
        return years_before(self.now, old.FIT_YEARS)


@dataclass(frozen=True)
class Work:
    """What there is to do. `facts` is table -> rows; `bloated` table -> dead rows, for the administrator to see to."""

    missing: list[Missing] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    backtests: list[int] = field(default_factory=list)
    fits: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    bloated: dict[str, int] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.missing or self.runs or self.backtests or self.fits or self.facts or self.stale)


def look(database: Database, wishes: Wishes) -> Work:
    """What `carry_out` would do now. Raises InputError for facts of years that are not over, and
    DatabaseUnavailableError."""
    if wishes.facts_before is not None and wishes.facts_before > wishes.now.year:
        raise InputError(
            f"Uppgifter före {wishes.facts_before} är också årets uppgifter.",
            f"Ange ett år till och med {wishes.now.year} med --facts-before.",
        )
    with speaking_swedish(), database.raw() as connection:
        return _look(connection, wishes)


def carry_out(database: Database, wishes: Wishes) -> Work:
    """Do what there is to do; returns what was done. Needs the role `owner`.

    Waits for an import or a migration that is going on, but not long: DatabaseUnavailableError, and the steps done so
    far stay done. Raises InputError as `look` does.
    """
    work = look(database, wishes)
    with speaking_swedish():
        for one in work.missing:  # a transaction each: what is locked for one table's rows is let go before the next
            with database.raw() as connection:
                _hold(connection)
                if one.year not in partitions.years(connection, one.table):
                    partitions.make(connection, one)
        if work.facts:
            assert wishes.facts_before is not None
            with database.raw() as connection:
                _hold(connection)
                partitions.remove_before(connection, wishes.facts_before)
                bump(connection)
        if work.runs or work.backtests:
            with database.raw() as connection:
                old.remove(connection, old.RUN_TABLES, "run_id", work.runs)
                old.remove(connection, old.BACKTEST_TABLES, "backtest_id", work.backtests)
                bump(connection)
        if work.fits:
            with database.raw() as connection:
                old.remove_fits(connection, wishes.fits_before)
        _tidy(database, work)
    return work


def years_before(moment: datetime, years: int) -> datetime:
    """The same day that many years earlier; 28 February where there is no 29th.

    >>> years_before(datetime(2024, 2, 29), 1)
    datetime.datetime(2023, 2, 28, 0, 0)
    """
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)


def _look(connection: psycopg.Connection[Any], wishes: Wishes) -> Work:
    coming = range(wishes.now.year, wishes.now.year + wishes.years_ahead + 1)
    facts = {} if wishes.facts_before is None else partitions.rows_before(connection, wishes.facts_before)
    missing = partitions.missing(connection, coming)
    if wishes.facts_before is not None:
        missing = [m for m in missing if m.year >= wishes.facts_before]
    return Work(
        missing=missing,
        runs=old.old_runs(connection, wishes.runs_before),
        backtests=old.old_backtests(connection, wishes.runs_before),
        fits=old.old_fits(connection, wishes.fits_before),
        facts=facts,
        stale=[name for (name,) in connection.execute(_STALE, [list(partitions.TABLES)])],
        bloated=dict(connection.execute(_BLOATED, [_DEAD_ROWS, _DEAD_SHARE]).fetchall()),
    )


def _hold(connection: psycopg.Connection[Any]) -> None:
    """One that changes tables at a time, and no import meanwhile."""
    connection.execute(_WAIT)
    hold_schema(connection)
    wait_lock(connection)


def _tidy(database: Database, work: Work) -> None:
    """Give back the room of what was deleted, and count anew where the planner would guess."""
    emptied = [*(old.RUN_TABLES if work.runs else ()), *(old.BACKTEST_TABLES if work.backtests else ())]
    emptied += [forecast_fit.name] if work.fits else []
    moved = sorted({m.table for m in work.missing if m.rows})
    with database.raw() as connection:
        connection.autocommit = True  # VACUUM runs in no transaction
        for table in (*emptied, *(partitions.default(t) for t in moved)):
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
        for table in sorted({*work.stale, *work.facts, *moved}):
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
