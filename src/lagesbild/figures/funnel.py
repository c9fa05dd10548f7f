"""Funnel plot: a region's share against how many wait there, with limits that narrow as regions grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.swedish import count, decimal
from lagesbild.figures.parts import measure_title
from lagesbild.figures.theme import Theme, colors, figure, with_alpha

HEIGHT: Final = 500
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 92, 40, 62
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


def funnel_plot(
    points: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    centre: float,
    centre_name: str,
    measure: str,
    theme: Theme,
) -> dict[str, Any]:
    """`points`: columns name, waiting, share, judgement (better, worse, noise), place (inside, between, outside),
    chosen and, where a click leads somewhere, href. `limits`: waiting, lo95, hi95, lo998, hi998. Shares are fractions
    0-1. The vertical axis need not start at zero."""
    c = colors(theme)
    low, high, ticks = _range(points, limits)
    first, last = float(limits["waiting"].min()), float(limits["waiting"].max())
    # a line through a name strikes it out: the country's, and 100 %, where the upper limits lie
    notes, names = _names(points, (first, last), (low, high), (centre, 1.0), c)
    data = [
        *_band(limits, "998", c["sunken"], {"color": c["line-strong"], "width": 1, "dash": "4px,3px"}, low, high),
        *_band(limits, "95", c["band"], {"color": c["line-strong"], "width": 1}, low, high),
        {
            "type": "scatter",
            "mode": "lines",
            "x": [first, last],
            "y": [centre, centre],
            "line": {"color": c["ink"], "width": 1.5},
            "hoverinfo": "skip",
        },
        _dots(points, c),
        names,
    ]
    sizes = _doublings(first, last)
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "hovermode": "closest",
        "xaxis": {
            "type": "log",
            "range": [float(np.log10(first)), float(np.log10(last))],
            "tickmode": "array",
            "tickvals": sizes,
            "ticktext": [count(s) for s in sizes],
            "title": {"text": "Antal väntande (varje steg är en fördubbling)"},
            "fixedrange": True,
            "automargin": False,
        },
        "yaxis": {
            "range": [low, high],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [decimal(t * 100, 0) for t in ticks],
            "rangemode": "normal",
            "fixedrange": True,
            "automargin": False,
        },
        "annotations": [
            measure_title(f"{measure}, procent", _LEFT, 12),
            *_end_labels(limits, centre, centre_name, low, high, c),
            *notes,
        ],
    }
    return figure(data, layout, theme=theme)


def _range(points: pd.DataFrame, limits: pd.DataFrame) -> tuple[float, float, list[float]]:
    """An axis for all points and the 95 % limits, in steps of 5 or 10 points; wider limits are cut."""
    lowest = min(points["share"].min(), limits["lo95"].quantile(0.1)) - 0.02
    highest = max(points["share"].max(), limits["hi95"].quantile(0.9)) + 0.01
    step = 0.1 if highest - lowest > 0.25 else 0.05
    low = max(0.0, np.floor(lowest / step + 1e-9) * step)
    high = min(1.0, np.ceil(highest / step - 1e-9) * step)
    ticks = [round(float(t), 4) for t in np.arange(low, high + step / 2, step) if t <= 1 + 1e-9]
    return float(low), float(high) + (0.01 if high >= 1 else 0), ticks


def _band(
    limits: pd.DataFrame, level: str, fill: str, line: Mapping[str, Any], low: float, high: float
) -> list[dict[str, Any]]:
    x = [round(float(v), 1) for v in limits["waiting"]]
    below = [round(max(low, float(v)), 5) for v in limits[f"lo{level}"]]
    above = [round(min(1.0, high, float(v)), 5) for v in limits[f"hi{level}"]]
    outline = {"type": "scatter", "mode": "lines", "line": dict(line), "hoverinfo": "skip", "x": x}
    return [{**outline, "y": below}, {**outline, "y": above, "fill": "tonexty", "fillcolor": fill}]


def _dots(points: pd.DataFrame, c: Mapping[str, str]) -> dict[str, Any]:
    strong = (points["place"] != "inside") | points["chosen"]
    tones = [
        c[j] if j != "noise" else c["ink"] if s else c["context"]
        for j, s in zip(points["judgement"], strong, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(v) for v in points["waiting"]],
        "y": [float(v) for v in points["share"]],
        "text": [
            f"<b>{n}</b><br>{decimal(s * 100)}\u00a0% av {count(w)} väntande"
            for n, s, w in zip(points["name"], points["share"], points["waiting"], strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        **({"customdata": [[h] for h in points["href"]]} if "href" in points else {}),
        "marker": {
            "size": [11 if s else 8.5 for s in strong],
            "color": tones,
            "line": {"width": 1, "color": c["bg"]},
        },
    }


def _doublings(first: float, last: float) -> list[float]:
    """Round sizes, each twice the one before, inside the axis; at most six, or they touch on a phone.

    >>> _doublings(60, 1600), _doublings(8, 90)
    ([75.0, 150.0, 300.0, 600.0, 1200.0], [10.0, 20.0, 40.0, 80.0])
    """
    base = 75.0 if first > 37.5 else 10.0
    power = int(np.ceil(np.log2(first / base)))
    out = []
    while base * 2.0**power <= last:
        out.append(base * 2.0**power)
        power += 1
    return out[:: max(1, -(-len(out) // 6))]


def _end_labels(
    limits: pd.DataFrame, centre: float, name: str, low: float, high: float, c: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The country and the limits, named where they end at the right edge and pushed apart."""
    last = limits.sort_values("waiting").iloc[-1]
    wanted = [
        (float(last["hi998"]), "99,8 %", False),
        (float(last["hi95"]), "95 %", False),
        (centre, f"<b>{name} {decimal(centre * 100)} %</b>", True),
        (float(last["lo95"]), "95 %", False),
        (float(last["lo998"]), "99,8 %", False),
    ]
    per_pixel = (high - low) / (HEIGHT - _TOP - _BOTTOM)
    out = []
    places = [0.0] * 5
    places[2] = centre
    for k in (1, 0):
        places[k] = max(wanted[k][0], places[k + 1] + 17 * per_pixel)
    for k in (3, 4):
        places[k] = min(wanted[k][0], places[k - 1] - 17 * per_pixel)
    for (_, text, strong), y in zip(wanted, places, strict=True):
        out.append(
            {
                "text": text.replace(" %", "\u00a0%"),
                "xref": "paper",
                "x": 1,
                "xshift": 7,
                "y": round(y, 4),
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": 13, "color": c["ink"] if strong else c["ink-3"]},
            }
        )
    return out


