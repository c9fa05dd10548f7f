"""One earlier forecast over what then came, small enough to stand six in a row: SVG text for an image.

Not Plotly: six small charts would cost more to draw than the rest of the page, and they have nothing to hover.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import pandas as pd

from lagesbild.figures.theme import Theme, colors

WIDTH: Final = 196
HEIGHT: Final = 112
STEPS: Final = 11  # months across: five before the origin, the origin, six after, minus one
BEFORE: Final = 5
_PAD_X, _PAD_Y = 4, 8


def x_share(step: float) -> float:
    """Where a month lies, as a fraction of the width; 0 is the origin, negative before it."""
    return (_PAD_X + (step + BEFORE) * (WIDTH - 3 * _PAD_X) / STEPS) / WIDTH


def record_svg(
    known: pd.DataFrame,
    outcome: pd.DataFrame,
    *,
    span: tuple[float, float],
    target: float,
    theme: Theme,
) -> str:
    """`known`: column share, oldest first, the last one at the origin. `outcome`: columns period, lo80, hi80, share,
    inside, in order from the month after the origin. `span`: the axis' lowest and highest value, the same for all."""
    c = colors(theme)
    low, high = span

    def x(step: float) -> str:
        return f"{x_share(step) * WIDTH:.1f}"

    def y(value: float) -> str:
        return f"{_PAD_Y + (high - value) / (high - low) * (HEIGHT - 2 * _PAD_Y):.1f}"

    past = [(k - len(known) + 1, v) for k, v in enumerate(known["share"]) if v == v]
    steps = [int(h) for h in outcome["horizon"]]
    anchor = [(0.0, past[-1][1])] if past and past[-1][0] == 0 else []
    up = [*anchor, *zip(steps, outcome["hi80"], strict=True)]
    down = [*anchor, *zip(steps, outcome["lo80"], strict=True)]
    parts = []
    if low <= target <= high:
        parts.append(f"<path d='M0 {y(target)}H{WIDTH}' stroke='{c['limit']}' stroke-width='1'/>")
    area = _path([(x(a), y(b)) for a, b in [*up, *down[::-1]]])
    edge = "".join(_path([(x(a), y(b)) for a, b in line]) for line in (up, down))
    parts.append(f"<path d='{area}Z' fill='{c['fan-80']}'/>")
    parts.append(f"<path d='{edge}' fill='none' stroke='{c['fan-edge']}'/>")
    if len(past) > 1:
        line = _path([(x(a), y(b)) for a, b in past])
        parts.append(f"<path d='{line}' fill='none' stroke='{c['context']}' stroke-width='1.75'/>")
    for step, value, inside in zip(steps, outcome["share"], outcome["inside"], strict=True):
        style = (
            f"fill='{c['series']}' stroke='{c['bg']}'"
            if inside
            else f"fill='{c['bg']}' stroke='{c['worse']}' stroke-width='2'"
        )
        parts.append(f"<circle cx='{x(step)}' cy='{y(float(value))}' r='3.6' {style}/>")
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}'>{''.join(parts)}</svg>"


def as_image(svg: str) -> str:
    """The SVG as an address an image can have."""
    return f"data:image/svg+xml,{quote(svg, safe=' =:/,;-')}"


def _path(points: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{'L' if k else 'M'}{a} {b}" for k, (a, b) in enumerate(points))
