"""Web processes are forked from one that has imported everything and done nothing else; they leave with the service."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from lagesbild.cli.workers import SHARED
from lagesbild.settings import project_root

pytestmark = pytest.mark.skipif(not SHARED, reason="forked on Linux only")
IMPORTED = """
import os, sys, threading
import lagesbild.preload
print(len(os.listdir("/proc/self/task")), threading.active_count())
print(sum(len(os.readlink(f"/proc/self/fd/{f}")) > 0 and os.readlink(f"/proc/self/fd/{f}").startswith("socket")
          for f in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{f}")))
print(sorted({"scipy", "statsmodels", "openpyxl", "xlsxwriter", "matplotlib", "typer", "granian"} & set(sys.modules)))
"""


def test_what_is_forked_has_no_thread_and_no_connection_and_not_what_pages_never_use() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS", "ARROW", "JE_ARROW"))}
    out = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, env=environment
    ).stdout
    assert out.splitlines() == ["1 1", "0", "[]"]


def test_workers_share_what_they_import_and_leave_with_the_service(database_url: str, tmp_path: Path) -> None:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    environment = {**os.environ, "LAGESBILD_DATABASE_URL": database_url, "LAGESBILD_HOME": str(tmp_path)}
    environment |= {"PORT": str(port), "LAGESBILD_PREPARE": "false", "PYTHONPATH": str(project_root() / "src")}
    program = "from lagesbild.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", program, "--quiet", "serve"], cwd=project_root(), env=environment)
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.1)
        starter = psutil.Process(process.pid)
        workers: list[psutil.Process] = []
        while len(workers) < 2 and time.monotonic() < deadline:
            workers = [p for child in starter.children() for p in child.children()]
        assert len(workers) == 2
        assert len({w.ppid() for w in workers}) == 1
        for worker in workers:
            told = worker.memory_full_info()
            assert told.uss < told.rss / 2, "most of a worker is shared"
        everybody = [starter, *starter.children(recursive=True)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        _, alive = psutil.wait_procs(everybody[1:], timeout=10)
        assert not alive
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
