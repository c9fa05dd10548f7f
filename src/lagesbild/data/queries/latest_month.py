"""The last month that any leaf region has reported waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg


def latest_month(
    connection: psycopg.Connection[Any], leaf_regions: Sequence[str], as_of: datetime | None = None
) -> date | None:
    """Partitions are looked through from the newest; a row once reported stays, so no current state is needed."""
    found = connection.execute(
        "SELECT period FROM waits WHERE region = ANY(%s) AND recorded_at <= coalesce(%s, 'infinity'::timestamptz) "
        "ORDER BY period DESC LIMIT 1",
        [list(leaf_regions), as_of],
    ).fetchone()
    return found[0] if found else None
