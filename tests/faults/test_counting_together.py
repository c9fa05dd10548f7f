"""Whichever web process is asked for `/metrics`, it tells what all of them have done, and sums never go back."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import psycopg
import pytest

from lagesbild.cli.workers import SHARED
from tests.faults.service import Service, service, until

pytestmark = [pytest.mark.database, pytest.mark.skipif(not SHARED, reason="workers are forked on Linux only")]


def _told(running: Service, name: str) -> float:
    text = running.get("/metrics").body.decode()  # type: ignore[attr-defined]
    return float((re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE) or ["0"])[0])


def test_metrics_are_of_the_service_not_of_a_process(served: Service) -> None:
    pages, views = 'lagesbild_requests_total{kind="page",status="200"}', 'lagesbild_request_seconds_count{kind="view"}'
    served.page()
    before, seen = _told(served, pages), _told(served, views)
    assert _told(served, "lagesbild_worker_starts_total") == 2
    for _ in range(20):
        served.get("/vantetider")
    for _ in range(5):
        served.page()
    assert {_told(served, pages) for _ in range(8)} == {before + 20}, "the same whoever is asked"
    assert {_told(served, views) for _ in range(8)} == {seen + 5}
    worker = served.workers()[0]
    worker.send_signal(signal.SIGKILL)
    until(lambda: len(served.workers()) == 2 and worker.pid not in {w.pid for w in served.workers()}, "a new one")
    until(lambda: _told(served, "lagesbild_worker_starts_total") == 3, "it has started")
    assert _told(served, pages) >= before + 20, "what the dead one counted is still there"


def test_counting_begins_anew_with_the_service_and_leaves_nothing(country: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    left = home / "metrics"
    with service(country, home) as running:
        port = running.port
        directory = left / str(port)
        expected = ["counter"] * 2 + ["histogram"] * 2  # the second process may start after the first has answered
        until(lambda: sorted(p.name.split("_")[0] for p in directory.iterdir()) == expected, "both count")
        assert all(p.stat().st_blocks * 512 >= p.stat().st_size for p in directory.iterdir()), "no holes to write in"
    assert not directory.exists()


def test_every_line_of_a_service_is_json_when_asked_for(country: str, tmp_path: Path) -> None:
    """Of the starter, of Granian and of every web process; what a request logs has its number."""
    with service(country, tmp_path / "home", "--json-logs") as running, psycopg.connect(country) as owner:
        owner.execute("ALTER TABLE data_version RENAME TO gone")
        owner.commit()
        answer = running.get("/readyz")
        assert answer.status == 503
        until(lambda: running.page() and "databasen svarar inte" in running.log, "a page has been asked for")
        owner.execute("ALTER TABLE gone RENAME TO data_version")
        owner.commit()
        running.workers()[0].send_signal(signal.SIGKILL)
        until(lambda: "en ny startas" in running.log, "the starter says so")
        until(running.ready, "ready")
        lines = [json.loads(line) for line in running.log.splitlines()]
    assert {"time", "levelname", "name", "message"} <= set.intersection(*(set(line) for line in lines))
    about = [line for line in lines if "databasen svarar inte" in line["message"]]
    assert about
    assert all(re.fullmatch("[0-9a-f]{16}", line["request_id"]) for line in about)
    assert any(line["name"] == "lagesbild.serve" for line in lines)
