"""The way down on `/produktion`: the country's healthcare regions, or a healthcare region's regions, each a row that
leads to the same page about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from lagesbild.components.html import el
from lagesbild.components.judgement import arrow
from lagesbild.components.model import Column, Drawn, FigureCard, Row, Special, Table
from lagesbild.components.spark import spark
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.links import to_page
from lagesbild.pages.phrases import PROVISIONAL, counted_text, flows_source, hidden_cell
from lagesbild.pages.waits_text import group_words
from lagesbild.views.control_chart import SHOWN_MONTHS, ProductionChart
from lagesbild.views.flow_parts import FlowPart, whole_part
from lagesbild.views.flows import Flows

_TITLES: Final = {
    "waiting": "Väntande",
    "added": "Nytillkomna",
    "performed": "Genomförda",
    "removed_other": "Övriga avslut",
}
_WORDS: Final = {
    "better": "högre än normalt",
    "worse": "lägre än normalt",
    "noise": "normal variation",
    "short": "kan inte bedömas ännu",
    "": "skyddat",
}
_LEAST: Final = 12  # months with limits of their own; fewer draw a band of chance


def parts_card(found: Flows, parts: Sequence[FlowPart], context: PageContext) -> FigureCard:
    """The last month of the whole and of each part, and whether its production is normal."""
    source, viewer, selection = context.source, context.viewer, context.selection
    whole = whole_part(found, found.group or country_name(source), source, viewer)
    names = [n for n in _TITLES if any(p.cells[n].state != "missing" for p in (whole, *parts))]
    inside, end = bool(found.group), found.end.sv
    columns = [Column("region" if inside else "healthcare_region", "Region" if inside else "Sjukvårdsregion")]
    columns += [Column(n, _TITLES[n], "count") for n in names]
    columns.append(Column("judgement", f"Genomförda, {SHOWN_MONTHS} månader"))
    if not inside:
        columns.append(Column("regions", "Regioner i summan"))
    rows = [_row(whole, names, inside, viewer.threshold, "country", "")]
    rows += [_row(p, names, inside, viewer.threshold, "", to_page("/produktion", _own(p, selection))) for p in parts]
    what = "regioner" if inside else "sjukvårdsregioner"
    country = country_name(source)
    where = group_words(found.group) if inside else "riket" if country == "Riket" else country
    return FigureCard(
        id="produktion-regioner" if inside else "produktion-sjukvardsregioner",
        title=_title(parts, what),
        summary=f"{capital(end)}. Välj en rad för att se den för sig. Linjen är genomförda per månad med säsongen "
        "borträknad, bandet den normala variationen.",
        table=Table(
            f"Väntande, tillkomna och avslutade i {where}, {end}", tuple(columns), tuple(rows), period=str(found.end)
        ),
        source=" ".join(t for t in (_note(parts, inside), counted_text(found), flows_source(found)) if t),
    )


def _own(part: FlowPart, selection: Selection) -> Selection:
    inside = selection.with_(region="", provider="", healthcare_region="")
    return inside.with_(region=part.region.code) if part.region else inside.with_(healthcare_region=part.name)


def _row(part: FlowPart, names: Sequence[str], inside: bool, threshold: int, emphasis: Any, href: str) -> Row:
    cells: list[Any] = [part.name]
    for n in names:
        c = part.cells[n]
        cells.append(hidden_cell(c.state, threshold) if c.value is None else c.value)
    cells.append(_judged(part.chart))
    if not inside:
        cells.append(f"{len(part.counted)} av {len(part.members)}")
    return Row(tuple(cells), emphasis=emphasis, note=PROVISIONAL if part.provisional else "", href=href)


def _judged(chart: ProductionChart | None) -> Any:
    if chart is None:
        return Special("missing", "–")
    last = chart.frame.iloc[-1]
    values = [None if np.isnan(v) else float(v) for v in chart.frame["adjusted"]]
    band = (float(last["lower"]), float(last["upper"])) if last["lower"] == last["lower"] else None
    judgement = "" if chart.untold else chart.judgement
    drawn = spark(values, band=band if chart.observed >= _LEAST else None, judgement=judgement, width=96)
    words = _WORDS[judgement]
    return Drawn(words, el("Span", [drawn, *arrow(judgement)[:1], el("Span", words)], className="gp"))


def _title(parts: Sequence[FlowPart], what: str) -> str:
    """Who produces less, or else more, than normal."""
    for judgement, word in (("worse", "lägre"), ("better", "högre")):
        names = [p.name for p in parts if p.chart is not None and p.chart.judgement == judgement and not p.chart.untold]
        if 0 < len(names) <= 3:
            return f"Produktionen är {word} än normalt i {join_and(names)}"
        if names:
            return f"Produktionen är {word} än normalt i {number_word(len(names))} av {number_word(len(parts))} {what}"
    if any(p.chart is None or p.chart.judgement == "short" or p.chart.untold for p in parts):
        return f"Produktionen i {parts[0].name if len(parts) == 1 else f'{number_word(len(parts))} {what}'}"
    every = {1: parts[0].name, 2: f"båda {what}na"}.get(len(parts), f"alla {number_word(len(parts))} {what}")
    return f"Produktionen är inom den normala variationen i {every}"


def _note(parts: Sequence[FlowPart], inside: bool) -> str:
    """Where a region that belongs to two is summed."""
    shared = [r.short_name for p in parts for r in p.members if r.healthcare_region_secondary]
    return (
        f"{join_and(shared)} hör till två sjukvårdsregioner och räknas i den första." if shared and not inside else ""
    )
