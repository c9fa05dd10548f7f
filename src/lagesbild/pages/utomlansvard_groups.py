"""`/utomlansvard` by healthcare region, and the largest flows of one region: bars in tables."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el, grid_row, hidden
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.components.spark import bar
from lagesbild.domain.disclosure import State
from lagesbild.domain.swedish import count, percent, signed
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page, to_region
from lagesbild.pages.phrases import persons, treated
from lagesbild.pages.travel_text import cell, flow_list, plain_state, travel_source, window
from lagesbild.views.out_of_region import ALL, FlowMatrix
from lagesbild.views.region_flows import RegionFlows

PATH = "/utomlansvard"


def groups_card(matrix: FlowMatrix, context: PageContext, country: str) -> FigureCard:
    """Of all who left each healthcare region's regions: how many stayed inside it, how many went further."""
    groups = list(matrix.travel.groups)
    most = max((matrix.shown("sent", g) or 0.0 for g in groups), default=0.0)
    body = [_group_row(matrix, g, most, context) for g in groups]
    titles = ("Inom", "Till andra", "Från andra")
    head = grid_row(
        [
            el("Th", "Sjukvårdsregion", scope="col"),
            el("Th", "Inom den egna och till andra", scope="col", className="b"),
            *(el("Th", t, scope="col", className="num") for t in titles),
        ],
        "columnheader",
    )
    caption = "Flöden inom sjukvårdsregionen, till andra och från andra"
    graphic = el(
        "Div",
        el(
            "Table",
            [
                el("Caption", caption, className="vh"),
                el("Thead", head, role="rowgroup"),
                el("Tbody", body, role="rowgroup"),
            ],
            className="rank grp",
            role="table",
        ),
        className="scroll",
        role="region",
        aria_label=caption,
        tabIndex=0,
    )
    return FigureCard(
        id="sjukvardsregioner",
        title=_groups_title(matrix),
        summary=f"Personer efter hemregionens sjukvårdsregion, {window(matrix)}.",
        legend=el(
            "Div",
            [
                el("Span", [el("Span", className=f"sw bar-{kind}", aria_hidden="true"), text])
                for kind, text in (("series", "inom den egna"), ("level-2", "till andra"))
            ],
            className="leg",
        ),
        table=_groups_table(matrix, context, country),
        source=travel_source(matrix.travel),
        graphic=graphic,
        span=6,
    )


def _groups_title(matrix: FlowMatrix) -> str:
    inside, whole = matrix.shown("inside"), matrix.shown(*ALL)
    if inside is None or not whole:
        return "Flöden inom och mellan sjukvårdsregioner"
    return f"{percent(inside / whole)} reser inom den egna sjukvårdsregionen"


def _group_row(matrix: FlowMatrix, name: str, most: float, context: PageContext) -> dict[str, Any]:
    own, away = matrix.shown("own", name), matrix.shown("away", name)
    parts = [(x / most, kind) for x, kind in ((own, "series"), (away, "level-2")) if x and most]
    if own is None or away is None:
        parts = []
    here = context.selection.with_(healthcare_region=name, region="")
    chosen = context.selection.healthcare_region == name
    head: list[Any] = [el("A", name, href=to_page(PATH, here))]
    if chosen:
        head.append(hidden(" (valt)"))
    numbers = [("own", own), ("away", away), ("from", matrix.shown("from", name))]
    cells = [el("Td", _number(value, matrix.state(kind, name), context), className="num") for kind, value in numbers]
    return grid_row(
        [el("Th", head, scope="row"), el("Td", bar(parts), className="b"), *cells],
        "rowheader",
        "me" if chosen else "",
    )


def _number(value: float | None, state: State, context: PageContext) -> Any:
    if value is not None:
        return count(value)
    words = plain_state(state, context.viewer.threshold)
    return [el("Span", words, aria_hidden="true"), hidden("skyddat")] if words != "saknas" else words


