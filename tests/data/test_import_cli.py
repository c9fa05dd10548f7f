"""`lagesbild import` and `export` as a user meets them: sentences, tables, exit codes, data alone on standard out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lagesbild.data.engine import Database
from tests.conftest import Call
from tests.data.import_files import WAITS, Importer

pytestmark = pytest.mark.database


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    return made


def lagesbild(url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LAGESBILD_DATABASE_URL": url, "COLUMNS": "200"}
    command = [sys.executable, "-c", "from lagesbild.cli import main; main()", *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def called(command_line: Call, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The same in this process, where nothing needs one of its own: it takes three seconds to start."""
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return command_line


def test_in_and_out_again(importer: Importer, database_url: str, tmp_path: Path) -> None:
    importer.file(f"{WAITS}\n2024-01,01,kat,,1 234,<5\n", "w.csv")
    done = lagesbild(database_url, tmp_path, "import", "waits", "w.csv", "--source", "Regionen", "--synthetic")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 nya eller ändrade inlästa till waits (syntetiska data), källa ”Regionen”" in done.stderr
    taken = lagesbild(database_url, tmp_path, "export", "waits", "--region", "01", "--from", "2024M01")
    assert taken.returncode == 0
    assert taken.stdout.split("\n")[1].startswith("2024-01,01,kat,,1234,<5,")
    assert taken.stdout.rstrip().endswith(",Syntetiska data: Regionen,suppressed")
    assert taken.stderr == ""
    written = lagesbild(database_url, tmp_path, "export", "waits", "--out", "ut.xlsx")
    assert (written.returncode, written.stdout) == (0, "")
    assert not list(tmp_path.glob(".*.part"))
    again = lagesbild(database_url, tmp_path, "import", "waits", "ut.xlsx", "w.csv")
    assert again.returncode == 0
    assert again.stderr.count("Ingenting har ändrats") == 2


def test_faults_are_shown_written_and_counted(importer: Importer, called: Call, tmp_path: Path) -> None:
    importer.file(f"{WAITS}\n2024-13,01,kat,,1,\n2024-01,1,kat,,[b]x[/b],\n", "fel.csv")
    importer.file(f"{WAITS}\n2024-01,01,kat,,7,\n", "ratt.csv")
    code, out, told = called("import", "waits", "fel.csv", "ratt.csv", "saknas.csv", "--errors", "e.csv")
    assert (code, out) == (2, "")
    for shown in ("fel.csv: 3 fel", "2024-13", "[b]x[/b]", "Menades ”01”?", "ratt.csv: 1 rad", "saknas.csv"):
        assert shown in told
    assert "Traceback" not in told
    errors = (tmp_path / "e.csv").read_text("utf-8-sig").splitlines()
    assert errors[0] == "fil;rad;kolumn;värde;allvar;väntat;åtgärd"
    assert [line.split(";")[:3] for line in errors[1:]] == [
        ["fel.csv", "2", "period"],
        ["fel.csv", "3", "region"],
        ["fel.csv", "3", "waiting"],
        ["saknas.csv", "0", ""],
    ]
    assert importer.query("SELECT waiting FROM waits") == [(7,)]  # one transaction for each file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "vantetider", "w.csv"), "Det finns ingen datamängd ”vantetider”"),
        (("import", "waits", "."), "katalog"),
        (("import", "waits", "w.csv", "--recorded-at", "igår"), "--recorded-at"),
        (("export", "foo"), "Det finns ingen datamängd ”foo”"),
        (("export", "backtest"), "Kör `lagesbild backtest` först"),
        (("export", "gaps"), "Ingen prognos"),
        (("export", "waits", "--format", "pdf"), "csv-sv"),
        (("export", "waits", "--from", "2024-02", "--to", "2024-01"), "--from"),
        (("export", "waits", "--as-of", "nyss"), "--as-of"),
        (("export", "waits", "--as-of", "2999-01-01"), "2999-01-01 kl. 23.59 har inte varit ännu"),
        (("export", "waits", "--out", "saknas/ut.csv"), "går inte att skriva"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_exit_code_2(
    arguments: tuple[str, ...], said: str, called: Call, tmp_path: Path
) -> None:
    (tmp_path / "w.csv").write_text("x")
    code, out, told = called(*arguments)
    assert (code, out) == (2, "")
    assert said in told
    assert "Gör så här:" in told
    assert "Traceback" not in told


def test_a_file_that_cannot_be_read_is_in_the_error_file(importer: Importer, called: Call, tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text(WAITS, encoding="utf-16")
    code, _, told = called("import", "waits", "w.csv", "--errors", "e.csv")
    assert code == 2
    assert "Inga fel" not in told
    assert told.count("UTF-16") == 1
    (line,) = (tmp_path / "e.csv").read_text("utf-8-sig").splitlines()[1:]
    assert line.startswith("w.csv;0;")
    assert "UTF-16" in line
    assert "Spara den som CSV UTF-8" in line
