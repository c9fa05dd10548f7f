"""Current (or earlier) rows of a fact dataset."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.queries.current_rows import among, current_rows
from lagesbild.domain.datasets import DATASETS, Column
from lagesbild.domain.source import Query


def facts(connection: psycopg.Connection[Any], dataset: str, query: Query) -> pd.DataFrame:
    """As `Source.facts`. `query.regions` is about the region the patient belongs to (`region`, `home_region`)."""
    spec = DATASETS[dataset]
    forms: dict[str, Form] = {c.name: fact_form(c) for c in spec.columns}
    forms |= {"value_status": "text", "suppressed": "text", "recorded_us": "int", "batch_id": "int"}
    selected: list[sql.Composable] = [sql.Identifier(n) for n in forms if n != "recorded_us"]
    selected.insert(-1, sql.SQL("(extract(epoch FROM recorded_at) * 1000000)::bigint"))
    frame = fetch(connection, current_rows(dataset, selected, _conditions(dataset, query), query.as_of), forms)
    batches = pd.DataFrame(
        connection.execute("SELECT batch_id, source, synthetic FROM batch WHERE dataset = %s", [dataset]).fetchall(),
        columns=["batch_id", "source", "synthetic"],
    ).set_index("batch_id")
    frame["suppressed"] = parsed(frame["suppressed"])
    frame["source"] = frame["batch_id"].map(batches["source"]).fillna("").astype("str")
    frame["synthetic"] = frame["batch_id"].map(batches["synthetic"]).fillna(False).astype(bool)
    frame["recorded_at"] = pd.to_datetime(frame["recorded_us"], unit="us", utc=True)
    frame = frame.drop(columns=["recorded_us", "batch_id"])
    return frame.sort_values([c.name for c in spec.keys]).reset_index(drop=True)


def fact_form(column: Column) -> Form:
    """How a column of a dataset is shown in a frame."""
    if column.kind in ("month", "date"):
        return "date"
    return "text" if column.kind in ("text", "codes", "choice") else "float"


def parsed(cells: pd.Series) -> pd.Series:
    """JSON text -> dict of column -> n, "" -> None. Nearly all cells are empty."""
    return pd.Series([json.loads(c) if c else None for c in cells], index=cells.index, dtype=object)


def _conditions(dataset: str, query: Query) -> list[sql.Composable]:
    keys = {c.name for c in DATASETS[dataset].keys}
    found: list[sql.Composable] = []
    if query.care_areas and "care_area" in keys:
        found.append(among("care_area", query.care_areas))
    if query.regions:
        found.append(among("region" if "region" in keys else "home_region", query.regions))
    if query.provider is not None and "provider" in keys:
        found.append(among("provider", (query.provider,)))
    if query.first is not None:
        found.append(sql.SQL("period >= {}").format(sql.Literal(query.first.first_day)))
    if query.last is not None:
        found.append(sql.SQL("period <= {}").format(sql.Literal(query.last.first_day)))
    return found
