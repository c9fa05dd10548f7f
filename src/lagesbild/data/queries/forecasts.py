"""Forecast rows of some runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.queries.current_rows import among

_FORMS: Final[dict[str, Form]] = {
    "run_id": "int",
    "region": "text",
    "care_area": "text",
    "measure": "text",
    "role": "text",
    "model": "text",
    "period": "date",
    "horizon": "int",
    **dict.fromkeys(("mean", "p50", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95"), "float"),
    "note": "text",
}


def forecasts(
    connection: psycopg.Connection[Any],
    run_ids: Sequence[int],
    regions: Sequence[str],
    care_areas: Sequence[str],
    measures: Sequence[str],
    baselines: bool,
) -> pd.DataFrame:
    """As `Source.forecasts`, sorted by run, series, role, model and month. Empty sequences of codes mean all."""
    conditions: list[sql.Composable] = [sql.SQL("run_id = ANY({})").format(sql.Literal(list(run_ids)))]
    for column, values in (("region", regions), ("care_area", care_areas), ("measure", measures)):
        if values:
            conditions.append(among(column, values))
    if not baselines:
        conditions.append(among("role", ("forecast",)))
    query = sql.SQL("SELECT {columns} FROM forecasts WHERE {conditions} ORDER BY {order}").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, _FORMS)),
        conditions=sql.SQL(" AND ").join(conditions),
        order=sql.SQL("run_id, region, care_area, measure, role, model, period"),
    )
    return fetch(connection, query, _FORMS)
