"""On a region's page: where its share stands among the other regions'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.care import Region
from lagesbild.domain.swedish import count, decimal, percent
from lagesbild.figures.dot_strip import Dot, Strip, dot_strips, height
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_page
from lagesbild.pages.phrases import small
from lagesbild.pages.place_parts import region_link
from lagesbild.pages.region_waits import beside, compared_words
from lagesbild.pages.waits_text import share_cell, share_text, source_line, special, told_share
from lagesbild.views.region_lines import Compared, RegionLines
from lagesbild.views.region_standing import Standing
from lagesbild.views.waits import Waits


def standing_card(
    waits: Waits,
    found: Sequence[Standing],
    lines: Sequence[RegionLines],
    region: Region,
    compared: Compared | None,
    context: PageContext,
    country: str,
) -> FigureCard:
    """One strip per care area. A place is where the number stands, not a judgement, and the card says so. What the
    region is compared with takes the country's mark."""
    target = context.selection.target / 100
    strips = [_strip(s, one, region, compared, context, country) for s, one in zip(found, lines, strict=True)]
    funnel = to_page("/vantetider", context.selection) + "#tratt"
    where = small(country) if country == "Riket" else country
    where = where if compared is None else compared_words(compared)
    return FigureCard(
        id="plats",
        title=_standing_title(found, region),
        summary=f"En punkt per region, {waits.end.sv}, procent. Lodrätt streck: {where}.",
        table=_standing_table(waits, found, lines, region, compared, context, country),
        source=source_line(waits),
        graphic=drawn(
            dot_strips, strips, target=target, target_text=f"Gräns för gap, {percent(target, 0)}", theme=context.theme
        ),
        graphic_height=height(len(strips)),
        graphic_label=f"Plats bland regionerna: {region.short_name}",
        span=6,
        footnotes=(
            [
                "Platsen säger inte om skillnaden är säkerställd, se ",
                el("A", "trattdiagrammet i Väntetider", href=funnel),
                ".",
            ],
        ),
    )


def _strip(
    s: Standing, one: RegionLines, region: Region, compared: Compared | None, context: PageContext, country: str
) -> Strip:
    dots = tuple(
        Dot(
            p.share,
            f"<b>{p.region.short_name}</b><br>{share_text(p.share, coarse=p.coarse)}"
            f"{', prel.' if p.provisional else ''}",
            region_link(p.region, context.selection),
            own=s.own is p,
        )
        for p in s.points
    )
    own = "" if s.own is None else decimal(s.own.share * 100, 0 if s.own.coarse else 1)
    mark, name, coarse = s.country, country, s.country_coarse
    if compared is not None:
        (mark, coarse), name = beside(one), compared.name
    digits = 0 if coarse else 1
    whole = "" if not np.isfinite(mark) else f"{name} {decimal(mark * 100, digits)}"
    return Strip(s.area.short, _place(s), dots, f"{region.short_name} {own}", mark, whole)


_ABSENT = {"suppressed": "skyddad", "excluded": "utesluten", "missing": "saknas", "empty": "ingen väntar"}


def _place(s: Standing) -> str:
    return f"plats {count(s.place)} av {count(s.of)}" if s.place else _ABSENT.get(s.state, "saknas")


def _standing_title(found: Sequence[Standing], region: Region) -> str:
    told = [s for s in found if s.place]
    if not told:
        return f"{region.short_name} har ingen plats i ordningen"
    ends = [(s, "Högst" if s.place == 1 else "Lägst") for s in told if s.of > 2 and (s.place == 1 or s.lowest)]
    ends.sort(key=lambda x: x[1] == "Högst")  # the lowest first
    parts = [f"{end if k == 0 else end.lower()} i landet för {small(s.area.short)}" for k, (s, end) in enumerate(ends)]
    rest = [s for s in told if s not in [e for e, _ in ends]]
    for s in rest:
        word = "Plats" if not parts else "plats"
        parts.append(f"{word} {count(s.place)} av {count(s.of)} för {small(s.area.short)}")
    return ", ".join(parts[:3])


def _standing_table(
    waits: Waits,
    found: Sequence[Standing],
    lines: Sequence[RegionLines],
    region: Region,
    compared: Compared | None,
    context: PageContext,
    country: str,
) -> Table:
    """Every region; the country first, and the healthcare region when the comparison is with that."""
    columns = (
        Column("region", "Region"),
        *(Column(f"{s.area.code}_within_limit_share", s.area.short, "share") for s in found),
    )
    rows = []
    if len(waits.regions) > 1:
        rows.append(
            Row((country, *(told_share(s.country, coarse=s.country_coarse) for s in found)), emphasis="country")
        )
    if compared is not None and compared.region is None:
        name = compared_words(compared)
        told = (told_share(share, coarse=coarse) for share, coarse in map(beside, lines))
        rows.append(Row((name[:1].upper() + name[1:], *told)))
    by_code = [{p.region.code: p for p in s.points} for s in found]
    for k, r in enumerate(waits.regions):
        cells: list[Any] = [r.short_name]
        for s, points in zip(found, by_code, strict=True):
            point, a = points.get(r.code), waits.area_index(s.area.code)
            if point is None:
                state, coarse = waits.state(a, k), bool(waits.coarse[a, k, -1])
                cells.append(special(state, waits.reasons.get(r.code, ""), coarse=coarse))
            else:
                cells.append(share_cell(point.share, "", coarse=point.coarse))
        rows.append(
            Row(
                tuple(cells),
                emphasis="chosen" if r.code == region.code else "",
                href=region_link(r, context.selection),
            )
        )
    return Table(f"Andel inom gränsen per region, {waits.end.sv}", columns, tuple(rows), period=str(waits.end))
