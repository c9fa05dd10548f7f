"""All imports, newest first."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import class_row

from lagesbild.domain.source import Batch


def batches(connection: psycopg.Connection[Any]) -> list[Batch]:
    with connection.cursor(row_factory=class_row(Batch)) as cursor:
        return cursor.execute(
            "SELECT batch_id, dataset, source, recorded_at, rows, synthetic, provisional, file_name "
            "FROM batch ORDER BY recorded_at DESC, batch_id DESC"
        ).fetchall()
