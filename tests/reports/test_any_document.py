"""Whatever a document holds, it becomes pages: nothing in it is code, nothing leaves the page, nothing stops it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from lagesbild.reports.document import Point, Prose, Section
from lagesbild.reports.fonts import one_line
from lagesbild.reports.typeset import pdf
from tests.reports import made_up
from tests.reports.made_up_any import HOSTILE, documents
from tests.reports.read_pdf import elements, flat, headings, opened, pages, stray


@settings(  # not shrunk: that took minutes, and the document that failed is printed whole
    max_examples=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(documents)
def test_any_document_becomes_accessible_pages_that_hold_it(document):
    data = pdf(document)
    read = opened(data)
    assert len(read.pages) >= 1
    assert all(e.alt for e in elements(read) if e.kind == "Figure")
    assert headings(read)[0] == "H1"
    assert stray(data, 20) == []


@pytest.mark.parametrize("text", [t for t in HOSTILE if one_line(t)])
def test_a_text_that_looks_like_code_stands_as_it_is_written(text):
    said = f"Före {text} efter"
    document = replace(
        made_up.bare(),
        title=said,
        points=(Point(said, said),),
        sections=(Section("a", said, (Prose((said, (said, said))),), comment=said),),
    )
    shown = " ".join(pages(pdf(document)))
    assert shown.replace(" ", "").count(flat(one_line(said)).replace(" ", "")) == 8


def test_a_character_without_a_glyph_is_seen_to_be_missing():
    document = replace(made_up.bare(), title="Region 中 😀")
    assert "Region □ □" in pages(pdf(document))[0]
