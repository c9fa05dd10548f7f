"""The same levels on the map, one map per care area."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lagesbild.components.html import el, graph
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.components.segments import segments
from lagesbild.components.status_cell import level, level_legend
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.figures.map import HEIGHT, Shade, level_kind, level_map, share_label
from lagesbild.figures.outline import outline_of
from lagesbild.pages.context import Theme
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_area, to_region
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import STATE_WORDS, how_many, share_cell, source_line, within
from lagesbild.views.status_matrix import StatusMatrix

_LABELLED = 4
MAP_SOURCE = "Kartunderlag: SCB."


def maps_card(
    matrix: StatusMatrix, selection: Selection, country: str, first_area: str, *, theme: Theme
) -> FigureCard | None:
    """None when fewer than half of the regions have an outline: another country, or regions that are hospitals."""
    outlined = [r for r in matrix.regions if outline_of(r.code, r.name, r.short_name)]
    if len(outlined) * 2 < len(matrix.regions) or len(outlined) < 3:
        return None
    days = {matrix.waits.usual_days(matrix.waits.area_index(a.code)) for a in matrix.areas}
    measure = within(days.pop()) if len(days) == 1 else "inom vårdgarantin"
    return FigureCard(
        id="kartor",
        title=_title(matrix),
        summary=(
            f"Andel som väntat {measure}, {matrix.waits.end.sv}. "
            f"De {how_many(_LABELLED, 'lägsta', 'lägsta')} är utskrivna."
        ),
        table=_table(matrix, selection, country),
        source=f"{source_line(matrix.waits, excluded=matrix.excluded)} {MAP_SOURCE}",
        graphic=drawn(_graphic, matrix, selection, first_area, theme=theme),
    )


def _graphic(matrix: StatusMatrix, selection: Selection, first_area: str, *, theme: Theme) -> list[Any]:
    maps = []
    for area in matrix.areas:
        figure = level_map(_shades(matrix, area, selection), theme=theme)
        maps.append(
            el(
                "Div",
                [
                    el("H3", el("A", area.name, href=to_area(area.code, selection.with_(region="")))),
                    el(
                        "Div",
                        graph(figure, height=HEIGHT, className="chart"),
                        role="img",
                        style={"minHeight": f"{HEIGHT}px"},
                        aria_label=f"Karta: {small(area.name)} per region. Talen står i tabellen.",
                    ),
                ],
                data_segment=area.code,
            )
        )
    return [
        _legend(),
        el(
            "Div",
            [
                segments([(a.code, a.short) for a in matrix.areas], first_area, "Vårdområde på kartan")
                if len(matrix.areas) > 1
                else None,
                el("Div", maps, className="maps"),
            ],
            data_segments=first_area,
        ),
    ]


def _title(matrix: StatusMatrix) -> str:
    """The lowest healthcare region of the care area whose country share is lowest; plain when there is one group."""
    known = [a for a in matrix.areas if math.isfinite(matrix.country[a.code].share)]
    groups = {r.healthcare_region for r in matrix.regions if r.healthcare_region}
    if not known or len(groups) < 2:
        return "Andel inom vårdgarantin på kartan"
    area = min(known, key=lambda a: matrix.country[a.code].share)
    waits = matrix.waits
    k = waits.area_index(area.code)
    shares = {}
    for group in groups:
        mine = np.array([r.healthcare_region == group for r in waits.regions])
        # half way to the twin, so that the order tells nothing
        share = waits.shares_over(k, waits.summed[k] & mine[:, None])[2][-1]
        if np.isfinite(share):
            shares[group] = float(share)
    if not shares:
        return "Andel inom vårdgarantin på kartan"
    lowest = min(shares, key=lambda g: shares[g])
    return f"{area.short} har lägst andel i {lowest}"


def _shades(matrix: StatusMatrix, area: CareArea, selection: Selection) -> list[Shade]:
    cells = matrix.cells[area.code]
    numbers = sorted((c.signal.share, code) for code, c in cells.items() if not c.state)
    labelled = {code for _, code in numbers[:_LABELLED]}
    out = []
    for region in matrix.regions:
        outline = outline_of(region.code, region.name, region.short_name)
        if outline is None:
            continue
        cell, href = cells[region.code], to_region(region.code, selection.with_(care_area=area.code))
        if cell.state:
            kind = "suppressed" if cell.state == "suppressed" else "missing"
            out.append(
                Shade(
                    outline,
                    region.short_name,
                    kind,
                    f"<b>{region.short_name}</b><br>{STATE_WORDS[cell.state]}",
                    href=href,
                )
            )
            continue
        text = share_label(cell.signal.share, coarse=cell.coarse)
        early = ", prel." if cell.provisional else ""
        out.append(
            Shade(
                outline,
                region.short_name,
                level_kind(level(cell.signal.share)),
                f"<b>{region.short_name}</b><br>{text}{early}",
                text if region.code in labelled else "",
                href,
            )
        )
    return out


def _legend() -> dict[str, Any]:
    return el(
        "Div",
        [
            level_legend(),
            el("Span", [el("Span", className="hole hole-missing"), "rapport saknas"]),
            el("Span", [el("Span", className="hole hole-suppressed"), "skyddat"]),
        ],
        className="leg",
    )


def _table(matrix: StatusMatrix, selection: Selection, country: str) -> Table:
    columns = (
        Column("region", "Region"),
        *(Column(f"{a.code}_within_limit_share", a.short, "share") for a in matrix.areas),
    )
    whole = [matrix.country[a.code] for a in matrix.areas]
    rows = [Row((country, *(share_cell(w.share, "", coarse=w.coarse) for w in whole)), emphasis="country")]
    for r in matrix.regions:
        cells: list[Any] = [r.short_name]
        for a in matrix.areas:
            cell = matrix.cells[a.code][r.code]
            cells.append(
                share_cell(
                    cell.signal.share, cell.state, coarse=cell.coarse, reason=matrix.waits.reasons.get(r.code, "")
                )
            )
        chosen = r.code == selection.region
        rows.append(Row(tuple(cells), emphasis="chosen" if chosen else "", href=to_region(r.code, selection)))
    return Table(
        f"Andel inom vårdgarantin per region, {matrix.waits.end.sv}", columns, tuple(rows), period=str(matrix.waits.end)
    )
