"""No password in a log, an answer or an error; files with secrets are their owner's alone."""

from __future__ import annotations

import json
import logging
import re
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from lagesbild.data.engine import open_database
from lagesbild.domain.errors import LagesbildError
from lagesbild.log import OneJson, OneLine
from lagesbild.settings import Settings
from lagesbild.snapshots.keys import create_pair, read_private

SECRET = "hemligt-4711"
ADDRESS = f"postgresql://lagesbild:{SECRET}@127.0.0.1:1/lage"
COMMAND = str(Path(sys.executable).with_name("lagesbild"))


@pytest.mark.parametrize("words", [["config"], ["--json-logs", "db", "status"], ["db", "upgrade"], ["gaps"]])
def test_no_command_prints_a_password(words: list[str], tmp_path: Path) -> None:
    environment = {
        "LAGESBILD_DATABASE_URL": ADDRESS,
        "LAGESBILD_READ_URL": ADDRESS,
        "LAGESBILD_HOME": str(tmp_path),
        "PATH": "",
    }
    done = subprocess.run([COMMAND, *words], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout or done.stderr
    assert SECRET not in done.stdout + done.stderr
    if words == ["config"]:
        assert "lagesbild:***@127.0.0.1" in done.stdout


def test_no_error_of_the_database_holds_a_password(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(LagesbildError) as caught,
        open_database(Settings(database_url=ADDRESS), role="read") as database,
        database.raw(),
    ):
        pass
    told: BaseException | None = caught.value
    while told is not None:
        assert SECRET not in f"{told!s}{told!r}"
        told = told.__cause__ or told.__context__
    assert SECRET not in caplog.text


def test_a_key_is_its_owners_alone_and_another_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "nyckel"
    create_pair(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with caplog.at_level(logging.WARNING):
        read_private(path)
    assert not caplog.text
    path.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        read_private(path)
    assert "kan läsas av andra" in caplog.text
    assert path.read_text()[40:60] not in caplog.text


def test_a_message_is_one_line_with_its_time() -> None:
    record = logging.LogRecord("lagesbild", logging.INFO, __file__, 1, "adress %s", ("/a\n2026 ERROR x\x1b[2J",), None)
    line = OneLine("{asctime} {levelname:<7} {name}: {message}", style="{").format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO ", line), "with its zone"
    as_json = json.loads(OneJson("{asctime}{message}", style="{").format(record))
    assert datetime.fromisoformat(as_json["asctime"]).timestamp() == pytest.approx(record.created, abs=0.01)
    assert datetime.fromisoformat(as_json["asctime"]).tzinfo is not None
    assert r"/a\n2026 ERROR x\x1b[2J" in line
