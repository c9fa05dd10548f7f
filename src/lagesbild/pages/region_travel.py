"""On a region's page: where its patients are treated elsewhere, and whom it receives."""

from __future__ import annotations

from collections.abc import Sequence
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
from lagesbild.views.out_of_region import Flow, RegionFlows
from lagesbild.views.travel import Travel


def travel_card(
    found: RegionFlows | None, travel: Travel | None, region: Region, context: PageContext
) -> FigureCard | Aside:
    """Of one care area: the largest flows each way, as many as the view gives, and how many more are protected."""
    if found is None or travel is None:
        why = f"Utomlänsvård är inte rapporterad för {region.name} i urvalet."
        return empty("resor", "Utomlänsvården visas inte", why)
    area, threshold = travel.area, context.viewer.threshold
    columns = (
        Column("direction", "Åt vilket håll"),
        Column("region", "Region"),
        Column("persons", "Personer", "count"),
    )
    rows = [
        Row(("Reser ut", "Alla", _total(found.out, found.out_state, threshold)), emphasis="country"),
        *_rows("Reser ut", [(f, f.treating) for f in found.to]),
        Row(("Tas emot", "Alla", _total(found.into, found.into_state, threshold)), emphasis="country"),
        *_rows("Tas emot", [(f, f.home) for f in found.origins]),
    ]
    most = max((f.persons or 0.0 for f in (*found.to, *found.origins)), default=0.0)
    columns_drawn = [
        _list("Reser ut", _words(found.out, found.out_state, threshold), [(f, f.treating) for f in found.to], found.hidden_to, most, "series", context),
        _list("Tas emot", _words(found.into, found.into_state, threshold), [(f, f.home) for f in found.origins], found.hidden_origins, most, "context", context),
    ]  # fmt: skip
    early = [m for m in travel.provisional if found.first <= m <= found.end]
    more = to_page("/utomlansvard", context.selection.with_(care_area=area.code, compare=""))
    return FigureCard(
        id="resor",
        title=_title(found, area, region),
        summary=(
            f"{capital(treated(area))} i annan region, {month_range(found.first, found.end)}. "
            "De största flödena åt varje håll, personer."
        ),
        table=Table(f"Utomlänsvård för {region.name}: {small(area.name)}", columns, tuple(rows)),
        source=_source(found, travel, bool(early)),
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


def _total(value: float | None, state: str, threshold: int) -> Any:
    return hidden_cell(state, threshold) if value is None else value


def _words(value: float | None, state: str, threshold: int) -> str:
    if value is not None:
        return count(value)
    return {"suppressed": f"<{threshold}", "secondary": "skyddat"}.get(state, "saknas")


def _rows(way: str, flows: Sequence[tuple[Flow, Region]]) -> list[Row]:
    return [Row((way, other.short_name, f.persons)) for f, other in flows if f.persons is not None]


def _list(
    way: str,
    total: str,
    flows: Sequence[tuple[Flow, Region]],
    hidden: int,
    most: float,
    kind: str,
    context: PageContext,
) -> Any:
    items = [
        el(
            "Li",
            [
                el("A", other.short_name, href=region_link(other, context.selection)),
                bar([((f.persons or 0.0) / most if most else 0.0, kind)]),
                el("Span", count(f.persons), className="n"),
            ],
        )
        for f, other in flows
    ]
    rest = None
    if hidden:
        regions = "region" if hidden == 1 else "regioner"
        text = f"{capital(number_word(hidden)) if hidden != 1 else 'En'} {regions} till, skyddade"
        rest = el("P", text if hidden != 1 else text.removesuffix("e"), className="src")
    return el("Div", [el("H3", f"{way}: {total}"), el("Ul", items), rest])


def _source(found: RegionFlows, travel: Travel, early: bool) -> str:
    parts = []
    if found.net is not None:
        parts.append(f"Netto {signed(found.net)} personer.")
    if found.share is not None:
        parts.append(f"{percent(found.share)} av regionens egna behandlades i annan region.")
    if early:
        parts.append("De sista månaderna är preliminära.")
    parts.append(source_text(travel.sources, travel.recorded_at, synthetic=travel.synthetic))
    return " ".join(parts)
