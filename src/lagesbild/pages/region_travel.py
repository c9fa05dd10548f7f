"""On a region's page: where its patients are treated elsewhere, and whom it receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lagesbild.components.html import el
from lagesbild.components.model import Aside, Column, FigureCard, Row, Table
from lagesbild.components.spark import bar
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.swedish import capital, count, number_word, percent, signed
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page
from lagesbild.pages.phrases import empty, hidden_cell, month_range, small, source_text, treated
from lagesbild.pages.place_parts import region_link
from lagesbild.views.out_of_region import Flow
from lagesbild.views.region_flows import RegionFlows
from lagesbild.views.travel import Travel


def travel_card(
    found: RegionFlows | None,
    travel: Travel | None,
    region: Region,
    context: PageContext,
    compared: tuple[str, float | None] | None = None,
) -> FigureCard | Aside:
    """Of one care area: the largest flows each way, as many as the view gives, and how many more are protected.
    `compared`: what the region is held against and its share treated elsewhere."""
    if found is None or travel is None:
        why = f"Utomlänsvård är inte rapporterad för {region.name} i urvalet."
        return empty("resor", "Utomlänsvården visas inte", why)
    area, threshold = travel.area, context.viewer.threshold
    columns = (
        Column("direction", "Åt vilket håll"),
        Column("region", "Region"),
        Column("persons", "Personer", "count"),
    )
    ways = (
        _Way("Reser ut", found.out, found.out_state, [(f, f.treating) for f in found.to], found.hidden_to, "series"),
        _Way("Tas emot", found.into, found.into_state, [(f, f.home) for f in found.origins], found.hidden_origins,
             "context"),
    )  # fmt: skip
    rows = [row for way in ways for row in _rows(way, threshold)]
    most = max((f.persons or 0.0 for f in (*found.to, *found.origins)), default=0.0)
    columns_drawn = [_list(way, most, threshold, context) for way in ways]
    early = [m for m in travel.provisional if found.first <= m <= found.end]
    more = to_page("/utomlansvard", context.selection.with_(care_area=area.code, compare=""))
    return FigureCard(
        id="resor",
        title=_title(found, area, region),
        summary=(
            f"{capital(treated(area))} i annan region, {month_range(found.first, found.end)}. "
            "De största flödena åt varje håll, personer."
        ),
        table=Table(
            f"Utomlänsvård för {region.name}: {small(area.name)}",
            columns,
            tuple(rows),
            period=f"{found.first}/{found.end}",
        ),
        source=_source(found, travel, bool(early), compared),
        graphic=el("Div", columns_drawn, className="ways"),
        span=6,
        footnotes=(["Alla regioner och vårdområden: ", el("A", "Utomlänsvård", href=more), "."],),
    )


def _title(found: RegionFlows, area: CareArea, region: Region) -> str:
    top = found.to[0].treating.short_name if found.to else ""
    if found.out is None:
        return f"{area.short}: vart patienter i {region.short_name} reser"
    if not found.out:
        return f"Ingen från {region.short_name} reste ut för {small(area.short)}"
    to = f", flest till {top}" if top else ""
    return f"{count(found.out)} reste ut för {small(area.short)}{to}"


@dataclass(frozen=True)
class _Way:
    """One direction: all of it with its state, the largest flows with the other region, how many more are protected."""

    name: str
    total: float | None
    state: str
    flows: Sequence[tuple[Flow, Region]]
    hidden: int
    kind: str


def _rows(way: _Way, threshold: int) -> list[Row]:
    whole = hidden_cell(way.state, threshold) if way.total is None else way.total
    parts = [Row((way.name, other.short_name, f.persons)) for f, other in way.flows if f.persons is not None]
    return [Row((way.name, "Alla", whole), emphasis="country"), *parts]


def _list(way: _Way, most: float, threshold: int, context: PageContext) -> Any:
    gone = {"suppressed": f"<{threshold}", "secondary": "skyddat"}.get(way.state, "saknas")
    items = [
        el(
            "Li",
            [
                el("A", other.short_name, href=region_link(other, context.selection)),
                bar([((f.persons or 0.0) / most if most else 0.0, way.kind)]),
                el("Span", count(f.persons), className="n"),
            ],
        )
        for f, other in way.flows
    ]
    rest = None
    if way.hidden:
        words = (
            "En region till, skyddad."
            if way.hidden == 1
            else f"{capital(number_word(way.hidden))} regioner till, skyddade."
        )
        rest = el("P", words, className="src")
    return el(
        "Div", [el("H3", f"{way.name}: {count(way.total) if way.total is not None else gone}"), el("Ul", items), rest]
    )


def _source(found: RegionFlows, travel: Travel, early: bool, compared: tuple[str, float | None] | None) -> str:
    parts = []
    if found.net is not None:
        parts.append(f"Netto {signed(found.net)} personer.")
    if found.share is not None:
        parts.append(f"{percent(found.share)} av regionens egna behandlades i annan region.")
    if compared is not None:
        name, share = compared
        parts.append(f"I {name} var det {percent(share)}." if share is not None else f"I {name} visas andelen inte.")
    if early:
        parts.append("De sista månaderna är preliminära.")
    parts.append(source_text(travel.sources, travel.recorded_at, synthetic=travel.synthetic))
    return " ".join(parts)
