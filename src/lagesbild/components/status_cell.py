"""A level on its tint, and how absence looks where a number would stand."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Special
from lagesbild.domain.swedish import decimal

LEVELS: Final = ((0.95, 1), (0.90, 2), (0.85, 3), (0.80, 4), (float("-inf"), 5))
LEVEL_LABELS: Final = ("95–100", "90–94,9", "85–89,9", "80–84,9", "under 80")
STATE_WORDS: Final = {
    "missing": "saknas",
    "suppressed": "<5",
    "secondary": "..",
    "excluded": "utesluten",
    "short": "för kort serie",
}
_SPOKEN: Final = {"suppressed": "skyddat", "secondary": "skyddat"}


def level(share: float) -> int:
    """1 (at least 95 %) to 5 (under 80 %), after rounding to one decimal as shown."""
    rounded = round(share, 3)
    return next(k for limit, k in LEVELS if rounded >= limit)


def level_cell(share: float, *, coarse: bool = False) -> dict[str, Any]:
    """A share within the limit (fraction 0-1) in per cent, whole when `coarse`, on its level tint."""
    return el("Span", decimal(share * 100, 0 if coarse else 1), className=f"lv lv{level(share)}")


def level_legend() -> dict[str, Any]:
    """The scale, for a legend row."""
    steps = [el("Span", text, className=f"lv lv{k}") for k, text in enumerate(LEVEL_LABELS, 1)]
    return el("Span", steps, className="steps", role="img", aria_label="Skala: " + ", ".join(LEVEL_LABELS))


def special_cell(cell: Special, mark: str = "", *, wide: bool = False) -> list[dict[str, Any]]:
    """What stands in a cell without a number. `wide` draws the field too, as in the status matrix; `mark` is the
    footnote's number."""
    words = cell.text or STATE_WORDS[cell.state]
    if wide and not cell.text and cell.state == "suppressed":
        words = "skyddat, färre än 5"
    text: list[Any] = [words]
    if not wide and cell.state in _SPOKEN and words in ("<5", ".."):
        spoken = f"{_SPOKEN[cell.state]}, färre än {words[1:]}" if words.startswith("<") else _SPOKEN[cell.state]
        text = [el("Span", words, aria_hidden="true"), el("Span", spoken, className="vh")]
    if mark:
        text.append(el("Sup", mark))
    box = [el("Span", className="hole", aria_hidden="true")] if wide else []
    return [*box, el("Span", text, className="said")]
