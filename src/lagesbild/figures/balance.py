"""The balance as a picture: the line is who waits, bars are outflow, an ink tick is inflow."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count
from lagesbild.figures.hidden import hidden_frames
from lagesbild.figures.parts import (
    Label,
    Panel,
    end_labels,
    heading,
    iso,
    month_axis,
    month_width,
    nice_range,
    numbers,
    provisional_note,
    provisional_traces,
    value_axis,
)
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 446
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 108, 48, 44
_WIDE_FROM, _LEFT_WIDE = 100_000, 64  # six figures need more room than five
_STOCK: Final = (_TOP, 118)  # top and height in pixels
_FLOW: Final = (226, HEIGHT - 226 - _BOTTOM)
_BAR: Final = 0.46  # of a month
_HIDDEN_PX: Final = 14  # height of the frame of a protected number
_TICK_PX: Final = 2.5  # thickness of the inflow tick


def balance_figure(
    frame: pd.DataFrame, *, theme: Theme, removed: bool = True, hidden: pd.DataFrame | None = None
) -> dict[str, Any]:
    """`frame`: columns period, waiting, added, performed, removed_other, provisional (NaN = missing or protected).
    `removed`: whether other removals are reported at all. `hidden`: which of performed and removed_other are protected,
    same rows, bool: those have a dashed frame in their place."""
    c = colors(theme)
    x = iso(frame["period"])
    low, high, ticks = nice_range(list(frame["waiting"]), ticks=3)
    low, ticks = max(0.0, low), [t for t in ticks if t >= 0]
    stock = Panel(*_STOCK, low, high)
    left = frame["performed"] + (frame["removed_other"].fillna(0) if removed else 0)
    _, top, flow_ticks = nice_range([*frame["added"], *left], zero=True)
    flow = Panel(*_FLOW, 0.0, top, "2")
    thick = top * _TICK_PX / flow.height
    left_margin = _LEFT if max(high, top) < _WIDE_FROM else _LEFT_WIDE
    names = [Month.of(p).sv for p in frame["period"]]
    data: list[dict[str, Any]] = [
        *provisional_traces(frame, (stock, flow), c["hatch"]),
        _line(frame, x, names, c),
        _bars("Genomförda", frame["performed"], None, x, c["series"], _BAR),
    ]
    if removed:
        data.append(_bars("Övriga avslut", frame["removed_other"], frame["performed"], x, c["context"], _BAR))
    # a halo under the tick, so that it is seen on the bar too
    for extra, color in ((thick * 0.7, c["bg"]), (0.0, c["ink"])):
        data.append(_tick(frame["added"], x, thick, extra, color, shown=extra == 0.0))
    layout = {
        "height": HEIGHT,
        "margin": {"l": left_margin, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "barmode": "overlay",
        "xaxis": {**month_axis(frame["period"]), "anchor": "y2"},
        "shapes": _hidden(frame, hidden, removed, top * _HIDDEN_PX / flow.height, c),
        "yaxis": {
            **value_axis(stock, ticks, [count(t) for t in ticks], stock.domain(HEIGHT, _TOP, _BOTTOM)),
        },
        "yaxis2": {
            **value_axis(flow, flow_ticks, [count(t) for t in flow_ticks], flow.domain(HEIGHT, _TOP, _BOTTOM)),
            "anchor": "x",
        },
        "annotations": [
            *heading(
                stock,
                "Väntande vid månadens slut, antal",
                f"Axeln börjar vid {count(low)}." if low else "",
                c["ink"],
                c["ink-3"],
                left_margin,
            ),
            *heading(flow, "Till och från kön under månaden, antal", "", c["ink"], c["ink-3"], left_margin),
            *provisional_note(frame, stock, c["ink-3"], c["bg"]),
            *_extremes(frame, c),
            *_ends(frame, stock, flow, removed, c),
        ],
    }
    return figure(data, layout, theme=theme)


def _hidden(
    frame: pd.DataFrame, hidden: pd.DataFrame | None, removed: bool, height: float, c: Any
) -> list[dict[str, Any]]:
    if hidden is None:
        return []
    places = []
    for k, month in enumerate(pd.to_datetime(frame["period"])):
        done = frame["performed"].iloc[k]
        if hidden["performed"].iloc[k]:
            places.append((month, 0.0))
        elif removed and hidden["removed_other"].iloc[k] and pd.notna(done):
            places.append((month, float(done)))
    return hidden_frames(places, height=height, width=month_width(_BAR), axis="y2", c=c)


def _line(frame: pd.DataFrame, x: list[str], names: list[str], c: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": "Väntande",
        "mode": "lines+markers",
        "x": x,
        "y": numbers(frame["waiting"]),
        "line": {"color": c["ink"], "width": 2.25},
        "marker": {
            "color": [c["bg"] if p else c["ink"] for p in frame["provisional"]],
            "line": {"color": c["ink"], "width": 2},
            "size": [0] * (len(x) - 1) + [8],
            "opacity": 1,
        },
        "customdata": names,
        "hovertemplate": "%{y:,.0f}<extra>Väntande</extra>",
    }


def _bars(
    name: str, values: pd.Series, base: pd.Series | None, x: list[str], color: str, width: float
) -> dict[str, Any]:
    bars: dict[str, Any] = {
        "type": "bar",
        "name": name,
        "x": x,
        "y": numbers(values),
        "yaxis": "y2",
        "width": month_width(width),
        "marker": {"color": color},
        "hovertemplate": f"%{{customdata}}<extra>{name}</extra>",
        "customdata": [count(v) for v in values],
    }
    if base is not None:
        bars["base"] = numbers(base.fillna(0))
    return bars


def _tick(added: pd.Series, x: list[str], thick: float, extra: float, color: str, *, shown: bool) -> dict[str, Any]:
    """A bar as thin as a line, wider than the outflow's."""
    there = added.notna()
    return {
        "type": "bar",
        "name": "Nytillkomna",
        "x": [p for p, ok in zip(x, there, strict=True) if ok],
        "y": [thick + 2 * extra] * int(there.sum()),
        "base": [float(v) - thick / 2 - extra for v in added[there]],
        "yaxis": "y2",
        "width": month_width(0.74),
        "marker": {"color": color},
        **(
            {"customdata": [count(v) for v in added[there]], "hovertemplate": "%{customdata}<extra>Nytillkomna</extra>"}
            if shown
            else {"hoverinfo": "skip"}
        ),
    }


