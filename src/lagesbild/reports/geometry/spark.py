"""A key figure's line on its band of normal variation, without words: the words stand beside it."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import KeyFigure
from lagesbild.reports.geometry.parts import known, segments
from lagesbild.reports.primitives import Dot, Drawing, Item, Rect, Stroke

_HEIGHT: Final = 30.0
_LOWEST: Final = 2 / 3
_EDGE: Final = 3.0  # points kept free for the end point


def spark(fact: KeyFigure, w: float, low: float = 1.0) -> Drawing:
    """The line, as wide as asked for; `low`: how high against the usual, to two thirds of it. The axis reaches over the
    values, or over `span` around their middle."""
    high = _HEIGHT * max(low, _LOWEST)
    shown = [v for v in fact.spark if known(v)]
    around = [*shown, *(fact.band or ())] or [0.0]
    least, most = min(around), max(around)
    extent: float = max(most - least, fact.span or 0.0) or 1.0
    middle = (least + most) / 2
    n = len(fact.spark)

    def x(k: int) -> float:
        return _EDGE + (w - 2 * _EDGE) * (k / (n - 1) if n > 1 else 0.5)

    def y(value: float) -> float:
        return float(high / 2 - (value - middle) / extent * (high - 2 * _EDGE))

    items: list[Item] = []
    if fact.band:
        items.append(Rect(0, y(fact.band[1]), w, y(fact.band[0]) - y(fact.band[1]), fill="band"))
    color = fact.judgement if fact.judgement in ("better", "worse") else "ink-3"
    for run in segments(fact.spark):
        places = tuple((x(k), y(fact.spark[k] or 0.0)) for k in run)
        items.append(Stroke(places, color, 1.3) if len(places) > 1 else Dot(*places[0], 1.2, color))
    last = next((k for k in range(n - 1, -1, -1) if known(fact.spark[k])), None)
    if last is not None:
        items.append(Dot(x(last), y(fact.spark[last] or 0.0), 2.2, color))
    return Drawing(w, high, _alt(fact, len(shown)), tuple(items))


def _alt(fact: KeyFigure, months: int) -> str:
    ends = f" från {fact.first_label} till {fact.last_label}" if fact.first_label and fact.last_label else ""
    band = ", med bandet för normal variation" if fact.band else ""
    return f"{fact.name}: linje över {months} månader{ends}{band}."
