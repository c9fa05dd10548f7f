"""The flag of a capacity gap: filled = open, half = expected, outline = watched. Always with a word or a month."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el

FLAG_WORDS: Final = {"open": "öppet", "expected": "väntas", "watch": "bevakas"}


def flag(status: str, text: str = "") -> dict[str, Any]:
    """The flag and the word (or month) beside it; without `text` the flag is named for screen readers.

    Raises KeyError for a status that has no flag ("none").
    """
    word = FLAG_WORDS[status]
    if not text:
        return el("Span", className=f"flag flag-{status}", role="img", aria_label=f"gap {word}")
    named = text if text == word else [el("Span", f"gap {word} ", className="vh"), text]
    return el(
        "Span", [el("Span", className=f"flag flag-{status}", aria_hidden="true"), el("Span", named)], className="gp"
    )
