"""Web processes killed, exchanged and stopped while readers ask: nobody is turned away, nothing stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from lagesbild.cli.workers import SHARED
from tests.data.test_import_interrupted import waiting_backends
from tests.faults.service import RECOVERY, ROOT, SOAK, Readers, Service, lives, reading, service, until

pytestmark = [pytest.mark.database, pytest.mark.skipif(not SHARED, reason="workers are forked on Linux only")]


def _new(running: Service, before: list[psutil.Process]) -> list[psutil.Process]:
    """The workers, when there are two and none is one of those before."""
    now = running.workers()
    return now if len(now) == 2 and not {p.pid for p in now} & {p.pid for p in before} else []


def _whole(running: Service) -> float:
    """Until both workers are there and the service is ready; returns how long it took."""
    began = time.monotonic()
    until(lambda: len(running.workers()) == 2 and running.ready(), "the service is whole again")
    return time.monotonic() - began


def test_whichever_process_is_killed_under_load_the_service_goes_on(served: Service) -> None:
    shown = served.page()
    rounds = 0
    with reading(served.page) as readers:
        end = time.monotonic() + SOAK
        while rounds == 0 or time.monotonic() < end:
            rounds += 1
            worker = served.workers()[0]
            worker.send_signal(signal.SIGKILL)
            until(lambda gone=worker: gone not in served.workers(), "it is dead")
            assert _whole(served) < RECOVERY
            both = served.workers()
            for worker in both:
                worker.send_signal(signal.SIGKILL)
            until(lambda old=both: _new(served, old), "two new ones")
            assert _whole(served) < RECOVERY
            both, forked_from = served.workers(), served.forkserver()
            forked_from.send_signal(signal.SIGKILL)
            until(lambda old=both: _new(served, old), "two new ones, forked from a new process")
            assert _whole(served) < RECOVERY
            assert served.forkserver().pid != forked_from.pid
            _, alive = psutil.wait_procs(both, timeout=RECOVERY)
            assert not alive, "those that were forked from it have left with it"
            moment = time.monotonic()
            until(lambda at=moment: len(readers.since(at)) > 20, "readers are answered")
    assert served.process.poll() is None
    assert all(answer == shown for _, answer in readers.answers)
    # only what a killed worker was just answering is lost: at most one request a reader and a death
    assert len(readers.faults) <= 4 * 4 * rounds, readers.faults
    assert all(at < moment for at, _ in readers.faults)


def test_workers_that_keep_dying_are_replaced_for_as_long_as_it_takes(served: Service) -> None:
    for _ in range(4):
        for worker in served.workers():
            worker.send_signal(signal.SIGKILL)
        until(lambda: len(served.workers()) == 2, "two workers")
    assert _whole(served) < RECOVERY
    assert served.process.poll() is None


def _reloaded(running: Service, readers: Readers, shown: Any, times: int, answers: int) -> None:
    """Reload that often, readers being answered before, between and after, so many times at least, and none in vain."""
    until(lambda: len(readers.answers) > answers, "readers are answered")
    for _ in range(times + int(SOAK / 10)):
        old = running.workers()
        running.process.send_signal(signal.SIGHUP)
        until(lambda was=old: _new(running, was), "two new workers, and only them")
    moment = time.monotonic()
    until(lambda: len(readers.since(moment)) > answers, "readers are answered by the new ones")
    assert readers.faults == []
    assert all(answer == shown for _, answer in readers.answers)


def test_a_reload_under_load_turns_nobody_away(served: Service) -> None:
    shown, before = served.page(), served.workers()
    forked_from = served.forkserver()
    with reading(served.page) as readers:
        _reloaded(served, readers, shown, times=1, answers=20)
    assert readers.faults == []
    psutil.wait_procs([*before, forked_from], timeout=RECOVERY)
    assert not any(map(lives, [*before, forked_from])), "the old program is gone"


def test_a_reload_loses_nothing_that_is_asked_on_connections_that_are_kept(served: Service) -> None:
    """They rest between two requests, and would be closed then."""
    shown = served.page()
    with served.kept_page() as ask, reading(ask, readers=6, pause=0.05) as readers:
        _reloaded(served, readers, shown, times=2, answers=100)
    assert readers.faults == []


def test_a_reload_is_of_the_program_as_it_is_now_and_one_that_does_not_start_changes_nothing(
    country: str, tmp_path: Path
) -> None:
    root = tmp_path / "program"
    for part in ("src", "assets"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", root)
    health, entry = root / "src/lagesbild/api/health.py", root / "app.py"

    def says(word: str) -> bool:
        return {running.get("/healthz").body for _ in range(8)} == {f'{{"status":"{word}"}}\n'.encode()}  # type: ignore[attr-defined]

    with service(country, tmp_path / "home", root=root) as running:
        assert says("ok")
        before, works = running.workers(), entry.read_text(encoding="utf-8")
        health.write_text(health.read_text(encoding="utf-8").replace('status="ok"', 'status="ny"'), encoding="utf-8")
        entry.write_text(f"raise RuntimeError('half copied')\n{works}", encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        until(lambda: "omladdningen avbröts" in running.log, "the log says so")
        until(lambda: {w.pid for w in running.workers()} == {w.pid for w in before}, "the old ones go on, alone")
        assert says("ok")
        entry.write_text(works, encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        until(lambda: _new(running, before), "two new ones")
        assert says("ny")


def test_a_stop_answers_what_was_begun_and_takes_nothing_new(country: str, tmp_path: Path) -> None:
    with service(country, tmp_path / "home") as running, psycopg.connect(country) as blocking:
        shown = running.page()
        time.sleep(1.1)  # for a second a worker takes the data to be what they were
        everybody = psutil.Process(running.process.pid).children(recursive=True)
        with ThreadPoolExecutor(3) as pool:
            blocking.execute("LOCK TABLE data_version")  # whoever asks now is answered when we let go
            begun = [pool.submit(running.page) for _ in range(3)]
            until(lambda: waiting_backends(blocking) > 0, "somebody is being answered")
            time.sleep(0.3)  # all three are with a worker, which has threads enough for them
            running.process.send_signal(signal.SIGTERM)
            until(lambda: not _listens(running), "nothing new is taken")
            assert running.process.poll() is None
            blocking.rollback()
            assert [one.result(20) for one in begun] == [shown] * 3
        assert running.process.wait(20) == 0
        _, alive = psutil.wait_procs(everybody, timeout=RECOVERY)
        assert not alive


def _listens(running: Service) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", running.port)) == 0


def test_a_starter_that_is_killed_takes_its_workers_with_it(country: str, tmp_path: Path) -> None:
    """Else they would answer for ever, from the port that the next start needs."""
    with service(country, tmp_path / "home") as running:
        everybody = psutil.Process(running.process.pid).children(recursive=True)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()
        _, alive = psutil.wait_procs(everybody, timeout=RECOVERY)
        assert not alive
