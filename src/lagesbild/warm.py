"""The application as web processes are forked with it: made, and asked a view, so that they share what answering takes
and not only what is imported. A worker's own memory after thirteen views: 54 MB when it makes the application itself,
43 when that is shared, 31 when it has also answered (page by page of memory, what is written to is no longer shared).

Imported by the process that web processes are forked from, and by nothing else. Nothing that cannot be shared is left:
no connection, no thread, no file. Whatever goes wrong here goes wrong again in the web process, which says so.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Final

import lagesbild.preload  # noqa: F401  before anything else: it decides how memory is used
from lagesbild.answers import make
from lagesbild.pages.view import View
from lagesbild.settings import load_settings, project_root

_SECONDS: Final = 3.0  # a database that says nothing is not waited for; a view takes a tenth of a second
_BACK: Final = 13  # months: a view that is not among those a reader sees first, which are answered by who is asked


class _TooSlowError(BaseException):
    """Past all who tell a reader of errors."""


def warm() -> None:
    """Make the application, and have it answer where there is a configured database and no replica, which is looked at
    by threads. The embedded server counts the processes that use it, so there this one makes nothing."""
    settings = load_settings()
    if not settings.database_url:
        return
    root = str(project_root())
    sys.path.insert(0, root)
    os.chdir(root)  # as Granian has its workers
    app = import_module("app")
    if not settings.read_url:
        try:
            with _at_most(_SECONDS):
                latest = app.source.latest_month()
                if latest is not None:
                    make(app.server, View("/vantetider", f"manad={latest - _BACK}"))
        finally:
            for database in app.databases:
                database.engine.dispose()


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises _TooSlowError in what takes longer."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _quietly() -> None:
    logging.disable(logging.CRITICAL)
    try:
        with suppress(Exception, _TooSlowError):
            warm()
    finally:
        logging.disable(logging.NOTSET)
    gc.collect()  # also a connection that was on its way when the time was up
    gc.freeze()


_quietly()
