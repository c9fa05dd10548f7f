"""Funnel plot: a region's share against how many wait there, with limits that narrow as regions grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.swedish import count, decimal
from lagesbild.figures.funnel_names import BOTTOM, LEFT, RIGHT, TOP, named
from lagesbild.figures.funnel_names import HEIGHT as HEIGHT
from lagesbild.figures.parts import measure_title
from lagesbild.figures.theme import Theme, colors, figure


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
    notes, names = named(points, (first, last), (low, high), (centre, 1.0), c)
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
        "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
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
            measure_title(f"{measure}, procent", LEFT, 12),
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
    per_pixel = (high - low) / (HEIGHT - TOP - BOTTOM)
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
