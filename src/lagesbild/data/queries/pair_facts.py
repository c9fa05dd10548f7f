"""What a scenario of one region's care area needs beside its sample paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg


def pair_facts(
    connection: psycopg.Connection[Any], run_id: int, region: str, care_area: str
) -> Mapping[str, Any] | None:
    row = connection.execute(
        "SELECT facts FROM forecast_pair WHERE run_id = %s AND region = %s AND care_area = %s",
        [run_id, region, care_area],
    ).fetchone()
    return None if row is None else dict(row[0])
