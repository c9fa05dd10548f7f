"""What every answer carries, what is not let in, and that no header or address of a stranger's finds its way out."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lagesbild.answers import UPDATE
from lagesbild.api.guard import LARGEST_BODY
from lagesbild.auth import access
from lagesbild.auth.forgery import HEADER
from lagesbild.domain.briefing import SavedBriefing
from lagesbild.factory import create_app
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings
from lagesbild.snapshots.limits import DEFAULT
from lagesbild.snapshots.store import Store
from tests.snapshots.made import bundle
from tests.snapshots.offline_world import source

TRACES = ("Traceback", "site-packages", 'File "', "werkzeug", "line ", "lagesbild/", "sqlalchemy", "psycopg")
WAYS_OUT = ("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "....//etc/passwd", "/etc/passwd", "%00", "a\x00.zip",
            "..\\..\\boot.ini", "C:\\x", "file:///etc/passwd", "~root", "%2e%2e/%2e%2e/app.py", "\u002e\u002e/app.py",
            "x" * 5000, "aux", ".", "..", "%c0%ae%c0%ae/", "snapshots/../../app.py")  # fmt: skip


class NoBriefings:
    """None is saved, and none can be."""

    def save(self, saved: SavedBriefing) -> str:
        raise AssertionError(saved)

    def get(self, id_: str) -> SavedBriefing | None:
        return None

    def recent(self, most: int = 10) -> list[SavedBriefing]:
        return []


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home = tmp_path_factory.mktemp("home")
    (home / "hemligt.txt").write_text("root:x:0:0:hemligt")
    store = Store(home)
    saved = store.save(bundle(extra={"index.html": b"<!doctype html><title>x</title><script>1</script>"}))
    names = Settings(allowed_hosts="Lage.example.se, 192.0.2.7")
    app = create_app(source(), names, snapshots=store, briefings=NoBriefings())

    app.config["SNAPSHOT"], app.config["HOME"] = saved.path.name, home

    def fail() -> Response:
        raise RuntimeError("postgresql://lagesbild:hemligt@db/lage")

    # not by `app.get`: the application has answered its first request already
    app.url_map.add(Rule("/fel", endpoint="fel", methods=["GET"]))
    app.view_functions["fel"] = fail
    with pytest.MonkeyPatch.context() as patch:  # an address that nobody has decided about is refused
        patch.setattr(access, "ROUTES", {**access.ROUTES, "fel": access.Route("open")})
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def rules(app: Flask, method: str = "GET") -> Iterator[Any]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule


def filled(rule: Any, value: str) -> str:
    """The rule's address with `value` for every name in it."""
    return re.sub(r"<(?:[^:<>]+:)?[^<>]+>", lambda _: quote(value, safe="/%\\"), str(rule))


def every_address(app: Flask) -> list[str]:
    named = [filled(rule, "1") for rule in rules(app)]
    return sorted({*named, *(p.address("01") if p.parameter else p.path for p in all_pages()), "/nix", "/fel"})


def test_every_answer_carries_the_headers(app: Flask, client: FlaskClient) -> None:
    addresses = every_address(app)
    assert len(addresses) > 25
    for address in addresses:
        for answer in (client.get(address), client.open(address, method="TRACE"), client.post(address, data="x")):
            headers = answer.headers
            policy = headers["Content-Security-Policy"]
            assert "object-src 'none'" in policy or "default-src 'none'" in policy, address
            assert "base-uri 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in re.sub(r"style-src[^;]*", "", policy), address
            assert "unsafe-eval" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
            assert "camera=()" in headers["Permissions-Policy"]
            assert headers["Server"] == "lagesbild"
            assert not {"X-Powered-By", "Access-Control-Allow-Origin", "Via"} & set(headers.keys())
            assert not re.search(
                r"\d+\.\d+\.\d+", " ".join(v for k, v in headers if k not in ("Content-Type", "Date", "ETag"))
            ), address
            assert answer.content_type, address
            if answer.mimetype.startswith("text/") and answer.mimetype != "text/turtle":  # which is never but UTF-8
                assert "charset=utf-8" in answer.content_type.lower(), address


