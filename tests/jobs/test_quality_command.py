"""`lagesbild quality` on a small imported country: the same findings as the page, for people and for machines."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import pandas as pd
import pytest

from lagesbild.cli.quality import COLUMNS
from lagesbild.jobs.importing import import_file
from tests.forecast.made_up import FIRST
from tests.jobs.importing import import_country

pytestmark = pytest.mark.database
LAST = FIRST + 47


@pytest.fixture
def call(monkeypatch, command_line, database_url):
    """Runs `lagesbild quality` against the fresh database: (exit code, standard output, standard error)."""
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    return partial(command_line, "quality")


@pytest.fixture
def imported(database, tmp_path):
    """Two regions; the second says that its production is excluded, and has done the same as the month before."""
    import_country(database, tmp_path)
    path = tmp_path / "reporting.csv"
    rows = [(str(LAST), "02", "Produktion", "excluded", "Fel fil."), (str(LAST), "01", "Kapacitet", "complete", "")]
    pd.DataFrame(rows, columns=["period", "region", "register", "status", "reason"]).to_csv(path, index=False)
    import_file(database, "reporting", path)
    return database


def test_table_csv_and_json_say_the_same(imported, call):
    code, table, err = call()
    assert (code, err) == (0, "")
    assert table.startswith("Rapportering december 2024\n")
    assert "Produktion: 1 av 2 regioner. Uteslutna:" in table
    assert "Fynd 2024-01 till 2024-12" in table

    code, text, _ = call("--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert code == 0
    assert tuple(rows[0]) == COLUMNS
    excluded = next(r for r in rows if r["kind"] == "reporting" and r["status"] == "excluded")
    assert (excluded["register"], excluded["region"], excluded["explanation"]) == ("production", "02", "Fel fil.")
    said = next(r for r in rows if r["rule"] == "said_complete")
    assert (said["grade"], said["register"], said["region"]) == ("review", "capacity", "01")
    assert said["first_period"] == said["last_period"] == str(LAST)

    code, text, _ = call("--format", "json")
    assert code == 0
    assert json.loads(text) == rows


def test_region_month_and_period_can_be_chosen(imported, call):
    code, text, _ = call("--format", "json", "--region", "01", "--month", "2024-06", "--months", "24")
    assert code == 0
    assert {r["region"] for r in json.loads(text)} <= {"01"}
    _, table, _ = call("--month", "2024-06", "--months", "24")
    assert "Fynd 2022-07 till 2024-06" in table


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--region", "99"), "Ingen region med koden ”99” rapporterar. Gör så här: Välj en kod: 01 "),
        (("--care-area", "hjärta"), "inget vårdområde ”hjärta”. Gör så här: Välj en kod: "),
        (("--month", "juni"), "”juni” är ingen månad"),
        (("--months", "7"), "Välj 12, 24, 36 eller 60"),
    ],
)
def test_wrong_calls_exit_2(imported, call, arguments, said):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    told = " ".join(err.split())
    assert said in told
    assert "Gör så här" in told
    assert "datamängden" not in told


def test_an_empty_database_says_what_to_do(call):
    code, _, err = call()
    assert code == 2
    assert "Importera uppgifter" in err
