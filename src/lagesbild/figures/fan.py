"""Two years of outcome and a year of forecast: dashed median, 50, 80 and 95 % of the outcomes as tints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import NB, percent
from lagesbild.figures.fan_marks import GapMark, dot, gap_lines
from lagesbild.figures.parts import (
    Label,
    Panel,
    end_labels,
    heading,
    iso,
    limit_line,
    month_axis,
    nice_range,
    numbers,
    provisional_note,
    provisional_traces,
    value_axis,
)
from lagesbild.figures.theme import Theme, colors, figure

_LEFT, _RIGHT, _BOTTOM = 48, 84, 48
_HEAD: Final = 46  # pixels above a panel for what the axis counts
_NAME: Final = 22  # pixels that the name of the limit needs
_FLAG: Final = 44  # more above the first panel when a gap is marked there
LEVELS: Final = ("95", "80", "50")
_TRIED_RIGHT: Final = 104  # the margin that the names of scenarios need
_TRIED_DASHES: Final = ("solid", "2px,3px")


@dataclass(frozen=True)
class Tried:
    """A scenario's line: one value a month of the forecast, NaN before it begins; `name` stands at its end."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Fan:
    """One panel. `history`: columns period, value, provisional, coarse (told in whole per cent). `bands`: columns
    period, p50, lo50..hi95, empty when there is no forecast. `text` writes a value; `scale` turns data into axis units
    (100 for shares in per cent)."""

    title: str
    history: pd.DataFrame
    bands: pd.DataFrame
    text: Callable[[float], str]
    tick: Callable[[float], str]
    height: int
    scale: float = 1.0
    limit: float | None = None
    limit_text: str = ""
    from_zero: bool = False
    highest: float | None = None  # 100 for per cent
    unit_start: str = "{}"  # how the axis' start is told: "{} %"
    tried: tuple[Tried, ...] = ()  # at most two


def fan_height(fans: list[Fan], *, gap: bool = False) -> int:
    """Pixels that `fan_figure` needs."""
    return sum(_HEAD + f.height for f in fans) + _BOTTOM + (_FLAG if gap else 0) + 12 * (len(fans) - 1)


def fan_figure(fans: list[Fan], *, theme: Theme, gap: GapMark | None = None, every: int = 6) -> dict[str, Any]:
    """Panels above each other on one time axis."""
    c = colors(theme)
    height = fan_height(fans, gap=gap is not None)
    data: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    top = first_top = _HEAD + (_FLAG if gap else 0)
    for k, fan in enumerate(fans):
        panel, ticks = _panel(fan, top, "" if k == 0 else str(k + 1))
        start = f"Axeln börjar vid {fan.unit_start.format(fan.tick(panel.low))}." if panel.low else ""
        head = heading(panel, fan.title, start, c["ink"], c["ink-3"], _LEFT)
        head[0]["yshift"] += _FLAG if gap and k == 0 else 0
        head[0]["bgcolor"] = c["bg"]  # the line of the gap stops at the words
        notes += head
        data += provisional_traces(fan.history, (panel,), c["hatch"]) + _traces(fan, panel, c)
        if k == 0:
            limit = fan.limit * fan.scale if fan.limit is not None else None
            notes += provisional_note(fan.history, panel, c["ink-3"], c["bg"], limit=limit)
        if fan.limit is not None and panel.low <= fan.limit * fan.scale <= panel.high:
            crowded = _below(fan, panel)
            line = limit_line(panel, fan.limit * fan.scale, fan.limit_text, c["limit"], below=crowded)
            shapes.append(line["shape"])
            notes.append(line["annotation"])
        notes += _ends(fan, panel, c)
        axes[f"yaxis{panel.axis}"] = {
            **value_axis(panel, ticks, [fan.tick(t) for t in ticks], panel.domain(height, first_top, _BOTTOM)),
            "anchor": "x",
        }
        top += fan.height + _HEAD + 12
    if gap:
        shapes_gap, notes_gap = gap_lines(gap, height, first_top, _BOTTOM, c)
        shapes += shapes_gap
        notes += notes_gap
    layout = {
        "height": height,
        "barmode": "overlay",
        "margin": {
            "l": _LEFT,
            "r": _TRIED_RIGHT if any(f.tried for f in fans) else _RIGHT,
            "t": first_top,
            "b": _BOTTOM,
        },
        "xaxis": {
            **month_axis([*fans[0].history["period"], *fans[0].bands["period"]], every=every, pad=0.4),
            "anchor": f"y{len(fans)}" if len(fans) > 1 else "y",
        },
        **axes,
        "shapes": shapes,
        "annotations": notes,
    }
    return figure(data, layout, theme=theme)


def _below(fan: Fan, panel: Panel) -> bool:
    """Whether the limit's name stands under its line: on the side where fewer of the first year's values lie."""
    assert fan.limit is not None
    at = panel.pixel(fan.limit * fan.scale)
    if at > panel.top + panel.height - _NAME:
        return False
    year = [panel.pixel(v * fan.scale) - at for v in fan.history["value"].iloc[:12] if v == v]
    under, over = (sum(0 <= sign * d < _NAME for d in year) for sign in (1, -1))
    return under < over


def _panel(fan: Fan, top: int, axis: str) -> tuple[Panel, list[float]]:
    values = [*fan.history["value"], *(fan.bands[f"{side}95"] for side in ("lo", "hi"))]
    values += [pd.Series(t.values, dtype=float) for t in fan.tried]
    flat = [v * fan.scale for part in values for v in (part if isinstance(part, pd.Series) else [part])]
    if fan.limit is not None:
        flat.append(fan.limit * fan.scale)
    low, high, ticks = nice_range(flat, zero=fan.from_zero)
    low = max(0.0, low)
    if fan.highest is not None and high > fan.highest:
        high = fan.highest
    return Panel(top, fan.height, low, high, axis), [t for t in ticks if low <= t <= high]


