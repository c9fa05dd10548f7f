"""Words and marks out of what a page draws in a cell (flags, arrows): paper has them too, drawn its own way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

# class on the page: (mark on paper, what it says)
_MARKS: Final = {
    "flag-open": "open",
    "flag-expected": "expected",
    "flag-watch": "watch",
    "better": "better",
    "worse": "worse",
}
MARK_WORDS: Final = {
    "open": "gap öppet",
    "expected": "gap väntas",
    "watch": "gap bevakas",
    "better": "säkerställd förbättring",
    "worse": "säkerställd försämring",
}


def mark(node: Any) -> str:
    """The flag or arrow in a node: "open", "expected", "watch", "better", "worse" or ""."""
    for element in _elements(node):
        for name in str(element.get("className", "")).split():
            if name in _MARKS:
                return _MARKS[name]
    return ""


def words(node: Any) -> str:
    """What can be read in a node, hidden words left out, as one line."""
    return " ".join("".join(_texts(node)).split(" ")).strip()


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node.get("props", {})
        yield from _elements(node.get("props", {}).get("children"))
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from _elements(child)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("props", {}).get("className") != "vh":
            yield from _texts(node.get("props", {}).get("children"))
            if node.get("type") in ("P", "Div", "Br", "Li", "Td", "Th"):
                yield " "
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from _texts(child)
    elif node is not None:
        yield str(node)
