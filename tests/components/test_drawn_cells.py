"""Cells that are drawn have a value that files hold and rows are ordered by; the way back is a list of links."""

from __future__ import annotations

import io

import openpyxl
import pytest

from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.html import el
from lagesbild.components.model import Column, Drawn, FigureCard, Row, Table
from lagesbild.components.page import crumbs
from lagesbild.components.table import cell_text, table_node
from lagesbild.domain.table_order import Order
from lagesbild.pages.ordering import ordered

COLUMNS = (Column("region", "Region"), Column("share", "Andel", "share"), Column("judgement", "24 månader"))


def cell(value):
    return Drawn(value, el("Span", "ritat", className="lv"))


TABLE = Table(
    "Regioner",
    COLUMNS,
    (
        Row(("A", cell(0.9), cell("bättre"))),
        Row(("B", cell("91 %"), cell("sämre"))),
        Row(("C", cell(0.5), cell("brus"))),
    ),
    sorted_by="share",
)
CARD = FigureCard("regioner", "Regioner", "Andel.", TABLE, "Källa: prov.")


def nodes(tree, tag):
    if isinstance(tree, (list, tuple)):
        return [n for t in tree for n in nodes(t, tag)]
    if not isinstance(tree, dict):
        return []
    return ([tree] if tree["type"] == tag else []) + nodes(tree["props"].get("children"), tag)


def test_the_page_shows_the_drawing_and_files_the_value():
    drawn = [n for n in nodes(table_node(TABLE), "Td") if "drawn" in n["props"]["className"]]
    assert [n["props"]["children"]["props"]["children"] for n in drawn] == ["ritat"] * 6
    text = csv_bytes(CARD, ["Regioner"]).decode("utf-8-sig")
    assert "A;90,0;bättre" in text
    assert "ritat" not in text
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(CARD, ["Regioner"])))["Tabell"]
    assert sheet["B2"].value == pytest.approx(0.9)
    assert sheet["C3"].value == "sämre"
    assert cell_text(cell(0.9), COLUMNS[1]) == "90,0\u00a0%"


def test_rows_are_ordered_by_the_value_behind_the_drawing():
    names = [r.cells[0] for r in ordered(TABLE, Order("share", True)).rows]
    assert names == ["B", "A", "C"]
    assert [r.cells[0] for r in ordered(TABLE, Order("judgement", False)).rows] == ["C", "A", "B"]


def test_the_way_back_ends_where_one_is():
    node = crumbs((("Riket", "/"), ("Norra", "/vardomrade/kna"), ("Norrby", "")))
    assert (node["type"], node["props"]["aria-label"]) == ("Nav", "Här är du")
    assert [(n["props"]["children"], n["props"]["href"]) for n in nodes(node, "A")] == [
        ("Riket", "/"),
        ("Norra", "/vardomrade/kna"),
    ]
    here = nodes(node, "Span")[-1]["props"]
    assert (here["children"], here["aria-current"]) == ("Norrby", "page")
