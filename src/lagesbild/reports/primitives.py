"""What a drawing on paper consists of: rectangles, lines, areas, points and texts, in points (1/72 inch) from the upper
left corner. A chart is computed to these once (`reports.geometry`) and written as Typst and as SVG, so that they cannot
differ.

Colours are names of the design's tokens ("series", "seq-3"); "seq-2.5" lies halfway between two steps of the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Place = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A box, filled or framed."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Stroke:
    """A line through places. `dash`: lengths drawn and left out, none when whole."""

    places: tuple[Place, ...]
    color: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    places: tuple[Place, ...]
    fill: str


@dataclass(frozen=True)
class Dot:
    """A point; an open one has the ground's colour inside."""

    x: float
    y: float
    radius: float
    color: str
    open: bool = False


@dataclass(frozen=True)
class Text:
    """One line of text; `y` is its baseline, `x` where it starts, has its middle or ends."""

    x: float
    y: float
    text: str
    size: float = 8.6
    color: str = "ink"
    anchor: Anchor = "start"
    bold: bool = False


Item = Rect | Stroke | Area | Dot | Text


@dataclass(frozen=True)
class Drawing:
    """`items` from the back to the front; texts in reading order. `alt` says in words what is seen."""

    width: float
    height: float
    alt: str
    items: tuple[Item, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What can be read in it, in reading order."""
        return tuple(i.text for i in self.items if isinstance(i, Text))
