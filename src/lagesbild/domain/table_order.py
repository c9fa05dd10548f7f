"""How tables are ordered when their readers have chosen so: `rangordning.waiting,tabell-2.-share` in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,60})\.(-?)([a-z0-9_]{1,60})")
_MOST: Final = 12  # tables a page can have, with room to spare


@dataclass(frozen=True)
class Order:
    """The column that a figure's table is ordered by, and which way."""

    column: str
    descending: bool


def orders_in(text: str) -> dict[str, Order]:
    """By figure. Raises ValueError for what cannot be read or names a figure twice.

    >>> orders_in("rangordning.-waiting")
    {'rangordning': Order(column='waiting', descending=True)}
    """
    found: dict[str, Order] = {}
    for part in text.split(",") if text else ():
        match = _ONE.fullmatch(part)
        if match is None or match[1] in found or len(found) == _MOST:
            raise ValueError(text)
        found[match[1]] = Order(match[3], match[2] == "-")
    return found


def written(orders: dict[str, Order]) -> str:
    """What `orders_in` reads back, figures in alphabetical order."""
    return ",".join(f"{figure}.{'-' if o.descending else ''}{o.column}" for figure, o in sorted(orders.items()))


def next_order(text: str, figure: str, column: str, *, descending_first: bool) -> str:
    """The text after a heading has been chosen: one way, then the other, then as the figure has it.

    >>> [next_order(t, "f", "n", descending_first=True) for t in ("", "f.-n", "f.n")]
    ['f.-n', 'f.n', '']
    """
    orders = orders_in(text)
    now = orders.pop(figure, None)
    if now is None or now.column != column:
        orders[figure] = Order(column, descending_first)
    elif now.descending == descending_first:
        orders[figure] = Order(column, not descending_first)
    return written(orders)
