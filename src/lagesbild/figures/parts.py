"""What time charts are drawn from: month axes in Swedish, labels at the line's end that never overlap, limits, bands.

Everything is plain Plotly (traces, shapes, annotations as dicts). Panels are placed in pixels, because labels are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import MONTHS_SV_SHORT

LABEL_LINE: Final = 17  # pixels between two lines of label text
_MONTH_MS: Final = 365.25 / 12 * 86_400_000
_STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True)
class Panel:
    """One axis pair of a chart. `top` and `height`: pixels from the figure's upper edge; `low`..`high`: the values."""

    top: int
    height: int
    low: float
    high: float
    axis: str = ""  # "" for the first panel, "2" for the second

    def pixel(self, value: float) -> float:
        """Distance from the figure's upper edge."""
        return self.top + (self.high - value) / (self.high - self.low) * self.height

    def domain(self, total: int, margin_top: int, margin_bottom: int) -> list[float]:
        plot = total - margin_top - margin_bottom
        bottom = (total - margin_bottom - self.top - self.height) / plot
        return [max(0.0, round(bottom, 4)), min(1.0, round(bottom + self.height / plot, 4))]


@dataclass(frozen=True)
class Label:
    """Text at the right end of a line, one or two lines, at the height of `value`."""

    panel: Panel
    value: float
    text: str
    color: str
    bold: bool = True
    lines: int = 1


def iso(periods: Sequence[Any] | pd.Series) -> list[str]:
    """Months as Plotly wants them."""
    return [pd.Timestamp(p).strftime("%Y-%m-%d") for p in periods]


def numbers(values: Any) -> list[float | None]:
    """Plain floats, None where missing (a gap in the line)."""
    return [None if v is None or np.isnan(v) else float(v) for v in values]


