"""What a staged file changes: repeated keys, parts against totals, and the rows that differ from what is known.

Everything compares with the state at the batch's own `recorded_at`, so a delivery that is loaded late lands where it
belongs in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data.importers.faults import SHOWN, Faults
from lagesbild.data.staging import STAGING, keys, names, stored_columns
from lagesbild.data.tables import index_order
from lagesbild.domain.datasets import Dataset

_FEW: Final = 20_000  # up to here each key is looked up by index, above all current rows of the months are read once


@dataclass(frozen=True)
class NewBatch:
    """What is recorded about an import."""

    dataset: str
    source: str
    recorded_at: datetime
    file_name: str = ""
    file_sha256: str = ""
    synthetic: bool = False
    provisional: bool = False


def staged_rows(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(STAGING)).fetchone()
    return int(row[0]) if row else 0


def check_duplicates(connection: psycopg.Connection[Any], dataset: Dataset, faults: Faults) -> None:
    """Every key once in a file."""
    found = connection.execute(
        sql.SQL(
            "SELECT min(line), max(line), count(*), {texts} FROM {t} GROUP BY {k} HAVING count(*) > 1 LIMIT {n}"
        ).format(texts=_as_text(keys(dataset)), k=names(keys(dataset)), t=STAGING, n=sql.Literal(SHOWN * 10))
    ).fetchall()
    for first, last, times, *key in sorted(found, key=lambda r: r[:2]):
        shown = _shown(dataset, keys(dataset), key)
        faults.add(
            last,
            " + ".join(keys(dataset)),
            shown,
            f"nyckeln en gång i filen; den finns {times} gånger, först på rad {first}",
            "Ta bort dubbletten eller rätta nyckeln.",
        )


def check_parents(connection: psycopg.Connection[Any], dataset: Dataset, faults: Faults) -> None:
    """A region's `parent` is another region, in the file or known since before."""
    if dataset.name != "regions":
        return
    found = connection.execute(
        sql.SQL(
            "SELECT line, parent FROM {t} s WHERE parent <> '' AND (parent = code OR NOT EXISTS "
            "(SELECT 1 FROM {t} o WHERE o.code = s.parent) AND NOT EXISTS "
            "(SELECT 1 FROM regions r WHERE r.code = s.parent)) ORDER BY line LIMIT {n}"
        ).format(t=STAGING, n=sql.Literal(SHOWN))
    ).fetchall()
    for line, parent in found:
        faults.add(
            line,
            "parent",
            parent,
            "koden för en annan region, i filen eller i databasen",
            "Rätta koden eller töm cellen.",
        )


def check_parts(connection: psycopg.Connection[Any], dataset: Dataset, recorded_at: datetime, faults: Faults) -> None:
    """The providers of a region add up to at most the region's own row, counting what is already known.

    A suppressed part counts as 0 and a suppressed total as n - 1: an error is an error whatever hides in it.
    """
    if "provider" not in keys(dataset) or not _has_parts(connection, dataset):
        return
    group = [k for k in keys(dataset) if k != "provider"]
    counts = [c.name for c in dataset.columns if c.kind == "count"]
    rows = [*group, "provider", "suppressed", *counts]
    part = sql.SQL("sum({c}) FILTER (WHERE provider <> '')")
    whole = sql.SQL("max(coalesce({c}, (suppressed ->> {n})::bigint - 1)) FILTER (WHERE provider = '')")
    pairs = [
        sql.SQL("{} AS {}, {} AS {}").format(
            part.format(c=sql.Identifier(c)),
            sql.Identifier(f"part {c}"),
            whole.format(c=sql.Identifier(c), n=sql.Literal(c)),
            sql.Identifier(f"whole {c}"),
        )
        for c in counts
    ]
    exceeds = sql.SQL(" OR ").join(
        sql.SQL("{} > {}").format(sql.Identifier(f"part {c}"), sql.Identifier(f"whole {c}")) for c in counts
    )
    query = sql.SQL(
        """
        WITH known AS ({known}),
        effective AS (
            SELECT line, {rows} FROM {staging}
            UNION ALL
            SELECT NULL, {rows} FROM known k WHERE NOT EXISTS (SELECT 1 FROM {staging} s WHERE {same})
        ),
        sums AS (
            SELECT coalesce(min(line) FILTER (WHERE provider <> ''), min(line)) AS at, {texts}, {pairs}
            FROM effective GROUP BY {group}
        )
        SELECT * FROM sums WHERE {exceeds} ORDER BY at LIMIT {limit}
        """
    ).format(
        known=_known_rows(connection, dataset, rows, group, recorded_at),
        rows=names(rows),
        staging=STAGING,
        same=_same(keys(dataset), "k", "s"),
        group=names(group),
        texts=_as_text(group),
        pairs=sql.SQL(", ").join(pairs),
        exceeds=exceeds,
        limit=sql.Literal(SHOWN * 10),
    )
    for line, *found in connection.execute(query).fetchall():
        key, sums = found[: len(group)], found[len(group) :]
        for number, column in enumerate(counts):
            parts, total = sums[2 * number], sums[2 * number + 1]
            if parts is not None and total is not None and parts > total:
                where = _shown(dataset, group, key)
                faults.add(
                    line,
                    column,
                    f"summa {parts}",
                    f"högst {total}, som är regionens egen rad för {where}",
                    "Vårdgivarna är delar av regionens rad (den utan vårdgivare); rätta delarna eller totalen.",
                )


