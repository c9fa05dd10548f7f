"""Every recorded version of fact rows: what was said first, and what it was changed to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import fetch_table
from lagesbild.data.queries.facts import conditions, fact_forms, fact_frame, selected
from lagesbild.data.tables import index_order
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Query


def history(
    connection: psycopg.Connection[Any], dataset: str, asked: Query, columns: Collection[str] = ()
) -> pd.DataFrame:
    """As `Source.history`. In the order of the primary key, which the index gives where a care area is asked for."""
    spec = DATASETS[dataset]
    forms = fact_forms(dataset, columns)
    where = conditions(dataset, asked)
    if asked.as_of is not None:
        where.append(sql.SQL("recorded_at <= {}").format(sql.Literal(asked.as_of)))
    query = sql.SQL("SELECT {columns} FROM {table}{where} ORDER BY {order}").format(
        columns=sql.SQL(", ").join(selected(forms)),
        table=sql.Identifier(spec.table),
        where=sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(where)) if where else sql.SQL(""),
        order=sql.SQL(", ").join(sql.Identifier(n) for n in index_order(spec)),
    )
    return fact_frame(connection, fetch_table(connection, query, forms), forms)
