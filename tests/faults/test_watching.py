"""What those who watch over the service are told: numbers of requests, metrics, and files that read them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient

from lagesbild.answers import UPDATE, question
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.job_state import JobState
from lagesbild.domain.replica import ReplicaState
from lagesbild.domain.source import DataVersion
from lagesbild.factory import create_app
from lagesbild.log import configure_logging
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from tests import gallery
from tests.fakes import FakeSource
from tests.test_serve import RUN

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 2, tzinfo=UTC)
JOBS = [JobState("import", AT, AT, 2, AT), JobState("forecast", AT, None, 0, None)]


class Away(FakeSource):
    def version(self) -> DataVersion:
        raise DatabaseUnavailableError("Databasen svarar inte.")


REPLICA = ReplicaState("behind", in_use=False, behind_versions=2, behind_seconds=12.5, switches=3, primary_up=False)


def _client(source: FakeSource) -> FlaskClient:
    app = create_app(
        source,
        Settings(),
        pages=gallery.PAGES,
        known=gallery.known,
        filters=gallery.filters,
        jobs=lambda: JOBS,
        replica=lambda: REPLICA,
    )
    return app.test_client()


@pytest.fixture
def client() -> FlaskClient:
    return _client(gallery.source(run_rows=(RUN,)))


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield capsys
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/finns-inte", "/assets/finns-inte.css"])
def test_every_answer_has_a_number_of_its_own(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path).headers["X-Request-Id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


def test_a_number_from_the_proxy_on_this_machine_is_kept(client: FlaskClient) -> None:
    for given in ("8f2c1e90", "req-2026.11_abcdef", "a" * 64):
        assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["kort", "a" * 65, "med mellanslag", "<script>alert(1)", "åäöåäöåäö", "-rf12345678", ""]
)
def test_one_that_is_not_well_formed_is_not(client: FlaskClient, given: str) -> None:
    told = client.get("/healthz", headers={"X-Request-Id": given.encode("latin-1").decode("latin-1")})
    assert re.fullmatch("[0-9a-f]{16}", told.headers["X-Request-Id"])


def test_one_from_elsewhere_is_not(client: FlaskClient) -> None:
    there = {"REMOTE_ADDR": "192.0.2.7"}
    told = client.get("/healthz", headers={"X-Request-Id": "8f2c1e90"}, environ_overrides=there)
    assert told.headers["X-Request-Id"] != "8f2c1e90"


def test_every_line_that_a_request_logs_carries_its_number(logs: pytest.CaptureFixture[str]) -> None:
    client = _client(Away([], []))
    configure_logging(json_logs=True)
    answers = [client.post(UPDATE, json=question(View("/"))) for _ in range(2)]
    lines = [json.loads(line) for line in logs.readouterr().err.splitlines()]
    assert [line["request_id"] for line in lines] == [a.headers["X-Request-Id"] for a in answers]
    assert all("databasen svarar inte" in line["message"] for line in lines)
    logging.getLogger("lagesbild").warning("utanför")
    assert "request_id" not in json.loads(logs.readouterr().err)


def test_lines_for_people_carry_it_too(logs: pytest.CaptureFixture[str]) -> None:
    client = _client(Away([], []))
    configure_logging()
    number = client.post(UPDATE, json=question(View("/"))).headers["X-Request-Id"]
    logging.getLogger("lagesbild").warning("utanför")
    within, outside = logs.readouterr().err.splitlines()
    assert f"lagesbild.pages [{number}]: databasen" in within
    assert outside.endswith("lagesbild: utanför")


def _metrics(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {k: float(v) for k, _, v in (line.rpartition(" ") for line in lines if not line.startswith("#"))}


def test_how_old_the_data_are_and_how_work_has_gone(client: FlaskClient) -> None:
    told = _metrics(client)
    made = {name: told[f"lagesbild_{name}"] for name in ("database_up", "data_version")}
    assert made == {"database_up": 1, "data_version": 1}
    assert told["lagesbild_last_forecast_timestamp_seconds"] == RUN.created_at.timestamp()
    assert told["lagesbild_forecast_until_timestamp_seconds"] == datetime(2026, 10, 1, tzinfo=UTC).timestamp()
    assert told['lagesbild_jobs_failed{kind="import"}'] == 2
    assert told['lagesbild_job_unfinished_timestamp_seconds{kind="import"}'] == AT.timestamp()
    assert 'lagesbild_job_failed_timestamp_seconds{kind="forecast"}' not in told


def test_without_a_database_that_is_all_that_is_told_of_data() -> None:
    client = _client(Away([], []))
    client.get("/")
    told = _metrics(client)
    assert told["lagesbild_database_up"] == 0
    assert not [name for name in told if "timestamp" in name and "requests" not in name and "created" not in name]
    assert told['lagesbild_requests_total{kind="page",status="200"}'] == 1, "what the program asks itself is no request"


def test_what_is_shown_follows_the_data() -> None:
    source = gallery.source(run_rows=(RUN,))
    client = _client(source)
    assert _metrics(client)["lagesbild_data_version"] == 1
    source.version_number, source.run_rows = 2, (replace(RUN, run_id=9, created_at=AT), RUN)
    told = _metrics(client)
    assert told["lagesbild_data_version"] == 2
    assert told["lagesbild_last_forecast_timestamp_seconds"] == AT.timestamp()


def _names(client: FlaskClient) -> set[str]:
    return {
        re.split(r"[{ ]", line)[0] for line in client.get("/metrics").text.splitlines() if line[:1] not in ("#", "")
    }


@pytest.fixture
def names(client: FlaskClient) -> set[str]:
    """Of all that can be told: reported months, imports, runs and work of every outcome."""
    client.get("/")
    return _names(client)


def _used(expression: str) -> set[str]:
    return set(re.findall(r"\blagesbild_\w+", expression))


def test_alerts_name_metrics_that_exist_and_say_what_to_do(names: set[str]) -> None:
    rules = [r for g in yaml.safe_load((ROOT / "ops/prometheus-alerts.yml").read_text())["groups"] for r in g["rules"]]
    assert len({r["alert"] for r in rules}) == len(rules)
    for rule in rules:
        assert _used(rule["expr"]) <= names, rule["alert"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "description"}
    watched = set().union(*(_used(r["expr"]) for r in rules))
    for what in (
        "database_up",
        "requests_total",
        "request_seconds_bucket",
        "newest_month",
        "last_import",
        "jobs_failed",
    ):
        assert any(what in name for name in watched), what


def test_the_dashboard_names_metrics_that_exist(names: set[str]) -> None:
    board = json.loads((ROOT / "ops/grafana-dashboard.json").read_text(encoding="utf-8"))
    expressions = [t["expr"] for panel in board["panels"] for t in panel["targets"]]
    assert len(expressions) > 12
    for expression in expressions:
        assert _used(expression)
        assert _used(expression) <= names, expression
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in board["panels"]]
    assert len(set(places)) == len(places) == len({p["id"] for p in board["panels"]})
    assert "http" not in json.dumps(board), "nothing is fetched from anywhere"


def test_the_guide_tells_every_metric_and_no_other(names: set[str]) -> None:
    guide = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(lagesbild_\w+)", guide, re.MULTILINE))
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", n) for n in names if n.startswith("lagesbild_")}
    ours = {n for n in ours if f"{n}_total" not in ours}
    assert told == ours


def test_the_replica_is_told_also_when_the_database_is_away(client: FlaskClient) -> None:
    for asked in (client, _client(Away([], []))):
        told = asked.get("/metrics").get_data(as_text=True)
        assert "lagesbild_replica_in_use 0.0" in told
        assert "lagesbild_replica_behind_versions 2.0" in told
        assert "lagesbild_replica_behind_seconds 12.5" in told
        assert "lagesbild_primary_up 0.0" in told


def test_a_primary_that_is_gone_has_an_alert_of_its_own() -> None:
    """Readers of the replica notice nothing: neither `lagesbild_database_up` nor `/readyz` tells."""
    alerts = (ROOT / "ops/prometheus-alerts.yml").read_text(encoding="utf-8")
    assert "max(lagesbild_primary_up) == 0" in alerts
