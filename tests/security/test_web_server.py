"""The web server as `lagesbild serve` starts it, spoken to by hand: slow, large, odd and ambiguous requests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lagesbild.answers import UPDATE
from lagesbild.api.front import AT_ONCE, BODY_SECONDS, SPARE
from lagesbild.api.heads import HEADER_BYTES
from lagesbild.cli.serve import HEADER_SECONDS
from tests.browser.conftest import COMMAND, ROOT, free_port, wait_for

pytestmark = pytest.mark.database
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """One web process against an empty database."""
    free = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD_")},
        "LAGESBILD_DATABASE_URL": database_url,
        "LAGESBILD_HOME": str(tmp_path),
        "LAGESBILD_WORKERS": "1",
        "LAGESBILD_PREPARE": "false",
        "PORT": str(free),
    }
    log = (tmp_path / "serve.log").open("w")
    process = subprocess.Popen([COMMAND, "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log, text=True)
    try:
        wait_for(f"http://127.0.0.1:{free}/healthz", process)
        yield free
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


def spoken(port: int, data: bytes, patience: float = 20) -> bytes:
    """What is answered to these bytes, until the server has no more to say."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        heard = b""
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have heard enough
            connection.sendall(data)
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                heard += part
        return heard


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def posting(length: int, body: bytes = b"") -> bytes:
    head = ("Host: localhost", "Content-Type: application/json", f"Content-Length: {length}", "", "")
    return f"POST {UPDATE} HTTP/1.1\r\n".encode() + "\r\n".join(head).encode() + body


def alive(port: int, seconds: float = 15) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=seconds) as answer:
        return bool(answer.status == 200)


def test_odd_requests(port: int) -> None:
    """One server for all of them: starting it is what takes time."""
    get = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    answered = spoken(port, HEALTH)
    assert status(answered) == 200
    head = answered.split(b"\r\n\r\n")[0].lower()
    assert head.count(b"server:") == 1
    assert b"server: lagesbild" in head
    assert b"granian" not in head

    too_large = {431, 414, 400, 413, 0}
    assert status(spoken(port, get + b"X: " + b"a" * (2 * HEADER_BYTES) + b"\r\n\r\n")) in too_large
    many = b"".join(b"X%d: a\r\n" % k for k in range(1000))
    assert status(spoken(port, get + many + b"\r\n")) in too_large
    assert (
        status(spoken(port, b"GET /" + b"a" * (2 * HEADER_BYTES) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        in too_large
    )

    # between our limit and the web server's the answer is ours, with all that our answers have
    for large in (
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: " + b"a" * HEADER_BYTES + b"\r\n\r\n",
        b"GET /?" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 10_000 + b"\r\n\r\n",
    ):
        ours = spoken(port, large.replace(b"Host", b"Connection: close\r\nHost", 1), patience=5)
        assert status(ours) == 431
        assert b"x-content-type-options: nosniff" in ours.lower()
    just = b"X: " + b"a" * (HEADER_BYTES - 200) + b"\r\nConnection: close\r\n\r\n"
    assert status(spoken(port, get + just)) == 200
    # what the web server answers itself has nothing in it that a browser could misread
    for odd in (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"nonsense\r\n\r\n"):
        head, _, body = spoken(port, odd).partition(b"\r\n\r\n")
        assert head.split(b" ")[1] in (b"414", b"400")
        assert b"content-length: 0" in head
        assert body == b""

    # two lengths, or a length beside chunks: whoever reads the other one sees another request begin
    two = posting(4).replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"abcde"
    assert status(spoken(port, two)) == 400
    assert status(spoken(port, posting(-1))) == 400
    hidden = b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    both = posting(len(hidden)).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + hidden
    heard = spoken(port, both, patience=5)
    assert status(heard) in (400, 411)
    assert heard.count(b"HTTP/1.1") == 1
    assert status(spoken(port, get + b"X: a\x00b\r\n\r\n")) in (400, 0)
    assert status(
        spoken(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    ) in (400, 421)
    assert status(spoken(port, b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")) in (400, 421)
    assert status(spoken(port, b"TRACE /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) == 405
    assert b"200 OK" not in spoken(
        port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0)), patience=5
    )
    assert status(spoken(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")) in (400, 0)  # TLS, where there is none
    assert alive(port)


def test_slow_and_large_requests_do_not_stop_the_others(port: int) -> None:
    began = time.monotonic()
    slow_heads = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    for connection in slow_heads:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    slow_bodies = [socket.create_connection(("127.0.0.1", port)) for _ in range(4 * (AT_ONCE + SPARE))]
    for connection in slow_bodies:
        connection.sendall(posting(1000, b"{"))
    slow_readers = [socket.create_connection(("127.0.0.1", port)) for _ in range(AT_ONCE)]
    for connection in slow_readers:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    # none of them holds a thread: what has a body is answered meanwhile like everything else
    assert alive(port)
    whole = b"{}"
    assert status(spoken(port, posting(len(whole), whole).replace(b"Host", b"Connection: close\r\nHost", 1), 8)) < 500
    assert time.monotonic() - began < BODY_SECONDS, "too slow a machine to tell"
    for connection in slow_bodies:
        connection.settimeout(4 * BODY_SECONDS)
        assert status(connection.recv(100)) == 408
    assert time.monotonic() - began >= BODY_SECONDS - 1
    slow_heads[0].settimeout(4 * HEADER_SECONDS)
    assert slow_heads[0].recv(100) == b""  # cut off
    assert time.monotonic() - began >= HEADER_SECONDS - 1
    for connection in (*slow_heads, *slow_bodies, *slow_readers):
        connection.close()
    assert status(spoken(port, posting(10**12))) == 413
    chunks = posting(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    assert status(spoken(port, chunks + b"100000\r\n" + b"a" * 0x100000 + b"\r\n")) == 411
    assert alive(port)
