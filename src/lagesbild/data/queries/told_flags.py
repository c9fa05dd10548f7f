"""How many flags a viewer is told of, which come first, and which are others than in another run.

PostgreSQL counts: of 63 000 pairs 189 000 rows were read once a data version to say how many there are (3 s).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import psycopg
from psycopg import sql

from lagesbild.data.queries.columns import Form, fetch
from lagesbild.data.queries.current_rows import among
from lagesbild.data.queries.gaps import FORMS
from lagesbild.domain.gap_columns import FLAG_COLUMNS
from lagesbild.domain.told_flags import FLAGGED, NONE, UNJUDGED, UNTOLD, ToldFlags

_NEAR: Final = 1e-6  # a stored target is 0.8, an asked one 80 / 100
_FLAGS: Final = sql.Literal(list(FLAGGED))
_STATE: Final = sql.SQL(
    "CASE WHEN g.status = ANY({flags}) THEN g.status WHEN g.probability_12m IS NULL THEN {unjudged} ELSE {none} END"
).format(flags=_FLAGS, unjudged=sql.Literal(UNJUDGED), none=sql.Literal(NONE))


def flag_counts(connection: psycopg.Connection[Any], asked: ToldFlags) -> pd.DataFrame:
    """As `Source.flag_counts`."""
    query = sql.SQL(
        "SELECT region, state, count(*), max(opens_period) FILTER (WHERE state = 'expected') FROM ({told}) t "
        "WHERE state <> {unjudged} GROUP BY region, state"
    ).format(told=_told(asked), unjudged=sql.Literal(UNJUDGED))
    return fetch(connection, query, {"region": "text", "state": "text", "n": "int", "last_opens": "date"})


def flagged_areas(connection: psycopg.Connection[Any], asked: ToldFlags) -> pd.DataFrame:
    """As `Source.flagged_areas`."""
    query = sql.SQL("SELECT care_area, count(*) FROM ({told}) t WHERE state = ANY({flags}) GROUP BY care_area").format(
        told=_told(asked), flags=_FLAGS
    )
    return fetch(connection, query, {"care_area": "text", "n": "int"})


def first_flags(
    connection: psycopg.Connection[Any], asked: ToldFlags, most: int, besides: Sequence[str], by_share: Sequence[str]
) -> pd.DataFrame:
    """As `Source.first_flags`."""
    query = sql.SQL(
        "SELECT {columns} FROM (SELECT t.*, row_number() OVER (PARTITION BY region, state ORDER BY "
        "CASE WHEN state <> 'open' THEN NULL WHEN region = ANY({by_share}) THEN coalesce(structural_share_now, 1) "
        "ELSE 1 END, "
        "CASE WHEN state <> 'open' THEN opens_period END, "  # NULL, no month known, is the last
        "CASE WHEN state <> 'open' THEN coalesce(probability_12m, 0) END DESC, "
        'care_area COLLATE "C") AS place FROM ({told}) t '
        "WHERE state = ANY({flags}) AND NOT care_area = ANY({besides})) f "
        'WHERE place <= {most} ORDER BY region COLLATE "C", care_area COLLATE "C"'
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, FLAG_COLUMNS)),
        by_share=sql.Literal(list(by_share)),
        told=_told(asked),
        flags=_FLAGS,
        besides=sql.Literal(list(besides)),
        most=sql.Literal(most),
    )
    return fetch(connection, query, {name: FORMS[name] for name in FLAG_COLUMNS})


def changed_flags(connection: psycopg.Connection[Any], now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
    """As `Source.changed_flags`."""
    query = sql.SQL(
        "SELECT region, care_area, before, now, n FROM ("
        "SELECT *, count(*) OVER (PARTITION BY region, before, now) AS n, "
        'row_number() OVER (PARTITION BY region, before, now ORDER BY care_area COLLATE "C") AS place FROM ('
        "SELECT region, care_area, {b} AS before, {n} AS now "
        "FROM ({before}) b FULL JOIN ({now}) n USING (region, care_area)) d "
        "WHERE before <> now AND (before = ANY({flags}) OR now = ANY({flags}))) c "
        'WHERE place <= {most} ORDER BY region COLLATE "C", care_area COLLATE "C"'
    ).format(b=_known("b"), n=_known("n"), before=_told(before), now=_told(now), flags=_FLAGS, most=sql.Literal(most))
    forms: dict[str, Form] = {"region": "text", "care_area": "text", "before": "text", "now": "text", "n": "int"}
    return fetch(connection, query, forms)


def _known(run: str) -> sql.Composed:
    """A pair that a run does not speak of, or may not, is one it could not judge."""
    return sql.SQL("coalesce(nullif({}.state, {}), {})").format(
        sql.SQL(run), sql.Literal(UNTOLD), sql.Literal(UNJUDGED)
    )


def _told(asked: ToldFlags) -> sql.Composed:
    """SELECT of one row a pair: FLAG_COLUMNS, and `state`: a status of FLAGGED, NONE, UNJUDGED or UNTOLD."""
    if asked.beside is None:
        return _rows(asked, asked.run_id, untold=asked.untold)
    replaced = sql.SQL(
        "(g.region = {own} OR NOT EXISTS "
        "(SELECT FROM gaps o WHERE o.run_id = {beside} AND o.region = g.region AND o.care_area = g.care_area))"
    ).format(own=sql.Literal(asked.own), beside=sql.Literal(asked.beside))
    others = sql.SQL("g.region <> {}").format(sql.Literal(asked.own))
    return sql.SQL("{} UNION ALL {}").format(_rows(asked, asked.run_id, replaced), _rows(asked, asked.beside, others))


def _rows(
    asked: ToldFlags, run_id: int, *more: sql.Composable, untold: frozenset[tuple[str, str]] = frozenset()
) -> sql.Composed:
    where = [
        sql.SQL("g.run_id = {}").format(sql.Literal(run_id)),
        sql.SQL("g.target_share BETWEEN {} AND {}").format(
            sql.Literal(asked.target - _NEAR), sql.Literal(asked.target + _NEAR)
        ),
        among("region", asked.regions),
        *([among("care_area", [asked.care_area])] if asked.care_area else []),
        *more,
    ]
    state: sql.Composable = _STATE
    if untold:
        pairs = sql.SQL("SELECT * FROM unnest({}::text[], {}::text[])").format(
            *(sql.Literal([pair[k] for pair in sorted(untold)]) for k in (0, 1))
        )
        state = sql.SQL("CASE WHEN (g.region, g.care_area) IN ({}) THEN {} ELSE {} END").format(
            pairs, sql.Literal(UNTOLD), _STATE
        )
    return sql.SQL("SELECT {}, {} AS state FROM gaps g WHERE {}").format(
        sql.SQL(", ").join(sql.SQL("g.{}").format(sql.Identifier(c)) for c in FLAG_COLUMNS),
        state,
        sql.SQL(" AND ").join(where),
    )