def _names(
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
    per_pixel = (shares[1] - shares[0]) / (HEIGHT - _TOP - _BOTTOM)
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
        x = _LEFT + (np.log(waiting) - low) / (high - low) * (self._width - _LEFT - _RIGHT)
        y = _TOP + (self._shares[1] - share) / (self._shares[1] - self._shares[0]) * (HEIGHT - _TOP - _BOTTOM)
        return float(x), float(y)

    def _box(self, k: int, text: str, how: tuple[int, int, str]) -> tuple[float, float, float, float]:
        x, y = self._at[k][0] + how[0], self._at[k][1] + how[1]
        width = len(text) * _CHARACTER + 4
        left = x - (0 if how[2] == "left" else width if how[2] == "right" else width / 2)
        return left, y - 8, left + width, y + 8

    def free(self, k: int, text: str, how: tuple[int, int, str]) -> bool:
        a, b, c, d = self._box(k, text, how)
        if a < _LEFT or c > self._width - _RIGHT or b < _TOP or d > HEIGHT - _BOTTOM:
            return False
        if any(b < y < d for y in self._lines):
            return False
        others = (box for i, box in enumerate(self._taken) if i != k)
        return all(c <= w or a >= y or d <= x or b >= z for w, x, y, z in others)

    def take(self, k: int, text: str, how: tuple[int, int, str]) -> None:
        self._taken.append(self._box(k, text, how))
