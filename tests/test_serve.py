"""serve and demo: where they may listen, when a forecast is redone, when readiness is told."""

from __future__ import annotations

import http.server
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lagesbild.cli.demo import forecast_is_current
from lagesbild.cli.serve import _announce, check_address
from lagesbild.domain.errors import ConfigError
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Run
from lagesbild.settings import Settings, project_root
from lagesbild.snapshots.keys import create_pair
from tests import gallery

RUN = Run(
    4,
    "forecast",
    datetime(2026, 11, 1, tzinfo=UTC),
    10,
    datetime(2026, 11, 1, tzinfo=UTC),
    Month(2026, 10),
    12,
    1,
    "0",
    1,
    1.0,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.9.1"])
def test_loopback_needs_no_login(host: str) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        free = s.getsockname()[1]
    check_address(Settings(host=host, port=free))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "example.org"])
def test_other_addresses_are_refused_without_login(host: str) -> None:
    with pytest.raises(ConfigError, match="kan nås av andra datorer"):
        check_address(Settings(host=host))


@pytest.mark.parametrize("auth", ["proxy", "oidc"])
def test_login_that_lacks_a_setting_is_told_at_the_start(auth: str) -> None:
    with pytest.raises(ConfigError, match="LAGESBILD_CLAIMS"):
        check_address(Settings(auth=auth))  # type: ignore[arg-type]


def test_a_signing_key_that_cannot_be_read_is_told_at_the_start(tmp_path: Path) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        free = s.getsockname()[1]
    key = tmp_path / "nyckel"
    with pytest.raises(ConfigError, match="går inte att läsa: den finns inte\\.") as caught:
        check_address(Settings(port=free, signing_key=key))
    assert "LAGESBILD_SIGNING_KEY" in caught.value.remedy
    key.write_text("ingen nyckel")
    with pytest.raises(ConfigError, match="ingen signeringsnyckel"):
        check_address(Settings(port=free, signing_key=key))
    create_pair(tmp_path / "riktig")
    check_address(Settings(port=free, signing_key=tmp_path / "riktig"))


def test_a_taken_port_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="upptagen"):
            check_address(Settings(port=taken.getsockname()[1]))


def test_the_root_has_the_wsgi_entry_and_the_assets() -> None:
    root = project_root()
    assert (root / "app.py").is_file()
    assert (root / "assets" / "theme.js").is_file()
    assert root == Path(__file__).resolve().parents[1]


def test_a_forecast_is_current_until_something_is_imported() -> None:
    made = replace(RUN, calibration={"factors": {}})
    records = tuple(replace(RUN, run_id=k, kind="record", data_version=k + 6) for k in (5, 6))
    old = replace(RUN, run_id=2, data_version=3)
    none = gallery.source(version_number=10)
    after_run = gallery.source(run_rows=(old, made), version_number=11)
    after_records = gallery.source(run_rows=(old, made, *records), version_number=13)
    after_import = gallery.source(run_rows=(old, made, *records), version_number=14)
    of_an_older_program = gallery.source(run_rows=(old, RUN), version_number=11)
    sources = (none, after_run, after_records, after_import, of_an_older_program)
    assert [forecast_is_current(s) for s in sources] == [False, True, True, False, False]


def test_readiness_is_told_once_when_the_process_answers() -> None:
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if len(asked) > 2 else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    told: list[str] = []
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        _announce(address, threading.Event(), told.append)
        server.shutdown()
        thread.join()
    assert told == [address]
    assert asked == ["/healthz"] * 3
