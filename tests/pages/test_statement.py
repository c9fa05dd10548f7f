"""The accessibility statement: everything the law asks for is in it, and nothing about anybody is made up."""

from __future__ import annotations

from typing import Any

import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import om
from lagesbild.pages.context import Operator, PageContext
from lagesbild.pages.om_accessibility import REPORT, contact_link
from tests import gallery


def prose(operator: Operator) -> tuple[str, list[str]]:
    """The page's text in one, and where its links lead."""
    context = PageContext(gallery.source(), Selection(), Viewer(), operator=operator)
    words: list[str] = []
    links: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, (list, tuple)):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node["type"] == "A":
                links.append(node["props"]["href"])
            walk(node["props"].get("children"))
        elif node is not None:
            words.append(str(node))

    walk(om.build(context).prose)
    return " ".join(words), links


def test_everything_the_law_asks_for_is_said() -> None:
    text, links = prose(Operator("Region Prov", "brister@example.org"))
    for part in (
        "Region Prov står bakom webbplatsen Lägesbild",
        "2018:1937",
        "delvis förenlig",
        "Innehåll som inte är tillgängligt",
        "oskäligt betungande (12 §)",
        "(9 §)",
        "har tillsyn",
        "självskattning",
        "Bedömningen gjordes 25 november 2026",
        "uppdaterades senast",
    ):
        assert part in text, part
    assert REPORT in links
    assert links.count("mailto:brister@example.org") == 2  # in the statement, and under who answers


def test_who_has_not_been_named_is_not_invented() -> None:
    text, links = prose(Operator())
    assert "LAGESBILD_OPERATOR" in text
    assert "LAGESBILD_CONTACT" in text
    assert not [x for x in links if x.startswith("mailto:")]


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("https://example.org/brister", "https://example.org/brister"),
        ("a@example.org", "mailto:a@example.org"),
        ("060-12 34 56", None),
        ("javascript:alert(1)", None),
        ("ring Anna @ växeln", None),
    ],
)
def test_only_addresses_become_links(contact: str, href: str | None) -> None:
    link = contact_link(contact)
    assert (link["props"]["href"] if isinstance(link, dict) else None) == href
