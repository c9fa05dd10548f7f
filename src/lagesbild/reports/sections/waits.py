"""Who waits, and how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from lagesbild.components.judgement import JUDGEMENT_WORDS
from lagesbild.components.model import Column, FigureCard, KeyFigure, Row, Table
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.swedish import percent, small
from lagesbild.reports.document import Block, Figure, Section
from lagesbild.reports.from_card import figure, key_figure, number, on_paper, value
from lagesbild.reports.from_tables import (
    cells,
    control_chart,
    judgement_of,
    numbers,
    ranked_shares,
    share_lines,
    stacked_bands,
)
from lagesbild.reports.looking import Reader, Seen
from lagesbild.reports.period import since
from lagesbild.reports.summed_up import SHARE, codes_of

_NAME: Final = Column("region", "Region")
MOST_AREAS: Final = 8  # care areas with a chart each where all are told of


def waits(reader: Reader) -> Section | None:
    """The share over time and by region, and how long those who wait have waited."""
    blocks: list[Block] = []
    if reader.selection.region:
        blocks += _region(reader)
    elif reader.care_area is not None:
        blocks += _area(reader)
    else:
        blocks += _everything(reader)
    bands = reader.card("/vantetider", "vantetid-intervall") if reader.care_area is not None else None
    if bands is not None and bands.table.rows:
        blocks.append(figure(bands, stacked_bands(bands.table), half=True))
    blocks = blocks or _published(reader)
    return Section("vantetider", "Väntetider", tuple(blocks)) if blocks else None


def _published(reader: Reader) -> list[Block]:
    """Of a care area that no region reports: what is published for the whole, real and as it was published."""
    ids = ("balans", "publicerade-andelar") if reader.selection.region else ("publicerade-andelar",)
    cards = (reader.base.card(id_) for id_ in ids) if reader.care_area is not None else ()
    return [figure(card, table_shown=True) for card in cards if card is not None and card.table.rows]


def _area(reader: Reader) -> list[Block]:
    out: list[Block] = []
    regions = reader.card("/vardomrade/<code>", "regioner")
    if regions is not None and regions.table.rows:
        names = [str(c) for c in cells(regions.table, "region")]
        words = cells(regions.table, "judgement")
        judged = {n: judgement_of(w) for n, w in zip(names, words, strict=True)}
        chart = ranked_shares(regions.table, reader.target, judged)
        told = f"{_first(regions.summary)} Pil: säkerställd förändring."
        out.append(figure(regions, chart, summary=told, half=True))
    trend = reader.card("/vardomrade/<code>", "andel")
    if trend is not None and trend.table.rows:
        kept = since(trend, reader.selection.first)
        out.append(figure(kept, control_chart(kept.table, "andel, säsongen borträknad"), half=True))
    return out


def _region(reader: Reader) -> list[Block]:
    """One chart a care area: the region on its own scale beside what it is held against."""
    card = reader.card("/region/<code>", "andel")
    if card is None or not card.table.rows:
        return []
    out: list[Block] = []
    facts = {k.name: key_figure(k) for k in reader.base.key_figures}
    for own, against in _pairs(card.table):
        name = own.group
        if not any(v is not None for v in numbers(card.table, own.name)):
            continue
        part = since(replace(card, id=f"andel-{own.name.removesuffix('_share')}"), reader.selection.first)
        chart = share_lines(part.table, own.name, against.name, reader.target, (own.title, against.title))
        told = (
            f"{_first(card.summary)} Grå linje: {against.title.lower() if against.title == 'Riket' else against.title}."
        )
        if chart.floor:
            told += f" Axeln börjar vid {percent(chart.floor, 0)}."
        made = figure(part, chart, summary=told, only=("period", own.name, against.name), half=True)
        fact = facts.get(name)
        if fact is not None and reader.care_area is None:
            told = fact.judgement_text or JUDGEMENT_WORDS.get(fact.judgement, "")
            words = f", {told[:1].lower()}{told[1:]}" if told else ""
            page = reader.page("/region/<code>", care_area=own.name.removesuffix("_share"))
            made = replace(made, title=f"{name}: {fact.value}{words}", facts=_three(reader, page, fact))
        out.append(made)
    place = reader.card("/region/<code>", "plats")
    if not out and place is not None:
        out.append(figure(place, half=True))
    return out


def _first(summary: str) -> str:
    """The sentence that says what is shown; the rest explains the screen's drawing."""
    return f"{on_paper(summary).partition('. ')[0].removesuffix('.')}."


