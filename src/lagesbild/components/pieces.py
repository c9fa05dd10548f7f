"""What differs between two answers that have the same parts in the same places.

Dash makes everything anew in a container that it gets new children for, charts too, and a new chart costs several times
what the same chart with other figures does. So every answer names its parts and tells the shape of what it is made of.
A browser that shows that shape already is sent only the parts, by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.components.markup import HTML

_OF_CHARTS: Final = ("figure", "style")


@dataclass(frozen=True)
class Shaped:
    """`tree` with every part named; `shape` is "" when it cannot be changed in parts; `parts`: props by name."""

    tree: Any
    shape: str
    parts: dict[str, dict[str, Any]]


class _CannotError(Exception):
    """Something in the tree is not known to be changeable on its own."""


def shaped(tree: Any) -> Shaped:
    """Of a tree that `markup.settled` made."""
    parts: dict[str, dict[str, Any]] = {}
    signs: list[str] = []
    names: set[str] = set()
    try:
        named = _named(tree, parts, signs, names)
    except _CannotError:
        return Shaped(tree, "", {})
    return Shaped(named, hashlib.sha256("\n".join(signs).encode()).hexdigest()[:16], parts)


def _named(node: Any, parts: dict[str, dict[str, Any]], signs: list[str], names: set[str]) -> Any:
    if isinstance(node, list):
        signs.append("[")
        made = [_named(child, parts, signs, names) for child in node]
        signs.append("]")
        return made
    if not isinstance(node, dict) or "props" not in node:
        signs.append(repr(node))
        return node
    kind, namespace, props = node["type"], node["namespace"], node["props"]
    name = props.get("id") or (props["told"].get("id") if kind == "Html" else None) or f"part-{len(names)}"
    if name in names:
        raise _CannotError(name)
    names.add(name)
    if kind == "Html":
        signs.append(f"{kind} {name} {props['tag']} {sorted(props['told'])}")
        parts[name] = {"told": props["told"], "html": props["html"]}
        return {**node, "props": {**props, "id": name}}
    if kind == "Graph" and "id" in props:
        signs.append(f"{kind} {name} {sorted(props)}")
        parts[name] = {k: props[k] for k in _OF_CHARTS if k in props}
        return node
    # what the scripts write on a box of alternatives would be taken for its own
    if namespace != HTML or any(k.startswith("data-segment") for k in props):
        raise _CannotError(name)
    own = {k: v for k, v in props.items() if k not in ("id", "children")}
    signs.append(f"{kind} {name} {sorted(own)}")
    if own:
        parts[name] = own
    children = _named(props.get("children"), parts, signs, names)
    return {**node, "props": {**props, "id": name, "children": children}}


def props_of(tree: Any, ids: frozenset[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The props of the components with these ids, outermost first, without the id itself."""
    if isinstance(tree, (list, tuple)):
        for node in tree:
            yield from props_of(node, ids)
    elif isinstance(tree, dict) and "props" in tree:
        props = tree["props"]
        if props.get("id") in ids:
            yield props["id"], {k: v for k, v in props.items() if k in ("children", "figure", "style")}
        else:
            yield from props_of(props.get("children"), ids)
