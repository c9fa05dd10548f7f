"""A test that hangs fails the run and says where it stood, as `pyproject.toml` has it: CI must not wait for hours."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
HANGING = """
import threading


def test_that_waits_for_nobody():
    threading.Event().wait()
"""


def test_every_test_has_a_quarter_of_an_hour() -> None:
    options = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert (options["faulthandler_timeout"], options["faulthandler_exit_on_timeout"]) == (900, True)


def test_a_test_that_hangs_ends_the_run_with_its_stack(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING, encoding="utf-8")
    options = (
        "-c",
        str(PYPROJECT),
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
        "-o",
        "faulthandler_timeout=1",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "Timeout (0:00:01)!" in done.stderr
    assert "test_that_waits_for_nobody" in done.stderr
