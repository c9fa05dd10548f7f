"""The published national balance, as the agencies publish it."""

from __future__ import annotations

from lagesbild.reports.document import Section
from lagesbild.reports.from_card import figure
from lagesbild.reports.looking import Reader


def national(reader: Reader) -> Section | None:
    """None when no published numbers are in the data."""
    card = reader.card("/produktion", "rikets-balans")
    if card is None:
        return None
    return Section("riket", "Riket, publicerade tal", (figure(card, table_shown=True),))
