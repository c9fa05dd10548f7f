"""Inflow, production, capacity and the queue they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.swedish import count
from lagesbild.reports.about import sentences
from lagesbild.reports.document import Block, Prose, Section
from lagesbild.reports.from_card import figure, number, value
from lagesbild.reports.from_tables import balance, control_chart, use_of_capacity
from lagesbild.reports.looking import Reader
from lagesbild.reports.period import since

_PATH = "/produktion"
_OF_GROUP = ("waiting", "added", "performed", "load")
_ADD_UP = _OF_GROUP[:-1]
SUM_OF_SHOWN = (
    "Summan är av regionernas tal som de visas, och visas när alla gör det. Över tid redovisas produktionen för "
    "helheten och per region: välj en av regionerna."
)
TABLE_MONTHS = 12


def production(reader: Reader) -> Section | None:
    """Balance with its table, capacity in use, control chart; of all care areas, the region's numbers alone."""
    if reader.care_area is None:
        return _numbers(reader)
    if reader.selection.healthcare_region:
        return _of_group(reader, reader.selection.healthcare_region)
    blocks: list[Block] = []
    for id_, draw, told in (
        ("balans", balance, "Staplar: de som lämnat kön. Streck: nytillkomna. Når stapeln inte upp växer kön."),
        ("kapacitet", use_of_capacity, "Staplar: genomförda. Streck: planerad kapacitet."),
    ):
        card = reader.card(_PATH, id_)
        if card is not None and card.table.rows:
            kept = since(card, reader.selection.first)
            blocks.append(figure(kept, draw(kept.table), summary=told, half=True))
    chart = reader.card(_PATH, "styrdiagram")
    if chart is not None and chart.table.rows and not reader.selection.region:
        kept = since(chart, reader.selection.first)
        blocks.append(figure(kept, control_chart(kept.table, "genomförda, säsongen borträknad"), half=True))
    whole = reader.card(_PATH, "balans")
    if whole is not None and whole.table.rows and not reader.selection.region:
        table = replace(_latest(whole), id="balans-tabell", title=f"Balansen de senaste {TABLE_MONTHS} månaderna")
        repeated = ("waiting_before", *(s for s in sentences(table.source) if not s.startswith("Källa")))
        words = "Väntande före, plus nytillkomna, minus genomförda och övriga avslut, är väntande efter."
        blocks.append(figure(table, summary=words, table_shown=True, half=True, off_paper=repeated))
    plan = reader.card(_PATH, "plan")
    if plan is not None and plan.table.rows:
        blocks.append(figure(plan, half=True, in_words=True))
    return Section("produktion", "Produktion och balans", tuple(blocks)) if blocks else None


def _of_group(reader: Reader, group: str) -> Section:
    """A healthcare region's own: its regions as their pages show them, and what those numbers add up to. A sum of
    numbers that are all shown gives nothing away."""
    regions = leaf_regions(reader.source.regions())
    # a region shared by two is summed in its first, as in every other sum of healthcare regions
    theirs = [r for r in regions if r.healthcare_region == group]
    shown = [(r, card) for r in theirs if (card := _numbers_of(reader, r)) is not None]
    title = "Produktion och balans"
    if not shown:
        return Section("produktion", title, (Prose((f"Ingen region i {reader.place} har rapporterat produktion.",)),))
    columns = {c.name: c for c in shown[0][1].table.columns}
    rows = [
        Row((r.short_name, *(_cell(card, n) for n in _OF_GROUP)), note=card.table.rows[0].note) for r, card in shown
    ]
    sums = [_sum([row.cells[k + 1] for row in rows]) if n in _ADD_UP else "–" for k, n in enumerate(_OF_GROUP)]
    done = number(sums[_OF_GROUP.index("performed")])
    whole = "alla" if len(shown) == len(theirs) else f"{len(shown)} av {len(theirs)}"
    month = reader.month.sv if reader.month else ""
    card = FigureCard(
        id="produktion-sjukvardsregion",
        title=f"Produktionen i {reader.place}" if done is None else f"{count(done)} genomförda i {reader.place}",
        summary=f"Väntande, nytillkomna och genomförda i {month}; {whole} regioner är med. {SUM_OF_SHOWN}",
        table=Table(
            f"Produktion i {reader.place}, {month}",
            (Column("region", "Region"), *(columns[n] for n in _OF_GROUP)),
            (*rows, Row((reader.place, *sums), emphasis="country")),
        ),
        source=shown[0][1].source,
    )
    return Section("produktion", title, (figure(card, table_shown=True),))


def _numbers_of(reader: Reader, region: Region) -> FigureCard | None:
    """A region's numbers of the care area, as its page shows them."""
    card = reader.page("/region/<code>", region=region.code, healthcare_region="").card("laget-i-tal")
    return card if card is not None and len(card.table.rows) == 1 else None


def _cell(card: FigureCard, name: str) -> object:
    k = next(i for i, c in enumerate(card.table.columns) if c.name == name)
    return value(card.table.rows[0].cells[k], card.table.columns[k])


def _sum(cells: Sequence[object]) -> object:
    """Of numbers. Where one is not shown neither is the sum, for the reason that protects most."""
    gone = [c for c in cells if number(c) is None]
    if gone:
        hidden = any(isinstance(c, Special) and c.state in ("suppressed", "secondary") for c in gone)
        return Special("secondary" if hidden else "missing")
    return sum(number(c) or 0.0 for c in cells)


def _latest(card: FigureCard) -> FigureCard:
    """The latest months, which a balance table has last."""
    return replace(card, table=replace(card.table, rows=card.table.rows[-TABLE_MONTHS:]))


def _numbers(reader: Reader) -> Section | None:
    card = reader.card("/region/<code>", "laget-i-tal") if reader.selection.region else None
    providers = reader.card("/region/<code>", "vardgivare") if reader.selection.region else None
    blocks = tuple(figure(c, table_shown=True) for c in (card, providers) if c is not None and c.table.rows)
    return Section("produktion", "Produktion och kapacitet", blocks) if blocks else None
