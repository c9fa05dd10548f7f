"""Plan (dashed) and outcome (solid), both added up since the first month."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from lagesbild.domain.swedish import count
from lagesbild.figures.parts import Label, Panel, end_labels, heading, iso, month_axis, nice_range, value_axis
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 84, 44, 48


def plan_figure(frame: pd.DataFrame, *, theme: Theme, title: str) -> dict[str, Any]:
    """`frame`: columns period, planned_sum, performed_sum. The lines start at zero a month before the first."""
    c = colors(theme)
    _, high, ticks = nice_range([*frame["planned_sum"], *frame["performed_sum"]], zero=True, ticks=5)
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, 0.0, high)
    start = pd.Timestamp(frame["period"].iloc[0]) - pd.DateOffset(months=1)
    x = [start.strftime("%Y-%m-%d"), *iso(frame["period"])]

    def line(column: str, name: str, **style: Any) -> dict[str, Any]:
        values = [0.0, *(float(v) for v in frame[column])]
        return {
            "type": "scatter",
            "name": name,
            "mode": "lines+markers",
            "x": x,
            "y": values,
            "customdata": [count(v) for v in values],
            "hovertemplate": f"%{{customdata}}<extra>{name}</extra>",
            **style,
        }

    size = [0] * len(frame) + [8]
    data = [
        line(
            "planned_sum",
            "Plan",
            line={"color": c["ink-3"], "width": 1.75, "dash": "6px,4px"},
            marker={"size": size, "opacity": 1, "color": c["bg"], "line": {"color": c["ink-3"], "width": 1.75}},
        ),
        line(
            "performed_sum",
            "Utfall",
            line={"color": c["series"], "width": 2.25},
            marker={"size": size, "opacity": 1, "color": c["series"], "line": {"width": 0}},
        ),
    ]
    last = frame.iloc[-1]
    labels = [
        Label(panel, last["planned_sum"], f"{count(last['planned_sum'])}<br>plan", c["ink-2"], False, 2),
        Label(panel, last["performed_sum"], f"{count(last['performed_sum'])}<br>utfall", c["series"], True, 2),
    ]
    layout = {
        "height": HEIGHT,
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "xaxis": month_axis(x, every=2, pad=0.0),
        "yaxis": value_axis(panel, ticks, [count(t) for t in ticks], [0, 1]),
        "annotations": [*heading(panel, title, "", c["ink"], c["ink-3"], _LEFT), *end_labels(labels)],
    }
    return figure(data, layout, theme=theme)
