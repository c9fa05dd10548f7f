"""On a care area's page: every region on a row, the healthcare regions as sums, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.html import el, graph, hidden
from lagesbild.components.judgement import JUDGEMENT_WORDS, arrow
from lagesbild.components.model import Column, Drawn, FigureCard, Row, Special, Table
from lagesbild.components.spark import spark
from lagesbild.components.status_cell import level, level_cell, level_legend
from lagesbild.domain.swedish import capital, join_and
from lagesbild.figures.map import HEIGHT, Shade, level_kind, level_map, share_label
from lagesbild.figures.outline import outline_of
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_area
from lagesbild.pages.overview_maps import MAP_SOURCE
from lagesbild.pages.phrases import small
from lagesbild.pages.place_parts import PER_TEXT, count_column, count_value, gap_value, region_link
from lagesbild.pages.waits_text import (
    STATE_WORDS,
    how_many,
    share_text,
    source_line,
    special,
    split_regions,
    within,
)
from lagesbild.views.area_regions import AreaRegion, AreaRegions
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.population import Population
from lagesbild.views.signals import Signal
from lagesbild.views.waits import Waits

SPARK_SPAN = 0.15  # fifteen points in every cell, so that slopes can be compared
_LABELLED = 4


def regions_card(
    waits: Waits, area: int, found: AreaRegions, people: Population | None, excluded: float | None,
    context: PageContext, country: str, group: Group | None = None,
) -> FigureCard:  # fmt: skip
    """The table is the graphic: it is ordered by its headings. `group`: the healthcare region it is of."""
    end = waits.end
    columns = (
        Column("region", "Region"),
        Column("within_limit_share", "Andel %", "share"),
        Column("judgement", "24 månader"),
        count_column("waiting", "Väntande", people),
        count_column("over_limit", "varav över gränsen", people),
        Column("load", "Belastning", "number", 2),
        Column("expected_wait_days", "Förväntad väntetid, dagar", "days"),
        Column("gap", "Kapacitetsgap"),
    )
    rows = tuple(_row(r, waits, area, people, context, country) for r in found.rows)
    unit = "" if people is None else f" Antal {PER_TEXT}, folkmängd {people.year}."
    early = any(r.provisional for r in found.regions)
    notes = [t for t in (_own_limits(found, waits.usual_days(area)), "prel.: preliminärt." if early else "") if t]
    return FigureCard(
        id="regioner",
        title=_title(found),
        summary=(
            f"Andel som väntat {within(waits.usual_days(area))}, {end.sv}, högst först. Grått band är normal "
            f"variation; pil visas bara när förändringen är säkerställd.{unit}"
        ),
        table=Table(
            f"{waits.areas[area].name} per region, {end.sv}", columns, rows, sorted_by="within_limit_share",
            footnotes=tuple(notes), period=str(end),
        ),
        source=(
            "Belastning: inflöde delat med kapacitet, ett år. Förväntad väntetid gäller den som ställs i kö nu. "
            f"{source_line(waits, excluded=excluded, area=area, group=group)}"
        ),
        span=9,
    )  # fmt: skip


def _own_limits(found: AreaRegions, usual: int) -> str:
    own = [(r.region.short_name, r.limit_days) for r in found.regions if r.region and r.limit_days != usual]
    if not own:
        return ""
    return f"Egen gräns: {join_and([f'{name} {days} dagar' for name, days in own])}."


def _title(found: AreaRegions) -> str:
    t = found.tally
    if not t.judged:
        return "Andel inom gränsen per region"
    if not t.worse and not t.better:
        return "Ingen region har en säkerställd förändring"
    parts = []
    if t.worse:
        parts.append(f"{how_many(t.worse, 'region', 'regioner')} har en säkerställd försämring")
    if t.better:
        parts.append(f"{how_many(t.better, 'region', 'regioner')} {'' if parts else 'har '}en säkerställd förbättring")
    return capital(" och ".join(parts))


def _row(r: AreaRegion, waits: Waits, area: int, people: Population | None, context: PageContext, country: str) -> Row:
    threshold = context.viewer.threshold
    if r.region is None:
        # a rate of the country is of the regions that are counted in it
        use = waits.counted[area, :, -1]
        codes: tuple[str, ...] = tuple(x.code for x, counted in zip(waits.regions, use, strict=True) if counted)
        name, href, emphasis = country, "", "country"
        rest: tuple[Any, ...] = ("–", "–", "–")
    else:
        codes = (r.region.code,)
        name, href = r.region.short_name, region_link(r.region, context.selection)
        emphasis = "chosen" if r.region.code == context.selection.region else ""
        gone: Any = Special("secondary") if r.guarded else Special("missing")
        rest = (
            gone if r.load is None else r.load,
            gone if r.expected_wait_days is None else r.expected_wait_days,
            gap_value(r.gap, waits.end),
        )
    share: Any = special(r.state, r.reason, coarse=r.coarse)
    line: Any = "–"
    if r.state == "":
        share, line = share_drawn(r.signal.share, coarse=r.coarse), line_drawn(r.signal)
    counts = [count_value(c, threshold, people, *codes) for c in (r.waiting, r.over)]
    return Row(
        (name, share, line, *counts, *rest),
        emphasis=emphasis,  # type: ignore[arg-type]
        note="prel." if r.provisional and r.region else "",
        href=href,
    )


def share_drawn(share: float, *, coarse: bool) -> Drawn:
    """The share on its tint; in files the number, or whole per cent when the counts behind are protected."""
    return Drawn(share_text(share, coarse=True) if coarse else share, level_cell(share, coarse=coarse))


def line_drawn(found: Signal) -> Drawn:
    drawn = spark(found.spark, band=found.band, judgement=found.judgement, span=SPARK_SPAN, width=96)
    marks = arrow(found.judgement) or [hidden(JUDGEMENT_WORDS[found.judgement])]
    return Drawn(JUDGEMENT_WORDS[found.judgement], el("Span", [drawn, *marks], className="gp"))


def groups_card(
    waits: Waits, area: int, found: Sequence[Group], people: Population | None, context: PageContext, country: str,
    whole: AreaRegion | None,
) -> FigureCard:  # fmt: skip
    """Healthcare regions as sums of their regions, each leading to the same page with only its regions."""
    threshold, code = context.viewer.threshold, waits.areas[area].code
    columns = (
        Column("healthcare_region", "Sjukvårdsregion"),
        Column("within_limit_share", "Andel %", "share"),
        Column("judgement", "24 månader"),
        count_column("waiting", "Väntande", people),
        count_column("over_limit", "varav över gränsen", people),
        Column("regions", "Regioner i summan"),
    )
    rows = []
    base = context.selection.with_(region="")
    if whole is not None:
        n = _row(whole, waits, area, people, context, country).cells
        rows.append(
            Row(
                (*n[:5], f"{waits.covered(area)} av {len(waits.regions)}"),
                emphasis="country",
                href=to_area(code, base.with_(healthcare_region="")) if base.healthcare_region else "",
            )
        )
    for g in found:
        codes = [r.code for r in g.counted]
        share: Any = Special("secondary") if g.coarse else Special("missing")
        if g.share is not None:
            share = share_drawn(g.share, coarse=g.coarse)
        chosen = g.name == context.selection.healthcare_region
        rows.append(
            Row(
                (
                    g.name,
                    share,
                    line_drawn(g.signal) if g.share is not None else "–",
                    *(count_value(c, threshold, people, *codes) for c in (g.waiting, g.over)),
                    f"{len(g.counted)} av {len(g.counted) + len(g.left_out)}",
                ),
                emphasis="chosen" if chosen else "",
                note="prel." if g.provisional else "",
                href=to_area(code, base.with_(healthcare_region=g.name)),
            )
        )
    return FigureCard(
        id="sjukvardsregioner",
        title=_groups_title(found, small(waits.areas[area].short)),
        summary=f"Summor av regionerna, {waits.end.sv}. Välj en sjukvårdsregion för att se dess regioner.",
        table=Table(
            f"Andel inom gränsen per sjukvårdsregion, {waits.end.sv}", columns, tuple(rows), period=str(waits.end)
        ),
        source=f"{_groups_note(waits, found)} {source_line(waits, area=area)}".strip(),
        span=6,
    )


def _groups_title(found: Sequence[Group], area: str) -> str:
    shares = [(g.share, g.name) for g in found if g.share is not None]
    if len(shares) < 2:
        return "Sjukvårdsregionerna som summor"
    low, high = min(shares), max(shares)
    if round(low[0], 3) == round(high[0], 3):
        return f"Sjukvårdsregionerna har samma andel för {area}"
    return f"Lägst andel i {low[1]}, högst i {high[1]}"


def _groups_note(waits: Waits, found: Sequence[Group]) -> str:
    parts = [text for _, text in split_regions(waits.regions)]
    if parts:
        parts.append("Den räknas i den första." if len(parts) == 1 else "De räknas i den första.")
    gone = [f"{g.name}: {join_and([r.short_name for r in g.left_out])}" for g in found if g.left_out]
    if gone:
        parts.append(f"Ingår inte i summan: {'; '.join(gone)}.")
    return " ".join(parts)


def map_card(
    waits: Waits, area: int, found: AreaRegions, context: PageContext, country: str, group: Group | None = None
) -> FigureCard | None:
    """None when fewer than half of the regions have an outline: another country, or regions that are hospitals."""
    by_code = {r.region.code: r for r in found.regions if r.region}
    mine = [r for r in waits.regions if r.code in by_code]
    outlined = [r for r in mine if outline_of(r.code, r.name, r.short_name)]
    if len(outlined) * 2 < len(mine) or len(outlined) < 3:
        return None
    columns = (Column("region", "Region"), Column("within_limit_share", "Andel", "share"))
    rows = []
    for r in found.rows:
        value: Any = special(r.state, r.reason, coarse=r.coarse)
        if r.state == "":
            value = share_text(r.signal.share, coarse=True) if r.coarse else r.signal.share
        name = r.region.short_name if r.region else country
        href = region_link(r.region, context.selection) if r.region else ""
        rows.append(Row((name, value), emphasis="" if r.region else "country", href=href))
    where = context.selection.healthcare_region
    return FigureCard(
        id="karta",
        title=f"{waits.areas[area].short} på kartan" + (f", {where}" if where else ""),
        summary=(
            f"Andel som väntat {within(waits.usual_days(area))}, {waits.end.sv}. De lägsta är utskrivna. "
            "Välj en region för att se allt om den."
        ),
        table=Table(f"Andel inom vårdgarantin per region, {waits.end.sv}", columns, tuple(rows), period=str(waits.end)),
        source=f"{source_line(waits, area=area, group=group)} {MAP_SOURCE}",
        graphic=drawn(_map, found, context, small(waits.areas[area].name)),
        span=6,
    )


def _map(found: AreaRegions, context: PageContext, name: str) -> list[Any]:
    figure = level_map(_shades(found, context), theme=context.theme)
    label = f"Karta: {name} per region. Talen står i tabellen."
    return [
        el(
            "Div",
            [level_legend(), *(el("Span", [el("Span", className=f"hole hole-{k}"), t]) for k, t in _HOLES)],
            className="leg",
        ),
        el("Div", graph(figure, height=HEIGHT, className="chart", id="karta-chart"), role="img", aria_label=label),
    ]


_HOLES = (("missing", "rapport saknas"), ("suppressed", "skyddat"))


def _shades(found: AreaRegions, context: PageContext) -> list[Shade]:
    told = sorted((r.signal.share, r.region.code) for r in found.regions if r.region and not r.state)
    labelled = {code for _, code in told[:_LABELLED]}
    out = []
    for r in found.regions:
        assert r.region is not None  # regions have one
        outline = outline_of(r.region.code, r.region.name, r.region.short_name)
        if outline is None:
            continue
        name, href = r.region.short_name, region_link(r.region, context.selection)
        if r.state:
            kind = "suppressed" if r.state == "suppressed" else "missing"
            out.append(Shade(outline, name, kind, f"<b>{name}</b><br>{STATE_WORDS[r.state]}", href=href))
            continue
        text = share_label(r.signal.share, coarse=r.coarse)
        early = ", prel." if r.provisional else ""
        shade = level_kind(level(r.signal.share))
        label = text if r.region.code in labelled else ""
        out.append(Shade(outline, name, shade, f"<b>{name}</b><br>{text}{early}", label, href))
    return out
