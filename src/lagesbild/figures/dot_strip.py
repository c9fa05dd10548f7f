"""One point per region on a strip per care area: where a region stands, without saying that it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lagesbild.domain.swedish import decimal
from lagesbild.figures.theme import Theme, colors, figure, with_alpha

_ROW: Final = 72
_LEFT, _RIGHT, _TOP, _BOTTOM = 118, 14, 34, 34
_ABOVE, _BELOW = 19, 21  # pixels from the strip to its labels
_EDGE: Final = 0.68  # a label of 130 pixels on a phone's axis of 226
_STEP: Final = 5  # per cent, of the axis' ends


@dataclass(frozen=True)
class Dot:
    """A region: `text` is what the hover says, `href` where a click leads."""

    share: float
    text: str
    href: str
    own: bool = False


@dataclass(frozen=True)
class Strip:
    """A care area: `name` and `note` stand at the left. `own_label` and `country_label` stand at their marks;
    `country` is a fraction, NaN = no mark."""

    name: str
    note: str
    dots: tuple[Dot, ...]
    own_label: str
    country: float
    country_label: str


def height(strips: int) -> int:
    """Pixels the figure needs."""
    return _TOP + _ROW * strips + _BOTTOM


def dot_strips(strips: Sequence[Strip], *, target: float, target_text: str, theme: Theme) -> dict[str, Any]:
    """Shares are fractions 0-1; the axis need not begin at zero, and holds the target."""
    c = colors(theme)
    shares = [d.share for s in strips for d in s.dots] + [s.country for s in strips if np.isfinite(s.country)]
    low = np.floor(min([*shares, target]) * 100 / _STEP) * _STEP
    high = min(100.0, np.ceil(max([*shares, target]) * 100 / _STEP) * _STEP)
    low, high = float(low), float(max(high, low + _STEP))
    ticks = [float(t) for t in np.arange(np.ceil(low / 10) * 10, high + 1e-9, 10)]
    others = [(k, d) for k, s in enumerate(strips) for d in s.dots if not d.own]
    own = [(k, d) for k, s in enumerate(strips) for d in s.dots if d.own]
    muted = with_alpha(c["context"], 0.55)
    data = [
        _dots(others, {"size": 11, "color": muted, "line": {"width": 0}}),
        _dots(own, {"size": 15, "color": c["series"], "line": {"width": 1.5, "color": c["bg"]}}),
    ]
    shapes = [_mark(target * 100, -0.5, len(strips) - 0.5, c["limit"], 1.25)]
    shapes += [
        _mark(s.country * 100, k - 0.17, k + 0.17, c["ink"], 2) for k, s in enumerate(strips) if s.country == s.country
    ]
    layout = {
        "margin": {"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        "xaxis": {
            "range": [low - 1, high + 1],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [decimal(t, 0) for t in ticks],
            "showgrid": True,
            "fixedrange": True,
            "zeroline": False,
        },
        "yaxis": {"range": [len(strips) - 0.5, -0.5], "visible": False, "fixedrange": True},
        "hovermode": "closest",
        "showlegend": False,
        "shapes": shapes,
        "annotations": [
            _limit_note(target, target_text, c, _inward(target * 100, low, high)),
            *(n for k, s in enumerate(strips) for n in _notes(k, s, c, low, high)),
        ],
    }
    return figure(data, layout, theme=theme)


def _dots(found: Sequence[tuple[int, Dot]], marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(d.share * 100, 1) for _, d in found],
        "y": [k for k, _ in found],
        "text": [d.text for _, d in found],
        "customdata": [[d.href] for _, d in found],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"opacity": 1, **marker},
        "cliponaxis": False,
    }


def _mark(x: float, top: float, bottom: float, color: str, width: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": x, "x1": x, "y0": top, "y1": bottom, "line": {"color": color, "width": width},
        "layer": "below",
    }  # fmt: skip


def _inward(x: float, low: float, high: float) -> str:
    """Which side of a label stands at its mark: in the outer thirds the one towards the middle, so that a long label
    is not cut off on a phone."""
    place = (x - low) / ((high - low) or 1.0)
    return "right" if place > _EDGE else "left" if place < 1 - _EDGE else "center"


def _limit_note(target: float, text: str, c: Any, side: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": target * 100,
        "yref": "paper",
        "y": 1,
        "yshift": 4,
        "yanchor": "bottom",
        "xanchor": side,
        "showarrow": False,
        "font": {"size": 13, "color": c["ink"]},
    }


def _notes(k: int, strip: Strip, c: Any, low: float, high: float) -> list[dict[str, Any]]:
    left = {"xref": "paper", "x": 0, "xshift": -_LEFT, "xanchor": "left", "align": "left", "y": k, "showarrow": False}
    notes: list[dict[str, Any]] = [
        {**left, "text": strip.name, "yshift": 9, "font": {"size": 15, "color": c["ink"]}},
        {**left, "text": strip.note, "yshift": -9, "font": {"size": 13, "color": c["ink-3"]}},
    ]
    own = next((d for d in strip.dots if d.own), None)
    beside = {"y": k, "showarrow": False}
    if own is not None:
        text = f"<b>{strip.own_label}</b>"
        font = {"size": 13, "color": c["series"]}
        x = own.share * 100
        side = _inward(x, low, high)
        notes.append({**beside, "x": x, "xanchor": side, "text": text, "yshift": _ABOVE, "font": font})
    if strip.country == strip.country:
        font = {"size": 13, "color": c["ink"]}
        x = strip.country * 100
        side = _inward(x, low, high)
        notes.append({**beside, "x": x, "xanchor": side, "text": strip.country_label, "yshift": -_BELOW, "font": font})
    return notes
