"""The font that goes with us: unmodified, licensed, small, and able to write everything documents say."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from lagesbild.reports.fonts import FOLDER, NO_GLYPH, characters, divided, line_count, printable, width
from lagesbild.reports.typeset.content import content
from tests.reports import made_up

ROOT = Path(__file__).resolve().parents[2]


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [t for v in value.values() for t in strings(v)]
    return [t for v in value for t in strings(v)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", made_up.documents())
def test_every_character_of_the_documents_has_a_glyph(name):
    used = set("".join(strings(content(made_up.documents()[name])))) - {"\n", "\u200b"}
    assert used <= characters()
    assert NO_GLYPH not in used


def test_swedish_and_the_signs_of_measures_have_glyphs():
    assert set("abcdefghijklmnopqrstuvwxyzåäöéüABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÉÜ0123456789") <= characters()
    assert set("\u00a0−–—…%±×≤≥→½²³„”’·•□€§°") <= characters()


def test_the_files_are_few_small_licensed_and_as_they_were_published():
    """A changed file may not bear the name (Reserved Font Name in the licence): the sums are those of source-sans
    3.52.0."""
    told = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    files = sorted(FOLDER.glob("*.ttf"))
    assert [f.name for f in files] == ["SourceSans3-Bold.ttf", "SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf"]
    assert sum(f.stat().st_size for f in files) < 1_500_000
    for file in files:
        assert hashlib.sha256(file.read_bytes()).hexdigest() in told
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "LICENSE-OFL.txt").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_replaced_and_what_cannot_be_seen_left_out():
    assert printable("a\u200fb\x07c") == "abc"
    assert printable("中") == NO_GLYPH
    assert printable(unicodedata.normalize("NFD", "Örebro")) == "Örebro"
    assert printable("rad\u2028rad") == "rad\nrad"


def test_widths_are_those_of_the_page():
    """An independent measure: what pdfplumber finds between the first and last letter of a text set by Typst."""
    import io

    import pdfplumber

    from lagesbild.reports.typeset import pdf

    with pdfplumber.open(io.BytesIO(pdf(made_up.council()))) as read:
        found = read.pages[0].extract_words(extra_attrs=["size"])
    words = [w for w in found if w["text"] in ("Västernorrland", "Öppnar", "Verkliga", "Nytillkomna")]
    assert len({w["size"] for w in words}) >= 3
    for word in words:
        assert word["x1"] - word["x0"] == pytest.approx(width(word["text"], word["size"]), rel=0.015)


def test_long_words_are_divided_only_where_they_must_be():
    assert divided("Västra Götaland", 60, 8.6) == "Västra Götaland"
    pieces = divided("Ö" * 50, 60, 8.6).split("\u200b")
    assert "".join(pieces) == "Ö" * 50
    assert all(width(p, 8.6) <= 60 for p in pieces)
    assert line_count("Ö" * 50, 60, 8.6) == pytest.approx(len(pieces), abs=1)
