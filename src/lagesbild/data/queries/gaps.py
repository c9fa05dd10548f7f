"""Capacity-gap flags of one run."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.domain.gap_columns import GAP_COLUMNS

_OTHER: Final[dict[str, Form]] = {
    "run_id": "int",
    "region": "text",
    "care_area": "text",
    "status": "text",
    "reason": "text",
    "opens_period": "date",
    "target_period": "date",
    "opens_lo": "date",
    "opens_hi": "date",
    "seasonal_only": "bool",
}
_FORMS: Final[dict[str, Form]] = {name: _OTHER.get(name, "float") for name in GAP_COLUMNS}


def gaps(connection: psycopg.Connection[Any], run_id: int) -> pd.DataFrame:
    """As `Source.gaps`, sorted by region, care area and target. Months as datetime64 (NaT = does not open)."""
    query = sql.SQL("SELECT {} FROM gaps WHERE run_id = {} ORDER BY region, care_area, target_share").format(
        sql.SQL(", ").join(map(sql.Identifier, GAP_COLUMNS)), sql.Literal(run_id)
    )
    return fetch(connection, query, _FORMS)
