"""What every page and figure says in eight situations, as a person would read it: `sentences.md`.

Rewrite it with LAGESBILD_WRITE_GOLDEN=1 and read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from lagesbild.components.model import FigureCard, PageContent
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from lagesbild.pages.registry import all_pages
from tests.golden.situations import AREA, GROUP, REGION, SITUATIONS, country_of

GOLDEN = Path(__file__).with_name("sentences.md")
PATHS = tuple(p.path for p in all_pages() if p.path != "/om")
CHANGE = re.compile(
    r"[Ss]äkerställd (försämring|förbättring)|\b(fler|färre) än (för ett år|normalt)|\bblir (sämre|bättre)\b"
)
NONE_OF_IT = re.compile(
    r"[Ii]ngen säkerställd|[Ii]nte säkerställd|bara vid säkerställd|säkerställd skillnad|pil visas bara"
)


# pages whose sentences are about a healthcare region when one is chosen
GROUPED = ("/vantetider", "/produktion", "/utomlansvard", "/vardomrade/<code>")


@cache
def content(situation: str, path: str, *, chosen: bool, group: str = "") -> PageContent:
    page = next(p for p in all_pages() if p.path == path)
    region = REGION if chosen or page.parameter == "region" else ""
    selection = Selection(care_area=AREA, region=region, healthcare_region=group)
    return page.build(PageContext(country_of(situation), selection, Viewer()))


def said(situation: str, path: str, *, chosen: bool, group: str = "") -> list[str]:
    """Headline, then each figure's title and summary."""
    found = content(situation, path, chosen=chosen, group=group)
    lines = [f"**{found.kicker}** {' '.join(found.sentences)} {found.more}".rstrip()]
    lines += [f"- {s.title}{'' if s.title.endswith('?') else '.'} {s.summary}".rstrip() for s in found.sections]
    return [line.replace("\u00a0", " ").replace("\u00ad", "") for line in lines]


def whole() -> str:
    parts = ["# Vad sidorna säger i åtta lägen", ""]
    for situation in SITUATIONS:
        parts += [f"## {situation}", ""]
        for path in PATHS:
            for chosen in (False, True):
                if chosen and "<" in path:
                    continue
                parts += [f"### {path}{f', {REGION}' if chosen else ''}", "", *said(situation, path, chosen=chosen), ""]
            if path in GROUPED:
                told = said(situation, path, chosen=False, group=GROUP)
                parts += [f"### {path}, sjukvårdsregion {GROUP}", "", *told, ""]
    return "\n".join(parts)


def test_what_is_said_is_what_was_read_and_approved() -> None:
    text = whole()
    if os.environ.get("LAGESBILD_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("situation", ["brus", "saknas", "preliminärt", "skyddat", "en region"])
def test_nothing_is_called_a_change_where_there_is_none(situation: str, path: str) -> None:
    groups = (GROUP, "") if path in GROUPED else ("",)
    for chosen, group in ((False, groups[0]), (False, ""), (True, "")):
        for line in said(situation, path, chosen=chosen, group=group):
            assert not CHANGE.search(NONE_OF_IT.sub("", line)), line


@pytest.mark.parametrize(("situation", "word"), [("förbättring", "förbättring"), ("försämring", "försämring")])
def test_a_signal_is_told(situation: str, word: str) -> None:
    for chosen, group in ((True, ""), (False, GROUP)):
        text = " ".join(said(situation, "/vantetider", chosen=chosen, group=group))
        assert f"säkerställd {word}" in text


def test_a_missing_region_is_named_and_a_protected_one_has_no_number() -> None:
    assert "Åby saknas" in " ".join(said("saknas", "/vantetider", chosen=False))
    text = " ".join(said("skyddat", "/vantetider", chosen=False))
    assert "skyddade" in text
    assert "preliminär" in " ".join(said("preliminärt", "/vantetider", chosen=False))


@pytest.mark.parametrize("path", PATHS)
def test_one_region_is_not_held_against_others(path: str) -> None:
    text = " ".join(said("en region", path, chosen=False))
    assert "regioner ligger" not in text
    assert "av 1 region" not in text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_figure_has_a_title_and_a_sentence(situation: str, path: str) -> None:
    for chosen in (False, True):
        found = content(situation, path, chosen=chosen)
        assert found.sentences
        assert all(s.endswith((".", ":")) for s in found.sentences)
        for section in found.sections:
            if isinstance(section, FigureCard):
                assert section.title
                assert not section.title.endswith(".")
                assert section.summary.endswith(".")
                assert "nan" not in f"{section.title} {section.summary}".split()
