"""Outlines of regions for the maps: projected once, kept as small whole numbers beside this file.

`python -m lagesbild.figures.outline data/seed/map/counties.geojson` makes `outline.json` anew. Regions are found by
code and name together, so that another country's "01" never borrows a Swedish county; a country without outlines has
no map, and nothing else changes.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

HEIGHT: Final = 600  # units from north to south: a map is about 430 pixels high
_SMALLEST: Final = 6.0  # square units; smaller islands would be dots
_MERIDIAN: Final = 15.0  # degrees east, the middle of SWEREF 99 TM

Ring = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Outline:
    """`rings`: outer boundaries, y upwards; `centre` a point in the largest of them."""

    code: str
    names: tuple[str, ...]
    rings: tuple[Ring, ...]
    centre: tuple[float, float]


@cache
def outlines() -> Mapping[str, Outline]:
    """All outlines there are, by region code."""
    stored = json.loads(files("lagesbild.figures").joinpath("outline.json").read_text(encoding="utf-8"))
    out = {}
    for row in stored:
        rings = tuple(tuple(zip(r[::2], r[1::2], strict=True)) for r in row["rings"])
        out[row["code"]] = Outline(row["code"], tuple(row["names"]), rings, _centre(max(rings, key=_area)))
    return out


def outline_of(code: str, *names: str) -> Outline | None:
    """The outline of a region with this code and one of these names."""
    found = outlines().get(code)
    return found if found and set(names) & set(found.names) else None


def projected(geojson: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Features (WGS 84, properties code, name, short_name) in transverse Mercator, on a whole-number grid that
    neighbours share."""
    polygons = {
        f["properties"]["code"]: [
            [_project(*point[:2]) for point in polygon[0]] for polygon in _polygons(f["geometry"])
        ]
        for f in geojson["features"]
    }
    points = [p for rings in polygons.values() for ring in rings for p in ring]
    west, south = min(x for x, _ in points), min(y for _, y in points)
    scale = HEIGHT / (max(y for _, y in points) - south)
    out = []
    for f in geojson["features"]:
        about = f["properties"]
        rings = []
        for ring in polygons[about["code"]]:
            grid = _snapped([((x - west) * scale, (y - south) * scale) for x, y in ring])
            if len(grid) > 3 and _area(grid) >= _SMALLEST:
                rings.append([v for point in grid for v in point])
        out.append({"code": about["code"], "names": [about["name"], about["short_name"]], "rings": rings})
    return out


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def _project(lon: float, lat: float) -> tuple[float, float]:
    """Spherical transverse Mercator: close enough to SWEREF 99 TM for a map without a scale bar."""
    east, north = math.radians(lon - _MERIDIAN), math.radians(lat)
    b = math.cos(north) * math.sin(east)
    return 0.5 * math.log((1 + b) / (1 - b)), math.atan2(math.tan(north), math.cos(east))


def _snapped(points: Sequence[tuple[float, float]]) -> Ring:
    out: list[tuple[int, int]] = []
    for x, y in points:
        point = (round(x), round(y))
        if not out or out[-1] != point:
            out.append(point)
    return tuple(out)


def _area(ring: Sequence[tuple[float, float]]) -> float:
    turned = [*ring[1:], ring[0]]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, turned, strict=True))) / 2


def _centre(ring: Ring) -> tuple[float, float]:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def _main(path: str) -> None:
    made = projected(json.loads(Path(path).read_text(encoding="utf-8")))
    text = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in made)
    Path(__file__).with_name("outline.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1])
