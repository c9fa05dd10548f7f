"""The data version: one row, raised by everything that changes what a reader may see. Caches are keyed on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from lagesbild.data.engine import Database
from lagesbild.domain.source import DataVersion

# never before what it tells of: a clock may have been set back
_BUMP = """
UPDATE data_version SET version = version + 1, changed_at =
    greatest(clock_timestamp(), changed_at + interval '1 microsecond', (SELECT max(recorded_at) FROM batch),
             (SELECT max(created_at) FROM forecast_run))
RETURNING version
"""
_READ = "SELECT version, changed_at FROM data_version"


def bump(connection: sa.Connection | psycopg.Connection[Any]) -> int:
    """Raise the version by one inside the caller's transaction and return it.

    Call it last: the row stays locked until the transaction ends, and others who bump wait for it.
    """
    if isinstance(connection, sa.Connection):
        return int(connection.execute(sa.text(_BUMP)).scalar_one())
    row = connection.execute(_BUMP).fetchone()
    assert row is not None  # the first migration makes the row and nobody may delete it
    return int(row[0])


def read_version(database: Database) -> DataVersion:
    """The version now. Raises DatabaseUnavailableError."""
    found = DataVersion(*database.reading(_version_row))
    database.saw(found.version)
    return found


def _version_row(connection: psycopg.Connection[Any]) -> tuple[int, datetime]:
    row = connection.execute(_READ).fetchone()
    assert row is not None  # as above
    return row[0], row[1]