def _groups_table(matrix: FlowMatrix, context: PageContext, country: str) -> Table:
    threshold = context.viewer.threshold
    columns = (
        Column("healthcare_region", "Sjukvårdsregion"),
        Column("sent", "Reser ut", "count"),
        Column("sent_inside", "Inom den egna", "count"),
        Column("sent_outside", "Till andra", "count"),
        Column("inside_share", "Andel inom", "share"),
        Column("received", "Tas emot", "count"),
        Column("received_from_outside", "Från andra", "count"),
    )

    def row(name: str, kinds: tuple[str, ...], group: str, emphasis: Any, href: str = "") -> Row:
        told = [cell(matrix.shown(k, group), matrix.state(k, group), threshold) for k in kinds]
        sent, own, away, received, outside = told
        exact = (matrix.shown(kinds[1], group), matrix.shown(kinds[0], group))
        hidden_state = matrix.state(kinds[0], group) or matrix.state(kinds[1], group)
        share = None if exact[0] is None or not exact[1] else exact[0] / exact[1]
        shown: Any = "–" if not hidden_state and share is None else cell(share, hidden_state, threshold)
        return Row((name, sent, own, away, shown, received, outside), emphasis, href=href)

    rows = [row(country, ("all", "inside", "outside", "all", "outside"), "", "country")]
    for g in matrix.travel.groups:
        here = context.selection.with_(healthcare_region=g, region="")
        emphasis = "chosen" if context.selection.healthcare_region == g else ""
        rows.append(row(g, ("sent", "own", "away", "received", "from"), g, emphasis, to_page(PATH, here)))
    caption = f"Personer efter hemregionens sjukvårdsregion, {window(matrix)}"
    return Table(caption, columns, tuple(rows))


def region_card(matrix: FlowMatrix, found: RegionFlows, context: PageContext) -> FigureCard:
    """Where one region's inhabitants were treated and whom it received, the five largest each way."""
    name = found.region.short_name
    most = max([f.persons or 0.0 for f in (*found.to, *found.origins)], default=0.0)
    threshold = context.viewer.threshold
    out = count(found.out) if found.out is not None else plain_state(found.out_state, threshold)
    into = count(found.into) if found.into is not None else plain_state(found.into_state, threshold)
    sides = [
        flow_list(f"Reser ut: {out}", [(f, f.treating.short_name) for f in found.to], most, "series", found.hidden_to),
        flow_list(
            f"Tas emot: {into}", [(f, f.home.short_name) for f in found.origins], most, "context", found.hidden_origins
        ),
    ]
    net = f"Netto {signed(found.net)} personer." if found.net is not None else "Netto visas inte."
    return FigureCard(
        id="regionen",
        title=region_title(found, treated(matrix.travel.area)),
        summary=f"Personer till och från {name}, {window(matrix)}. De fem största åt varje håll.",
        table=_region_table(matrix, found, context),
        source=f"{net} {travel_source(matrix.travel)}",
        graphic=el("Div", sides, className="sides"),
        span=6,
    )


def region_title(found: RegionFlows, done: str) -> str:
    name = found.region.short_name
    if found.out is None:
        return f"Hur många från {name} som {done} i andra regioner kan inte visas"
    if not found.out:
        return f"Ingen från {name} {done} i en annan region"
    # a protected one may be larger than those shown
    first = f", flest till {found.to[0].treating.short_name}" if found.to and not found.hidden_to else ""
    return f"{persons(found.out)} från {name} {done} i andra regioner{first}"


def _region_table(matrix: FlowMatrix, found: RegionFlows, context: PageContext) -> Table:
    threshold, code = context.viewer.threshold, found.region.code
    columns = (
        Column("region", "Region"),
        Column("sent_to", "Reser dit", "count"),
        Column("received_from", "Tas emot därifrån", "count"),
    )
    rows = [
        Row(
            ("Alla", cell(found.out, found.out_state, threshold), cell(found.into, found.into_state, threshold)),
            "country",
        )
    ]
    for r in matrix.regions:
        if r.code == code:
            continue
        to = cell(matrix.shown("cell", code, r.code), matrix.state("cell", code, r.code), threshold)
        origin = cell(matrix.shown("cell", r.code, code), matrix.state("cell", r.code, code), threshold)
        rows.append(Row((r.short_name, to, origin), href=to_region(r.code, context.selection)))
    return Table(f"Personer till och från {found.region.short_name}, {window(matrix)}", columns, tuple(rows))