def _pairs(table: Table) -> list[tuple[Column, Column]]:
    columns = [c for c in table.columns if c.group]
    return list(zip(columns[::2], columns[1::2], strict=True))


def _everything(reader: Reader) -> list[Block]:
    """Regions by care areas: shares and what is judged of them; and each care area over time, when they are few."""
    card = reader.card("/", "statusmatris")
    if card is None:
        return []
    kept = [c.name for c in card.table.columns if c.name.endswith(("region", "_within_limit_share", "_judgement"))]
    codes = codes_of(card)
    areas = [b for code in codes for b in _one_of_all(reader, code)] if len(codes) <= MOST_AREAS else []
    whole = figure(_short(card), only=kept, rows=_in_group(reader), table_shown=True)
    group = reader.selection.healthcare_region
    return [*areas, _of_group(whole, group) if group else whole]


def _in_group(reader: Reader) -> Callable[[Row], bool] | None:
    """The rows of a healthcare region's own regions and the country's; all where none is chosen."""
    group = reader.selection.healthcare_region
    if not group:
        return None
    own = {r.short_name for r in leaf_regions(reader.source.regions()) if r.healthcare_region == group}
    return lambda row: row.emphasis == "country" or value(row.cells[0], _NAME) in own


def _of_group(made: Figure, group: str) -> Figure:
    """With a title that is about the regions it shows."""
    found = sorted(
        (share, str(row.cells[0]), column.group)
        for row in made.table.rows
        if row.emphasis != "country"
        for cell, column in zip(row.cells, made.table.columns, strict=True)
        if column.name.endswith(SHARE) and (share := number(cell)) is not None
    )
    alone = len(found) > 1 and found[0][0] < found[1][0]
    title = f"Lägst andel i {found[0][1]} för {small(found[0][2])}" if alone else f"Regionerna i {group} och riket"
    return replace(made, title=title)


def _one_of_all(reader: Reader, code: str) -> list[Block]:
    """A care area's share in the whole, with its name before what its page says."""
    page = reader.page("/vardomrade/<code>", care_area=code)
    card = page.card("andel")
    name = next((a.name for a in reader.source.care_areas() if a.code == code), "")
    if card is None or not card.table.rows or not name:
        return []
    trend = since(card, reader.selection.first)
    chart = control_chart(trend.table, "andel, säsongen borträknad")
    made = figure(replace(trend, id=f"andel-{code}"), chart, half=True)
    return [replace(made, title=f"{name}: {small(made.title)}", facts=_three(reader, page))]


def _three(reader: Reader, page: Seen, first: KeyFigure | None = None) -> tuple[KeyFigure, ...]:
    """The key figures that say most of a care area: `first` or the page's first, how many wait, and where capacity is
    missing unless the forecast is another month's."""
    facts = [key_figure(k) for k in page.key_figures]
    gap = [k for k in facts if k.name == "Kapacitetsgap" and not reader.run_apart]
    told = [first, *facts[1:]] if first is not None else facts
    return (*[k for k in told if k not in gap][: 3 - len(gap)], *gap)


def _short(card: FigureCard) -> FigureCard:
    """Judgements as one word, so that three care areas fit beside each other."""
    places = [i for i, c in enumerate(card.table.columns) if c.name.endswith("_judgement")]
    words = {"better": "bättre", "worse": "sämre"}

    def row(r: Row) -> Row:
        told = tuple(
            (words.get(judgement_of(c), "–") if judgement_of(c) else "–") if i in places else c
            for i, c in enumerate(r.cells)
        )
        return replace(r, cells=told)

    return replace(card, table=replace(card.table, rows=tuple(row(r) for r in card.table.rows)))
