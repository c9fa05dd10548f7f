"""Care in another region than one's own."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.model import FigureCard, Row, Special, Table
from lagesbild.domain.swedish import capital, count, join_and, number_word, percent
from lagesbild.reports.document import Block, Figure, Section
from lagesbild.reports.from_card import figure, number, on_paper
from lagesbild.reports.looking import Reader
from lagesbild.reports.sections.all_areas import Part, largest, row_for_each

_PATH = "/utomlansvard"
LARGEST = 5  # in each direction
PROTECTED = 4
_COUNTRY = ("sent_inside", "sent_outside", "inside_share")
_GROUP = ("sent", *_COUNTRY, "received", "received_from_outside")
_CASES = ("region", "started", "accepted", "declined", "not_completed", "completed", "none_found", "handling_days")


def travel(reader: Reader) -> Section | None:
    """Flows between healthcare regions, or to and from one region; brokering cases; waits at both ends. Of all care
    areas, the region's flows, or each one's sum."""
    if reader.care_area is None and reader.selection.region:
        card = reader.card("/region/<code>", "resor")
        return None if card is None else Section("utomlansvard", "Utomlänsvård", (figure(card, table_shown=True),))
    if reader.care_area is None:
        return _each(reader)
    group = reader.selection.healthcare_region
    if group:
        return _of_group(reader, group)
    blocks: list[Block] = []
    own = reader.card(_PATH, "regionen")
    if own is not None:
        blocks.append(flows_of_region(own))
    groups = reader.card(_PATH, "sjukvardsregioner")
    if groups is not None and own is None:
        blocks.append(figure(groups, table_shown=True))
    waits = reader.card(_PATH, "vantan")
    if waits is not None and waits.table.rows:
        told = waits.summary.partition(" Ring: ")[0]
        blocks.append(figure(waits, summary=told, table_shown=True, half=own is not None))
    cases = reader.card(_PATH, "formedling")
    if cases is not None and cases.table.rows and own is None:
        blocks.append(figure(cases, only=_CASES, table_shown=True))
    whole = reader.card(_PATH, "matris")
    if whole is not None and own is None:
        kept = ("home_region", "sent", "sent_share", "received", "net")
        blocks.insert(0, figure(whole, only=kept, table_shown=True))
    return Section("utomlansvard", "Utomlänsvård", tuple(blocks)) if blocks else None


def _each(reader: Reader) -> Section | None:
    """How many leave the own region for care, and how many of them stay in its healthcare region."""
    group = reader.selection.healthcare_region

    def row(table: Table) -> Row | None:
        return next((r for r in table.rows if (r.cells[0] == group if group else r.emphasis == "country")), None)

    inside = Part("sjukvardsregioner", row, _GROUP if group else _COUNTRY)
    parts = (inside,) if group else (Part("matris", row, ("sent", "sent_share")), inside)
    whole = f"från och till {group}" if group else "i hela landet"
    block = row_for_each(
        reader,
        _PATH,
        parts,
        id_="utomlansvard-vardomraden",
        title="Resor till vård i en annan region, för varje vårdområde",
        finding=_most_travelled,
        summary=lambda card: f"Personer som fått vård i en annan region än sin egen, {whole}, {_when(card)}.",
    )
    return Section("utomlansvard", "Utomlänsvård", (block,)) if block is not None else None


def _most_travelled(table: Table) -> str:
    if "sent_share" in {c.name for c in table.columns}:
        most = largest(table, "sent_share")
        return f"Störst andel reser till en annan region för {most[0]}: {percent(most[1])}" if most else ""
    most = largest(table, "sent")
    return f"Flest reser till en annan region för {most[0]}: {count(most[1])} personer" if most else ""


def _when(card: FigureCard) -> str:
    """The months of a card that says first what is counted: `Antal personer, november 2025–oktober 2026.`"""
    return card.summary.partition(". ")[0].partition(", ")[2].removesuffix(".")


def _of_group(reader: Reader, group: str) -> Section | None:
    """A healthcare region's own row beside the country's."""
    card = reader.card(_PATH, "sjukvardsregioner")
    if card is None:
        return None
    kept = figure(card, rows=lambda r: r.emphasis == "country" or r.cells[0] == group, table_shown=True)
    return Section("utomlansvard", "Utomlänsvård", (replace(kept, title=f"Resor från och till {group}"),))


def flows_of_region(card: FigureCard) -> Figure:
    """The whole, the regions that most travel to and from, and those whose numbers are protected, as such; how many
    regions are not shown, and why."""
    regions = [r for r in card.table.rows if r.emphasis != "country"]
    known = [r for r in regions if _most(r) > 0]
    largest = {
        id(r)
        for at in (1, 2)
        for r in sorted(known, key=lambda r: -(number(r.cells[at]) or 0.0))[:LARGEST]
        if number(r.cells[at])
    }
    fewer = [r for r in known if id(r) not in largest]
    hidden = [r for r in regions if not _most(r) and any(isinstance(c, Special) for c in r.cells[1:3])]
    shown = {id(r) for r in hidden[:PROTECTED]} | largest
    none = len(regions) - len(known) - len(hidden)
    left = ((none, "utan resor"), (len(fewer), "med färre"), (len(hidden[PROTECTED:]), "med skyddade tal"))
    parts = [f"{number_word(n)} {why}" for n, why in left if n]
    kept = "De största åt varje håll" + (" och de vars tal är skyddade." if hidden else ".")
    rest = f" {capital(join_and(parts))} visas inte." if parts else ""
    return figure(
        card,
        summary=f"{on_paper(card.summary).partition('. ')[0].removesuffix('.')}. {kept}{rest}",
        rows=lambda r: r.emphasis == "country" or id(r) in shown,
        table_shown=True,
        half=True,
    )


def _most(row: Row) -> float:
    """The largest number shown in either direction; 0 when there is none."""
    return max(number(c) or 0.0 for c in row.cells[1:3])
