"""Stored sample paths of one series."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import psycopg


def paths(
    connection: psycopg.Connection[Any], run_id: int, region: str, care_area: str, measure: str
) -> np.ndarray | None:
    """Array (paths, horizon) of float64, or None when the run stored none for the series."""
    row = connection.execute(
        'SELECT paths, horizon, "values" FROM forecast_paths '
        "WHERE run_id = %s AND region = %s AND care_area = %s AND measure = %s",
        [run_id, region, care_area, measure],
        binary=True,
    ).fetchone()
    if row is None:
        return None
    return np.frombuffer(zlib.decompress(row[2]), dtype="<f4").reshape(row[0], row[1]).astype(float)
