"""The e-mail: valid, plain, escaped, told in words; its text half says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import html as parser

from lagesbild.domain.swedish import percent
from lagesbild.reports.about import COMMENT, cleaned
from lagesbild.reports.chart_tables import plain
from lagesbild.reports.charts import BarRow, RankedBars
from lagesbild.reports.document import Document, Figure, Section
from lagesbild.reports.html import html
from lagesbild.reports.text import text
from tests.reports import office_documents as made

COUNCIL = made.council()
_VOID = ("meta", "br")


class Strict(HTMLParser):
    """Every element is closed, in order; nothing that runs or fetches."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "form", "input", "svg"):
            self.faults.append(tag)
        self.faults += [f"{tag} {k}" for k, _ in attrs if k.startswith("on") or k in ("src", "href", "background")]
        self.faults += [f"{k}={v}" for k, v in attrs if v and re.search(r"url\(|expression|javascript", v)]
        if len({k for k, _ in attrs}) != len(attrs):
            self.faults.append(f"{tag}: an attribute twice")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(document: Document) -> Strict:
    found = Strict()
    found.feed(html(document))
    found.close()
    assert found.faults == []
    assert found.open == []
    return found


@pytest.mark.parametrize("document", [made.council, made.assessment, made.hostile])
def test_it_is_valid_plain_and_fetches_nothing(document: Any) -> None:
    read(document())
    page = html(document())
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="sv">' in page
    assert len(page.encode()) < 100_000, "some mail programs cut what is longer"
    assert page.count("<style>") == 1
    assert not re.search(r"url\(|@import|@font-face", page)
    assert "http" not in page.replace("http://alert", "")


def test_hostile_words_stay_words() -> None:
    said = "".join(read(made.hostile()).said)
    assert "<script>alert(1)</script>" in said
    assert "&amp; ]]> \"'" in said


def test_headings_descend_one_level_at_a_time() -> None:
    tree = parser.fromstring(html(COUNCIL))
    levels = [int(e.tag[1]) for e in tree.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    titles = [e.text_content() for e in tree.iter("h3")]
    assert titles == [f.title for f in COUNCIL.figures]


def test_tables_are_real_tables_with_caption_and_scopes() -> None:
    tree = parser.fromstring(html(COUNCIL))
    found = list(tree.iter("table"))
    assert len(found) == 1 + 6 + 2  # key figures, charts, tables that the document shows
    for table in found:
        assert table.find("caption").text_content()
        assert all(c.get("scope") == "col" for c in table.find("thead").iter("th"))
        widths = {len(list(r)) for r in table.iter("tr")}
        assert len(widths) == 1
        assert all(r[0].get("scope") == "row" for r in table.find("tbody"))


def test_a_chart_is_told_with_its_numbers_its_words_and_a_bar() -> None:
    tree = parser.fromstring(html(COUNCIL))
    table = next(t for t in tree.iter("table") if "Väntande per region" in t.find("caption").text_content())
    rows = {r[0].text_content(): r for r in table.find("tbody")}
    for row in made.ranked().rows[:-1]:
        assert rows[row.label][1].text_content() == percent(row.value)
    assert rows["Skåne"][2].text_content() == "▼ säkerställt sämre"
    bars = {name: len(r[3].text_content().strip("\u00a0")) for name, r in rows.items()}
    assert bars["Jönköping"] > bars["Gävleborg"] > 0
    assert bars["Örebro"] == 0
    assert rows["Örebro"][1].text_content() == "rapport saknas"
    assert rows["Skåne"][3].find("span").get("aria-hidden") == "true"


def test_a_forecast_is_told_from_a_year_back_with_its_bands() -> None:
    made_plain = plain(made.fan(), exact=False)
    assert made_plain.heads == (
        "Utfall",
        "Prognos",
        "95\u00a0% av utfallen",
        "80\u00a0% av utfallen",
        "50\u00a0% av utfallen",
        "Anmärkning",
    )
    assert [r.name for r in made_plain.rows[:1]] == ["januari 2023"]
    assert len(made_plain.rows) == 13 + 12
    last = made_plain.rows[-1]
    assert last.cells[:3] == ("", "84,7\u00a0%", "77,0 till 92,4\u00a0%")
    assert made_plain.rows[12].cells[-1] == "preliminär"
    assert "Gräns för gap: 80\u00a0%." in made_plain.said


def test_what_the_public_may_not_see_is_not_in_the_mail_either() -> None:
    chart = RankedBars("Alt", (BarRow("A", 41 / 45), BarRow("B", None)), "share", 1.0)
    figure = Figure("f", "Fynd", "", made.gap_table(), "Källa", chart)
    document = replace(COUNCIL, sections=(Section("s", "S", (figure,)),))
    for said in (html(document), text(document)):
        assert "91,1\u00a0%" in said
        assert "91,11" not in said
        assert "saknas" in said


@pytest.mark.parametrize("make", [html, text])
def test_mark_comment_sources_and_definitions_follow(make: Any) -> None:
    said = " ".join("".join(read(COUNCIL).said).split()) if make is html else " ".join(text(COUNCIL).split())
    stamp = COUNCIL.stamp
    own = (COMMENT, "Värmland utreder frågan.", COUNCIL.warnings[0], COUNCIL.points[1].text)
    for words in (stamp.synthetic, stamp.selection, stamp.sources, stamp.coverage, stamp.protected, stamp.as_of, *own):
        assert " ".join(words.split()) in said
    assert said.index(" ".join(stamp.synthetic.split())) < said.rindex(COUNCIL.title), "the mark comes first"


def test_text_has_short_lines_and_the_tables_numbers() -> None:
    said = text(COUNCIL)
    assert max(len(line) for line in said.split("\n")) <= 76
    assert "Gävleborg: 73,9\u00a0%; säkerställt sämre" in said
    assert "Örebro: rapport saknas" in said
    assert "Skåne: Öppnar juli 2024; Sannolikhet 53\u00a0%; Fler operationer i månaden 24" in said


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.documents())
def test_any_document_is_valid_and_says_its_words(document: Document) -> None:
    found = read(document)
    said = "".join(found.said)
    clean = cleaned(document)
    for point in clean.points:
        assert all(part in said for part in point.text.split("\n"))
    assert html(document) == html(document)
    plain_text = " ".join(text(document).split())
    for warning in clean.warnings:
        assert " ".join(warning.split()) in plain_text
