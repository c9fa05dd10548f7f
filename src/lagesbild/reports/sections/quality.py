"""What the figures rest on: who has reported, what is early, what was found."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.model import FigureCard
from lagesbild.reports.about import sentences
from lagesbild.reports.document import Block, Figure, Section
from lagesbild.reports.from_card import figure
from lagesbild.reports.looking import Reader

_OTHERS = "I de verkliga publicerade talen"  # of real figures that are not in the document


def quality(reader: Reader) -> Section | None:
    """Coverage of the national figures, or a region's reporting; revisions and findings in words. Of a healthcare
    region what is its own: coverage and revisions are followed for the country and for regions. None of a care area
    that no region reports."""
    if reader.published_only:
        return None
    group = reader.selection.healthcare_region
    blocks: list[Block] = []
    if reader.selection.region:
        card = reader.card("/region/<code>", "rapportering")
        if card is not None:
            blocks.append(figure(card, half=True, in_words=True))
    else:
        coverage = reader.card("/datakvalitet", "rapportering" if group else "tackning")
        if coverage is not None and coverage.table.rows:
            blocks.append(_told(coverage))
    for id_ in ("fynd",) if group else ("revideringar", "fynd"):
        card = reader.card("/datakvalitet", id_)
        if card is not None:
            blocks.append(_told(card))
    return Section("kvalitet", "Datakvalitet och täckning", tuple(blocks)) if blocks else None


def _told(card: FigureCard) -> Figure:
    """In words, without what is said of published series that are not in the document."""
    made = figure(card, half=True, in_words=True)
    made = replace(made, summary=made.summary.replace("Ett fält per månad, ", "Rapportering "))
    return replace(made, source=" ".join(s for s in sentences(made.source) if not s.startswith(_OTHERS)))
