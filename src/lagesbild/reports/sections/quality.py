"""What the figures rest on: who has reported, what is early, what was found."""

from __future__ import annotations

from lagesbild.reports.document import Block, Section
from lagesbild.reports.from_card import figure
from lagesbild.reports.looking import Reader


def quality(reader: Reader) -> Section | None:
    """Coverage of the national figures, or a region's reporting; revisions and findings in words."""
    blocks: list[Block] = []
    if reader.selection.region:
        card = reader.card("/region/<code>", "rapportering")
        if card is not None:
            blocks.append(figure(card, half=True, in_words=True))
    else:
        coverage = reader.card("/datakvalitet", "tackning")
        if coverage is not None and coverage.table.rows:
            blocks.append(figure(coverage, half=True, in_words=True))
    for id_ in ("revideringar", "fynd"):
        card = reader.card("/datakvalitet", id_)
        if card is not None:
            blocks.append(figure(card, half=True, in_words=True))
    return Section("kvalitet", "Datakvalitet och täckning", tuple(blocks)) if blocks else None