def _told(fan: Fan, value: float, coarse: bool) -> str:
    return percent(value, 0) if coarse else fan.text(value)


def _traces(fan: Fan, panel: Panel, c: Any) -> list[dict[str, Any]]:
    known = fan.history.dropna(subset=["value"])
    x, y = iso(fan.history["period"]), numbers(fan.history["value"] * fan.scale)
    axis = {"yaxis": f"y{panel.axis}"}
    out: list[dict[str, Any]] = []
    bands = fan.bands.dropna(subset=["p50"])
    joint = known.iloc[-1:]  # the fan starts at the last outcome, when that is the month before
    joined = len(bands) and len(joint) and _follows(joint["period"].iloc[0], bands["period"].iloc[0])
    start_x = iso(joint["period"]) if joined else []
    start_y = [float(v) * fan.scale for v in joint["value"]] if joined else []
    future = start_x + iso(bands["period"])
    for level in LEVELS if len(bands) else ():
        up = start_y + [float(v) * fan.scale for v in bands[f"hi{level}"]]
        down = start_y + [float(v) * fan.scale for v in bands[f"lo{level}"]]
        out.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": future + future[::-1],
                "y": up + down[::-1],
                "fill": "toself",
                "fillcolor": c[f"fan-{level}"],
                "line": {"color": c["fan-edge"], "width": 0 if level == "50" else 1},
                "hoverinfo": "skip",
                **axis,
            }
        )
    out.append(
        {
            "type": "scatter",
            "mode": "lines",
            "name": "Utfall",
            "x": x,
            "y": y,
            "line": {"color": c["series"], "width": 2.25},
            "customdata": [
                ("" if v is None else _told(fan, v / fan.scale, coarse)) + (", preliminärt" if p else "")
                for v, p, coarse in zip(y, fan.history["provisional"], fan.history["coarse"], strict=True)
            ],
            "hovertemplate": "%{customdata}<extra>Utfall</extra>",
            **axis,
        }
    )
    if len(bands):
        middle = [float(v) * fan.scale for v in bands["p50"]]
        told = [""] * len(start_x) + [_hover(fan, row) for _, row in bands.iterrows()]
        out.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "Prognos",
                "x": future,
                "y": start_y + middle,
                "line": {"color": c["series"], "width": 2.25, "dash": "6px,4px"},
                "customdata": told,
                "hovertemplate": "%{customdata}<extra></extra>",
                **axis,
            }
        )
        out.append(dot(future[-1], middle[-1], c["series"], c["series"], axis))
        for k, tried in enumerate(fan.tried):
            out += _tried(fan, tried, iso(bands["period"]), middle, (start_x, start_y), k, c, axis)
    if len(known):
        last = float(known["value"].iloc[-1]) * fan.scale
        out.append(dot(iso(known["period"].iloc[-1:])[0], last, c["bg"], c["series"], axis))
    return out


def _tried(
    fan: Fan,
    tried: Tried,
    months: list[str],
    middle: list[float],
    start: tuple[list[str], list[float]],
    k: int,
    c: Any,
    axis: dict[str, str],
) -> list[dict[str, Any]]:
    """The scenario's line leaves the dashed one in the month before it begins."""
    first = next((i for i, v in enumerate(tried.values) if v == v), None)
    if first is None:
        return []
    x, y = months[first:], [float(v) * fan.scale for v in tried.values[first:]]
    before = (months[first - 1 : first], middle[first - 1 : first]) if first else start
    told = [""] * len(before[0]) + [f"{fan.text(v / fan.scale)}, med {tried.name}" for v in y]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": tried.name,
        "x": [*before[0], *x],
        "y": [*before[1], *y],
        "line": {"color": c["scenario"], "width": 2.25, "dash": _TRIED_DASHES[k]},
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
        **axis,
    }
    return [line, dot(x[-1], y[-1], c["scenario"], c["scenario"], axis)]


def _follows(last: Any, first: Any) -> bool:
    return Month.of(pd.Timestamp(first)) - Month.of(pd.Timestamp(last)) == 1


def _hover(fan: Fan, row: Any) -> str:
    spans = "".join(
        f"<br>{level}{NB}% av utfallen {fan.text(row[f'lo{level}'])}–{fan.text(row[f'hi{level}'])}"
        for level in ("80", "95")
    )
    return f"Troligast {fan.text(row['p50'])}{spans}"


def _ends(fan: Fan, panel: Panel, c: Any) -> list[dict[str, Any]]:
    bands = fan.bands.dropna(subset=["p50"])
    if len(bands):
        value = float(bands["p50"].iloc[-1])
        labels = [Label(panel, value * fan.scale, f"{fan.text(value)}<br>troligast", c["series"], True, 2)]
        for t in fan.tried:
            if t.values[-1] == t.values[-1]:
                text = f"{fan.text(t.values[-1])}<br>{t.name}"
                labels.append(Label(panel, t.values[-1] * fan.scale, text, c["scenario"], True, 2))
        return end_labels(labels)
    known = fan.history["value"].dropna()
    if known.empty:
        return []
    value = float(known.iloc[-1])
    return end_labels([Label(panel, value * fan.scale, fan.text(value), c["series"])])


def small_fan(fan: Fan, *, theme: Theme) -> dict[str, Any]:
    """One panel for a narrow place; the axis starts at zero, because counts are compared beside each other."""
    return fan_figure([replace(fan, from_zero=True)], theme=theme, every=6)
