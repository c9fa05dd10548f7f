"""On a region's page: its share over time beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lagesbild.components.html import el, graph
from lagesbild.components.judgement import JUDGEMENT_WORDS, verdict
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.care import Region
from lagesbild.domain.swedish import decimal, join_and, percent
from lagesbild.figures.share_lines import HEIGHT, Line, share_lines
from lagesbild.pages.context import PageContext, Theme
from lagesbild.pages.drawing import drawn
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import NB, group_words, source_line, told_share, within
from lagesbild.views.region_lines import Compared, RegionLines, axis
from lagesbild.views.waits import Waits


def lines_card(
    waits: Waits, found: Sequence[RegionLines], region: Region, compared: Compared | None, context: PageContext,
    country: str,
) -> FigureCard:  # fmt: skip
    """One panel per care area on one axis; the judgement in words above each."""
    target = context.selection.target / 100
    low, high = axis(found, target)
    days = sorted({int(waits.days[waits.area_index(x.area.code), waits.regions.index(region)]) for x in found})
    beside = "" if compared is None else f" Streckad: {compared_words(compared)}."
    begins = f" Axeln börjar vid {decimal(low * 100, 0)}{NB}%." if low else ""
    return FigureCard(
        id="andel",
        title=_title(found, region),
        summary=(
            f"Andel som väntat {within(days[0]) if len(days) == 1 else 'inom vårdgarantin'}, procent. "
            f"Tunna linjer: övriga regioner.{beside}{begins}"
        ),
        table=_table(found, region, compared, country),
        source=source_line(waits),
        graphic=drawn(_panels, found, region, compared, country, target, low, high, context.theme),
        footnotes=tuple(_missing(waits, region)),
    )


def _panels(
    found: Sequence[RegionLines],
    region: Region,
    compared: Compared | None,
    country: str,
    target: float,
    low: float,
    high: float,
    theme: Theme,
) -> Any:
    panels = []
    for k, one in enumerate(found):
        figure = share_lines(
            one.months,
            _lines(one, region, compared, country),
            one.others,
            low=low,
            high=high,
            target=target,
            target_text=f"Gräns för gap, {percent(target, 0)}" if k == 0 else "",
            theme=theme,
        )
        chart = graph(figure, height=HEIGHT, className="chart", id=f"andel-{one.area.code}")
        named = f"{one.area.name}: {region.short_name} och {small(country)}. Talen står i tabellen."
        panels.append(
            el(
                "Div",
                [
                    el("H3", one.area.name),
                    el("P", _verdict(one), className="sg"),
                    el("Div", chart, role="img", aria_label=named, style={"minHeight": f"{HEIGHT}px"}),
                ],
            )
        )
    return el("Div", panels, className="three")


def _verdict(one: RegionLines) -> Any:
    gone = {
        "suppressed": "Månadens andel är skyddad",
        "excluded": "Utesluten",
        "missing": "Månaden saknas",
        "empty": "Ingen väntar",
    }
    return verdict("short" if one.state else one.signal.judgement, gone.get(one.state, ""))


def compared_words(compared: Compared) -> str:
    """As it stands in a sentence: `Skåne`, `sjukvårdsregion Södra`."""
    return compared.name if compared.region else group_words(compared.name)


def _lines(one: RegionLines, region: Region, compared: Compared | None, country: str) -> list[Line]:
    lines = [Line(country, one.country, "country", coarse=one.country_coarse)]
    if compared is not None and one.compared is not None:
        lines.append(Line(compared.name, one.compared, "compared", coarse=one.compared_coarse))
    judged = one.signal.judgement if not one.state else "noise"
    early = bool(one.provisional[-1])
    lines.append(Line(region.short_name, one.own, "own", judged, early, one.coarse))
    return [x for x in lines if np.isfinite(x.values).any()]


def _title(found: Sequence[RegionLines], region: Region) -> str:
    told = [x for x in found if not x.state]
    sure = [x for x in told if x.signal.judgement in ("better", "worse")]
    if not told:
        return f"Andelen visas inte för {region.short_name}"
    if not sure:
        if all(x.signal.judgement == "short" for x in told):
            return "Förändringen kan inte bedömas ännu"
        return "Inget vårdområde visar en säkerställd förändring" if len(found) > 1 else _one_title(told[0])
    worse = [x.area.short for x in sure if x.signal.judgement == "worse"]
    better = [x.area.short for x in sure if x.signal.judgement == "better"]
    if len(sure) == 1 and len(found) > 1:
        kind = "försämring" if worse else "förbättring"
        return f"Bara {small(sure[0].area.short)} visar en säkerställd {kind}"
    parts = []
    if worse:
        parts.append(f"{join_and([worse[0], *map(small, worse[1:])])} visar en säkerställd försämring")
    if better:
        names = join_and([small(n) for n in better]) if worse else join_and([better[0], *map(small, better[1:])])
        parts.append(f"{names} {'' if worse else 'visar '}en säkerställd förbättring")
    return ", ".join(parts)


def _one_title(one: RegionLines) -> str:
    return f"{one.area.short}: {JUDGEMENT_WORDS[one.signal.judgement].lower()}"


def _table(found: Sequence[RegionLines], region: Region, compared: Compared | None, country: str) -> Table:
    """Month by month, the latest first: the region, the country and what it is compared with."""
    columns = [Column("period", "Månad", "month")]
    for one in found:
        columns.append(Column(f"{one.area.code}_share", region.short_name, "share", group=one.area.name))
        columns.append(Column(f"{one.area.code}_country", country, "share", group=one.area.name))
        if compared is not None:
            columns.append(Column(f"{one.area.code}_compared", compared.name, "share", group=one.area.name))
    rows = []
    months = found[0].months
    for k in reversed(range(len(months))):
        cells: list[Any] = [months[k]]
        for one in found:
            cells += [_own(one, k), told_share(one.country[k], coarse=bool(one.country_coarse[k]))]
            if compared is not None:
                value = one.compared[k] if one.compared is not None else np.nan
                cells.append(told_share(value, coarse=bool(one.compared_coarse[k])))
        rows.append(Row(tuple(cells), note="prel." if any(x.provisional[k] for x in found) else ""))
    return Table(f"Andel inom gränsen per månad, {region.short_name} och {small(country)}", tuple(columns), tuple(rows))


def _own(one: RegionLines, k: int) -> Any:
    if one.excluded[k] and not np.isfinite(one.own[k]):
        return Special("excluded")
    return told_share(one.own[k], coarse=bool(one.coarse[k]))


def _missing(waits: Waits, region: Region) -> list[str]:
    text = waits.reasons.get(region.code, "")
    return [f"{region.short_name}: {small(text)}"] if text else []


def beside(one: RegionLines) -> tuple[float, bool]:
    """The share in the last month of what the region is compared with (NaN when it may not be shown), and whether it is
    in whole per cent."""
    share = float(one.compared[-1]) if one.compared is not None else float("nan")
    return share, bool(one.compared_coarse[-1])
