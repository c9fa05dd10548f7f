"""The readers see what they are there to see, and the worked numbers in the modules hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest
import typst

import lagesbild.reports
from lagesbild.reports.fonts import FOLDER
from tests.reports.read_pdf import overlapping, stray

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


@pytest.mark.parametrize("name", MODULES)
def test_worked_numbers(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
