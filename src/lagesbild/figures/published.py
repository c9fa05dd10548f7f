"""Published shares as they were published: one line per care area, direct labels, the guarantee's own axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from lagesbild.domain.swedish import percent
from lagesbild.figures.parts import (
    Label,
    Panel,
    end_labels,
    iso,
    measure_title,
    month_axis,
    nice_range,
    numbers,
    value_axis,
)
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 320
_TOP, _BOTTOM, _LEFT, _RIGHT = 36, 52, 40, 128


def published_lines(frame: pd.DataFrame, *, names: Sequence[str], measure: str, theme: Theme) -> dict[str, Any]:
    """`frame`: period, then one column of shares (fractions, NaN = not published) for each of `names`."""
    c = colors(theme)
    values = frame[list(names)].to_numpy(float)
    low, high, ticks = nice_range([float(v) for v in values.ravel()])
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, low, high)
    tones = [c["series"], c["context"], c["ink"]]
    data, labels = [], []
    for k, name in enumerate(names):
        tone = tones[k % len(tones)]
        known = frame[name].dropna()
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": iso(frame["period"]),
                "y": numbers(frame[name]),
                "name": name,
                "line": {"color": tone, "width": 2.25, "dash": "solid" if k == 0 else "6px,3px"},
                "connectgaps": False,
                "hovertemplate": "%{y:.0%}",
            }
        )
        labels.append(Label(panel, float(known.iloc[-1]), f"{name}<br>{percent(known.iloc[-1], 0)}", tone, lines=2))
    months = len(frame)
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "xaxis": month_axis(frame["period"], every=6 if months > 18 else 3),
        "yaxis": {
            **value_axis(panel, ticks, [percent(t, 0).replace("\u00a0%", "") for t in ticks], [0, 1]),
            "rangemode": "normal",
        },
        "annotations": [
            measure_title(f"{measure}, procent", _LEFT, 10),
            *end_labels(labels),
        ],
    }
    return figure(data, layout, theme=theme)