def test_only_what_is_the_same_for_everybody_may_be_kept_by_others(app: Flask, client: FlaskClient) -> None:
    for address in every_address(app):
        kept = client.get(address).headers.get("Cache-Control", "")
        if address.startswith(("/assets/", "/_dash-component-suites/")):
            continue
        # what the API shows to everybody may lie in a cache, but each use of it is asked about
        assert "public" not in kept or kept == "public, no-cache", address
        assert "no-store" in kept or "no-cache" in kept, address


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "FOO"])
def test_methods_that_nothing_uses_are_refused(client: FlaskClient, method: str) -> None:
    for address in ("/", "/vantetider", UPDATE, "/ogonblicksbilder/spara", "/healthz"):
        answer = client.open(address, method=method, headers={"X-Secret": "hemligt"})
        assert answer.status_code == 405
        assert "hemligt" not in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:8050", 200), ("127.0.0.1:8050", 200), ("[::1]:8050", 200), ("127.9.9.9", 200),
        ("lage.example.se", 200), ("LAGE.EXAMPLE.SE:443", 200), ("192.0.2.7", 200),
        ("evil.example", 421), ("lage.example.se.evil.example", 421), ("localhost.evil.example", 421),
        ("evil.example@localhost", 421), ("localhost:80:80", 421), ("192.0.2.8", 421), ("", 421),
        ("localhost, evil.example", 421), ("localhost\t", 421), ("127.0.0.1.nip.example", 421),
        ("[::ffff:8.8.8.8]", 421),
    ],
)  # fmt: skip
def test_only_our_own_names_are_answered(client: FlaskClient, host: str, status: int) -> None:
    answer = client.get("/vantetider", headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert "LAGESBILD_ALLOWED_HOSTS" in answer.text
        assert "evil" not in answer.text


STRANGE = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "1", "Forwarded": "host=evil.example", "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil", "X-Host": "evil.example", "X-HTTP-Method-Override": "DELETE", "X-Real-IP": "203.0.113.9",
    "Origin": "https://evil.example", "Referer": "https://evil.example/", "X-Forwarded-Scheme": "http",
}  # fmt: skip


def without_order(answer: Any) -> bytes:
    """The body; Dash writes a set into its own part of the document, in any order."""
    return re.sub(rb'<script id="_dash-config".*?</script>', b"", answer.data, flags=re.DOTALL)


def heads(answer: Any) -> dict[str, str]:
    """Without the number that each request has."""
    return {k: v for k, v in answer.headers.items() if k != "X-Request-Id"}


def test_no_stranger_decides_what_an_answer_holds(app: Flask, client: FlaskClient) -> None:
    """Nothing that a cache does not key on changes an answer: Host within what is allowed, X-Forwarded-*, and so on."""
    for address in every_address(app):
        if address in ("/metrics", "/fel"):  # counters, and a number of its own
            continue
        plain = client.get(address)
        changed = client.get(address, headers={**STRANGE, "Host": "lage.example.se"})
        assert (plain.status_code, without_order(plain)) == (changed.status_code, without_order(changed)), address
        assert heads(plain) == heads(changed), address
        assert b"evil" not in changed.data
        assert b"lage.example.se" not in changed.data


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "//evil.example/..", "/\\evil.example", "/%2f%2fevil.example", "/?next=//evil.example",
     "/vantetider/?url=https://evil.example", "/rapporter/?r=//evil.example", "/%5cevil.example",
     "/assets//evil.example"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    where = answer.headers.get("Location", "/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\")), where


def test_no_address_leads_out_of_its_folder(app: Flask, client: FlaskClient) -> None:
    tried = 0
    for rule in rules(app):
        if not rule.arguments:
            continue
        for way in WAYS_OUT:
            answer = client.get(filled(rule, way))
            assert answer.status_code < 500, (rule, way)
            assert b"root:" not in answer.data
            assert b"create_app" not in answer.data
            assert not any(t in answer.text for t in TRACES[:3]), (rule, way)
            tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    "tail", ["a\r\nSet-Cookie: x=1", "a%0d%0aSet-Cookie:%20x=1", "a\u0a0dX: 1", "å\u2028", '"; filename="x.exe']
)
def test_no_name_starts_a_header_of_its_own(client: FlaskClient, tail: str) -> None:
    for address in (
        "/ladda-ner/vantetider/{}.csv",
        "/ladda-ner/vantetider/x.csv?region={}",
        "/ogonblicksbilder/fil/{}",
        "/ogonblicksbilder?bild={}",
        "/region/{}",
        "/rapporter/underlag.xlsx?vardomrade={}",
    ):
        answer = client.get(address.format(quote(tail, safe="%")))
        assert answer.status_code < 500
        assert "Set-Cookie" not in answer.headers
        assert all(v.isprintable() for _, v in answer.headers)
        assert ".exe" not in answer.headers.get("Content-Disposition", "")


