"""For machines that watch over us: `/healthz` (the process), `/readyz` (database, data version), `/metrics`."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.source import Source

PATHS = ("/healthz", "/readyz", "/metrics")
_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def add_health(server: Flask, source: Source) -> None:
    """Routes and request metrics. Each app has its own registry, so that several can live in one process."""
    registry = CollectorRegistry()
    requests = Counter("lagesbild_requests", "Requests", ["kind", "status"], registry=registry)
    seconds = Histogram("lagesbild_request_seconds", "Seconds a request", ["kind"], registry=registry, buckets=_BUCKETS)
    version = Gauge("lagesbild_data_version", "Data version last seen", registry=registry)
    up = Gauge("lagesbild_database_up", "1 when the database answered the last probe", registry=registry)
    blueprint = Blueprint("health", __name__)

    def probe() -> int | None:
        try:
            seen = source.version().version
        except DatabaseUnavailableError:
            up.set(0)
            return None
        up.set(1)
        version.set(seen)
        return seen

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        seen = probe()
        if seen is None:
            return jsonify(status="unavailable", reason="database"), 503
        return jsonify(status="ready", data_version=seen), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        probe()
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    server.register_blueprint(blueprint)

    @server.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @server.after_request
    def _count(response: Response) -> Response:
        kind = _kind(request.path)
        requests.labels(kind, str(response.status_code)).inc()
        if "started" in g:
            seconds.labels(kind).observe(time.perf_counter() - g.started)
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
    if path.startswith("/api/"):
        return "api"
    return "page"
