"""What `/datakvalitet` says of counts, to the attacker: shares published and published again, what findings say, and
the rows that lie open behind every one, read out of the page as they stand there."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from lagesbild.components.model import FigureCard, PageContent, Special
from lagesbild.views.finding_words import COLUMNS
from tests.disclosure.codebook import Knowledge, Var, Where, count, share
from tests.disclosure.evidence_book import read_evidence

# who has reported and how large a part of the population that is: no counts of patients
HARMLESS = {"rapportering", "falt", "falt-text", "tackning"}
_ROWS = re.compile(r"Rader bakom fyndet: .+?, (?P<region>R\d+), ")
_BY_NAME = {name: column for column, name in COLUMNS.items()}
_REVISED = ("first_share", "share")
_KNOWN = {"period", "first_published", *_REVISED, "moved", "moved_after_3_months", "revisions"}


def read_quality(
    know: Knowledge,
    content: PageContent,
    where: Where,
    providers: Mapping[str, str],
    area: str,
    facts: Container[Var],
) -> None:
    """Of the page for the country or a region (`where`). `providers`: codes by name; `facts`: the counts attacked.
    Unknown cards are noted."""
    for card in content.sections:
        if not isinstance(card, FigureCard) or card.id in HARMLESS:
            continue
        if card.id == "revideringar":
            _revised(know, card, where)
        elif card.id == "fynd":
            read_evidence(know, card, where.months, providers, area, facts)
            for table in tables_in(card.graphic):
                _rows(know, table, where, providers, area, facts)
        else:
            know.unknown.add(f"/datakvalitet {card.id}")


def _revised(know: Knowledge, card: FigureCard, where: Where) -> None:
    at = {c.name: k for k, c in enumerate(card.table.columns)}
    know.unknown |= {f"/datakvalitet {card.id} {name}" for name in at if name not in _KNOWN}
    for row in card.table.rows:
        month = row.cells[at["period"]]
        # of the country only the month whose regions are sure here
        places = (where.region,) if where.region else where.places["Riket"] if month == where.month else ()
        for name in _REVISED if places else ():
            share(know, places, month, ("within_limit",), ("waiting",), row.cells[at[name]])


def _rows(
    know: Knowledge,
    table: tuple[str, list[list[str]]],
    where: Where,
    providers: Mapping[str, str],
    area: str,
    facts: Container[Var],
) -> None:
    caption, (head, *body) = table
    region = _ROWS.match(caption)
    if region is None:
        know.unknown.add(f"/datakvalitet fynd {caption}")
        return
    at = {name: k for k, name in enumerate(head)}
    for row in body:
        column = _BY_NAME.get(row[at["Tal"]], row[at["Tal"]])
        month = next((m for m in where.months if row[at["Månad"]] in (m.sv, str(m), m.sv_short)), None)
        of_area = row[at["Vårdområde"]] if "Vårdområde" in at else area
        provider = providers.get(row[at["Vårdgivare"]], "") if "Vårdgivare" in at else ""
        if month is None or of_area not in (area, area.replace("A", "Område ")):
            continue
        key = provider or region["region"]
        if (key, month, column) in facts:
            count(know, (key,), month, column, _value(row[at["Värde"]]))


def _value(text: str) -> Any:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if plain.startswith("<"):
        return Special("suppressed")
    if plain.startswith(".."):
        return Special("secondary")
    return float(plain) if plain.isdigit() else Special("missing")


def tables_in(node: Any) -> Iterator[tuple[str, list[list[str]]]]:
    """Every table of a drawn figure: its caption and its rows as the words seen, the headings first."""
    if isinstance(node, dict) and node.get("type") == "Table":
        caption, *parts = node["props"]["children"]
        rows = [row for part in parts for row in _listed(part["props"]["children"])]
        yield " ".join(_seen(caption)), [["".join(_seen(c)) for c in _listed(r["props"]["children"])] for r in rows]
    elif isinstance(node, dict):
        yield from tables_in(node.get("props", {}).get("children"))
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from tables_in(child)


def _listed(nodes: Any) -> list[Any]:
    return [n for n in (nodes if isinstance(nodes, (list, tuple)) else [nodes]) if n is not None]


def _seen(node: Any) -> list[str]:
    """Words that are shown, without those for screen readers and marks of footnotes."""
    if isinstance(node, dict):
        hidden = node["props"].get("className") == "vh" or node.get("type") == "Sup"
        return [] if hidden else _seen(node["props"].get("children"))
    if isinstance(node, (list, tuple)):
        return [t for n in node for t in _seen(n)]
    return [] if node is None else [str(node)]
