"""Key figures under each other, beside a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.model import KeyFigure
from lagesbild.reports.about import judged, value_with_unit
from lagesbild.reports.legend import ARROWS
from lagesbild.reports.pptx_text import Run, height, text_box
from lagesbild.reports.pptx_theme import Box

_SCALES: Final = (1.15, 1.0, 0.9, 0.8, 0.7)


def column(slide: Any, items: Sequence[KeyFigure], box: Box) -> list[str]:
    """Key figures under each other, as large as all have room for; gives what they say."""
    for scale in _SCALES:
        made = [_small(i, scale) for i in items]
        talls = [
            sum(height([r.text for r in runs], box.w, runs[0].size, bold=runs[0].bold) for runs in m) for m in made
        ]
        between = (box.h - sum(talls)) / len(items)
        if between >= 0.1:
            break
    y = box.y
    for item, lines, tall in zip(items, made, talls, strict=True):
        text_box(slide, Box(box.x, y, box.w, tall), lines, f"Nyckeltal. {said(item)}", gap=0)
        y += tall + min(0.35, max(between, 0.0))
    return [said(i) for i in items]


def _small(item: KeyFigure, scale: float) -> list[list[Run]]:
    """Name, value, what it is of, judgement and change; a line each."""
    arrow = f"{ARROWS[item.judgement]} " if item.judgement in ARROWS else ""
    color = item.judgement if arrow else "ink-2"
    lines = [
        [Run(item.name, 15 * scale, True)],
        [Run(value_with_unit(item), 30 * scale, True)],
        [Run(item.what, 12 * scale, color="ink-2")],
        [Run(arrow + item.judgement_text, 12 * scale, bool(arrow), color)],
        [Run(item.change, 12 * scale, color="ink-2")],
    ]
    return [runs for runs in lines if runs[0].text.strip()]


def said(item: KeyFigure) -> str:
    """A key figure on a line."""
    return f"{item.name}, {item.what}: {value_with_unit(item)}. {judged(item)}"
