"""The process that web processes are forked from makes the application, has it answer, and is left with nothing that
cannot be shared: whatever the database does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from lagesbild.cli.workers import SHARED
from lagesbild.settings import project_root
from tests.browser.conftest import free_port, wait_for

pytestmark = [pytest.mark.database, pytest.mark.skipif(not SHARED, reason="forked on Linux only")]
WARM = """
import os, signal, sys, threading
import lagesbild.preload
import lagesbild.answers as answers
made, make = [], answers.make
answers.make = lambda server, view: (made.append(view.path), make(server, view))
import lagesbild.warm
held = [os.readlink(f"/proc/self/fd/{f}") for f in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{f}")]
print(len(os.listdir("/proc/self/task")), threading.active_count(), sum(x.startswith("socket") for x in held))
print(signal.getsignal(signal.SIGALRM) == signal.SIG_DFL, signal.getitimer(signal.ITIMER_REAL)[0])
print("app" in sys.modules, made, os.listdir(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
"""
NOTHING_LEFT = ["1 1 0", "True 0.0"]


def warmed(tmp_path: Path, **settings: str) -> list[str]:
    """What the process that web processes are forked from has when it has imported all."""
    (counting := tmp_path / "counting").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LAGESBILD", "OPENBLAS", "ARROW"))}
    environment |= {"LAGESBILD_HOME": str(tmp_path), "PROMETHEUS_MULTIPROC_DIR": str(counting), **settings}
    done = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_the_application_is_made_and_has_answered_and_nothing_is_left_of_it(country: str, tmp_path: Path) -> None:
    assert warmed(tmp_path, LAGESBILD_DATABASE_URL=country) == [*NOTHING_LEFT, "True ['/vantetider'] []"]


def test_a_replica_is_looked_at_by_threads_so_nothing_is_asked(country: str, tmp_path: Path) -> None:
    told = warmed(tmp_path, LAGESBILD_DATABASE_URL=country, LAGESBILD_READ_URL=country + "&application_name=copy")
    assert told == [*NOTHING_LEFT, "True [] []"]


def test_the_embedded_server_is_left_to_those_who_are_counted(tmp_path: Path) -> None:
    assert warmed(tmp_path) == [*NOTHING_LEFT, "False [] []"]
    assert not (tmp_path / "postgres").exists()


def test_a_database_that_is_away_or_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for port in (1, silent.getsockname()[1]):
            home = tmp_path / str(port)
            home.mkdir()
            told = warmed(home, LAGESBILD_DATABASE_URL=f"postgresql://x@127.0.0.1:{port}/x")
            assert told == [*NOTHING_LEFT, "True [] []"]


def test_a_wrong_setting_is_left_to_the_web_process_to_tell(tmp_path: Path) -> None:
    assert warmed(tmp_path, LAGESBILD_DATABASE_URL="mysql://x") == [*NOTHING_LEFT, "False [] []"]


def test_web_processes_log_as_the_service_was_told_to(tmp_path: Path) -> None:
    """The process that they are forked from has no command line, and has set up logging before them."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD")}
    environment |= {"LAGESBILD_HOME": str(tmp_path), "PORT": str(port), "LAGESBILD_WORKERS": "1"}
    environment |= {"LAGESBILD_DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "PYTHONPATH": str(project_root() / "src")}
    program = "from lagesbild.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "--json-logs", "serve"],
        cwd=project_root(),
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/waits", timeout=30)
    finally:
        process.terminate()
        _, told = process.communicate(timeout=30)
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"lagesbild.cli", "lagesbild.requests"} <= {line["name"] for line in lines}
