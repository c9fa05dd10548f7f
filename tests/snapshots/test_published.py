"""Published tables in a snapshot: unique keys, hidden numbers explained, equal files of equal tables."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.offline.parts import script
from lagesbild.freezing.published import as_machine_table, published
from lagesbild.freezing.workbook import WORDS, workbook
from lagesbild.views.published_tables import PublishedTable
from tests.golden.situations import country_of


@pytest.fixture(scope="module")
def tables() -> dict[str, PublishedTable]:
    return published(country_of("skyddat"), Viewer())


def test_no_two_rows_of_a_table_have_the_same_key(tables: dict[str, PublishedTable]) -> None:
    for name, table in tables.items():
        made = as_machine_table(table)
        rows = list(csv.DictReader(io.StringIO(made.content.decode())))
        keys = [tuple(r[k] for k in made.told.keys) for r in rows]
        assert len(set(keys)) == len(keys) == len(table.frame), name


def test_a_hidden_number_is_empty_and_says_why(tables: dict[str, PublishedTable]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_machine_table(tables["waits"]).content.decode())))
    hidden = [r for r in rows if r["over_limit_state"] == "suppressed"]
    assert hidden
    assert {r["over_limit"] for r in hidden} == {""}
    assert all(float(r["waiting"]) >= 0 for r in rows if r["waiting_state"] == "")


def test_a_run_is_told_in_the_manifest_and_not_in_the_keys(tables: dict[str, PublishedTable]) -> None:
    for name in ("forecasts", "gaps"):
        told = as_machine_table(tables[name]).told
        assert "run_id" not in told.keys
        assert told.kind == "forecast"


def test_providers_have_no_rows_and_the_page_does_not_say_that_they_have(tables: dict[str, PublishedTable]) -> None:
    """It said that every provider's numbers stood in the files beside it."""
    facts = [t.frame for n, t in tables.items() if n != "providers" and "provider" in t.frame]
    assert [f for f in facts if (f["provider"] != "").any()] == []
    said = script()
    assert "alla vårdgivares" not in said
    assert "Enskilda vårdgivares tal är inte med i bilden." in said


def test_the_workbook_has_a_typed_sheet_a_table(tables: dict[str, PublishedTable]) -> None:
    body = workbook(tables, ["Lägesbild", "=HYPERLINK(1)"])
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Om bilden", *(n[:31] for n in tables)]
    assert book["Om bilden"]["A2"].data_type == "s"
    sheet = book["waits"]
    assert sheet.freeze_panes == "A2"
    at = [c.name for c in tables["waits"].columns].index("over_limit") + 1
    found = {sheet.cell(y, at).value for y in range(2, sheet.max_row + 1)}
    assert WORDS["suppressed"] in found
    assert {type(v) for v in found} <= {str, int, float}
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


def test_equal_tables_are_equal_files(tables: dict[str, PublishedTable]) -> None:
    assert workbook(tables, ["A"]) == workbook(published(country_of("skyddat"), Viewer()), ["A"])
