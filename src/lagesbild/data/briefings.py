"""Saved briefings: rows are added, never changed. The same choices, comments and data are one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from lagesbild.data.engine import Database
from lagesbild.data.tables import briefing
from lagesbild.domain.briefing import SavedBriefing


class PgBriefings:
    """`reader` and `writer` may be different databases: a replica is read, the primary written."""

    def __init__(self, reader: Database, writer: Database) -> None:
        self._reader = reader
        self._writer = writer

    def save(self, saved: SavedBriefing) -> str:
        """Its id. Raises DatabaseUnavailableError."""
        row = {
            "briefing_id": saved.id,
            "title": saved.title,
            "query": saved.query,
            "comments": dict(saved.comments),
            "data_version": saved.data_version,
        }
        with self._writer.begin() as connection:
            connection.execute(insert(briefing).values(row).on_conflict_do_nothing())
        return saved.id

    def get(self, id_: str) -> SavedBriefing | None:
        """None when there is no such briefing. What was just saved is found even where the replica lags."""
        statement = sa.select(briefing).where(briefing.c.briefing_id == id_)
        for database in dict.fromkeys((self._reader, self._writer)):
            with database.connect() as connection:
                row = connection.execute(statement).mappings().first()
            if row is not None:
                return _saved(row)
        return None

    def recent(self, most: int = 10) -> list[SavedBriefing]:
        """The latest, newest first."""
        statement = sa.select(briefing).order_by(briefing.c.created_at.desc(), briefing.c.briefing_id).limit(most)
        with self._reader.connect() as connection:
            return [_saved(row) for row in connection.execute(statement).mappings()]


def _saved(row: Mapping[Any, Any]) -> SavedBriefing:
    return SavedBriefing(
        title=row["title"],
        query=row["query"],
        comments=tuple(sorted(row["comments"].items())),
        data_version=row["data_version"],
        created_at=row["created_at"],
    )
