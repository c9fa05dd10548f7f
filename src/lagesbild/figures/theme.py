"""Colours and type of every chart, light and dark, from the design's Plotly template."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

Theme = Literal["light", "dark"]

# the five level tints and what is written on them, as tokens.css: --lb-seq-1..5, --lb-on-seq-1..5
_LEVELS: Final[Mapping[Theme, tuple[tuple[str, str], ...]]] = {
    "light": (
        ("#E9EFF1", "#12212B"),
        ("#C4D4D9", "#12212B"),
        ("#8FABB4", "#12212B"),
        ("#4F7482", "#FFFFFF"),
        ("#1C4350", "#FFFFFF"),
    ),
    "dark": (
        ("#22323A", "#E8EEF1"),
        ("#35525D", "#E8EEF1"),
        ("#51757F", "#FFFFFF"),
        ("#8BB3BD", "#0F171C"),
        ("#CBE3E8", "#0F171C"),
    ),
}
_PLAIN: Final[Mapping[Theme, Mapping[str, str]]] = {
    "light": {
        "bg": "#FFFFFF",
        "sunken": "#F3F6F7",
        "ink": "#12212B",
        "ink-2": "#3F4F5A",
        "ink-3": "#5A6973",
        "line": "#D8DFE3",
        "line-strong": "#7B8A94",
        "grid": "#E7ECEE",
    },
    "dark": {
        "bg": "#0F171C",
        "sunken": "#172229",
        "ink": "#E8EEF1",
        "ink-2": "#B7C4CC",
        "ink-3": "#98A8B2",
        "line": "#2B3942",
        "line-strong": "#6F808B",
        "grid": "#222F37",
    },
}


@cache
def _templates() -> dict[str, Any]:
    text = files("lagesbild.figures").joinpath("plotly_template.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def colors(theme: Theme) -> Mapping[str, str]:
    """Named colours: bg, ink, line, series, limit, better, worse, band, fan-50, seq-1..5, on-seq-1..5 and so on.

    >>> colors("light")["worse"], colors("dark")["seq-5"]
    ('#AD420A', '#CBE3E8')
    """
    out = dict(_PLAIN[theme]) | dict(_templates()[theme]["layout"]["meta"]["lagesbild"])
    for k, (tint, on) in enumerate(_LEVELS[theme], 1):
        out[f"seq-{k}"], out[f"on-seq-{k}"] = tint, on
    return out


def figure(data: list[dict[str, Any]], layout: Mapping[str, Any], *, theme: Theme) -> dict[str, Any]:
    """A Plotly figure dict in the theme. `layout` wins over the template; the figure owns what it is given."""
    template = _templates()[theme]
    base = {k: v for k, v in template["layout"].items() if k != "meta"}
    return {
        "data": data,
        "layout": {"template": {"layout": copy.deepcopy(base), "data": template["data"]}, **layout},
    }


def with_alpha(color: str, alpha: float) -> str:
    """`#RRGGBB` as rgba.

    >>> with_alpha("#12212B", .5)
    'rgba(18,33,43,0.5)'
    """
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha:g})"
