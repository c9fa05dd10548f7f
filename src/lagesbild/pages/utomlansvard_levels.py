"""The tints of the matrix: where they begin, so that few flows are darkest whatever their size, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from lagesbild.components.html import el
from lagesbild.domain.selection import SHARES
from lagesbild.pages.travel_text import PERSONS, Unit
from lagesbild.views.out_of_region import FlowMatrix

_LEVELS: Final = (0.3, 0.6, 0.83, 0.95)  # of the shown flows
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


def level_cuts(matrix: FlowMatrix, unit: Unit) -> list[float]:
    """Where the tints begin, rising, in the unit's numbers."""
    values = [v for f in matrix.flows() if (v := unit.of(f.persons, f.home.code)) is not None and v > 0]
    scale = 100.0 if unit.name == SHARES else 1.0
    if not values:
        return []
    out: list[float] = []
    for level in _LEVELS:
        at = _nice(float(np.quantile(values, level)) * scale, whole=unit.name == PERSONS) / scale
        if not out or at > out[-1]:
            out.append(at)
    return [x for x in out if x > min(values)]


def _nice(value: float, *, whole: bool) -> float:
    """The nearest number a reader would choose: whole, and over ten a multiple of five."""
    if whole or value >= 10:
        return float(max(2, round(value))) if value < 10 else 5.0 * round(value / 5)
    power = float(10.0 ** np.floor(np.log10(value)))
    return min((step * power for step in _STEPS), key=lambda choice: abs(choice - value))


def level_of(value: float, cuts: Sequence[float]) -> int:
    return 1 + sum(value >= c for c in cuts)


def matrix_legend(matrix: FlowMatrix, unit: Unit, cuts: Sequence[float]) -> dict[str, Any]:
    edges = list(cuts)
    texts = [f"under {unit.text(edges[0])}"] if edges else []
    for low, high in pairwise(edges):
        texts.append(f"{unit.text(low)}–{unit.text(high - 1) if unit.name == PERSONS else unit.text(high)}")
    if edges:
        texts.append(f"{unit.text(edges[-1])} eller fler" if unit.name == PERSONS else f"minst {unit.text(edges[-1])}")
    steps = [el("Span", t, className=f"lv lv{k}") for k, t in enumerate(texts, 1)]
    parts: list[Any] = []
    if steps:
        parts.append(el("Span", steps, className="steps", role="img", aria_label="Skala: " + ", ".join(texts)))
    threshold = matrix.viewer.threshold
    states = {s for k, s in matrix.states.items() if k[0] == "cell"}
    if "suppressed" in states:
        parts.append(el("Span", [el("B", f"<{threshold}"), f"skyddat, 1 till {threshold - 1}"]))
    if "secondary" in states:
        parts.append(el("Span", [el("B", ".."), "skyddat, så att inget annat tal kan räknas ut"]))
    if "missing" in states:
        parts.append(el("Span", [el("Span", className="hole hole-missing", aria_hidden="true"), "saknas"]))
    parts.append(el("Span", [el("I", None, className="ownk", aria_hidden="true"), "egen region"]))
    return el("Div", parts, className="leg")
