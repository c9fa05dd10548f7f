"""A search beside a select whose list is too long to send with every page: a combobox that asks the server.

The select has the first options and the chosen one, and is what the address is written from: `assets/72_find.js` adds
what was found to it. Without the script the first ones can be chosen as before.
"""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Filter, Option
from lagesbild.domain.swedish import count, small

MOST: Final = 60  # options that stand in a page: 4 kB and a millisecond, where 3 000 were 240 kB and 50 ms


def offered(f: Filter) -> tuple[Option, ...]:
    """The options that stand in the page: all, or the first MOST and the chosen one."""
    if not f.search or len(f.options) <= MOST:
        return f.options
    return (*f.options[:MOST], *(o for o in f.options[MOST:] if o.value == f.value))


def finder(f: Filter, select: str) -> dict[str, Any] | None:
    """The search for the select with that id; None where all options stand in the page."""
    if not f.search or len(f.options) <= MOST:
        return None
    name = f"{select}-find"
    field = el(
        "Input",
        type="text",
        id=name,
        role="combobox",
        aria_label=f"Sök {small(f.label)}, namn eller kod",
        aria_autocomplete="list",
        aria_expanded="false",
        aria_controls=f"{name}-list",
        autoComplete="off",
        spellCheck="false",
        placeholder=f"Sök bland {count(len(f.options))}",
        data_find=f.search,
        data_for=select,
    )
    found = el("Ul", [], id=f"{name}-list", role="listbox", aria_label=f.label)
    box = el("Div", [found, el("P", "", id=f"{name}-more")], className="find-box", id=f"{name}-box")
    return el("Div", [field, box], className="find")
