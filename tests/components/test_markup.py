"""HTML for what only stands on a page: the same text and attributes as the components, nothing that can run."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.components.html import el, graph
from lagesbild.components.markup import settled

TAGS = ("Div", "P", "Span", "Td", "B")
NAMES = ("id", "title", "className", "aria-label", "data-x", "href")


class Read(HTMLParser):
    """The elements of some HTML as (tag, attributes, children)."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root: tuple[str, dict[str, Any], list[Any]] = ("", {}, [])
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert len(self._open) == 1, text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = (tag, dict(attrs), [])
        self._open[-1][2].append(node)
        if tag not in ("br", "col", "hr", "input"):
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self._open[-1][2].append(data)


def plain(node: Any) -> list[Any]:
    """A component tree in the same form; neighbouring texts are one text, as in HTML."""
    if isinstance(node, list):
        out: list[Any] = []
        for part in (p for n in node for p in plain(n)):
            if isinstance(part, str) and out and isinstance(out[-1], str):
                out[-1] += part
            else:
                out.append(part)
        return out
    if not isinstance(node, dict):
        return [] if node in (None, "") else [str(node)]
    props = node["props"]
    attributes = {{"className": "class"}.get(k, k): str(v) for k, v in props.items() if k != "children"}
    return [(node["type"].lower(), attributes, plain(props.get("children")))]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
trees = st.recursive(
    texts | st.integers(),
    lambda inner: st.builds(
        lambda tag, children, props: {
            "type": tag,
            "namespace": "dash_html_components",
            "props": {**props, "children": children},
        },
        st.sampled_from(TAGS),
        inner | st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(NAMES), texts, max_size=3),
    ),
    max_leaves=12,
)


@given(trees)
def test_html_says_what_the_components_say(tree: Any) -> None:
    made = settled(el("Section", [tree], className="outside"))
    assert made["type"] == "Html"
    assert made["props"]["tag"] == "section"
    assert made["props"]["told"] == {"className": "outside"}
    assert Read(made["props"]["html"]).root[2] == plain([tree])


def test_text_and_attributes_cannot_become_elements() -> None:
    bad = "<img src=x onerror=alert(1)>\"'&"
    inside = Read(settled(el("Div", el("P", bad, title=bad)))["props"]["html"]).root[2]
    assert inside == [("p", {"title": bad}, [bad])]


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (el("Td", "x", colSpan=2, rowSpan=3), '<td colspan="2" rowspan="3">x</td>'),
        (el("Label", "x", htmlFor="y", tabIndex=-1), '<label for="y" tabindex="-1">x</label>'),
        (el("A", "x", href="/a?b=1&c=2", download=""), '<a href="/a?b=1&amp;c=2" download="">x</a>'),
        (el("Option", "x", value="", selected=True), '<option value="" selected="">x</option>'),
        (el("Option", "x", value="1", selected=False), '<option value="1">x</option>'),
        (el("Button", "x", aria_expanded=False, n_clicks=0), '<button aria-expanded="false">x</button>'),
        (el("Br"), "<br>"),
        (el("P", 0), "<p>0</p>"),
        (
            el("Span", style={"maxWidth": 12, "--n": 3, "flexGrow": 2, "top": "1%", "width": None, "left": 0}),
            '<span style="max-width:12px;--n:3;flex-grow:2;top:1%;left:0"></span>',
        ),
        (
            el("Span", style={"maskImage": "url(\"data:image/svg+xml,<a b='c'>\")"}),
            '<span style="mask-image:url(&quot;data:image/svg+xml,&lt;a b=&#x27;c&#x27;&gt;&quot;)"></span>',
        ),
    ],
)
def test_forms_of_attributes(node: dict[str, Any], html: str) -> None:
    assert settled(el("Div", node))["props"]["html"] == html


def test_a_chart_stays_a_component_and_what_is_beside_it_does_not() -> None:
    chart = graph({"data": [], "layout": {}}, id="c")
    made = settled(el("Figure", [el("H2", "Titel"), el("Div", chart, className="graphic"), el("P", el("B", "Källa"))]))
    title, box, source = made["props"]["children"]
    assert made["type"] == "Figure"
    assert [title["type"], source["type"]] == ["Html", "Html"]
    assert box == el("Div", chart, className="graphic")


def test_parts_that_are_changed_on_their_own_stay_components() -> None:
    tree = el("Div", [el("P", el("B", "x"), id="own"), el("P", el("B", "y"))])
    own, other = settled(tree, frozenset({"own"}))["props"]["children"]
    assert own["type"] == "P"
    assert own["props"]["id"] == "own"
    assert other["type"] == "Html"


def test_what_is_no_tree_is_left_alone() -> None:
    assert settled(None) is None
    assert settled("text") == "text"
    assert settled([el("P", "a")])[0]["props"]["html"] == "a"
