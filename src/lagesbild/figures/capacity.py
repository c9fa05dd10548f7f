"""Bars of what was done inside frames of what could have been done, with the used share on top."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from lagesbild.domain.swedish import count, decimal
from lagesbild.figures.hidden import hidden_frames
from lagesbild.figures.parts import Panel, heading, iso, month_axis, month_width, nice_range, numbers, value_axis
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 44, 48
_BAR: Final = 0.66  # of a month
_HIDDEN_PX: Final = 14  # height of the frame of a protected number


def capacity_figure(frame: pd.DataFrame, *, theme: Theme, title: str) -> dict[str, Any]:
    """`frame`: columns period, performed, capacity, share (fraction), provisional, hidden (performed is protected, and
    has a dashed frame in its place); NaN = not shown."""
    c = colors(theme)
    top = [*frame["capacity"], *frame["performed"]]
    _, high, ticks = nice_range([max(v for v in top if v == v) * 1.06], zero=True, ticks=5)
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, 0.0, high)
    x = iso(frame["period"])
    data = [
        {
            "type": "bar",
            "name": "Kapacitet",
            "x": x,
            "y": numbers(frame["capacity"]),
            "width": month_width(0.76),
            "marker": {"color": "rgba(0,0,0,0)", "line": {"color": c["ink"], "width": 1.25}},
            "text": ["" if pd.isna(s) else decimal(s * 100, 0) for s in frame["share"]],
            "textposition": "outside",
            "textfont": {"size": 13, "color": c["ink"]},
            "customdata": [count(v) for v in frame["capacity"]],
            "hovertemplate": "%{customdata}<extra>Kapacitet</extra>",
        },
        {
            "type": "bar",
            "name": "Genomförda",
            "x": x,
            "y": numbers(frame["performed"]),
            "width": month_width(_BAR),
            "marker": {
                "color": c["series"],
                "pattern": {
                    "shape": ["/" if p else "" for p in frame["provisional"]],
                    "fillmode": "overlay",
                    "fgcolor": c["bg"],
                    "size": 6,
                    "solidity": 0.25,
                },
            },
            "customdata": [
                count(v) + (", preliminärt" if p else "")
                for v, p in zip(frame["performed"], frame["provisional"], strict=True)
            ],
            "hovertemplate": "%{customdata}<extra>Genomförda</extra>",
        },
    ]
    layout = {
        "height": HEIGHT,
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "barmode": "overlay",
        "xaxis": month_axis(frame["period"], every=1),
        "yaxis": value_axis(panel, ticks, [count(t) for t in ticks], [0, 1]),
        "shapes": hidden_frames(
            [(pd.Timestamp(m), 0.0) for m in frame.loc[frame["hidden"], "period"]],
            height=high * _HIDDEN_PX / panel.height,
            width=month_width(_BAR),
            axis="y",
            c=c,
        ),
        "annotations": heading(panel, title, "", c["ink"], c["ink-3"], _LEFT),
    }
    return figure(data, layout, theme=theme)