def test_an_error_says_a_number_and_the_log_says_the_rest(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get("/fel")
    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    number = re.search(r"nummer ([0-9a-f]{6})", answer.text)
    assert number
    assert number[1] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "hemligt" not in answer.text
    assert not any(trace in answer.text for trace in TRACES)


def test_no_line_of_the_log_is_forged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/rapporter/underlag.pdf%0a2026-01-01 ERROR lagesbild: falskt")
        client.get("/fel%0a2026-01-01 ERROR lagesbild: falskt?x=%0afalskt")
    assert not [r for r in caplog.records if "\n" in r.getMessage()]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"1", b"{", b"\xff\xfe", b'{"output": "x"}', b'{"inputs": []}',
     b'{"inputs": [1], "output": "main.children"}',
     b'{"output": "..main.children..", "outputs": [], "inputs": [{"id": "view", "property": "data", "value": 7}]}',
     b'{"output": "main.children", "inputs": {"a": 1}, "changedPropIds": 5}', b"[" * 100_000, b'{"a":' * 50_000,
     b'{"output": "__proto__.constructor", "outputs": {"id": {"a": 1}, "property": "x"}, "inputs": []}'],
)  # fmt: skip
def test_no_body_of_a_callback_gives_more_than_a_sentence(client: FlaskClient, body: bytes) -> None:
    for address in (UPDATE, "/rapporter/spara", "/ogonblicksbilder/prova"):
        answer = client.post(address, data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500, (address, answer.status_code)
        assert not any(trace in answer.text for trace in TRACES), answer.text
        assert len(answer.data) < 20_000


def test_bodies_are_bounded_whatever_they_say_of_themselves(client: FlaskClient) -> None:
    large = b"a" * (LARGEST_BODY + 1)
    for address in (UPDATE, "/rapporter/spara", "/ogonblicksbilder/spara", "/nix"):
        assert client.post(address, data=large, content_type="application/json").status_code == 413
        # without a length, in pieces: read no further than the limit
        pieces = client.post(
            address,
            input_stream=Endless(),
            headers={"Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert pieces.status_code == 413
    ours = {HEADER: "1"}
    read = client.post("/ogonblicksbilder/prova", data=large, headers=ours)
    assert read.status_code == 400  # no snapshot, but it was read
    told = client.post("/ogonblicksbilder/prova", environ_overrides={"CONTENT_LENGTH": str(DEFAULT.packed + 1)})
    assert told.status_code == 413


class Endless:
    """A body that never ends; reading more than twice the limit is a failure."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "read to the end of what has none"
        self.given += size
        assert self.given < 2 * LARGEST_BODY
        return b"a" * size

    def readinto(self, into: bytearray) -> int:
        into[:] = self.read(len(into))
        return len(into)

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)

    def seek(self, *_: int) -> int:
        return 0

    def tell(self) -> int:
        return 0

    def close(self) -> None:
        pass


def test_one_snapshot_at_a_time_is_made_whichever_process_is_asked(app: Flask, client: FlaskClient) -> None:
    with Store(app.config["HOME"]).alone():  # as another web process holds it
        told = client.post("/ogonblicksbilder/spara", json={}, headers={HEADER: "1"})
    assert (told.status_code, told.json) == (409, {"fel": "En bild sparas redan. Försök igen när den är klar."})
    later = client.post("/ogonblicksbilder/spara", json={"tidpunkt": "2999-01-01"}, headers={HEADER: "1"})
    assert later.status_code == 400  # its turn, and a moment that has not been


def test_nothing_that_is_sent_is_unpacked(client: FlaskClient) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    for encoding in ("gzip", "deflate", "br", "zstd", "x-gzip"):
        assert client.post(UPDATE, data=bomb, headers={"Content-Encoding": encoding}).status_code == 415


def test_what_is_opened_of_a_snapshot_is_kept_apart_from_the_service(app: Flask, client: FlaskClient) -> None:
    name = app.config["SNAPSHOT"]
    answer = client.get(f"/ogonblicksbilder/oppna/{name}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy  # falls back on default-src 'none'
    assert "default-src 'none'" in policy
    assert client.get(f"/ogonblicksbilder/fil/{name}").headers["Content-Disposition"].startswith("attachment")
