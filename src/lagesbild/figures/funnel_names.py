"""Where the names of a funnel plot's dots stand: beside them, on a desk as on a phone, none on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.swedish import decimal
from lagesbild.figures.theme import with_alpha

HEIGHT: Final = 500  # pixels of the figure, and its margins
LEFT, RIGHT, TOP, BOTTOM = 40, 92, 40, 62
_WIDE, _NARROW = 761, 326  # pixels of the figure on a desk and on a phone: labels must be free on both
_CHARACTER: Final = 6.9  # pixels of an average letter at 13 px
_UNSEEN: Final = 12.8  # a marker that is not drawn keeps a text half of it, over 0.8, and 1 away: 9 pixels
# offsets tried in turn, in pixels: right, left, above, below, and the corners
_TRIES: Final = (
    (9, 0, "left"),
    (-9, 0, "right"),
    (0, -14, "center"),
    (0, 14, "center"),
    (8, -11, "left"),
    (8, 11, "left"),
    (-8, -11, "right"),
    (-8, 11, "right"),
)
# a little further away, for names that say something: beyond that a name would seem to be of another dot
_FURTHER: Final = ((8, -17, "left"), (8, 17, "left"), (-8, -17, "right"), (-8, 17, "right"))


def named(
    points: pd.DataFrame,
    sizes: tuple[float, float],
    shares: tuple[float, float],
    lines: Sequence[float],
    c: Mapping[str, str],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Names beside the dots: the chosen and those outside the limits first, others where they fit on any screen. Only
    one outside the limits, or chosen alone, is named though it covers something: two names on each other are none.

    Those first are annotations, with the band's colour behind them; the others are one trace of text, since Plotly
    measures each annotation, which lays out the page: 15 of them were 10 of the 23 ms that the figure takes."""
    rows = points.to_dict("records")
    order = sorted(
        range(len(rows)),
        key=lambda k: (not rows[k]["chosen"], rows[k]["place"] == "inside", -abs(rows[k]["share"] - shares[0])),
    )
    screens = [_Screen(width, sizes, shares, rows, lines) for width in (_WIDE, _NARROW)]
    several = points["chosen"].sum() > 1
    per_pixel = (shares[1] - shares[0]) / (HEIGHT - TOP - BOTTOM)
    notes: list[dict[str, Any]] = []
    plain: list[tuple[float, float, str, str, str]] = []
    for k in order:
        row = rows[k]
        strong = row["place"] != "inside" or row["chosen"]
        sign = {"better": "▲ ", "worse": "▼ "}.get(str(row["judgement"]), "")
        text = f"{sign}{row['name']} {decimal(row['share'] * 100)}" if strong else str(row["name"])
        tries = (*_TRIES, *_FURTHER) if strong else _TRIES
        fit = next((t for t in tries if all(s.free(k, text, t) for s in screens)), None)
        if fit is None and strong:
            must = row["place"] != "inside" or not several
            fit = next((t for t in tries if screens[0].free(k, text, t)), _TRIES[0] if must else None)
        if fit is None:
            continue
        for s in screens:
            s.take(k, text, fit)
        tone = c[row["judgement"]] if row["judgement"] != "noise" else c["ink"] if strong else c["ink-3"]
        if not strong:
            side = {"left": "middle right", "right": "middle left"}.get(fit[2], "middle center")
            plain.append((float(row["waiting"]), round(row["share"] - fit[1] * per_pixel, 5), text, side, tone))
            continue
        notes.append(
            {
                "text": f"<b>{text}</b>",
                "x": float(np.log10(row["waiting"])),
                "y": row["share"],
                "xshift": fit[0],
                "yshift": -fit[1],
                "xanchor": fit[2],
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 13, "color": tone},
                "bgcolor": with_alpha(c["band"], 0.6),
                "borderpad": 0,
            }
        )
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [p[0] for p in plain],
        "y": [p[1] for p in plain],
        "text": [p[2] for p in plain],
        "textposition": [p[3] for p in plain],
        "textfont": {"size": 13, "color": [p[4] for p in plain]},
        "marker": {"size": _UNSEEN, "opacity": 0},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    return notes, trace


class _Screen:
    """What is taken on a figure of one width: dots, level lines (at shares `lines`), and labels placed so far."""

    def __init__(
        self,
        width: int,
        sizes: tuple[float, float],
        shares: tuple[float, float],
        rows: Sequence[Mapping[Any, Any]],
        lines: Sequence[float],
    ) -> None:
        self._width, self._sizes, self._shares = width, sizes, shares
        self._at = [self._pixel(float(r["waiting"]), float(r["share"])) for r in rows]
        self._taken = [(x - 5.0, y - 5.0, x + 5.0, y + 5.0) for x, y in self._at]
        self._lines = [self._pixel(sizes[0], v)[1] for v in lines]

    def _pixel(self, waiting: float, share: float) -> tuple[float, float]:
        low, high = np.log(self._sizes)
        x = LEFT + (np.log(waiting) - low) / (high - low) * (self._width - LEFT - RIGHT)
        y = TOP + (self._shares[1] - share) / (self._shares[1] - self._shares[0]) * (HEIGHT - TOP - BOTTOM)
        return float(x), float(y)

    def _box(self, k: int, text: str, how: tuple[int, int, str]) -> tuple[float, float, float, float]:
        x, y = self._at[k][0] + how[0], self._at[k][1] + how[1]
        width = len(text) * _CHARACTER + 4
        left = x - (0 if how[2] == "left" else width if how[2] == "right" else width / 2)
        return left, y - 8, left + width, y + 8

    def free(self, k: int, text: str, how: tuple[int, int, str]) -> bool:
        a, b, c, d = self._box(k, text, how)
        if a < LEFT or c > self._width - RIGHT or b < TOP or d > HEIGHT - BOTTOM:
            return False
        if any(b < y < d for y in self._lines):
            return False
        others = (box for i, box in enumerate(self._taken) if i != k)
        return all(c <= w or a >= y or d <= x or b >= z for w, x, y, z in others)

    def take(self, k: int, text: str, how: tuple[int, int, str]) -> None:
        self._taken.append(self._box(k, text, how))
