"""Capacity-gap flags of one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.queries.current_rows import among
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
FORMS: Final[dict[str, Form]] = {name: _OTHER.get(name, "float") for name in GAP_COLUMNS}


def gaps(connection: psycopg.Connection[Any], run_id: int, care_areas: Sequence[str] = ()) -> pd.DataFrame:
    """As `Source.gaps`, sorted by region, care area and target. Months as datetime64 (NaT = does not open)."""
    conditions: list[sql.Composable] = [sql.SQL("run_id = {}").format(sql.Literal(run_id))]
    if care_areas:
        conditions.append(among("care_area", care_areas))
    query = sql.SQL("SELECT {} FROM gaps WHERE {} ORDER BY region, care_area, target_share").format(
        sql.SQL(", ").join(map(sql.Identifier, GAP_COLUMNS)), sql.SQL(" AND ").join(conditions)
    )
    return fetch(connection, query, FORMS)
