"""How many requests are worked on at once, and room for those who watch over us to pass the others.

Where the database says nothing, whoever asks it waits. If the web server's threads were as many as the requests that
are worked on, all of them could wait, and nobody could be told that they do. So there are more threads: they stand in
line here, first come, first served, and what needs no database goes past the line.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from flask import Flask, request
from werkzeug.exceptions import ServiceUnavailable

AT_ONCE: Final = 4  # a page waits for the database now and then; more at once only fight over a processor
IN_LINE: Final = 200  # in each process: as many readers as the service is measured with, all at the same moment
_FULL: Final = "lagesbild.full"  # in the environment of a request for which there was no room

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Turnstile:
    """A WSGI application in front of another. `past`: paths that never wait. `own`: a name in the environment of
    requests that the service makes to itself while it answers another; they would wait for their own end."""

    def __init__(
        self,
        application: Application,
        past: Collection[str],
        own: str = "",
        *,
        at_once: int = AT_ONCE,
        in_line: int = IN_LINE,
    ) -> None:
        self._application = application
        self._past = frozenset(past)
        self._own = own
        self._in_line = in_line
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in self._past or self._own in environ:
            return self._application(environ, start_response)
        if not self._enter():
            return self._application({**environ, _FULL: True}, start_response)  # which says so and does nothing else
        try:
            return self._application(environ, start_response)
        finally:
            self._leave()

    def _enter(self) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._in_line:
                return False
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # handed over by who leaves: nobody who came later gets in between
        return True

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def add_turnstile(server: Flask, past: Collection[str], own: str, **sizes: int) -> None:
    """Put it in front of the server. Called before the guard is added: who finds no room is told at once."""
    server.wsgi_app = Turnstile(server.wsgi_app, past, own, **sizes)  # type: ignore[method-assign]

    @server.before_request
    def _full() -> None:
        if _FULL in request.environ:
            raise ServiceUnavailable(retry_after=2)
