"""Colours on paper: the light ones of the design, whatever theme the screen has."""

from __future__ import annotations

import math

from lagesbild.figures.theme import colors


def neighbours(name: str) -> tuple[str, str, float] | None:
    """For a colour between two steps of the scale: the lower step, the upper and how far it is towards that.

    >>> neighbours("seq-2.5"), neighbours("seq-2"), neighbours("ink-2")
    (('seq-2', 'seq-3', 0.5), None, None)
    """
    step = name.removeprefix("seq-")
    if step == name or "." not in step:
        return None
    at = float(step)
    low = math.floor(at)
    return f"seq-{low}", f"seq-{low + 1}", round(at - low, 4)


def color(name: str) -> str:
    """A token's light colour as `#RRGGBB`. Raises KeyError for a name the design does not have.

    >>> color("series"), color("seq-2.5")
    ('#0B5563', '#AAC0C6')
    """
    near = neighbours(name)
    if near is None:
        return colors("light")[name]
    low, high, share = near
    mixed = (a + (b - a) * share for a, b in zip(_rgb(low), _rgb(high), strict=True))
    return "#" + "".join(f"{round(v):02X}" for v in mixed)


def _rgb(name: str) -> tuple[int, ...]:
    text = colors("light")[name]
    return tuple(int(text[k : k + 2], 16) for k in (1, 3, 5))
