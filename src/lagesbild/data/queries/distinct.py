"""Which care areas, regions or providers have reported at all: codes, not rows."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from lagesbild.data.queries.current_rows import current_rows
from lagesbild.data.queries.facts import conditions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Query


def distinct(
    connection: psycopg.Connection[Any], dataset: str, column: str, asked: Query, told: str = ""
) -> frozenset[str]:
    """As `Source.distinct`. Which rows there are is the same in every state: one once reported stays, and later ones
    only say something else. What they say is asked of the current ones."""
    spec = DATASETS[dataset]
    if column not in {c.name for c in spec.keys}:
        raise ValueError(f"{column} is no key of {dataset}")
    where = conditions(dataset, asked)
    if told:
        names = [sql.Identifier(n) for n in (column, told, "value_status")]
        query = sql.SQL(
            "SELECT DISTINCT {column} FROM ({rows}) r WHERE {told} IS NOT NULL OR value_status = 'suppressed'"
        ).format(column=names[0], told=names[1], rows=current_rows(dataset, names, where, asked.as_of))
        return frozenset(code for (code,) in connection.execute(query))
    if asked.as_of is not None:
        where.append(sql.SQL("recorded_at <= {}").format(sql.Literal(asked.as_of)))
    form = "SELECT DISTINCT {column} FROM {table}{where}"
    if column == "care_area":  # first in the index: one look-up for each, instead of a walk through all its rows
        where.append(sql.SQL("care_area = known.code"))
        form = "SELECT code FROM (SELECT DISTINCT code FROM care_areas) known WHERE EXISTS (SELECT FROM {table}{where})"
    query = sql.SQL(form).format(
        column=sql.Identifier(column),
        table=sql.Identifier(spec.table),
        where=sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(where)) if where else sql.SQL(""),
    )
    return frozenset(code for (code,) in connection.execute(query))