def nice_range(values: Sequence[float], *, zero: bool = False, ticks: int = 4) -> tuple[float, float, list[float]]:
    """An axis that holds all values: low, high and its tick values. From zero when `zero`.

    >>> nice_range([12, 58], zero=True)
    (0.0, 60.0, [0.0, 20.0, 40.0, 60.0])
    >>> nice_range([.823, .914])[:2]
    (0.8, 0.95)
    """
    known = [v for v in values if v is not None and not np.isnan(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    low = min(0.0, low) if zero else low
    if high - low < 1e-6:  # one value, as good as: counts are whole and shares are shown with one decimal
        low, high = (
            (0.0, high if high > 1e-6 else 1.0)
            if zero
            else (low - abs(low) * 0.05 - 0.5, high + abs(high) * 0.05 + 0.5)
        )
    raw = (high - low) / ticks
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(s * power for s in _STEPS if s * power >= raw - 1e-12)
    first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    marks = [round(float(k * step), 10) for k in np.arange(first, last + 1)]
    return marks[0], marks[-1], marks


def month_axis(periods: Sequence[Any] | pd.Series, *, every: int = 3, pad: float = 0.5) -> dict[str, Any]:
    """A time axis with Swedish month names: January carries the year; `every` months from January a tick."""
    days = [pd.Timestamp(p) for p in periods]
    shown = [d for d in days if (d.month - 1) % every == 0] or days[-1:]
    with_year = {d for d in shown if d.month == 1} or {shown[0]}
    first, last = days[0], days[-1]
    half = pd.Timedelta(milliseconds=_MONTH_MS * pad)
    return {
        "type": "date",
        "range": [str(first - half)[:19], str(last + half)[:19]],
        "tickmode": "array",
        "tickvals": [d.strftime("%Y-%m-%d") for d in shown],
        "ticktext": [MONTHS_SV_SHORT[d.month - 1] + (f"<br><b>{d.year}</b>" if d in with_year else "") for d in shown],
        "hoverformat": "%B %Y",
        "fixedrange": True,
    }


def value_axis(panel: Panel, ticks: Sequence[float], text: Sequence[str], domain: list[float]) -> dict[str, Any]:
    return {
        "range": [panel.low, panel.high],
        "domain": domain,
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(text),
        "fixedrange": True,
        "automargin": False,
    }


def heading(panel: Panel, title: str, note: str, ink: str, muted: str, left: int) -> list[dict[str, Any]]:
    """What the axis counts, bold above the panel, and under it where the axis starts when that is not zero."""
    text = f"<b>{title}</b>" + (f"<br><span style='color:{muted}'>{note}</span>" if note else "")
    return [
        {
            "text": text,
            "xref": "paper",
            "x": 0,
            "xshift": -left,
            "xanchor": "left",
            "yref": f"y{panel.axis} domain",
            "y": 1,
            "yshift": 12,
            "yanchor": "bottom",
            "align": "left",
            "showarrow": False,
            "font": {"size": 13, "color": ink},
        }
    ]


def end_labels(labels: Sequence[Label]) -> list[dict[str, Any]]:
    """Annotations in the right margin, pushed apart so that none covers another."""
    out: list[dict[str, Any]] = []
    for axis in dict.fromkeys(label.panel.axis for label in labels):
        mine = [label for label in labels if label.panel.axis == axis]
        for label, middle in zip(*_spread(mine), strict=True):
            text = label.text if not label.bold else f"<b>{label.text}</b>"
            out.append(
                {
                    "text": text,
                    "xref": "paper",
                    "x": 1,
                    "xshift": 8,
                    "xanchor": "left",
                    "yref": f"y{axis}",
                    "y": label.value,
                    "yshift": round(label.panel.pixel(label.value) - middle, 1),
                    "yanchor": "middle",
                    "align": "left",
                    "showarrow": False,
                    "font": {"size": 13, "color": label.color},
                }
            )
    return out


def _spread(labels: list[Label]) -> tuple[list[Label], list[float]]:
    """Labels from the top down and the pixel each one's middle comes to; kept inside the panel when there is room."""
    order = sorted(labels, key=lambda x: x.panel.pixel(x.value))
    places: list[float] = []
    for label in order:
        wanted, half = label.panel.pixel(label.value), label.lines * LABEL_LINE / 2
        if places:
            wanted = max(wanted, places[-1] + order[len(places) - 1].lines * LABEL_LINE / 2 + half)
        places.append(wanted)
    bottom = max(label.panel.top + label.panel.height for label in order)
    for k in range(len(places) - 1, -1, -1):
        half = order[k].lines * LABEL_LINE / 2
        floor = bottom - half if k == len(places) - 1 else places[k + 1] - order[k + 1].lines * LABEL_LINE / 2 - half
        places[k] = min(places[k], floor)
    return order, places


def limit_line(panel: Panel, value: float, text: str, ink: str, *, below: bool = False) -> dict[str, Any]:
    """The ink line that goes through every chart, named where it stands."""
    shape = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": f"y{panel.axis}",
        "y0": value,
        "y1": value,
        "line": {"color": ink, "width": 1.25},
    }
    note = {
        "text": text,
        "xref": "paper",
        "x": 0,
        "xshift": 3,
        "xanchor": "left",
        "yref": f"y{panel.axis}",
        "y": value,
        "yshift": -2 if below else 2,
        "yanchor": "top" if below else "bottom",
        "showarrow": False,
        "font": {"size": 13, "color": ink},
    }
    return {"shape": shape, "annotation": note}


def month_width(share: float) -> float:
    """A bar's width in milliseconds, as a share of a month."""
    return round(_MONTH_MS * share)


def provisional_traces(frame: pd.DataFrame, panels: Sequence[Panel], color: str) -> list[dict[str, Any]]:
    """Provisional months as hatched columns through the panels; `frame`: columns period, provisional.

    They are bars, because a shape cannot be hatched: the layout needs `barmode` overlay.
    """
    months = iso(frame.loc[frame["provisional"].astype(bool), "period"])
    if not months:
        return []
    return [
        {
            "type": "bar",
            "x": months,
            "y": [panel.high - panel.low] * len(months),
            "base": [panel.low] * len(months),
            "width": month_width(1),
            "yaxis": f"y{panel.axis}",
            "marker": {
                "color": "rgba(0,0,0,0)",
                "pattern": {
                    "shape": "/",
                    "fillmode": "overlay",
                    "fgcolor": color,
                    "fgopacity": 0.6,
                    "size": 7,
                    "solidity": 0.12,
                },
            },
            "hoverinfo": "skip",
        }
        for panel in panels
    ]


def provisional_note(
    frame: pd.DataFrame, panel: Panel, color: str, halo: str, *, limit: float | None = None
) -> list[dict[str, Any]]:
    """The word beside the first hatched column: at the bottom, or at the top when the name of `limit` stands there (on
    a phone the two would meet)."""
    months = iso(frame.loc[frame["provisional"].astype(bool), "period"])
    if not months:
        return []
    left = pd.Timestamp(months[0]) - pd.Timedelta(milliseconds=_MONTH_MS / 2)
    up = limit is not None and 0 <= panel.top + panel.height - panel.pixel(limit) < 3 * LABEL_LINE
    return [
        {
            "text": "preliminär",
            "x": str(left)[:19],
            "xanchor": "right",
            "xshift": -2,
            "yref": f"y{panel.axis} domain",
            "y": 1 if up else 0,
            "yshift": -2 if up else 2,
            "yanchor": "top" if up else "bottom",
            "showarrow": False,
            "bgcolor": halo,
            "font": {"size": 13, "color": color},
        }
    ]


def measure_title(measure: str, left: int, rise: int) -> dict[str, Any]:
    """What the value axis measures, above it and flush with the chart's left edge. `left`: margin, `rise`: both px."""
    return {
        "text": f"<b>{measure}</b>",
        "xref": "paper",
        "x": 0,
        "xshift": -left,
        "yref": "paper",
        "y": 1,
        "yshift": rise,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 13},
    }
