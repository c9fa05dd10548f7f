"""A map of levels: regions as filled polygons, the lowest labelled with a line to the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.domain.swedish import decimal
from lagesbild.figures.outline import Outline
from lagesbild.figures.theme import Theme, colors, figure

HEIGHT: Final = 450
_LABEL_ROOM: Final = 125  # map units kept free on each side for labels
_LABEL_GAP: Final = 57  # map units between two labels' lines
_NEAR: Final = 36  # map units north and south of a region that decide which side is closer to the edge


@dataclass(frozen=True)
class Shade:
    """A region on the map. `kind`: level-1..level-5, missing or suppressed; `text` is what the hover says."""

    outline: Outline
    name: str
    kind: str
    text: str
    label: str = ""  # "" = not labelled
    href: str = ""  # where a click leads


def level_map(shades: Sequence[Shade], *, theme: Theme) -> dict[str, Any]:
    """Plotly figure of one map. One trace per kind, drawn as one path, and invisible points that carry the hover."""
    c = colors(theme)
    kinds = dict.fromkeys(s.kind for s in shades)
    data = [_coast(shades, c), *(_area(kind, *_path([s for s in shades if s.kind == kind]), c) for kind in kinds)]
    marked = [s.outline.centre for s in shades if s.label]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [round(x, 1) for x, _ in marked],
            "y": [round(y, 1) for _, y in marked],
            "marker": {"size": 6, "color": c["ink"], "line": {"width": 1, "color": c["bg"]}},
            "hoverinfo": "skip",
        }
    )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [round(s.outline.centre[0], 1) for s in shades],
            "y": [round(s.outline.centre[1], 1) for s in shades],
            "text": [s.text for s in shades],
            "customdata": [[s.href] for s in shades],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 22, "opacity": 0},
        }
    )
    everything = [p for s in shades for r in s.outline.rings for p in r]
    west, east = min(p[0] for p in everything), max(p[0] for p in everything)
    south, north = min(p[1] for p in everything), max(p[1] for p in everything)
    shapes, notes = _labels(shades, everything, (west, east), c)
    # constrained by domain: a range widened while the map was hidden on a phone would stay so
    hidden = {"visible": False, "fixedrange": True, "automargin": False, "constrain": "domain"}
    layout = {
        "margin": {"l": 0, "r": 0, "t": 4, "b": 4},
        "xaxis": {**hidden, "range": [west - _LABEL_ROOM, east + _LABEL_ROOM]},
        "yaxis": {
            **hidden,
            "range": [south - 8, north + 8],
            "scaleanchor": "x",
            "scaleratio": 1,
            "rangemode": "normal",
        },
        "hovermode": "closest",
        "shapes": shapes,
        "annotations": notes,
    }
    return figure(data, layout, theme=theme)


def _path(shades: Sequence[Shade]) -> tuple[list[float | None], list[float | None]]:
    """All their rings as one line with gaps, each ring closed."""
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in (r for s in shades for r in s.outline.rings):
        x += [*(p[0] for p in ring), ring[0][0], None]
        y += [*(p[1] for p in ring), ring[0][1], None]
    return x, y


def _coast(shades: Sequence[Shade], c: Mapping[str, str]) -> dict[str, Any]:
    """A line under all regions, of which only the coast shows: the lightest tint is close to the page."""
    x, y = _path(shades)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"width": 2, "color": c["ink-3"]},
        "hoverinfo": "skip",
    }


def _area(kind: str, x: list[float | None], y: list[float | None], c: Mapping[str, str]) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": c["bg"],
        "line": {"width": 1, "color": c["bg"]},
        "hoverinfo": "skip",
    }
    if kind == "missing":
        trace["fillpattern"] = {
            "shape": "/",
            "size": 5,
            "solidity": 0.25,
            "fgcolor": c["hatch"],
            "bgcolor": c["bg"],
            "fillmode": "replace",
        }
        trace["line"] = {"width": 0.8, "color": c["line-strong"]}
    elif kind == "suppressed":
        trace["line"] = {"width": 1, "color": c["line-strong"], "dash": "2px,2px"}
    else:
        trace["fillcolor"] = c[f"seq-{kind.removeprefix('level-')}"]
    return trace


def _labels(
    shades: Sequence[Shade],
    everything: Sequence[tuple[int, int]],
    edges: tuple[float, float],
    c: Mapping[str, str],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines and texts of the labelled regions, each on the side where the coast is closer, never on each other."""
    centres = [s.outline.centre for s in shades]
    sides: dict[str, list[Shade]] = {"left": [], "right": []}
    for shade in (s for s in shades if s.label):
        x, y = shade.outline.centre
        near = [a for a, b in centres if abs(b - y) < _NEAR]
        sides["left" if x < (min(near) + max(near)) / 2 - 10 else "right"].append(shade)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for side, mine in sides.items():
        last: float | None = None
        for shade in sorted(mine, key=lambda s: -s.outline.centre[1]):
            x, y = shade.outline.centre
            at = y if last is None else min(y, last - _LABEL_GAP)
            last = at
            beside: list[float] = [p[0] for p in everything if abs(p[1] - at) < 26] or list(edges)
            end = min(beside) - 14 if side == "left" else max(beside) + 14
            shapes.append(
                {
                    "type": "path",
                    "path": f"M{x:.0f},{y:.0f}L{end:.0f},{at:.0f}",
                    "line": {"color": c["ink"], "width": 1},
                    "layer": "above",
                }
            )
            notes.append(
                {
                    "x": end,
                    "y": at,
                    "xshift": -4 if side == "left" else 4,
                    "yshift": -4,
                    "text": f"<b>{shade.label}</b><br>{shade.name}",
                    "xanchor": "right" if side == "left" else "left",
                    "yanchor": "middle",
                    "align": "right" if side == "left" else "left",
                    "showarrow": False,
                    "font": {"size": 13, "color": c["ink"]},
                }
            )
    return shapes, notes


def level_kind(level: int) -> str:
    return f"level-{level}"


def share_label(share: float, *, coarse: bool) -> str:
    """`82,9 %`, in whole per cent when the counts behind are hidden."""
    return f"{decimal(share * 100, 0 if coarse else 1)}\u00a0%"
