"""Care in another region than one's own."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.model import Row
from lagesbild.reports.document import Block, Section
from lagesbild.reports.from_card import figure, number
from lagesbild.reports.looking import Reader

_PATH = "/utomlansvard"
LARGEST = 6
_CASES = ("region", "started", "accepted", "declined", "not_completed", "completed", "none_found", "handling_days")


def travel(reader: Reader) -> Section | None:
    """Flows between healthcare regions, or to and from one region; brokering cases; waits at both ends."""
    if reader.care_area is None:
        card = reader.card("/region/<code>", "resor") if reader.selection.region else None
        return None if card is None else Section("utomlansvard", "Utomlänsvård", (figure(card, table_shown=True),))
    group = reader.selection.healthcare_region
    if group:
        return _of_group(reader, group)
    blocks: list[Block] = []
    own = reader.card(_PATH, "regionen")
    if own is not None:
        largest = sorted(own.table.rows, key=_size, reverse=True)[: LARGEST + 1]
        blocks.append(figure(own, rows=lambda r: r in largest, table_shown=True, half=True))
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


def _of_group(reader: Reader, group: str) -> Section | None:
    """A healthcare region's own row beside the country's."""
    card = reader.card(_PATH, "sjukvardsregioner")
    if card is None:
        return None
    kept = figure(card, rows=lambda r: r.emphasis == "country" or r.cells[0] == group, table_shown=True)
    return Section("utomlansvard", "Utomlänsvård", (replace(kept, title=f"Resor från och till {group}"),))


def _size(row: Row) -> tuple[bool, float]:
    """The whole first, then the largest in either direction; protected numbers are small."""
    return row.emphasis == "country", max(number(c) or 0.0 for c in row.cells[1:3])
