"""What briefings say in eight situations, for the country, one region and all care areas: `briefings.md`.

Rewrite it with LAGESBILD_WRITE_GOLDEN=1 and read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from lagesbild.components.table import cell_text
from lagesbild.domain.briefing import KINDS
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document, Facts, Figure, Prose, Space
from lagesbild.reports.from_card import number
from lagesbild.reports.looking import Seen
from tests.golden.situations import AREA, REGION, SITUATIONS, country_of
from tests.golden.test_sentences import CHANGE, NONE_OF_IT

GOLDEN = Path(__file__).with_name("briefings.md")
CHOICES = {
    "hela landet": Selection(care_area=AREA),
    "en region": Selection(care_area=AREA, region=REGION, kind="region"),
    "alla vårdområden": Selection(kind="radet"),
    "nytt vårdområde": Selection(care_area=AREA, kind="bedomning"),
}
CALM = ("brus", "saknas", "preliminärt", "skyddat", "en region")
PER_CENT = re.compile(r"\d+,\d\u00a0%")


@cache
def made(situation: str, choice: str) -> Document:
    return composed_for(situation, CHOICES[choice])


@cache
def renderer_for(situation: str) -> Renderer:
    """One for all briefings of a situation, as the service has one for all who ask: parts of pages are kept."""
    return Renderer(country_of(situation), Viewer(), all_pages(), known=options.known, filters=options.filters)


def composed_for(situation: str, chosen: Selection) -> Document:
    renderer = renderer_for(situation)
    return briefing(chosen, lambda p, s: Seen(*look(renderer, p, s)), renderer.source, Viewer())


def said(document: Document) -> list[str]:
    """Every sentence of the document but its definitions, as it is read."""
    lines = [f"**{document.title}** ({document.purpose}. {document.kicker})"]
    lines += [f"- {p.heading}: {p.text}" for p in document.points]
    lines += [f"- Att tänka på: {w}" for w in document.warnings]
    for section in document.sections:
        lines.append(f"- *{section.title}*")
        if section.id == "definitioner":
            continue
        for block in section.blocks:
            match block:
                case Figure():
                    told = "" if block.chart is None else f" [{type(block.chart).__name__}]"
                    lines.append(f"  - {block.title}.{told} {block.summary}")
                case Facts():
                    lines += [f"  - {k.name}: {k.value} {k.judgement_text} {k.change}".rstrip() for k in block.items]
                case Prose():
                    lines += [f"  - {p}" for p in block.paragraphs if isinstance(p, str)]
                case Space():
                    lines.append(f"  - {block.heading}: {block.question}")
    return [line.replace("\u00a0", " ") for line in lines]


def whole() -> str:
    parts = ["# Vad underlagen säger i åtta lägen", ""]
    for situation in SITUATIONS:
        for choice in CHOICES:
            parts += [f"## {situation}: {choice}", "", *said(made(situation, choice)), ""]
    return "\n".join(parts)


def test_what_is_said_is_what_was_read_and_approved() -> None:
    text = whole()
    if os.environ.get("LAGESBILD_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("situation", CALM)
def test_nothing_is_called_a_change_where_there_is_none(situation: str, choice: str) -> None:
    for line in said(made(situation, choice)):
        assert not CHANGE.search(NONE_OF_IT.sub("", line)), line


def plan_missed(figure: Figure) -> set[str]:
    """How far outcome is from plan: the one share in words that follows from two columns."""
    names = [c.name for c in figure.table.columns]
    if "planned_sum" not in names or not figure.table.rows:
        return set()
    planned, done = (number(figure.table.rows[-1].cells[names.index(n)]) for n in ("planned_sum", "performed_sum"))
    return {f"{100 * abs(done / planned - 1):.1f}\u00a0%".replace(".", ",")} if planned and done else set()


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_shares_in_words_stand_in_a_table(situation: str, choice: str) -> None:
    document = made(situation, choice)
    shown = {k.value for s in document.sections for b in s.blocks if isinstance(b, Facts) for k in b.items}
    for figure in document.figures:
        for row in figure.table.rows:
            for cell, column in zip(row.cells, figure.table.columns, strict=True):
                shown.add(cell_text(cell, column))
                if column.kind in ("share", "probability") and (share := number(cell)) is not None:
                    shown.add(f"{100 * share:.1f}\u00a0%".replace(".", ","))
        shown |= plan_missed(figure)
    texts = [document.title, *(p.text for p in document.points)]
    texts += [t for f in document.figures for t in (f.title, f.summary)]
    for text in texts:
        for told in PER_CENT.findall(text):
            assert told in shown or told.startswith(("99,8", "0,")), f"{told} in {text!r}"


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_figure_has_what_paper_needs(situation: str, choice: str) -> None:
    document = made(situation, choice)
    assert document.title
    assert not document.title.endswith(".")
    assert len({f.id for f in document.figures}) == len(document.figures)
    assert document.sections[0].id == "sammanfattning"
    assert document.sections[-1].id == "definitioner"
    for figure in document.figures:
        assert figure.title
        assert figure.summary.endswith((".", ":"))
        assert "Källa" in figure.source
        assert figure.chart is None or len(figure.chart.alt) > 20
        assert "Välj" not in figure.summary
        for row in figure.table.rows:
            assert not row.href
            assert len(row.cells) == len(figure.table.columns)


def test_sections_come_as_they_are_chosen_and_comments_stay() -> None:
    source = SITUATIONS["brus"]()
    viewer = Viewer()
    renderer = Renderer(source, viewer, all_pages(), known=options.known, filters=options.filters)
    chosen = Selection(care_area=AREA, contents="prognos.vantetider")
    document = briefing(
        chosen, lambda p, s: Seen(*look(renderer, p, s)), renderer.source, viewer, {"vantetider": "Se upp i juli."}
    )
    ids = [s.id for s in document.sections]
    assert [i for i in ids if i in ("prognos", "vantetider")] == ["prognos", "vantetider"]
    assert {s.id: s.comment for s in document.sections}["vantetider"] == "Se upp i juli."
    assert set(ids) <= set(KINDS["radet"].offered)


def test_a_healthcare_region_is_not_told_by_the_countrys_numbers() -> None:
    viewer = Viewer()
    source = SITUATIONS["brus"]()
    renderer = Renderer(source, viewer, all_pages(), known=options.known, filters=options.filters)
    group = next(r.healthcare_region for r in source.regions() if r.healthcare_region)
    chosen = Selection(care_area=AREA, healthcare_region=group)
    document = briefing(chosen, lambda p, s: Seen(*look(renderer, p, s)), renderer.source, viewer)
    ids = {f.id for f in document.figures}
    assert not ids & {"balans-tabell", "matris"}
    bands = next(f for f in document.figures if f.id == "vantetid-intervall")
    assert {c.group for c in bands.table.columns[1:]} == {f"Sjukvårdsregion {group}", "Riket"}
    own = next(f for f in document.figures if f.id == "produktion-regioner")
    mine = [r.short_name for r in source.regions() if r.healthcare_region == group]
    assert [row.cells[0] for row in own.table.rows] == [group, *mine]
    whole = next(f for f in document.figures if f.id == "balans")
    last = dict(zip((c.name for c in whole.table.columns), whole.table.rows[-1].cells, strict=True))
    names = [c.name for c in own.table.columns]
    for column in ("waiting", "added", "performed"):
        assert number(last[column]) == number(own.table.rows[0].cells[names.index(column)])
    travel = next(f for f in document.figures if f.id == "sjukvardsregioner")
    assert {row.cells[0] for row in travel.table.rows} <= {group, "Riket"}