def _extremes(frame: pd.DataFrame, c: Any) -> list[dict[str, Any]]:
    """The first value and the lowest, written at their points."""
    values = frame["waiting"].to_numpy(float)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < 6:
        return []
    first, least, last = int(known[0]), int(np.nanargmin(values)), int(known[-1])
    out = []
    for i, above in ((first, True), (least, False)):
        if i == last or (i == least and abs(least - first) < 3) or (i == least and last - least < 2):
            continue
        out.append(
            {
                "x": iso([frame["period"].iloc[i]])[0],
                "y": float(values[i]),
                "text": count(values[i]),
                "showarrow": False,
                "yshift": 12 if above else -12,
                "xanchor": "center",
                "font": {"size": 13, "color": c["ink"]},
            }
        )
    return out


def _ends(frame: pd.DataFrame, stock: Panel, flow: Panel, removed: bool, c: Any) -> list[dict[str, Any]]:
    last = frame.iloc[-1]
    labels = []
    if pd.notna(last["waiting"]):
        labels.append(Label(stock, last["waiting"], f"{count(last['waiting'])}<br>väntande", c["ink"], True, 2))
    if pd.notna(last["added"]):
        labels.append(Label(flow, last["added"], f"{count(last['added'])}<br>nytillkomna", c["ink"], True, 2))
    if pd.notna(last["performed"]):
        labels.append(
            Label(flow, last["performed"] / 2, f"{count(last['performed'])}<br>genomförda", c["series"], True, 2)
        )
        if removed and pd.notna(last["removed_other"]):
            middle = last["performed"] + last["removed_other"] / 2
            text = f"{count(last['removed_other'])}<br>övriga avslut"
            labels.append(Label(flow, middle, text, c["ink-2"], False, 2))
    return end_labels(labels)
