"""Current (or earlier) rows of a fact dataset."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch_table, to_pandas
from lagesbild.data.queries.current_rows import among, current_rows
from lagesbild.domain.dataset_spec import Column
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Query


def facts(connection: psycopg.Connection[Any], dataset: str, asked: Query) -> pd.DataFrame:
    """As `Source.facts`. `asked.regions` is about the region the patient belongs to (`region`, `home_region`)."""
    own = fact_forms(dataset)
    query = current_rows(dataset, selected(own), conditions(dataset, asked), asked.as_of)
    table = fetch_table(connection, query, own)
    keys = [c.name for c in DATASETS[dataset].keys]
    return fact_frame(connection, table.sort_by([(name, "ascending") for name in keys]), own).drop(columns="batch_id")


def fact_forms(dataset: str, columns: Collection[str] = ()) -> dict[str, Form]:
    """What is read of a fact row: keys, value columns (all when `columns` is empty), and where it comes from."""
    spec = DATASETS[dataset]
    forms: dict[str, Form] = {c.name: fact_form(c) for c in spec.columns if c.key or not columns or c.name in columns}
    about: dict[str, Form] = {"value_status": "text", "suppressed": "text", "batch_id": "int", "recorded_at": "moment"}
    return forms | about


def selected(forms: Mapping[str, Form]) -> list[sql.Composable]:
    return [sql.Identifier(name) for name in forms]


def fact_frame(connection: psycopg.Connection[Any], table: pa.Table, forms: Mapping[str, Form]) -> pd.DataFrame:
    """Rows of `fact_forms` as a frame: dataset columns, value_status, suppressed, source, synthetic, batch_id,
    recorded_at."""
    own = [name for name in forms if name not in ("value_status", "suppressed", "batch_id", "recorded_at")]
    columns = {name: to_pandas(table[name], forms[name]) for name in own}
    columns["value_status"] = to_pandas(table["value_status"], "text")
    columns["suppressed"] = parsed(table["suppressed"].to_pylist())
    columns |= _provenance(connection, table["batch_id"].to_numpy())
    columns["batch_id"] = to_pandas(table["batch_id"], "int")
    columns["recorded_at"] = to_pandas(table["recorded_at"], "moment")
    return pd.DataFrame(columns)


def _provenance(connection: psycopg.Connection[Any], batch_ids: np.ndarray) -> dict[str, Any]:
    """`source` and `synthetic` of every row. Batches are few, rows many: looked up per distinct batch."""
    distinct, position = np.unique(batch_ids, return_inverse=True)
    found = connection.execute(
        "SELECT batch_id, source, synthetic FROM batch WHERE batch_id = ANY(%s)", [distinct.tolist()]
    )
    known = {number: (source, synthetic) for number, source, synthetic in found}
    sources = pd.array([known[number][0] for number in distinct.tolist()], dtype="str")
    synthetic = np.array([known[number][1] for number in distinct.tolist()], dtype=bool)
    return {"source": sources.take(position), "synthetic": synthetic[position]}


def fact_form(column: Column) -> Form:
    """How a column of a dataset is shown in a frame."""
    if column.kind in ("month", "date"):
        return "date"
    return "text" if column.kind in ("text", "codes", "choice") else "float"


def parsed(cells: list[str]) -> np.ndarray:
    """JSON text -> dict of column -> n, "" -> None. Nearly all cells are empty."""
    column = np.full(len(cells), None, dtype=object)
    for place, cell in enumerate(cells):
        if cell:
            column[place] = json.loads(cell)
    return column


def conditions(dataset: str, query: Query) -> list[sql.Composable]:
    """What the query says of keys; `as_of` is not among them."""
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
