"""Sessions, attempts to log in and rates in PostgreSQL, and the audit log: what all web processes must agree on."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import insert

from lagesbild.data.engine import Database, speaking_swedish, unavailable
from lagesbild.data.people_tables import audit, login_attempt, login_session, rate_bucket, used_once
from lagesbild.domain.people import Attempt, Event, What
from lagesbild.domain.person import Person, PersonRole

_SEEN_EVERY_SECONDS: Final = 60  # when somebody was last seen is written down no more often
_now: Final = sa.func.clock_timestamp()
# One statement, so that two processes never give out the same token; a refusal takes none.
_BUCKET: Final = sa.text(
    """
    INSERT INTO rate_bucket AS b (key_hash, tokens, granted, at) VALUES (:key, :most - 1, true, clock_timestamp())
    ON CONFLICT (key_hash) DO UPDATE SET (tokens, granted, at) = (
        SELECT CASE WHEN full_ >= 1 THEN full_ - 1 ELSE full_ END, full_ >= 1, clock_timestamp()
        FROM (SELECT LEAST(:most, b.tokens + :rate * EXTRACT(EPOCH FROM clock_timestamp() - b.at)) AS full_) AS f)
    RETURNING tokens, granted
    """
)


class PgPeople:
    """`database` needs role `people`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_session(self, id_hash: str, person: Person, mapping: str, hours: float) -> None:
        """Somebody is logged in from now on, for `hours` at most."""
        told = {"subject": person.subject, "name": person.name, "role": person.role, "region": person.region}
        row = {"id_hash": id_hash, **told, "mapping": mapping, "ends_at": _now + _seconds(3600 * hours)}
        with self._database.begin() as connection:
            connection.execute(insert(login_session).values(row))

    def session(self, id_hash: str, mapping: str, idle_minutes: float) -> Person | None:
        """See `domain.people.People`."""
        s = login_session.c
        valid = (s.id_hash == id_hash, s.mapping == mapping, s.ends_at > _now)
        asked = sa.select(login_session, (_now - s.seen_at > _seconds(_SEEN_EVERY_SECONDS)).label("stale")).where(
            *valid, s.seen_at > _now - _seconds(60 * idle_minutes)
        )
        with self._database.begin() as connection:
            row = connection.execute(asked).mappings().first()
            if row is not None and row["stale"]:
                connection.execute(sa.update(login_session).where(s.id_hash == id_hash).values(seen_at=_now))
        return None if row is None else _person(row)

    def close_session(self, id_hash: str) -> Person | None:
        """See `domain.people.People`."""
        gone = sa.delete(login_session).where(login_session.c.id_hash == id_hash).returning(login_session)
        with self._database.begin() as connection:
            row = connection.execute(gone).mappings().first()
        return None if row is None else _person(row)

    def begin(self, state_hash: str, browser_hash: str, attempt: Attempt) -> None:
        """Remember somebody who is sent to the provider; what is too old to be of use goes."""
        row = {"state_hash": state_hash, "browser_hash": browser_hash, "nonce": attempt.nonce}
        row |= {"verifier": attempt.verifier, "back_to": attempt.back_to}
        with self._database.begin() as connection:
            connection.execute(insert(login_attempt).values(row))
            for old in (
                sa.delete(login_attempt).where(login_attempt.c.made_at < _now - _seconds(86_400)),
                sa.delete(login_session).where(login_session.c.ends_at < _now),
                sa.delete(rate_bucket).where(rate_bucket.c.at < _now - _seconds(86_400)),
            ):
                connection.execute(old)

    def take(self, state_hash: str, browser_hash: str, minutes: float) -> Attempt | None:
        """See `domain.people.People`. Gone also when the browser is another one: a stolen state is worth one try."""
        gone = sa.delete(login_attempt).where(login_attempt.c.state_hash == state_hash)
        fresh = (login_attempt.c.made_at > _now - _seconds(60 * minutes)).label("fresh")
        with self._database.begin() as connection:
            row = connection.execute(gone.returning(login_attempt, fresh)).mappings().first()
        if row is None or not row["fresh"] or row["browser_hash"] != browser_hash:
            return None
        return Attempt(row["nonce"], row["verifier"], row["back_to"])

    def first_time(self, key_hash: str, seconds: float) -> bool:
        """See `domain.people.People`."""
        row = {"key_hash": key_hash, "until": _now + _seconds(seconds)}
        with self._database.begin() as connection:
            connection.execute(sa.delete(used_once).where(used_once.c.until < _now))
            added = insert(used_once).values(row).on_conflict_do_nothing().returning(used_once.c.key_hash)
            return connection.execute(added).first() is not None

    def wait(self, key_hash: str, most: float, per_minute: float) -> float:
        """See `domain.people.People`."""
        rate = per_minute / 60
        with self._database.begin() as connection:
            row = connection.execute(_BUCKET, {"key": key_hash, "most": most, "rate": rate}).one()
        return 0.0 if row.granted else (1 - row.tokens) / rate

    def note(self, event: Event) -> None:
        """Write an event down."""
        with self._database.begin() as connection:
            connection.execute(insert(audit).values(event_row(event)).inline())  # who writes may not read it back


