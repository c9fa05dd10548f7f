"""`ops/lagesbild`, which the operations guide runs every command with: the settings file as systemd reads it."""

from __future__ import annotations

import getpass
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TELLS = '#!/bin/sh\nprintf "%s|" "$@"; env | grep -E "^(LAGESBILD_|PORT=)" | sort\n'


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program's place, with a command that tells how it was called."""
    (tmp_path / "ops").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "ops" / "lagesbild", tmp_path / "ops")
    program = tmp_path / ".venv" / "bin" / "lagesbild"
    program.write_text(TELLS)
    program.chmod(0o755)
    return tmp_path


def run(command: str, place: Path, settings: str) -> subprocess.CompletedProcess[str]:
    file = place / "lagesbild.env"
    file.write_text(settings, encoding="utf-8")
    told = {"PATH": "/usr/bin:/bin", "SERVICE_USER": getpass.getuser(), "SETTINGS": str(file)}
    return subprocess.run(
        ["bash", "-euc", command], env=told, cwd="/", capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_guides_commands_work_with_the_guides_settings(installed: Path) -> None:
    settings = next(b for b in re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL) if b.startswith("LAGESBILD_DATABASE_URL"))
    commands = re.findall(r"^(.*lagesbild db upgrade)$", GUIDE, re.MULTILINE)
    commands = [c for c in commands if c.startswith(("/", "sudo"))]
    assert len(commands) == 2
    assert "LAGESBILD_OPERATOR=Region Stockholm" in settings
    for command in commands:
        done = run(command.replace("/srv/lagesbild", str(installed)), installed, settings)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "db|upgrade|" + "".join(f"{line}\n" for line in sorted(settings.splitlines()))


def test_lines_are_read_as_systemd_reads_them(installed: Path) -> None:
    settings = (
        "# en kommentar\n; en till\n\n  PORT=81\n"
        "LAGESBILD_OPERATOR=\"Region Stockholm\"\nLAGESBILD_CONTACT='a b'\nLAGESBILD_OIDC_SCOPES=openid  profile \r\n"
        "LAGESBILD_DATABASE_URL=postgresql://u:p=$HOME`id`;@h/x?a=b#c"
    )
    done = run(f"{installed}/ops/lagesbild import waits 'en fil.csv'", installed, settings)
    assert done.returncode == 0, done.stderr
    head, _, told = done.stdout.rpartition("|")
    assert head == "import|waits|en fil.csv"
    assert told.splitlines() == [
        "LAGESBILD_CONTACT=a b",
        "LAGESBILD_DATABASE_URL=postgresql://u:p=$HOME`id`;@h/x?a=b#c",
        "LAGESBILD_OIDC_SCOPES=openid  profile",
        "LAGESBILD_OPERATOR=Region Stockholm",
        "PORT=81",
    ]


def test_a_line_that_is_no_setting_stops_it(installed: Path) -> None:
    done = run(f"{installed}/ops/lagesbild db upgrade", installed, "PORT=81\nhej hopp\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hej hopp" in done.stderr
