"""Judgement in one place: which colour, arrow and words a signal has. Noise has neither colour nor arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.icons import icon
from lagesbild.domain.swedish import join_and, small

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


def changes(worse: Sequence[str], better: Sequence[str], where: str) -> str:
    """What has changed for certain, with the care areas' names; empty when nothing has.

    >>> changes(["Knäprotes"], ["Katarakt", "Ljumskbråck"], "riket")
    'Knäprotes blir sämre och katarakt och ljumskbråck bättre i riket.'
    >>> changes([], ["Katarakt", "MR"], "Norra")
    'Katarakt och MR blir bättre i Norra.'
    """
    if worse and better:
        return f"{_named(worse)} blir sämre och {_named(better, inside=True)} bättre i {where}."
    return f"{_named(worse or better)} blir {'sämre' if worse else 'bättre'} i {where}." if worse or better else ""


def _named(names: Sequence[str], *, inside: bool = False) -> str:
    return join_and([n if k == 0 and not inside else small(n) for k, n in enumerate(names)])
