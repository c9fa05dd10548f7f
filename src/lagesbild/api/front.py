"""What stands between the web server and the application: bodies are awaited here, and so is one's turn.

The application is WSGI and holds a thread while it works. Here nothing holds one: whoever sends slowly is waited for by
the event loop and given up in time, and readers beyond those who are worked on stand in line without a thread. So a
few threads do, and those who watch over us pass the line. Granian's own interface (RSGI) is used for that alone.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

from lagesbild.api.guard import REFUSED

AT_ONCE: Final = 4  # a page waits for the database now and then; more at once only fight over a processor
IN_LINE: Final = 200  # in each process: as many readers as the service is measured with, all at the same moment
SPARE: Final = 12  # threads for those who watch over us when everybody else stands in line
BODY_SECONDS: Final = 10.0  # as long as for a request's head
BODY_RATE: Final = 10_000  # bytes that lengthen the wait by a second: 1 MB may take 110
BODIES: Final = 128_000_000  # bytes held at the same time, in each process: two of the largest, snapshots to try

Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_FAULT: Final = b"Ett fel uppstod."
_log = logging.getLogger("lagesbild.web")


class Scope(Protocol):
    """What Granian tells of a request."""

    proto: str
    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class _RefusedError(Exception):
    """A request that is only told a status."""

    def __init__(self, status: int) -> None:
        self.status = status


class Front:
    """An RSGI application in front of a WSGI one. `past`: paths that never wait. `largest`: how many bytes the body of
    a request to a path may have. `leaving`: whether connections are to be given up, each after its next answer.
    `began`: called in the web process before its first request."""

    def __init__(
        self,
        application: Application,
        past: Collection[str],
        largest: Callable[[str], int],
        *,
        leaving: Callable[[], bool] = lambda: False,
        began: Callable[[], None] = lambda: None,
        at_once: int = AT_ONCE,
        in_line: int = IN_LINE,
        body_seconds: float = BODY_SECONDS,
        bodies: int = BODIES,
    ) -> None:
        self._application = application
        self._past = frozenset(past)
        self._largest = largest
        self._leaving = leaving
        self._began = began
        self._turn = asyncio.Semaphore(at_once)  # first come, first served
        self._in_line = in_line
        self._waiting = 0
        self._body_seconds = body_seconds
        self._room = bodies
        self._threads = ThreadPoolExecutor(at_once + SPARE, "lagesbild-answer")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._began()

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        environ = environment(scope)
        held = 0
        try:
            try:
                body = await self._body(environ, protocol)
            except _RefusedError as refused:
                environ[REFUSED] = refused.status
            else:
                held = len(body)
                environ["wsgi.input"] = io.BytesIO(body)
            if (answer := await self._answered(environ, protocol)) is not None:
                status, headers, content = answer
                if self._leaving() and scope.http_version.startswith("1"):  # HTTP/2 has no such header
                    headers = [*headers, ("connection", "close")]
                protocol.response_bytes(status, headers, content)
        finally:
            self._room += held

    async def _body(self, environ: Mapping[str, Any], protocol: Any) -> bytes:
        """All of it; nothing of one that is longer than its path may have, which the application refuses.

        Raises _RefusedError, and then gives back the room it took."""
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise _RefusedError(411)  # the web server does not tell a body of chunks that was cut off from a whole one
        if not (length := environ.get("CONTENT_LENGTH", "0")).isdecimal():
            raise _RefusedError(400)
        told = int(length)
        if not told or told > self._largest(environ["PATH_INFO"]):
            return b""
        body = bytearray()
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(began + self._body_seconds) as patience:
                async for part in protocol:
                    if len(part) > self._room:
                        raise _RefusedError(503)
                    self._room -= len(part)
                    body += part
                    patience.reschedule(began + self._body_seconds + len(body) / BODY_RATE)
            if len(body) != told:
                raise _RefusedError(400)  # its sender has hung up: what came is not what was meant
        except TimeoutError:
            self._room += len(body)
            raise _RefusedError(408) from None
        except BaseException:
            self._room += len(body)
            raise
        return bytes(body)

    async def _answered(self, environ: dict[str, Any], protocol: Any) -> Answer | None:
        """None when who asked has gone while standing in line: under load that is who has asked again."""
        ask = asyncio.get_running_loop().run_in_executor
        if REFUSED in environ or environ["PATH_INFO"] in self._past:
            return await ask(self._threads, self._ask, environ)
        if self._turn.locked() and self._waiting >= self._in_line:
            return await ask(self._threads, self._ask, {**environ, REFUSED: 503})
        self._waiting += 1
        try:
            if not await self._my_turn(protocol):
                return None
        finally:
            self._waiting -= 1
        try:
            return await ask(self._threads, self._ask, environ)
        finally:
            self._turn.release()

    async def _my_turn(self, protocol: Any) -> bool:
        """Wait for it; False when who asked is gone first."""
        if not self._turn.locked():
            return await self._turn.acquire()
        turn, gone = asyncio.ensure_future(self._turn.acquire()), asyncio.ensure_future(protocol.client_disconnect())
        await asyncio.wait((turn, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        return turn.done() or not turn.cancel()

    def _ask(self, environ: dict[str, Any]) -> Answer:
        """What the application answers, whole: our largest answer is a snapshot, of a few MB."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], failed: Any = None) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return written.append

        written: list[bytes] = []
        try:
            given = self._application(environ, start)
            try:
                written.extend(given)
            finally:
                getattr(given, "close", lambda: None)()
            status, headers = begun[-1]
            return int(status[:3]), headers, b"".join(written)
        except Exception:
            # the application answers its own faults in words; this is one of what stands around it
            _log.exception("fel på %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            return (
                500,
                [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")],
                b"Ett fel uppstod.",
            )


def environment(scope: Scope) -> dict[str, Any]:
    """The WSGI environment of a request, with an empty body (PEP 3333)."""
    address, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "surrogateescape").decode("latin-1"),
        "SERVER_NAME": address,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for the one with a hyphen, which a proxy may have removed or signed
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ
