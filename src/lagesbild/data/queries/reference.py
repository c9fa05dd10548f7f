"""Current rows of a dataset without months: regions, care areas, providers, population, limits, breaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import fetch
from lagesbild.data.queries.current_rows import current_rows
from lagesbild.data.queries.facts import fact_form
from lagesbild.domain.datasets import DATASETS


def reference(connection: psycopg.Connection[Any], dataset: str, as_of: datetime | None = None) -> pd.DataFrame:
    """As `Source.reference`, now or as known at `as_of`: the dataset's columns, sorted by its key; numbers float64,
    `year` int64, text "" for none.

    An open end (a month key stored as infinity) is NaT.
    """
    spec = DATASETS[dataset]
    forms = {c.name: "int" if c.kind == "year" and c.key else fact_form(c) for c in spec.columns}
    frame = fetch(connection, current_rows(dataset, [sql.Identifier(n) for n in forms], (), as_of), forms)
    return frame.sort_values([c.name for c in spec.keys], na_position="last").reset_index(drop=True)
