"""`lagesbild forecast` and `lagesbild gaps` on a small imported country."""

from __future__ import annotations

import csv
import io
import json

import pytest

from lagesbild.data.source import PgSource
from lagesbild.domain.gap_columns import GAP_COLUMNS
from tests.forecast.made_up import FIRST
from tests.jobs.importing import import_country

pytestmark = pytest.mark.database
LAST = FIRST + 47


@pytest.fixture
def call(monkeypatch, command_line, database_url):
    """Runs the command line against the fresh database: (exit code, standard output, standard error)."""
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    return command_line


@pytest.fixture
def imported(database, tmp_path):
    """The made-up country in the database, imported as files are."""
    import_country(database, tmp_path)
    return database


def test_forecast_and_gaps_from_files_to_flags(imported, call):
    code, out, err = call("forecast", "--jobs", "1", "--records", "1")
    assert (code, out) == (0, "")
    assert "8 serier till och med december 2024, 12 månader framåt" in err
    source = PgSource(imported)
    run, record = source.runs()[0], source.runs("record")[0]
    assert (run.until, run.horizon, record.until) == (LAST, 12, LAST - 3)
    models = set(source.forecasts((run.run_id,))["model"])
    assert any("avgETS" in m for m in models)

    code, table, _ = call("gaps", "--target", "90")
    assert code == 0
    assert table.startswith("Kapacitetsgap mot 90\u00a0%, uppgifter till och med december 2024 (körning")
    assert "öppet" in table  # region 02 lies at 86 %

    code, text, _ = call("gaps", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == (*GAP_COLUMNS, "x_source")
    assert {r["x_source"] for r in rows} == {"Import av waits.csv"}
    assert {r["target_share"] for r in rows} == {"0.7", "0.8", "0.9"}
    opened = next(r for r in rows if r["status"] == "open")
    assert len(opened["opens_period"]) == 7

    code, text, _ = call("gaps", "--format", "json")
    assert [r["region"] for r in json.loads(text)] == [r["region"] for r in rows]


def test_an_earlier_month_can_be_forecast_from(imported, call):
    assert call("forecast", "--jobs", "1", "--until", "2024-06", "--horizon", "6")[0] == 0
    run = PgSource(imported).runs()[0]
    assert (str(run.until), run.horizon) == ("2024-06", 6)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("forecast", "--until", "juni"), "”juni” är ingen månad"),
        (("forecast", "--until", "2025-01"), "inga uppgifter för januari 2025"),
        (("forecast", "--horizon", "99"), "99 månader framåt"),
    ],
)
def test_wrong_calls_exit_2_and_change_nothing(imported, call, arguments, said):
    code, _, err = call(*arguments)
    assert code == 2
    assert said in err
    assert "Gör så här" in err
    assert PgSource(imported).runs() == []


def test_an_empty_database_says_what_to_do(call):
    code, _, err = call("forecast")
    assert code == 2
    assert "Importera väntande först" in err
    code, _, err = call("gaps")
    assert code == 2
    assert "lagesbild forecast" in err


def test_a_target_that_is_not_computed_is_refused(imported, call):
    call("forecast", "--jobs", "1")
    code, _, err = call("gaps", "--target", "75")
    assert code == 2
    assert "Välj 70, 80 eller 90" in err
