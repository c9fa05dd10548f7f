"""Judgement in one place: which colour, arrow and words a signal has. Noise has neither colour nor arrow."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.icons import icon

JUDGEMENT_WORDS: Final = {
    "better": "Säkerställd förbättring",
    "worse": "Säkerställd försämring",
    "noise": "Ingen säkerställd förändring",
    "short": "Kan inte bedömas ännu",
}
# The arrow follows the judgement, not the number: up = better, as in the design
ARROWS: Final = {"better": "up", "worse": "down"}


def arrow(judgement: str) -> list[dict[str, Any]]:
    """Coloured arrow (better, worse only) with hidden words, for a table cell."""
    words = hidden(JUDGEMENT_WORDS[judgement].lower()) if judgement in JUDGEMENT_WORDS else None
    shown = [el("Span", icon(ARROWS[judgement]), className=judgement)] if judgement in ARROWS else []
    return shown + ([words] if words else [])


def verdict(judgement: str, text: str = "") -> dict[str, Any]:
    """Judgement in words, bold, with arrow and colour when it is certain."""
    words = el("B", text or JUDGEMENT_WORDS[judgement])
    if judgement in ARROWS:
        return el("Span", [icon(ARROWS[judgement]), words], className=judgement)
    return el("Span", words)