def drop_unchanged(connection: psycopg.Connection[Any], dataset: Dataset, recorded_at: datetime) -> int:
    """Take out of the staging table what is already known, value for value. Returns how many rows that was.

    Call it after `check_duplicates` and before `check_parts`, which then looks only at regions where something is new.
    """
    if not _any_known(connection, dataset):
        return 0
    columns = stored_columns(dataset)
    values = [c for c in columns if c not in keys(dataset)]
    connection.execute(sql.SQL("ANALYZE {}").format(STAGING))
    if staged_rows(connection) <= _FEW:
        deletion = sql.SQL(
            "DELETE FROM {staging} WHERE line IN (SELECT s.line FROM {staging} s CROSS JOIN LATERAL "
            "(SELECT {values} FROM {table} t WHERE {same} AND t.recorded_at <= {moment} "
            "ORDER BY t.recorded_at DESC, t.batch_id DESC LIMIT 1) k WHERE {equal})"
        )
    else:
        deletion = sql.SQL("DELETE FROM {staging} s USING ({known}) k WHERE {joined} AND {equal}")
    return connection.execute(
        deletion.format(
            staging=STAGING,
            values=names(values, "t"),
            table=sql.Identifier(dataset.table),
            same=_same(keys(dataset), "t", "s"),
            joined=_same(keys(dataset), "k", "s"),
            moment=sql.Literal(recorded_at),
            known=_known_rows(connection, dataset, columns, [], recorded_at),
            equal=sql.SQL("({}) IS NOT DISTINCT FROM ({})").format(names(values, "k"), names(values, "s")),
        )
    ).rowcount


def complete_from_known(
    connection: psycopg.Connection[Any], dataset: Dataset, recorded_at: datetime, carried: frozenset[str]
) -> None:
    """Fill columns that a message never carries with what is known, so that it adds to a row and does not empty it."""
    kept = [c.name for c in dataset.values if c.name not in carried]
    if not kept or not _any_known(connection, dataset):
        return
    assignments = [sql.SQL("{} = k.{}").format(sql.Identifier(c), sql.Identifier(c)) for c in kept]
    hidden = sql.SQL("NULLIF(k.suppressed - {}::text[], '{{}}'::jsonb)").format(sql.Literal(sorted(carried)))
    connection.execute(
        sql.SQL(
            "UPDATE {staging} s SET {values}, suppressed = {hidden}, "
            "value_status = CASE WHEN {hidden} IS NULL THEN s.value_status ELSE 'suppressed' END "
            "FROM ({known}) k WHERE {same}"
        ).format(
            staging=STAGING,
            values=sql.SQL(", ").join(assignments),
            hidden=hidden,
            known=_known_rows(connection, dataset, stored_columns(dataset), [], recorded_at),
            same=_same(keys(dataset), "k", "s"),
        )
    )