class PgAudit:
    """The log alone: written in role `write` by jobs, read in role `people`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, event: Event) -> None:
        """Write an event down. Raises DatabaseUnavailableError."""
        with self._database.begin() as connection:
            connection.execute(insert(audit).values(event_row(event)).inline())  # who writes may not read it back

    def check(self) -> None:
        """Whether an event can be written down, without one. Raises DatabaseUnavailableError."""
        row = event_row(Event("export"))
        with speaking_swedish(), self._database.raw() as connection:
            # planned and not carried out: that takes the table, its columns and the right, and uses up no number
            connection.execute(sql.SQL("EXPLAIN ") + _insert(row), row)
            if connection.execute("SHOW transaction_read_only").fetchone() == ("on",):
                raise unavailable(psycopg.errors.ReadOnlySqlTransaction())

    def events(
        self, first: datetime | None = None, before: datetime | None = None, who: str = "", most: int | None = None
    ) -> list[Event]:
        """The newest first, from `first` on and before `before`. Raises DatabaseUnavailableError."""
        asked = sa.select(audit).order_by(audit.c.at.desc(), audit.c.audit_id.desc()).limit(most)
        for wanted in _wanted(first, before, who):
            asked = asked.where(wanted)
        with self._database.connect() as connection:
            return [_event(row) for row in connection.execute(asked).mappings()]


def note_in(connection: psycopg.Connection[Any], event: Event) -> None:
    """Write an event down in the caller's own transaction: both happen, or neither."""
    row = event_row(event)
    connection.execute(_insert(row), row)


def _insert(row: Mapping[str, str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Placeholder, row))
    return sql.SQL("INSERT INTO audit ({}) VALUES ({})").format(names, values)


def at_command_line(what: What, object_: str, detail: str, choices: str = "") -> Event:
    """What somebody did who runs the service: named as the operating system does."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        user = ""
    return Event(what, user, "kommandorad", object_, choices, detail=detail)


def event_row(event: Event) -> dict[str, str]:
    """An event as a row of `audit`, its time left to the database."""
    names = ("who", "role", "what", "object", "choices", "address", "detail")
    return {name: getattr(event, name).replace("\0", "") for name in names}


def _wanted(first: datetime | None, before: datetime | None, who: str) -> Sequence[sa.ColumnElement[bool]]:
    found = []
    if first is not None:
        found.append(audit.c.at >= first)
    if before is not None:
        found.append(audit.c.at < before)
    if who:
        found.append(audit.c.who == who)
    return found


def _event(row: Mapping[Any, Any]) -> Event:
    return Event(
        what=cast(What, row["what"]),
        who=row["who"],
        role=row["role"],
        object=row["object"],
        choices=row["choices"],
        address=row["address"],
        detail=row["detail"],
        at=row["at"],
    )


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(cast(PersonRole, row["role"]), row["subject"], row["name"], row["region"])


def _seconds(n: float) -> Any:
    return sa.func.make_interval(0, 0, 0, 0, 0, 0, n)
