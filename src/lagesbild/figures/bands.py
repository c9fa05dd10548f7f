"""How long those who wait have waited: horizontal bars by wait band, one place beside the country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.swedish import count, decimal, some_percent
from lagesbild.figures.theme import Theme, colors, figure

_ROW: Final = 58  # pixels of a band with two bars
_GAP: Final = 0.5  # rows of air at the guarantee's limit
_LEFT: Final = 84
_UNSEEN: Final = 4.8  # a marker that is not drawn keeps a text half of it, over 0.8, and 1 away: 4 pixels


def height(bands: int, places: int) -> int:
    """Pixels the figure needs."""
    return round((bands + _GAP) * (_ROW if places > 1 else 44)) + 24


def wait_band_bars(
    frame: pd.DataFrame,
    *,
    labels: Sequence[str],
    names: Sequence[str],
    limit_after: int | None,
    limit_text: str,
    decimals: int = 0,
    theme: Theme,
) -> dict[str, Any]:
    """`frame`: one row a band; for each of `names` columns `<name>:share` (fraction, NaN = not shown) and
    `<name>:count` (NaN = not shown) and `<name>:text` (what stands instead, "" with a number). The first name is the
    place in focus. `limit_after`: how many bands lie within the guarantee; None draws no limit. `decimals` of
    the counts: one when they are per 100 000 inhabitants."""
    c = colors(theme)
    n = len(labels)
    at = [k + (_GAP if limit_after is not None and k >= limit_after else 0) for k in range(n)]
    top = float(np.nanmax([frame[f"{name}:share"].max() for name in names] + [0.01]))
    both = len(names) > 1
    tones = [c["series"], c["context"]] if both else [c["series"]]
    widths = [0.31, 0.2] if both else [0.44]
    shifts = [-0.18, 0.1] if both else [0.0]
    data: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for k, name in enumerate(names):
        texts = _texts(frame, name, first_in=f" i {name}" if both else "", strong=k == 0, decimals=decimals)
        shares = frame[f"{name}:share"].to_numpy(float)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [y + shifts[k] for y in at],
                "x": [0.0 if np.isnan(s) else float(s) for s in shares],
                "width": widths[k],
                "marker": {"color": tones[k]},
                "text": texts,  # for the hover
                "textposition": "none",
                "hovertemplate": [f"{name}, {label} dagar<br>%{{text}}<extra></extra>" for label in labels],
            }
        )
        words.append(
            # Words beside bars, not of them: Plotly measures each of those, and lays out the page to do it
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": data[-1]["x"],
                "y": data[-1]["y"],
                "text": texts,
                "textposition": "middle right",
                "textfont": {"size": 13, "color": c["ink"] if k == 0 else c["ink-2"]},
                "marker": {"size": _UNSEEN, "opacity": 0},
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        )
    data += words
    layout: dict[str, Any] = {
        "margin": {"l": _LEFT, "r": 8, "t": 8, "b": 8},
        "barmode": "overlay",
        "hovermode": "closest",
        "xaxis": {"visible": False, "range": [0, top * 1.75], "fixedrange": True},
        "yaxis": {
            "tickmode": "array",
            "tickvals": at,
            "ticktext": [f"{label}<br>dagar" if "dagar" not in label else label for label in labels],
            "range": [n - 0.5 + _GAP, -0.5],
            "showgrid": False,
            "ticks": "outside",
            "ticklen": 7,
            "tickcolor": "rgba(0,0,0,0)",
            "tickfont": {"size": 13, "color": c["ink"]},
            "rangemode": "normal",
            "fixedrange": True,
            "automargin": False,
        },
    }
    if limit_after is not None:
        line = limit_after - 0.5 + _GAP / 2
        layout["shapes"] = [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "xsizemode": "scaled",
                "y0": line,
                "y1": line,
                "line": {"color": c["limit"], "width": 1.25},
            }
        ]
        layout["annotations"] = [
            {
                "text": limit_text,
                "xref": "paper",
                "x": 1,
                "xanchor": "right",
                "y": line,
                "yanchor": "bottom",
                "yshift": 1,
                "showarrow": False,
                "font": {"size": 13, "color": c["ink"]},
            }
        ]
    return figure(data, layout, theme=theme)


def _texts(frame: pd.DataFrame, name: str, *, first_in: str, strong: bool, decimals: int) -> list[str]:
    out = []
    for k, row in enumerate(frame.to_dict("records")):
        share, number, instead = row[f"{name}:share"], row[f"{name}:count"], row[f"{name}:text"]
        where = first_in if k == 0 else ""
        if instead:
            out.append(f"{instead}{where}")
            continue
        value = some_percent(share)
        told = count(number) if decimals == 0 else decimal(number, decimals)
        out.append(f"{f'<b>{value}</b>' if strong else value}  {told}{where}")
    return out
