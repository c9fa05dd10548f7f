"""A staged file judged as a whole: repeated keys, unknown parents, parts against totals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from lagesbild.data.importers.faults import SHOWN, Faults
from lagesbild.data.known_rows import known_rows, months, same
from lagesbild.data.staging import STAGING, keys, names
from lagesbild.domain.dataset_spec import Dataset


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
        known=known_rows(connection, dataset, rows, group, recorded_at),
        rows=names(rows),
        staging=STAGING,
        same=same(keys(dataset), "k", "s"),
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


def _has_parts(connection: psycopg.Connection[Any], dataset: Dataset) -> bool:
    row = connection.execute(
        sql.SQL(
            "SELECT EXISTS (SELECT 1 FROM {} WHERE provider <> '') "
            "OR EXISTS (SELECT 1 FROM {} t WHERE provider <> '' AND {})"
        ).format(STAGING, sql.Identifier(dataset.table), months(connection, dataset))
    ).fetchone()
    return bool(row and row[0])


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
