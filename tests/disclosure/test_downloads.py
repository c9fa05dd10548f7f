"""A file holds its table and what the page says of it, so what protects the tables protects the files."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pytest

from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.machine_file import About, machine_csv, machine_names
from lagesbild.components.model import FigureCard, Special
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import produktion, utomlansvard, vantetider
from lagesbild.pages.context import PageContext
from tests.disclosure.small_world import LAST, Shape, country

ABOUT = ("Titel", "Urval")
PROGRAMS = About({}, "prov", synthetic=True)
HIDDEN = ("suppressed", "secondary")


@pytest.fixture(scope="module")
def cards() -> list[FigureCard]:
    source = country(Shape(3, regions=4, months=15, size=4.0, providers=0, missing=0.0))
    context = PageContext(source, Selection(care_area="A1", month=LAST), Viewer())
    pages = (vantetider.PAGE, produktion.PAGE, utomlansvard.PAGE)
    return [s for page in pages for s in page.build(context).sections if isinstance(s, FigureCard)]


def test_files_are_made_of_the_table_alone(cards):
    """What is drawn, said or marked beside it changes no cell of a file."""
    for card in cards:
        bare = replace(card, graphic=None, title="", summary="", legend=None, graphic_label="")
        assert csv_bytes(bare, ABOUT) == csv_bytes(card, ABOUT)
        assert machine_csv(bare, PROGRAMS) == machine_csv(card, PROGRAMS)
        assert _cells(xlsx_bytes(bare, ABOUT)) == _cells(xlsx_bytes(card, ABOUT))


def test_a_hidden_cell_has_no_number_in_any_file(cards):
    seen = 0
    for card in cards:
        people = list(csv.reader(io.StringIO(csv_bytes(card, ABOUT).decode("utf-8-sig")), delimiter=";"))
        programs = list(csv.reader(io.StringIO(machine_csv(card, PROGRAMS).decode())))
        sheet = _cells(xlsx_bytes(card, ABOUT))
        assert len(programs) == len(card.table.rows) + 1
        assert programs[0][: len(card.table.columns)] == machine_names(card.table.columns)
        for y, row in enumerate(card.table.rows, 1):
            for x, cell in enumerate(row.cells):
                if isinstance(cell, Special) and cell.state in HIDDEN:
                    seen += 1
                    for told in (people[y][x], programs[y][x], str(sheet[y][x])):
                        assert not re.search(r"\d", told.replace("<5", ""))
    assert seen > 10


def _cells(file: bytes) -> list[tuple]:
    return [tuple(row) for row in openpyxl.load_workbook(io.BytesIO(file))["Tabell"].iter_rows(values_only=True)]
