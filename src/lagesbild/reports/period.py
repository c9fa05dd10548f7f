"""The months a briefing shows: the series of a figure from the chosen first month on."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.model import FigureCard
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import WINDOWS
from lagesbild.reports.from_card import value


def since(card: FigureCard, first: Month | None) -> FigureCard:
    """Without rows of earlier months. A figure whose rows are not months, or that would be left empty, is as it was."""
    at = next((i for i, c in enumerate(card.table.columns) if c.name == "period"), None)
    if first is None or at is None:
        return card
    column = card.table.columns[at]
    kept = []
    for row in card.table.rows:
        month = value(row.cells[at], column)
        if not isinstance(month, Month) or month >= first:
            kept.append(row)
    return replace(card, table=replace(card.table, rows=tuple(kept))) if kept else card


def window(first: Month | None, last: Month | None) -> int | None:
    """How far back pages must look to hold the period: the least of what they offer that does, else the most.

    >>> window(Month(2024, 1), Month(2026, 10))
    36
    """
    if first is None or last is None:
        return None
    return next((w for w in WINDOWS if w >= last - first + 1), WINDOWS[-1])
