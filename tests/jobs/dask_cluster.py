"""A real Dask cluster for tests: a scheduler and workers as processes of their own, on the loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


class Cluster:
    """A scheduler at `address`, and `workers`: processes with one thread each and no nanny to start them again."""

    def __init__(self, directory: Path, workers: int) -> None:
        self.directory = directory
        file = directory / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
        )
        deadline = time.monotonic() + 20
        while not file.exists() or not file.read_text():
            assert self.scheduler.poll() is None, "the scheduler did not start"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]
        self.workers = [self.add_worker() for _ in range(workers)]

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.directory), "--memory-limit", "0",
        )  # fmt: skip

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        root = Path(__file__).resolve().parents[2]
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},  # the tests' own functions are work too
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
