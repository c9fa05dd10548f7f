"""The status matrix: regions by care area, level, two years, judgement and flag, as a table that is its own graphic."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from lagesbild.components.flag import FLAG_WORDS, flag
from lagesbild.components.html import el, hidden
from lagesbild.components.judgement import arrow
from lagesbild.components.model import FigureCard
from lagesbild.components.segments import segments
from lagesbild.components.spark import spark
from lagesbild.components.status_cell import level, level_legend
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import MONTHS_SV_SHORT, Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import join_and
from lagesbild.pages.links import to_area, to_region
from lagesbild.pages.overview_table import matrix_table
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import (
    other_limits,
    share_number,
    source_line,
    split_regions,
    within,
)
from lagesbild.views.flags import Flag
from lagesbild.views.signals import Signal
from lagesbild.views.status_matrix import Cell, StatusMatrix

SPARK_SPAN = 0.15  # fifteen points from bottom to top in every cell, so that slopes can be compared


def matrix_card(matrix: StatusMatrix, selection: Selection, country: str, first_area: str, *, span: int) -> FigureCard:
    """`first_area` is the care area that a phone shows first."""
    waits = matrix.waits
    notes = _Notes(matrix)
    graphic = el(
        "Div",
        [
            segments([(a.code, a.short) for a in matrix.areas], first_area, "Vårdområde")
            if len(matrix.areas) > 1
            else None,
            el(
                "Div",
                _table(matrix, selection, country, notes),
                className="scroll",
                role="region",
                aria_label="Statusmatris",
                tabIndex=0,
            ),
            _legend(matrix),
        ],
        data_segments=first_area,
    )
    indices = [waits.area_index(a.code) for a in matrix.areas]
    days = {waits.usual_days(k) for k in indices}
    measure = within(days.pop()) if len(days) == 1 else "inom vårdgarantin"
    return FigureCard(
        id="statusmatris",
        title=_title(matrix),
        summary=(
            f"Andel av de väntande som väntat {measure}, i procent. Grått band är normal variation; "
            "pil visas bara när förändringen är säkerställd."
        ),
        table=matrix_table(matrix, selection, country),
        source=source_line(waits, excluded=matrix.excluded),
        graphic=graphic,
        span=span,
        footnotes=(*notes.lines(other_limits(waits, indices)),),
    )


def _title(matrix: StatusMatrix) -> str:
    lowest = matrix.lowest(2)
    if len(lowest) < 2 or len(matrix.regions) < 3:
        return "Andel inom vårdgarantin per region"
    (r1, a1, _), (r2, a2, _) = lowest
    if len(matrix.areas) == 1:
        return f"Lägst andel i {join_and([r1.short_name, r2.short_name])}"
    if a1.code == a2.code:
        return f"Lägst andel i {join_and([r1.short_name, r2.short_name])}, båda för {small(a1.short)}"
    return f"Lägst andel i {r1.short_name} för {small(a1.short)} och i {r2.short_name} för {small(a2.short)}"


class _Notes:
    """Numbered footnotes: why a region is missing, and which belong to two healthcare regions."""

    def __init__(self, matrix: StatusMatrix) -> None:
        self.marks: dict[str, str] = {}
        self._texts: list[tuple[str, str]] = []
        gone = {
            r.code
            for column in matrix.cells.values()
            for r in matrix.regions
            if column[r.code].state in ("missing", "excluded")
        }
        by_text: dict[str, str] = {}
        for r in matrix.regions:
            text = matrix.waits.reasons.get(r.code, "")
            if r.code in gone and text:
                whole = f"{r.short_name}: {small(text)}"
                self.marks[r.code] = by_text.setdefault(whole, str(len(by_text) + 1))
        self._texts += [(mark, text) for text, mark in by_text.items()]
        self.split = {}
        for r, text in split_regions(matrix.regions):
            self.split[r.code] = str(len(self._texts) + 1)
            self._texts.append((self.split[r.code], text))
        self._early = any(c.provisional for column in matrix.cells.values() for c in column.values())

    def lines(self, limits: str) -> list[Any]:
        parts: list[Any] = []
        for mark, text in self._texts:
            parts += [el("Sup", mark), f" {text} "]
        if self._early:
            parts.append("prel.: preliminärt. ")
        if limits:
            parts.append(limits)
        return [parts] if parts else []


def _table(matrix: StatusMatrix, selection: Selection, country: str, notes: _Notes) -> dict[str, Any]:
    groups = [(name, list(rs)) for name, rs in groupby(matrix.regions, key=lambda r: r.healthcare_region)]
    grouped = len(groups) > 1 and len(groups) < len(matrix.regions)
    body = []
    if len(matrix.regions) > 1:
        body.append(_country_row(matrix, country, grouped))
    for name, regions in groups if grouped else [("", list(matrix.regions))]:
        for k, region in enumerate(regions):
            head = None
            if grouped and k == 0:
                link = _group_link(name, matrix, selection)
                head = el("Th", link, className="g", scope="rowgroup", rowSpan=len(regions))
            body.append(_region_row(matrix, region, selection, notes, head, last=k == len(regions) - 1 and grouped))
    cols = ([96] if grouped else []) + [148]
    for k, _ in enumerate(matrix.areas):
        cols += ([20] if k else []) + [60, 112, 62]
    caption = "Andel som väntat inom vårdgarantin, förändring och kapacitetsgap per region och vårdområde"
    return el(
        "Table",
        [
            el("Caption", caption, className="vh"),
            el("Colgroup", [el("Col", style={"width": f"{w}px"}) for w in cols]),
            _head(matrix, selection, grouped),
            el("Tbody", body),
        ],
        className="mx",
        # one or two care areas keep the width they have among three
        style={"maxWidth": f"{sum(cols)}px"} if len(matrix.areas) < 3 else None,
    )


def _gap_column(k: int) -> dict[str, Any] | None:
    return el("Td", None, className="gap0") if k else None


def _head(matrix: StatusMatrix, selection: Selection, grouped: bool) -> dict[str, Any]:
    top: list[Any] = [el("Td", None, className="g e") if grouped else None, el("Td", None, className="e")]
    second: list[Any] = [
        el("Th", "Sjukvårdsregion", className="g", scope="col") if grouped else None,
        el("Th", "Region", scope="col"),
    ]
    for k, area in enumerate(matrix.areas):
        at = {"data_segment": area.code}
        top += [
            _gap_column(k),
            el("Th", _area_link(area, selection), className="area", colSpan=3, scope="colgroup", **at),
        ]
        second += [
            _gap_column(k),
            el("Th", "Andel %", className="sh num", scope="col", **at),
            el("Th", "24 månader", scope="col", **at),
            el("Th", "Gap", scope="col", **at),
        ]
    return el("Thead", [el("Tr", top), el("Tr", second)])


def _area_link(area: CareArea, selection: Selection) -> dict[str, Any]:
    return el("A", area.name, href=to_area(area.code, selection.with_(region="")))


def _group_link(name: str, matrix: StatusMatrix, selection: Selection) -> Any:
    """A healthcare region is a page of one care area: the first shown."""
    if not name:
        return name
    inside = selection.with_(region="", healthcare_region=name)
    return el("A", name, href=to_area(matrix.areas[0].code, inside))


def _country_row(matrix: StatusMatrix, country: str, grouped: bool) -> dict[str, Any]:
    cells: list[Any] = [el("Td", None, className="g") if grouped else None, el("Th", country, scope="row")]
    for k, area in enumerate(matrix.areas):
        found = matrix.country[area.code]
        cells += [_gap_column(k), *_number(found, area, coarse=found.coarse), el("Td", None, data_segment=area.code)]
    return el("Tr", cells, className="nat")


def _region_row(
    matrix: StatusMatrix, region: Region, selection: Selection, notes: _Notes, head: Any, *, last: bool
) -> dict[str, Any]:
    early = any(matrix.cells[a.code][region.code].provisional for a in matrix.areas)
    name: list[Any] = [el("A", region.short_name, href=to_region(region.code, selection))]
    if region.code in notes.split:
        name.append(el("Sup", notes.split[region.code]))
    if early:
        name.append(el("Span", " prel.", className="prel"))
    cells: list[Any] = [head, el("Th", name, scope="row")]
    for k, area in enumerate(matrix.areas):
        cell = matrix.cells[area.code][region.code]
        cells.append(_gap_column(k))
        if cell.state:
            cells += [
                _absent(cell, area, notes.marks.get(region.code, "")),
                _flag_cell(cell.flag, area, matrix.waits.end),
            ]
            continue
        cells += [*_number(cell.signal, area, coarse=cell.coarse), _flag_cell(cell.flag, area, matrix.waits.end)]
    classes = [c for c, on in (("ge", last), ("me", region.code == selection.region)) if on]
    return el("Tr", cells, className=" ".join(classes))


def _number(found: Signal, area: CareArea, *, coarse: bool) -> list[dict[str, Any]]:
    if found.share != found.share:
        return [el("Td", "saknas", className="st st-missing", colSpan=2, data_segment=area.code)]
    tint = el("Span", share_number(found.share, coarse=coarse), className=f"lv lv{level(found.share)}")
    line = spark(found.spark, band=found.band, judgement=found.judgement, span=SPARK_SPAN)
    return [
        el("Td", tint, className="sh", data_segment=area.code),
        el("Td", el("Span", [line, *arrow(found.judgement)]), className="tr", data_segment=area.code),
    ]


def _absent(cell: Cell, area: CareArea, mark: str) -> dict[str, Any]:
    kind = {"empty": "short"}.get(cell.state, cell.state)
    words = {"suppressed": "skyddat, färre än 5", "excluded": "utesluten", "empty": "ingen väntar"}.get(
        cell.state, "saknas"
    )
    if cell.state == "suppressed" and cell.coarse:
        words = "skyddat"  # also regions hidden only so that another's small count cannot be worked out
    parts: list[Any] = [el("Span", className="hole", aria_hidden="true"), words]
    if mark:
        parts.append(el("Sup", mark))
    return el("Td", parts, colSpan=2, className=f"st st-{kind}", data_segment=area.code)


def _flag_cell(found: Flag | None, area: CareArea, end: Month) -> dict[str, Any]:
    if found is None:
        return el("Td", None, className="gpc", data_segment=area.code)
    if found.status == "open":
        return el("Td", flag("open", FLAG_WORDS["open"]), className="gpc", data_segment=area.code)
    text = MONTHS_SV_SHORT[found.opens.month - 1] if found.opens else FLAG_WORDS[found.status]
    whole = hidden(f" {found.opens.year}") if found.opens else None
    return el("Td", [flag(found.status, text), whole], className="gpc", data_segment=area.code)


def _legend(matrix: StatusMatrix) -> list[dict[str, Any]]:
    signs = el(
        "Div",
        [
            level_legend(),
            el("Span", [_plain_arrow("better"), "säkerställd förbättring"]),
            el("Span", [_plain_arrow("worse"), "säkerställd försämring"]),
        ],
        className="leg",
    )
    words = (("open", "gap öppet"), ("expected", "gap väntas, månad"), ("watch", "gap bevakas, månad"))
    marks = el(
        "Div",
        [el("Span", [el("Span", className=f"flag flag-{s}", aria_hidden="true"), text]) for s, text in words],
        className="leg",
    )
    return [signs, marks] if any(c.flag for x in matrix.cells.values() for c in x.values()) else [signs]


def _plain_arrow(judgement: str) -> dict[str, Any]:
    return arrow(judgement)[0]
