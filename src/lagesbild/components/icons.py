"""Icons as CSS masks: Dash has no svg elements, and a mask takes the text's colour in both themes.

The drawings are in `assets/20_icons.css`, one class each; a test checks that every name here has one there.
"""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el

ICONS: Final = ("up", "down", "chev", "table", "chart", "download", "close", "menu", "link", "theme")


def icon(name: str, label: str = "") -> dict[str, Any]:
    """An icon; hidden from screen readers unless `label` names it. Raises ValueError for an unknown name."""
    if name not in ICONS:
        raise ValueError(f"no such icon: {name}")
    if label:
        return el("Span", className=f"ico ico-{name}", role="img", aria_label=label)
    return el("Span", className=f"ico ico-{name}", aria_hidden="true")
