"""The readers see what they are there to see, and the worked numbers in the modules hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re

import pikepdf
import pytest
import typst

import lagesbild.reports
from lagesbild.reports.fonts import FOLDER
from lagesbild.reports.typeset import pdf
from tests.reports.made_up import council
from tests.reports.read_pdf import opened, overlapping, stray
from tests.reports.ua_rules import faults

_WHOLE = pdf(council())

MODULES = [m.name for m in pkgutil.walk_packages(lagesbild.reports.__path__, "lagesbild.reports.")]


def page(body: str) -> bytes:
    made = typst.compile(
        f'#set page(width: 200pt, height: 100pt, margin: 20pt)\n#set text(font: "Source Sans 3")\n{body}'.encode(),
        format="pdf",
        font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def test_words_over_words_are_found():
    assert overlapping(page('#place(dx: 10pt, "Skåne")#place(dx: 14pt, dy: 2pt, "Halland")'))
    assert not overlapping(page('#place(dx: 10pt, "Skåne")#place(dx: 10pt, dy: 14pt, "Halland")'))


def test_letters_outside_the_margins_are_found():
    assert stray(page('#place(dx: 150pt, "Skåne")'), 20)
    assert not stray(page('#place(dx: 10pt, "Skåne")'), 20)


def _first(node, kind):
    """The first element of a kind in the tree."""
    if "/S" in node and str(node.S) == f"/{kind}":
        return node
    kids = node.get("/K", [])
    inner = (k for k in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(k, pikepdf.Dictionary))
    return next((found for k in inner if "/S" in k or "/K" in k if (found := _first(k, kind)) is not None), None)


def _without(key):
    def change(read):
        del read.Root[key]

    return change


def _no_alternative(read):
    del _first(read.Root.StructTreeRoot, "Figure")["/Alt"]


def _no_scope(read):
    del _first(read.Root.StructTreeRoot, "TH")["/A"]


def _deep_heading(read):
    _first(read.Root.StructTreeRoot, "H2").S = pikepdf.Name.H4


def _cell_outside(read):
    _first(read.Root.StructTreeRoot, "TR").S = pikepdf.Name.P


def _short_row(read):
    row = _first(_first(read.Root.StructTreeRoot, "Table").K[-1], "TR")
    del row.K[0]


def _unmarked(read):
    page = read.pages[0]
    page.contents_add(b"0 0 m 9 9 l S")


def _said_twice(read):
    page = read.pages[0]
    body = pikepdf.parse_content_stream(page)
    marked = next(i for i in body if str(i.operator) == "BDC" and "/MCID" in i.operands[1])
    end = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
    page.contents_add(pikepdf.unparse_content_stream([marked, end]))


def _other_language(read):
    read.Root.Lang = pikepdf.String("")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without("/MarkInfo"), "6.2"),
        (_without("/ViewerPreferences"), "the title is not displayed"),
        (_other_language, "no language"),
        (_no_alternative, "Figure without an alternative text"),
        (_no_scope, "a heading cell without scope"),
        (_deep_heading, "H4 after H1"),
        (_cell_outside, " in P"),
        (_short_row, "a table with rows of"),
        (_unmarked, r"paints \(S\) what is not marked"),
        (_said_twice, "do not name the same content"),
    ],
)
def test_what_breaks_a_rule_of_pdf_ua_is_found(change, said):
    read = opened(_WHOLE)
    assert faults(read) == []
    change(read)
    assert any(re.search(said, f) for f in faults(read)), faults(read)


@pytest.mark.parametrize("name", MODULES)
def test_worked_numbers(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
