"""`definitions`: what every column of every table means, and every state a number can have."""

from __future__ import annotations

from collections.abc import Iterable

from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.model import STATES, Column, Origin, PublishedTable, made, text

COLUMNS = (
    Column("dataset", "Datamängd", role="key"),
    Column("column", "Kolumn", role="key"),
    Column("title", "Rubrik"),
    Column("kind", "Sort", definition="Hur ett tal läses: count = antal, share = andel 0–1, days = dagar, ..."),
    Column("unit", "Enhet"),
    Column("definition", "Betydelse"),
)


def definitions_table(tables: Iterable[tuple[str, tuple[Column, ...]]], viewer: Viewer) -> PublishedTable:
    """Of `tables`: dataset and columns. States stand once, for all of them: in dataset "", a row a state."""
    rows = [(d, c.name, c.title, c.kind, c.unit, c.definition) for d, columns in tables for c in columns]
    rows += [("", f"*_state={s or '(tom)'}", "Visning", "text", "", f"{meaning}.") for s, meaning in STATES.items()]
    given = {c.name: text([r[k] for r in rows]) for k, c in enumerate(COLUMNS)}
    return made("definitions", "Definitioner", COLUMNS, given, {}, viewer, Origin())
