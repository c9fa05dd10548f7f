"""Work spread over processes: answers in order, and nobody left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from lagesbild.forecast.fanout import ProcessExecutor, SerialExecutor, local_executor

FOREVER = """
    import os, time
    from lagesbild.forecast.fanout import ProcessExecutor

    def work(n):
        print("working", os.getpid(), flush=True)
        time.sleep(600)

    if __name__ == "__main__":
        list(ProcessExecutor(2).map(work, [1, 2]))
"""


def test_answers_come_in_the_items_order_from_other_processes_with_one_thread() -> None:
    items = ["OMP_NUM_THREADS", "HOME", "OMP_NUM_THREADS"]
    before = os.environ.get("OMP_NUM_THREADS")
    assert list(ProcessExecutor(2).map(os.getenv, items)) == ["1", os.environ.get("HOME"), "1"]
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_little_work_stays_here() -> None:
    assert isinstance(local_executor(4, 7), SerialExecutor)
    assert isinstance(local_executor(1, 8), ProcessExecutor)


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "forever.py"
    script.write_text(textwrap.dedent(FOREVER), encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    said = [parent.stdout.readline().split() for _ in range(2)]
    assert all(line and line[0] == "working" for line in said), said
    workers = [psutil.Process(int(number)) for _, number in said]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs(workers, timeout=30)
    for worker in alive:
        worker.kill()
    assert not alive


def test_processes_are_kept_from_one_piece_of_work_to_the_next() -> None:
    with ProcessExecutor(2) as executor:
        first = set(executor.map(_whose, range(8)))
        second = set(executor.map(_whose, range(8)))
        assert first | second <= first
        assert os.getpid() not in first
    assert not any(psutil.pid_exists(number) for number in first)
    assert set(ProcessExecutor(1).map(_whose, [1])) != first


def test_work_beside_goes_on_in_a_process_of_its_own_and_its_fault_is_raised_where_it_is_asked_for() -> None:
    with ProcessExecutor(1).beside(_whose, 1) as answer:
        other = answer()
    assert other != os.getpid()
    assert not psutil.pid_exists(other)
    with ProcessExecutor(1).beside(int, "åtta") as answer, pytest.raises(ValueError, match="åtta"):
        answer()


def _whose(_: int) -> int:
    return os.getpid()
