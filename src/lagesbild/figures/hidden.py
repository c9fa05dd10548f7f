"""The place of a number that is protected: a dashed frame, so that it does not look like zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd


def hidden_frames(
    places: Iterable[tuple[pd.Timestamp, float]], *, height: float, width: float, axis: str, c: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One frame a place: (month, where it starts). `height` in the axis' unit, the same for all, so that it tells
    nothing; `width` in milliseconds as bars have it; `axis` such as `y2`."""
    half = pd.Timedelta(milliseconds=width / 2)
    return [
        {
            "type": "rect",
            "xref": "x",
            "x0": str(month - half)[:19],
            "x1": str(month + half)[:19],
            "yref": axis,
            "y0": base,
            "y1": base + height,
            "line": {"color": c["ink-3"], "width": 1, "dash": "3px,2px"},
            "fillcolor": "rgba(0,0,0,0)",
        }
        for month, base in places
    ]
