"""Homes and processes for the tests of the embedded server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.data.embedded_homes import USER, servers


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that any user can reach (pytest's own directories are closed to the server's user when we are root)."""
    for name in ("LAGESBILD_DATABASE_URL", "LAGESBILD_READ_URL"):
        monkeypatch.delenv(name, raising=False)
    parent = Path(tempfile.mkdtemp(prefix="lagesbild-home-"))
    parent.chmod(0o755)
    yield parent / "home"
    for process in servers(parent / "home" / "postgres"):
        process.kill()
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def user_process(home: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(home)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
