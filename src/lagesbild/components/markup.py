"""Everything on a page that only stands there, as one piece of HTML instead of a component for each element.

Dash wraps every component: of a page with 2 400 elements the browser spent most of a change on that, and a list of 300
care areas cost as much as a page. What has no chart or other component inside becomes a single `Html` component
(assets/05_html.js); what has stays as it is, with its still parts made one each.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any, Final

HTML: Final = "dash_html_components"
_VOID: Final = frozenset(("Br", "Col", "Hr", "Img", "Input", "Link", "Meta", "Source", "Track", "Wbr"))
_NAMES: Final = {"className": "class", "htmlFor": "for"}
_IGNORED: Final = frozenset(("children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "style"))
_PLAIN_NUMBERS: Final = frozenset(  # CSS properties whose numbers are no lengths
    (
        "flex",
        "flexGrow",
        "flexShrink",
        "fontWeight",
        "lineHeight",
        "opacity",
        "order",
        "zIndex",
        "gridColumn",
        "gridRow",
    )
)
_UPPER: Final = re.compile("[A-Z]")


def settled(tree: Any, keep: frozenset[str] = frozenset()) -> Any:
    """The component tree with its still parts as `Html`. Elements with an id in `keep` stay components, and so do those
    around them: their parts are changed on their own."""
    if isinstance(tree, list):
        return [settled(node, keep) for node in tree]
    if not isinstance(tree, dict) or tree.get("namespace") != HTML:
        return tree
    props = tree["props"]
    inner = _inner(props.get("children"), keep) if props.get("id") not in keep else None
    if inner is not None:
        told = {k: v for k, v in props.items() if k != "children"}
        return {
            "type": "Html",
            "namespace": "lagesbild_html",
            "props": {"tag": tree["type"].lower(), "told": told, "html": inner},
        }
    children = props.get("children")
    if not isinstance(children, (list, dict)):
        return tree
    return {**tree, "props": {**props, "children": settled(children, keep)}}


def markup(tree: Any) -> str:
    """HTML of a tree that holds nothing but elements, for the few pages that no script makes. Raises ValueError."""
    text = _inner(tree, frozenset())
    if text is None:
        raise ValueError("a component cannot be written as HTML")
    return text


def _inner(children: Any, keep: frozenset[str]) -> str | None:
    """HTML of what is inside an element; None when something in there must stay a component."""
    out: list[str] = []
    return "".join(out) if _write(children, keep, out) else None


def _write(node: Any, keep: frozenset[str], out: list[str]) -> bool:
    # A page is five thousand calls of this: the common cases are told apart by the cheapest test, without a call
    kind = type(node)
    if kind is str:
        out.append(_text(node))
    elif kind is list:
        for child in node:
            if type(child) is str:
                out.append(_text(child))
            elif not _write(child, keep, out):
                return False
    elif kind is dict:
        if node.get("namespace") != HTML or (props := node["props"]).get("id") in keep:
            return False
        name = node["type"]
        tag = _tag(name)
        out.append(f"<{tag}{_attributes(props)}>" if len(props) > ("children" in props) else f"<{tag}>")
        if name in _VOID:
            return True
        children = props.get("children")
        if children is not None and not _write(children, keep, out):
            return False
        out.append(f"</{tag}>")
    elif isinstance(node, str):
        out.append(escape(node, quote=False))
    elif node is not None and not isinstance(node, bool):
        out.append(str(node))
    return True


def _text(text: str) -> str:
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


_tag: Final = cache(str.lower)


@cache
def _named(name: str) -> tuple[str, bool]:
    """How an attribute is written in HTML ("" when it is none), and whether it takes true and false as words."""
    if name in _IGNORED:
        return "", False
    told = name.startswith(("aria-", "data-"))
    return (name if told else _NAMES.get(name) or name.lower()), told


def _attributes(props: dict[str, Any]) -> str:
    text = ""
    for name, value in props.items():
        if name == "style":
            text += f' style="{escape(_css(value))}"'
            continue
        written, told = _named(name)
        if not written or value is None:
            continue
        if isinstance(value, bool):
            if told:
                text += f' {written}="{"true" if value else "false"}"'
            elif value:
                text += f' {name.lower()}=""'
        else:
            text += f' {written}="{escape(str(value))}"'
    return text


def _css(style: dict[str, Any]) -> str:
    """As React writes a style: `maxWidth` is `max-width`, a number is pixels unless it cannot be a length."""
    parts = []
    for name, value in style.items():
        if value is None:
            continue
        if name.startswith("--"):
            parts.append(f"{name}:{value}")
            continue
        length = isinstance(value, (int, float)) and value and name not in _PLAIN_NUMBERS
        parts.append(f"{_UPPER.sub(lambda m: '-' + m[0].lower(), name)}:{value}{'px' if length else ''}")
    return ";".join(parts)
