"""Inflow, production, capacity and the queue they leave."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.model import FigureCard, Table
from lagesbild.domain.swedish import count
from lagesbild.reports.about import sentences
from lagesbild.reports.document import Block, Prose, Section
from lagesbild.reports.from_card import figure
from lagesbild.reports.from_tables import balance, control_chart, use_of_capacity
from lagesbild.reports.looking import Reader
from lagesbild.reports.period import since
from lagesbild.reports.sections.all_areas import Part, largest, row_for_each

_PATH = "/produktion"
TABLE_MONTHS = 12
_BALANCE = ("period", "waiting_before", "added", "performed", "removed_other", "waiting")
_PARTS = "Den sista månaden. Om genomförda är fler eller färre än normalt bedöms på tre år, med säsongen borträknad."


def production(reader: Reader) -> Section | None:
    """Balance with its table, capacity in use, control chart, a healthcare region's regions; of all care areas, the
    region's numbers, or each one's latest balance."""
    if reader.care_area is None:
        return _numbers(reader) if reader.selection.region else _each(reader)
    group = reader.selection.healthcare_region
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
        drawn = control_chart(kept.table, "genomförda, säsongen borträknad")
        blocks.append(figure(kept, drawn, summary="Genomförda per månad, säsongen borträknad.", half=True))
    whole = reader.card(_PATH, "balans")
    if whole is not None and whole.table.rows and not reader.selection.region and not group:
        # the notes are of the chart's bars and of all its months
        table = replace(
            _latest(whole), footnotes=(), id="balans-tabell", title=f"Balansen de senaste {TABLE_MONTHS} månaderna"
        )
        repeated = ("waiting_before", *(s for s in sentences(table.source) if not s.startswith("Källa")))
        words = "Väntande före, plus nytillkomna, minus genomförda och övriga avslut, är väntande efter."
        blocks.append(figure(table, summary=words, table_shown=True, half=True, off_paper=repeated))
    plan = reader.card(_PATH, "plan")
    if plan is not None and plan.table.rows:
        blocks.append(figure(plan, half=True, in_words=True))
    parts = reader.card(_PATH, "produktion-regioner") if group else None
    if parts is not None:
        blocks.append(figure(parts, summary=_PARTS, table_shown=True))
    elif group and not blocks:
        blocks.append(Prose((f"Ingen region i {reader.place} har rapporterat produktion.",)))
    return Section("produktion", "Produktion och balans", tuple(blocks)) if blocks else None


def _latest(card: FigureCard) -> FigureCard:
    """The latest months, which a balance table has last."""
    return replace(card, table=replace(card.table, rows=card.table.rows[-TABLE_MONTHS:]))


def _each(reader: Reader) -> Section | None:
    block = row_for_each(
        reader,
        _PATH,
        (Part("balans", lambda table: table.rows[-1] if table.rows else None, _BALANCE),),
        id_="balans-vardomraden",
        title="Produktion och balans för varje vårdområde",
        finding=_longest_queue,
        summary=lambda _: "Väntande före, plus nytillkomna, minus genomförda och övriga avslut, är väntande efter.",
        beside="Summan går ihop",  # in so many months
    )
    return Section("produktion", "Produktion och balans", (block,)) if block is not None else None


def _longest_queue(table: Table) -> str:
    most = largest(table, "waiting")
    return f"Flest väntar på {most[0]}: {count(most[1])} personer" if most else ""


def _numbers(reader: Reader) -> Section | None:
    card = reader.card("/region/<code>", "laget-i-tal")
    providers = reader.card("/region/<code>", "vardgivare")
    blocks = tuple(figure(c, table_shown=True) for c in (card, providers) if c is not None and c.table.rows)
    return Section("produktion", "Produktion och kapacitet", blocks) if blocks else None
