"""The yearly partitions of the facts: which there are, and new ones made before they are needed.

What belongs to no year lies in a default partition, where it is found but slows every question down. A new partition
takes over what lies there of its year. PostgreSQL only lets go of readers for the moment of attaching.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data.tables import DATASET_TABLES
from lagesbild.domain.datasets import FACT_DATASETS

TABLES: Final = tuple(DATASET_TABLES[name].name for name in FACT_DATASETS)
_BOUNDS: Final = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass
"""
_FIRST_DAY: Final = re.compile(r"FROM \('(\d{4})-01-01'\)")


@dataclass(frozen=True)
class Missing:
    """A year of a table without a partition of its own; `rows` lie in the default one."""

    table: str
    year: int
    rows: int

    @property
    def name(self) -> str:
        return f"{self.table}_{self.year}"


def years(connection: psycopg.Connection[Any], table: str) -> dict[int, str]:
    """Year -> name of its partition."""
    found = ((_FIRST_DAY.search(bound), name) for name, bound in connection.execute(_BOUNDS, [table]))
    return {int(match[1]): name for match, name in found if match}


def default(table: str) -> str:
    return f"{table}_other"


def missing(connection: psycopg.Connection[Any], wanted: range) -> list[Missing]:
    """The years of `wanted`, and those of rows in the default partitions, that have no partition; by table and year."""
    found = []
    for table in TABLES:
        rows = dict(
            connection.execute(
                sql.SQL("SELECT extract(year FROM period)::int, count(*) FROM {} GROUP BY 1").format(
                    sql.Identifier(default(table))
                )
            ).fetchall()
        )
        there = years(connection, table)
        found += [Missing(table, y, rows.get(y, 0)) for y in sorted({*wanted, *rows} - set(there))]
    return found


def make(connection: psycopg.Connection[Any], one: Missing) -> None:
    """Make the partition, move its rows there and attach it. In the caller's transaction, as the owner."""
    columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in _columns(one.table))
    first, after = sql.Literal(f"{one.year}-01-01"), sql.Literal(f"{one.year + 1}-01-01")
    names = {
        "table": sql.Identifier(one.table),
        "made": sql.Identifier(one.name),
        "other": sql.Identifier(default(one.table)),
        "columns": columns,
        "first": first,
        "after": after,
    }
    for statement in (
        "CREATE TABLE {made} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)",
        "WITH moved AS (DELETE FROM {other} WHERE period >= {first} AND period < {after} RETURNING {columns}) "
        "INSERT INTO {made} ({columns}) SELECT {columns} FROM moved",
        "ALTER TABLE {table} ATTACH PARTITION {made} FOR VALUES FROM ({first}) TO ({after})",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def rows_before(connection: psycopg.Connection[Any], year: int) -> dict[str, int]:
    """Table -> how many rows it has of earlier years; tables without any are left out."""
    found = {}
    for table in TABLES:
        counted = connection.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE period < {}").format(
                sql.Identifier(table), sql.Literal(f"{year}-01-01")
            )
        ).fetchone()
        if counted and counted[0]:
            found[table] = int(counted[0])
    return found


def remove_before(connection: psycopg.Connection[Any], year: int) -> None:
    """Drop the partitions of earlier years, and what the default ones hold of them. There is no way back."""
    for table in TABLES:
        for there, name in years(connection, table).items():
            if there < year:
                connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE period < {}").format(
                sql.Identifier(default(table)), sql.Literal(f"{year}-01-01")
            )
        )


def _columns(table: str) -> list[Any]:
    return list(next(t for t in DATASET_TABLES.values() if t.name == table).columns)
