"""Warnings that a run's method would have given at earlier months, and what came."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch

_FORMS: Final[dict[str, Form]] = {
    "region": "text",
    "care_area": "text",
    "target_share": "float",
    "origin": "date",
    "probability_12m": "float",
    "status": "text",
    "opened": "date",
    "months_known": "int",
}


def gap_record(connection: psycopg.Connection[Any], run_id: int) -> pd.DataFrame:
    """As `Source.gap_record`, sorted by region, care area, target and origin."""
    query = sql.SQL(
        "SELECT {} FROM gap_record WHERE run_id = {} ORDER BY region, care_area, target_share, origin"
    ).format(sql.SQL(", ").join(map(sql.Identifier, _FORMS)), sql.Literal(run_id))
    return fetch(connection, query, _FORMS)
