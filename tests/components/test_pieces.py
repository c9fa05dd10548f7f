"""Answers of the same shape differ in named parts only; anything else is told to be another shape."""

from __future__ import annotations

from typing import Any

import pytest

from lagesbild.components.html import el, graph
from lagesbild.components.markup import settled
from lagesbild.components.pieces import shaped


def page(title: str = "a", points: int = 2, **figure: Any) -> list[dict[str, Any]]:
    chart = graph({"data": [{"y": list(range(points))}], "layout": {}}, id="c")
    card = el(
        "Figure", [el("H2", title, id="c-title"), el("Div", chart, className="graphic"), el("P", title)], **figure
    )
    return settled([el("H1", title), card])


def put(tree: Any, parts: dict[str, dict[str, Any]]) -> Any:
    """What the browser does: the props of each part, over those of the component of that name."""
    if isinstance(tree, list):
        return [put(node, parts) for node in tree]
    if not isinstance(tree, dict) or "props" not in tree:
        return tree
    props = {**tree["props"], **parts.get(tree["props"].get("id"), {})}
    if "children" in props:
        props["children"] = put(props["children"], parts)
    return {**tree, "props": props}


def test_parts_make_one_answer_of_the_other() -> None:
    first, second = shaped(page("a", 2, id="f", aria_label="x")), shaped(page("b", 5, id="f", aria_label="y"))
    assert first.shape == second.shape != ""
    assert put(first.tree, second.parts) == second.tree
    assert first.tree != second.tree


def test_every_part_has_a_name_of_its_own() -> None:
    made = shaped(page(id="f"))

    def names(node: Any) -> list[str]:
        if isinstance(node, list):
            return [n for child in node for n in names(child)]
        if not isinstance(node, dict) or "props" not in node:
            return []
        return [node["props"]["id"], *names(node["props"].get("children"))]

    found = names(made.tree)
    assert len(found) == len(set(found)) == 6
    assert set(made.parts) <= set(found)
    assert "c" in found
    assert "c-title" in found


@pytest.mark.parametrize(
    "other",
    [
        page()[:1],
        [*page(), *settled([el("P", "mer")])],
        page(className="wide"),  # an attribute that the first has not could not be taken away again
        settled([el("H1", "a"), el("Figure", [el("H2", "a", id="c-title"), el("P", "a")])]),
        settled([el("P", "a"), page()[1]]),
    ],
)
def test_another_structure_is_another_shape(other: Any) -> None:
    assert shaped(other).shape not in ("", shaped(page()).shape)


@pytest.mark.parametrize(
    "tree",
    [
        settled([el("P", "a", id="same"), el("P", "b", id="same")]),
        [{"type": "Dropdown", "namespace": "dash_core_components", "props": {"id": "d"}}],
        settled([el("Div", graph({"data": [], "layout": {}}, id="c"), data_segments="x")]),
    ],
)
def test_what_cannot_be_changed_in_parts_has_no_shape(tree: Any) -> None:
    made = shaped(tree)
    assert (made.shape, made.parts) == ("", {})
    assert made.tree == tree