def store(connection: psycopg.Connection[Any], dataset: Dataset, batch: NewBatch, rows: int) -> int:
    """Write what is left in the staging table as a batch of `rows` rows; returns its number."""
    row = connection.execute(
        "INSERT INTO batch (dataset, source, recorded_at, file_name, file_sha256, rows, synthetic, provisional) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING batch_id",
        [
            batch.dataset,
            batch.source,
            batch.recorded_at,
            batch.file_name,
            batch.file_sha256,
            rows,
            batch.synthetic,
            batch.provisional,
        ],
    ).fetchone()
    assert row is not None
    columns = stored_columns(dataset)
    connection.execute(
        sql.SQL("INSERT INTO {} ({}, recorded_at, batch_id) SELECT {}, {}, {} FROM {}").format(
            sql.Identifier(dataset.table),
            names(columns),
            names(columns),
            sql.Literal(batch.recorded_at),
            sql.Literal(row[0]),
            STAGING,
        )
    )
    return int(row[0])


def _as_text(columns: list[str]) -> sql.Composed:
    """As text, because Python has no date for infinity."""
    return sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)


def _shown(dataset: Dataset, columns: list[str], values: list[str]) -> str:
    """A key as people write it: `2024-01, 01, katarakt, (tomt)`."""
    texts = []
    for name, text in zip(columns, values, strict=True):
        month = dataset.column(name).kind == "month" and text != "infinity"
        texts.append("(tomt)" if text in ("", "infinity") else text[:7] if month else text)
    return ", ".join(texts)


def _same(columns: list[str], left: str, right: str) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(left, c), sql.Identifier(right, c)) for c in columns
    )


def _any_known(connection: psycopg.Connection[Any], dataset: Dataset) -> bool:
    """Whether anything is stored that could be compared with, in the months the file is about."""
    condition = _months(connection, dataset)
    row = connection.execute(
        sql.SQL("SELECT EXISTS (SELECT 1 FROM {} t WHERE {})").format(sql.Identifier(dataset.table), condition)
    ).fetchone()
    return bool(row and row[0])


def _has_parts(connection: psycopg.Connection[Any], dataset: Dataset) -> bool:
    row = connection.execute(
        sql.SQL(
            "SELECT EXISTS (SELECT 1 FROM {} WHERE provider <> '') "
            "OR EXISTS (SELECT 1 FROM {} t WHERE provider <> '' AND {})"
        ).format(STAGING, sql.Identifier(dataset.table), _months(connection, dataset))
    ).fetchone()
    return bool(row and row[0])


def _months(connection: psycopg.Connection[Any], dataset: Dataset) -> sql.Composable:
    """A condition on the months of the staged rows, as constants: then only their partitions are touched."""
    if not dataset.facts:
        return sql.SQL("true")
    row = connection.execute(sql.SQL("SELECT min(period), max(period) FROM {}").format(STAGING)).fetchone()
    first, last = row if row else (None, None)
    if first is None:
        return sql.SQL("false")
    return sql.SQL("t.period BETWEEN {} AND {}").format(sql.Literal(first), sql.Literal(last))


def _known_rows(
    connection: psycopg.Connection[Any],
    dataset: Dataset,
    columns: list[str],
    group: list[str],
    recorded_at: datetime,
) -> sql.Composed:
    """The rows current at `recorded_at` in the staged months; with `group`, only those of staged groups."""
    order = index_order(dataset)
    staged = (
        sql.SQL(" AND EXISTS (SELECT 1 FROM {} s WHERE {})").format(STAGING, _same(group, "t", "s"))
        if group
        else sql.SQL("")
    )
    return sql.SQL(
        "SELECT DISTINCT ON ({keys}) {columns} FROM {table} t WHERE recorded_at <= {moment} AND {months}{staged} "
        "ORDER BY {order}"
    ).format(
        keys=names(list(order[:-2]), "t"),
        columns=names(columns, "t"),
        table=sql.Identifier(dataset.table),
        moment=sql.Literal(recorded_at),
        months=_months(connection, dataset),
        staged=staged,
        order=sql.SQL(", ").join(sql.SQL("{} DESC").format(sql.Identifier("t", c)) for c in order),
    )
