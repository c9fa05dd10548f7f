"""One of a few at a time on a phone (care areas of a matrix). Wider screens show all and hide the buttons.

Put `data_segments=""` on the container; inside it everything with `data_segment=<value>` is shown only when that value
is chosen. `assets/60_figures.js` does the choosing; nothing is asked of the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.html import el


def segments(options: Sequence[tuple[str, str]], chosen: str, label: str) -> dict[str, Any]:
    """Buttons for (value, label) pairs, `chosen` first shown."""
    return el(
        "Div",
        [
            el(
                "Button",
                text,
                type="button",
                data_segment_choice=value,
                aria_pressed="true" if value == chosen else "false",
            )
            for value, text in options
        ],
        className="seg",
        role="group",
        aria_label=label,
    )
