"""Tables in the order that the address asks for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from lagesbild.components.model import Drawn, FigureCard, PageContent, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import sort_key
from lagesbild.domain.table_order import Order, orders_in


def in_order(content: PageContent, sort: str) -> tuple[PageContent, list[str]]:
    """The content with its tables ordered, and a note for every order that could not be followed."""
    orders = orders_in(sort)
    if not orders:
        return content, []
    notes, sections = [], []
    for section in content.sections:
        order = orders.pop(section.id, None)
        if isinstance(section, FigureCard) and order is not None:
            if order.column in (c.name for c in section.table.columns):
                section = replace(section, table=ordered(section.table, order))
            else:
                notes.append(f"Tabellen ”{section.title}” har ingen kolumn ”{order.column}” att ordna efter.")
        sections.append(section)
    notes += [f"Det finns ingen tabell ”{figure}” att ordna för urvalet." for figure in orders]
    return replace(content, sections=tuple(sections)), notes


def ordered(table: Table, order: Order) -> Table:
    """The country stays first; what is not shown as a value stands last, in its old order, whichever way."""
    at = next(k for k, c in enumerate(table.columns) if c.name == order.column)
    numeric = table.columns[at].kind not in ("text", "month")
    whole = [r for r in table.rows if r.emphasis == "country"]
    others = [r for r in table.rows if r.emphasis != "country"]

    def key(row: Row) -> Any:
        return value_of(row.cells[at], numeric=numeric)

    told = sorted((r for r in others if key(r) is not None), key=key, reverse=order.descending)
    rest = [r for r in others if key(r) is None]
    return replace(table, rows=(*whole, *told, *rest), sorted_by=order.column, descending=order.descending)


def value_of(cell: Any, *, numeric: bool) -> Any:
    """What a cell is ordered by; None when it holds nothing that can be. A rounded share ("91 %") is its number.

    >>> [value_of(c, numeric=True) for c in (0.5, "91 %", "saknas", None)]
    [0.5, 0.91, None, None]
    """
    if isinstance(cell, Drawn):
        return value_of(cell.value, numeric=numeric)
    if isinstance(cell, Month):
        return cell.ordinal
    if isinstance(cell, (int, float)):
        return None if math.isnan(cell) else cell
    if not isinstance(cell, str):
        return None
    if not numeric:
        return sort_key(cell)
    text = cell.replace("\u00a0", "").replace(" ", "").replace("−", "-").replace(",", ".")
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
