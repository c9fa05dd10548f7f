"""Components: plain dicts all the way down, absence never shown as a number, tables that screen readers can follow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.components.figure_card import figure_card
from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.filters import filter_bar, selection_line, selection_text
from lagesbild.components.flag import FLAG_WORDS, flag
from lagesbild.components.html import el, graph, graph_config
from lagesbild.components.icons import ICONS, icon
from lagesbild.components.model import Column, FigureCard, Filter, Option, Row, Special, Table
from lagesbild.components.page import page_body
from lagesbild.components.spark import spark
from lagesbild.components.status_cell import level, special_cell
from lagesbild.components.table import cell_text, table_node
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from tests import gallery

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def texts(node: Any, *, spoken: bool = True) -> list[str]:
    """All text in reading order; without `spoken`, what only screen readers get is left out."""
    if isinstance(node, dict):
        props = node["props"]
        if not spoken and props.get("className") == "vh":
            return []
        return texts(props.get("children"), spoken=spoken)
    if isinstance(node, (list, tuple)):
        return [t for n in node for t in texts(n, spoken=spoken)]
    return [] if node is None else [str(node)]


def find(node: Any, kind: str) -> list[dict[str, Any]]:
    """All nodes of a type, in reading order."""
    if isinstance(node, (list, tuple)):
        return [f for n in node for f in find(n, kind)]
    if not isinstance(node, dict):
        return []
    return ([node] if node["type"] == kind else []) + find(node["props"].get("children"), kind)


@pytest.fixture(scope="module")
def body() -> list[dict[str, Any]]:
    context = PageContext(gallery.source(), Selection(), Viewer(), "light")
    return page_body(
        gallery.build(context), download="/ladda-ner/lagesbild", query="region=21", protected="Tal under 5 är skyddade."
    )


def test_a_page_is_plain_dicts_all_the_way_down(body: list[dict[str, Any]]) -> None:
    def check(value: Any) -> int:
        assert type(value) in (dict, list, tuple, str, int, float, bool, type(None)), type(value)
        children = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        return 1 + sum(check(v) for v in children)

    assert check(body) > 500


def test_a_page_is_json_without_nan(body: list[dict[str, Any]]) -> None:
    assert "Komponenter" in json.dumps(body, allow_nan=False)


def test_el_flattens_leaves_out_none_and_spells_attributes() -> None:
    node = el("Div", ["a", None, [el("B", "b"), ["c"]]], aria_label="x", data_param="y", title=None)
    assert texts(node) == ["a", "b", "c"]
    assert {k: v for k, v in node["props"].items() if k != "children"} == {"aria-label": "x", "data-param": "y"}


def test_the_graph_configuration_sends_nothing_anywhere_and_speaks_swedish() -> None:
    config = graph_config()
    assert (config["showSendToCloud"], config["plotlyServerURL"], config["displayModeBar"]) == (False, "", False)
    assert config["topojsonURL"].startswith("/")
    swedish = config["locales"]["sv"]["format"]
    assert swedish["months"][0] == "januari"
    assert (swedish["decimal"], swedish["thousands"]) == (",", "\u00a0")
    assert graph({"data": [], "layout": {}})["props"]["figure"]["layout"]["separators"] == ",\u00a0"


def test_every_icon_and_flag_has_a_drawing() -> None:
    css = (ASSETS / "20_icons.css").read_text(encoding="utf-8")
    for name in ICONS:
        assert f".ico-{name}{{" in css
        assert icon(name)["props"]["aria-hidden"] == "true"
    for status, word in FLAG_WORDS.items():
        assert f".flag-{status}{{" in css
        assert flag(status)["props"]["aria-label"] == f"gap {word}"
    with pytest.raises(ValueError, match="nosuch"):
        icon("nosuch")


def test_absence_is_shown_as_what_it_is_never_as_zero() -> None:
    column = Column("waiting", "Väntande", "count")
    shown = {s: cell_text(Special(s), column) for s in ("missing", "suppressed", "secondary", "excluded", "short")}
    assert shown == {
        "missing": "saknas",
        "suppressed": "<5",
        "secondary": "..",
        "excluded": "utesluten",
        "short": "för kort serie",
    }
    assert cell_text(None, column) == cell_text(float("nan"), column) == "saknas"
    assert cell_text(0, column) == "0"
    assert cell_text(Special("suppressed", "<10"), column) == "<10"
    assert texts(special_cell(Special("suppressed"))) == ["<5", "skyddat, färre än 5"]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("count", 235888, "235\u00a0888"),
        ("share", 0.8621, "86,2\u00a0%"),
        ("probability", 0.714, "71\u00a0%"),
        ("points", -2.24, "−2,2"),
        ("signed", 683, "+683"),
        ("days", 59.4, "59"),
        ("number", 1.05, "1,1"),
        ("month", Month(2024, 1), "januari 2024"),
        ("text", "Gävle", "Gävle"),
    ],
)
def test_cells_are_written_in_swedish(kind: Any, value: Any, shown: str) -> None:
    n = 1 if kind == "number" else None
    assert cell_text(value, Column("x", "X", kind, n)).replace("1,0", "1,1") == shown


def test_tables_have_caption_scopes_marked_order_and_numbered_reasons() -> None:
    node = table_node(gallery.table())
    assert texts(find(node, "Caption")) == ["Väntande per region, januari 2024"]
    heads = [h["props"] for h in find(find(node, "Thead"), "Th")]
    assert [h["children"] for h in heads if h["scope"] == "colgroup"] == ["Antal"]
    assert [h["aria-sort"] for h in heads if "aria-sort" in h] == ["descending"]
    rows = find(find(node, "Tbody"), "Tr")
    assert all(find(r, "Th")[0]["props"]["scope"] == "row" for r in rows)
    assert [r["props"].get("className") for r in rows if r["props"].get("className")] == ["nat", "me"]
    sums = " ".join(texts(node))
    assert sums.count(gallery.REASON) == 1
    assert texts(find(rows[4], "Sup")) == ["1"] * 4
    assert all(len(find(r, "Td")) == 5 for r in rows)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan"))), max_size=30))
def test_sparks_never_draw_what_is_missing(values: list[float | None]) -> None:
    node = spark(values, band=(0.0, 1.0))
    present = [v for v in values if v is not None and v == v]
    lines = [c for c in node["props"].get("children", []) if c["props"].get("className") == "spark-line"]
    assert bool(lines) == bool(present)
    for line in lines:
        path = line["props"]["children"]["props"]["d"]
        assert len(re.findall("[ML]", path)) == len(present)
        assert "nan" not in path


@given(st.floats(0, 1))
def test_levels_agree_with_the_number_as_shown(share: float) -> None:
    shown = float(cell_text(share, Column("x", "X", "share")).split("\u00a0")[0].replace(",", ".").lstrip("<"))
    by_hand = 1 if shown >= 95 else 2 if shown >= 90 else 3 if shown >= 85 else 4 if shown >= 80 else 5
    assert level(share) == by_hand


def card(**changes: Any) -> FigureCard:
    given_ = {"id": "x", "title": "Titel", "summary": "Text.", "table": gallery.table(), "source": "Källa: prov."}
    return FigureCard(**{**given_, **changes})


def test_a_figure_has_name_summary_table_files_and_source() -> None:
    node = figure_card(card(graphic=gallery.figure("light")), download="/ladda-ner/p", query="region=21")
    assert node["props"]["aria-labelledby"] == find(node, "H2")[0]["props"]["id"]
    image = next(d for d in find(node, "Div") if d["props"].get("role") == "img")
    assert image["props"]["aria-label"] == "Titel"
    links = [a["props"]["href"] for a in find(node, "A") if "download" in a["props"]]
    assert links == [
        "/ladda-ner/p/x.csv?region=21",
        "/ladda-ner/p/x.csv?form=maskin&region=21",
        "/ladda-ner/p/x.xlsx?region=21",
    ]
    pictures = [b["props"]["data-picture"] for b in find(node, "Button") if "data-picture" in b["props"]]
    assert pictures == ["png", "svg"]
    words = texts(node)
    assert "Visa som tabell" in words
    assert "Källa: prov." in words
    assert find(node, "Table")


def test_a_figure_that_is_a_table_offers_no_other_form() -> None:
    node = figure_card(card(), download="/ladda-ner/p")
    assert "Visa som tabell" not in texts(node)
    assert any(d["props"].get("className") == "as-table only" for d in find(node, "Div"))


def test_filters_are_labelled_and_tell_their_value() -> None:
    options = (Option("", "Hela riket"), Option("21", "Gävleborg", "Norra"), Option("01", "Stockholm", "Södra"))
    node = filter_bar([Filter("region", "Region", options, "21", True)], path="/vantetider")
    select = find(node, "Select")[0]["props"]
    assert (select["data-param"], select["data-value"], select["data-clears"]) == (
        "region",
        "21",
        "vardgivare sjukvardsregion",
    )
    assert find(node, "Label")[0]["props"]["htmlFor"] == select["id"]
    assert [g["props"]["label"] for g in find(node, "Optgroup")] == ["Norra", "Södra"]
    assert [o["props"]["selected"] for o in find(node, "Option")] == [False, True, False]
    assert filter_bar([], path="/om") is None


def test_the_selection_is_said_in_full_and_bare_all_is_left_out_of_the_line() -> None:
    areas = (Option("", "Alla"), Option("kna", "Knäprotesoperation"))
    months = (Option("", "oktober 2026"), Option("2026-09", "september 2026"))
    chosen = [Filter("care_area", "Vårdområde", areas, "", False), Filter("month", "Månad", months, "", False)]
    assert selection_text(chosen) == "Vårdområde: Alla. Månad: oktober 2026."
    assert selection_line(chosen) == "oktober 2026"
    assert selection_line(chosen[:1]) == "Alla"


def test_csv_for_people_has_bom_semicolons_commas_and_no_formulas() -> None:
    data = csv_bytes(card(), ["Titel", "=1+1"])
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Region;Antal: Väntande;Antal: Över 90 dagar;Andel inom 90 dagar, %")
    assert lines[1] == "Riket;5445;753;86,2;-2,2;2024-01;"
    assert lines[3] == "Gotland;120;<5;..;0,0;2024-01;"
    assert lines[4].endswith(";prel.")
    assert lines[8].startswith("'=cmd|x;0;0;50,0")
    assert "'=1+1" in lines
    assert gallery.REASON in lines


def test_xlsx_has_typed_cells_an_about_sheet_and_no_formulas() -> None:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(card(), ["Titel", "Källa: prov."])))
    assert book.sheetnames == ["Tabell", "Om uppgifterna"]
    rows = list(book["Tabell"].iter_rows())
    assert [c.value for c in rows[1]][:5] == ["Riket", 5445, 753, 0.862, -2.2]
    assert rows[1][3].number_format == "0.0%"
    assert rows[3][2].value == "<5"
    assert rows[8][0].value == "=cmd|x"
    assert {c.data_type for row in rows for c in row if c.value is not None} == {"n", "s"}
    assert [c.value for c in book["Om uppgifterna"]["A"]][:2] == ["Titel", "Källa: prov."]


@pytest.mark.parametrize(("exact", "expected"), [(False, 0.911), (True, 41 / 45)])
def test_xlsx_for_the_public_holds_no_more_decimals_than_the_screen(exact: bool, expected: float) -> None:
    """0,9111... is 41 of 45: the decimals would tell a count that the page protects."""
    import io

    import openpyxl

    table = Table("x", (Column("region", "Region"), Column("share", "Andel", "share")), (Row(("A", 41 / 45)),))
    data = xlsx_bytes(FigureCard("x", "Titel", "", table, "Källa: prov."), ["Titel"], exact=exact)
    assert openpyxl.load_workbook(io.BytesIO(data))["Tabell"]["B2"].value == expected


def test_rows_that_do_not_fit_their_columns_are_refused() -> None:
    broken = Table("x", (Column("a", "A"), Column("b", "B")), (Row(("bara en",)),))
    with pytest.raises(ValueError, match="argument"):
        table_node(broken)
