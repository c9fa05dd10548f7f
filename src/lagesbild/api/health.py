"""For machines that watch over us: `/healthz` (the process), `/readyz` (database, data version), `/metrics`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from lagesbild.api.data_age import DataAge
from lagesbild.api.metrics import Metrics
from lagesbild.api.patience import Patience
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.job_state import JobState
from lagesbild.domain.replica import ReplicaState
from lagesbild.domain.source import Source

PATHS = ("/healthz", "/readyz", "/metrics")
AHEAD: Final = "lagesbild.ahead"  # in the environment of a request that is made before anybody asks: nobody waits
_SLOW_SECONDS: Final = 2.5
_READY_SECONDS: Final = 2.0  # a balancer that gets no answer waits for its own, longer time
_log = logging.getLogger("lagesbild.requests")


def add_health(
    server: Flask,
    source: Source,
    jobs: Callable[[], Sequence[JobState]] | None = None,
    replica: Callable[[], ReplicaState | None] | None = None,
) -> None:
    """Routes and request metrics, which belong to the application, or to all processes of a service together. `jobs`:
    how imports and runs have gone, when that is known. `replica`: how the read replica is."""
    counted = Metrics(DataAge(source, jobs, replica))
    server.extensions["lagesbild-began"] = counted.began
    version = Patience(source.version, _READY_SECONDS)
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        try:
            seen = version().version
        except (DatabaseUnavailableError, TimeoutError):
            return jsonify(status="unavailable", reason="database"), 503
        return jsonify(status="ready", data_version=seen), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(counted.told(), content_type=CONTENT_TYPE_LATEST)

    server.register_blueprint(blueprint)

    @server.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @server.after_request
    def _count(response: Response) -> Response:
        now = time.perf_counter()
        kind, seconds = _kind(request.path), now - g.get("started", now)  # not begun: turned away before us
        asked = AHEAD not in request.environ
        if asked:
            counted.answered(kind, response.status_code, seconds)
        if (asked and seconds >= _SLOW_SECONDS) or (response.status_code >= 500 and kind != "health"):
            _log.warning("%s %s svar %d efter %.1f s", request.method, kind, response.status_code, seconds)
        return response


def _kind(path: str) -> str:
    """A few kinds, never the path itself: anybody can ask for any path."""
    if path in PATHS:
        return "health"
    if path == "/_dash-update-component":
        return "view"
    if path.startswith(("/assets/", "/_dash-component-suites/")):
        return "asset"
    if path.startswith("/ladda-ner/"):
        return "download"
    if path.startswith("/rapporter/"):
        return "briefing"
    if path.startswith("/ogonblicksbilder/"):
        return "snapshot"
    if path.startswith("/api/"):
        return "api"
    return "page"
