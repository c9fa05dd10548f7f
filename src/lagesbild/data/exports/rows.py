"""The rows of an export, every cell as the text a machine reads: `2024-01`, `12.5`, `<5`, "" for nothing.

PostgreSQL writes the shortest text that gives the same number back, so nothing is lost on the way through a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from lagesbild.data.exports.shape import BACKTEST_SHAPE, FORECAST_SHAPE, GAP_SHAPE
from lagesbild.data.queries.current_rows import current_rows
from lagesbild.domain.backtest import OWN
from lagesbild.domain.dataset_spec import Column, Dataset
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import SYNTHETIC
from lagesbild.domain.targets import DEFAULT_TARGET

CHUNK: Final = 5_000
# `domain.provenance.source_label` in SQL
_SOURCE: Final = sql.SQL("CASE WHEN b.synthetic AND b.source !~* {s} THEN {p} || b.source ELSE b.source END").format(
    s=sql.Literal(f"^{SYNTHETIC}"), p=sql.Literal(f"{SYNTHETIC}: ")
)
# A forecast comes from what its region has reported, and the country's (region '') from what its care area has
_ORIGIN: Final = sql.SQL(
    """(SELECT coalesce(region, '') AS region, care_area, string_agg(DISTINCT {}, '; ') AS x_source
    FROM (SELECT region, care_area, batch_id FROM waits UNION SELECT region, care_area, batch_id FROM production) f
    JOIN batch b USING (batch_id) GROUP BY GROUPING SETS ((region, care_area), (care_area)))"""
).format(_SOURCE)
_EVERYTHING: Final = sql.SQL(
    "SELECT string_agg(DISTINCT {}, '; ') FROM batch b WHERE b.dataset IN ('waits', 'production') AND b.rows > 0"
).format(_SOURCE)
_MOMENT: Final = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
Row = tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """Which rows. Empty = all; `first` and `last` are months, both included."""

    regions: tuple[str, ...] = ()
    care_areas: tuple[str, ...] = ()
    first: Month | None = None
    last: Month | None = None
    as_of: datetime | None = None


@contextmanager
def open_rows(connection: psycopg.Connection[Any], name: str, choice: Choice) -> Iterator[Iterator[list[Row]]]:
    """The rows of a dataset, `forecasts`, `gaps` or `backtest` in chunks, sorted by key; read from the server as used.

    Raises InputError for a choice the dataset has no column for, and when no forecast run or backtest is stored.
    """
    if name == "backtest":
        query = _backtest_query(connection, choice)
    elif name in ("forecasts", "gaps"):
        query = _run_query(connection, name, choice)
    else:
        query = _dataset_query(DATASETS[name], choice)
    with connection.cursor(name="lagesbild_export") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(query)
        yield _chunks(cursor)


def _chunks(cursor: psycopg.ServerCursor[Any]) -> Iterator[list[Row]]:
    while rows := cursor.fetchmany(CHUNK):
        yield rows


def _dataset_query(dataset: Dataset, choice: Choice) -> sql.Composed:
    inner = current_rows(dataset.name, [sql.SQL("*")], (), choice.as_of)
    cells: list[sql.Composable] = [cell(c, hidden=dataset.facts or c.kind == "count") for c in dataset.columns]
    cells += [_SOURCE, sql.SQL("d.value_status")]
    order = [sql.SQL("d.{}{}").format(sql.Identifier(c.name), _collation(c)) for c in dataset.keys]
    return sql.SQL("SELECT {} FROM ({}) d JOIN batch b USING (batch_id){} ORDER BY {}").format(
        sql.SQL(", ").join(cells), inner, _where(dataset_conditions(dataset, choice)), sql.SQL(", ").join(order)
    )


def _collation(column: Column) -> sql.SQL:
    """Text by code point: the same order on every server."""
    return sql.SQL(' COLLATE "C"' if column.kind in ("text", "choice", "codes") else "")


def cell(column: Column, *, hidden: bool = False) -> sql.Composed:
    """One column of `d` as text."""
    name = sql.SQL("d.{}").format(sql.Identifier(column.name))
    if column.kind in ("month", "date"):
        form = "YYYY-MM" if column.kind == "month" else "YYYY-MM-DD"
        return sql.SQL("CASE WHEN isfinite({n}) THEN to_char({n}, {f}) ELSE '' END").format(n=name, f=sql.Literal(form))
    text = sql.SQL("coalesce({}::text, '')").format(name)
    if not (hidden and column.kind == "count"):
        return text
    key = sql.Literal(column.name)
    return sql.SQL("CASE WHEN d.suppressed ? {k} THEN '<' || (d.suppressed ->> {k}) ELSE {t} END").format(k=key, t=text)


def dataset_conditions(dataset: Dataset, choice: Choice) -> list[sql.Composable]:
    """The choice as conditions on `d`. Rows that hold for all regions or all care areas belong to every choice."""
    found: list[sql.Composable] = []
    if choice.regions:
        column = _first_of(dataset, ("region", "home_region"), "regions", "region")
        found.append(_among(column, choice.regions))
    if choice.care_areas:
        column = _first_of(dataset, ("care_area",), "care-areas", "vårdområde")
        found.append(_among(column, choice.care_areas))
    if choice.first or choice.last:
        found.extend(_between(dataset, choice))
    return found


def _first_of(dataset: Dataset, names: tuple[str, ...], own: str, what: str) -> Column:
    """The column a choice is about; in the code table itself, the code."""
    if dataset.name == own:
        return dataset.column("code")
    for column in dataset.columns:
        if column.name in names:
            return column
    raise InputError(f"Datamängden {dataset.name} har ingen kolumn för {what}.", "Ta bort det valet.")


def _among(column: Column, values: tuple[str, ...]) -> sql.Composed:
    allowed = [*values, *([""] if column.empty_means.startswith("alla") else [])]
    return sql.SQL("d.{} = ANY({})").format(sql.Identifier(column.name), sql.Literal(allowed))


def _between(dataset: Dataset, choice: Choice) -> Iterator[sql.Composed]:
    for month, sign in ((choice.first, ">="), (choice.last, "<=")):
        if month is None:
            continue
        if dataset.facts:
            yield sql.SQL("d.period {} {}").format(sql.SQL(sign), sql.Literal(month.first_day))
        elif dataset.name == "population":
            yield sql.SQL("d.year {} {}").format(sql.SQL(sign), sql.Literal(month.year))
        else:
            raise InputError(f"Datamängden {dataset.name} har inga månader.", "Ta bort --from och --to.")


def _where(conditions: list[sql.Composable]) -> sql.Composable:
    return sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL("")


def _run_query(connection: psycopg.Connection[Any], name: str, choice: Choice) -> sql.Composed:
    """Rows of the newest full run (at `as_of`)."""
    run = connection.execute(
        "SELECT run_id FROM forecast_run WHERE kind = 'forecast' "
        "AND (%(m)s::timestamptz IS NULL OR created_at <= %(m)s) ORDER BY created_at DESC, run_id DESC LIMIT 1",
        {"m": choice.as_of},
    ).fetchone()
    if run is None:
        raise InputError("Ingen prognos är lagrad ännu.", "Kör `lagesbild forecast` först.")
    conditions: list[sql.Composable] = [sql.SQL("d.run_id = {}").format(sql.Literal(run[0]))]
    for column, values in (("region", choice.regions), ("care_area", choice.care_areas)):
        if values:
            conditions.append(sql.SQL("d.{} = ANY({})").format(sql.Identifier(column), sql.Literal(list(values))))
    if name == "gaps":
        if choice.first or choice.last:
            raise InputError("Kapacitetsgap väljs inte på månad.", "Ta bort --from och --to.")
        conditions.append(sql.SQL("round(d.target_share * 100) = {}").format(sql.Literal(DEFAULT_TARGET)))
        return sql.SQL("SELECT {}, coalesce(o.x_source, '') FROM gaps d {} ORDER BY {}").format(
            sql.SQL(", ").join(cell(c) for c in GAP_SHAPE), _from_origin(conditions), _order("region", "care_area")
        )
    conditions.append(sql.SQL("d.role = 'forecast'"))
    for month, sign in ((choice.first, ">="), (choice.last, "<=")):
        if month is not None:
            conditions.append(sql.SQL("d.period {} {}").format(sql.SQL(sign), sql.Literal(month.first_day)))
    return sql.SQL(
        "SELECT {}, coalesce(o.x_source, '') FROM (SELECT f.*, to_char(r.data_as_of AT TIME ZONE 'UTC', {}) "
        "AS data_as_of, r.until FROM forecasts f JOIN forecast_run r USING (run_id)) d {} ORDER BY {}, d.period"
    ).format(
        sql.SQL(", ").join(cell(c) for c in FORECAST_SHAPE),
        sql.Literal(_MOMENT),
        _from_origin(conditions),
        _order("region", "care_area", "measure"),
    )


def _backtest_query(connection: psycopg.Connection[Any], choice: Choice) -> sql.Composed:
    """The scores of the newest evaluation (at `as_of`)."""
    if choice.regions or choice.care_areas or choice.first or choice.last:
        raise InputError(
            "Utvärderingen av prognoserna gäller hela datamängder, inte enskilda regioner, vårdområden eller månader.",
            "Ta bort --region, --care-area, --from och --to.",
        )
    made = connection.execute(
        "SELECT backtest_id FROM backtest_run WHERE %(m)s::timestamptz IS NULL OR created_at <= %(m)s "
        "ORDER BY created_at DESC, backtest_id DESC LIMIT 1",
        {"m": choice.as_of},
    ).fetchone()
    if made is None:
        raise InputError("Ingen utvärdering av prognoserna är lagrad ännu.", "Kör `lagesbild backtest` först.")
    return sql.SQL(
        "SELECT {cells}, CASE WHEN d.data_set = {own} THEN coalesce(({origin}), '') ELSE {public} END FROM "
        "(SELECT s.*, to_char(r.created_at AT TIME ZONE 'UTC', {form}) AS created_at FROM backtest s "
        "JOIN backtest_run r USING (backtest_id)) d WHERE d.backtest_id = {number} ORDER BY {order}, d.origin_year"
    ).format(
        cells=sql.SQL(", ").join(cell(c) for c in BACKTEST_SHAPE),
        own=sql.Literal(OWN),
        origin=_EVERYTHING,
        public=sql.Literal("Offentlig statistik i data/real"),
        form=sql.Literal(_MOMENT),
        number=sql.Literal(made[0]),
        order=_order("data_set", "measure", "model", "block"),
    )


def _from_origin(conditions: list[sql.Composable]) -> sql.Composed:
    return sql.SQL("LEFT JOIN {} o USING (region, care_area){}").format(_ORIGIN, _where(conditions))


def _order(*columns: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL('d.{} COLLATE "C"').format(sql.Identifier(c)) for c in columns)
