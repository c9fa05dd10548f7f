"""The share treated elsewhere over time: grey lines of all regions, at most two in colour, the country in ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.swedish import decimal
from lagesbild.figures.parts import (
    Label,
    Panel,
    end_labels,
    iso,
    measure_title,
    month_axis,
    nice_range,
    numbers,
    provisional_note,
    provisional_traces,
    value_axis,
)
from lagesbild.figures.theme import Theme, colors, figure, with_alpha

HEIGHT: Final = 360
_TOP, _BOTTOM, _LEFT, _RIGHT = 36, 52, 34, 148
Tone = Literal["grey", "named", "first", "second", "country"]


@dataclass(frozen=True)
class Line:
    """`values` are fractions, NaN where not shown. Grey lines have no label; `named` stands out by its level alone."""

    name: str
    values: Sequence[float]
    tone: Tone = "grey"


def travel_share_figure(
    months: Sequence[Any], lines: Sequence[Line], *, measure: str, provisional: Sequence[bool], theme: Theme
) -> dict[str, Any]:
    """`months` and `provisional`: one per value, oldest first. The axis starts at zero."""
    c = colors(theme)
    tones = {
        "grey": with_alpha(c["line-strong"], 0.55),
        "named": c["ink-2"],
        "first": c["series"],
        "second": c["context"],
        "country": c["ink"],
    }
    every = [100 * float(v) for line in lines for v in line.values]
    _, high, ticks = nice_range([0.0, *every], zero=True)
    panel = Panel(_TOP, HEIGHT - _TOP - _BOTTOM, 0.0, high)
    frame = pd.DataFrame({"period": list(months), "provisional": list(provisional)})
    data, labels = [*provisional_traces(frame, [panel], c["line-strong"])], []
    order = ("grey", "named", "country", "second", "first")
    for line in sorted(lines, key=lambda x: order.index(x.tone)):
        strong, tone = line.tone != "grey", tones[line.tone]
        values = [100 * float(v) for v in line.values]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": iso(frame["period"]),
                "y": numbers([round(v, 1) for v in values]),
                "name": line.name,
                "line": {"color": tone, "width": 2.25 if line.tone != "named" and strong else 1.5 if strong else 1},
                "connectgaps": False,
                "hovertemplate": "%{y:.1f}\u00a0%",
            }
        )
        known = [k for k, v in enumerate(values) if np.isfinite(v)]
        if not strong or not known:
            continue
        last = known[-1]
        data.append(
            _end(iso(frame["period"])[last], round(values[last], 1), tone, c["bg"], open_=bool(provisional[last]))
        )
        text = f"{line.name} {decimal(values[last], 1)}\u00a0%"
        labels.append(Label(panel, values[last], text, tone, bold=line.tone != "named"))
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "barmode": "overlay",
        "bargap": 0,
        "hovermode": "closest",
        "xaxis": month_axis(frame["period"], every=6 if len(frame) > 18 else 3),
        "yaxis": {**value_axis(panel, ticks, [decimal(t, 0 if high >= 4 else 1) for t in ticks], [0, 1])},
        "annotations": [
            measure_title(f"{measure}, procent", _LEFT, 10),
            *provisional_note(frame, panel, c["ink-3"], c["bg"]),
            *end_labels(labels),
        ],
    }
    return figure(data, layout, theme=theme)


def _end(x: str, y: float, tone: str, ground: str, *, open_: bool) -> dict[str, Any]:
    """The last point; open when it rests on provisional figures."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": {"size": 8, "color": ground if open_ else tone, "line": {"color": tone, "width": 2}},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
