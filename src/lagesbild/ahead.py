"""Answers made before anybody asks, by a process of its own that comes when the data have changed and then leaves."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import threading
import time
from contextlib import suppress
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Final

from lagesbild.data.engine import Database
from lagesbild.data.version import read_version
from lagesbild.domain.errors import LagesbildError
from lagesbild.domain.source import DataVersion
from lagesbild.settings import METRICS_DIRECTORY

_log = logging.getLogger("lagesbild.ahead")
_POLL_SECONDS: Final = 5.0
_LOW: Final = (
    10  # a tenth of what a reader's request gets where both want a processor; at 19 nothing was ever made there
)
_REST: Final = 1.0  # as long as an answer took: the database, which is not told to step aside, is free half the time
_SHARE: Final = 0.6  # of the shelf: the rest is for what readers ask for
_MOST: Final = 4_000  # answers: with hundreds of care areas there would otherwise be work for hours
_LOOK_EVERY: Final = 40  # answers between two looks at how full the shelf is


def keep_ahead(
    database: Database,
    root: Path,
    stopped: threading.Event,
    poll_seconds: float = _POLL_SECONDS,
    renewed: threading.Event | None = None,
) -> None:
    """Until `stopped`: whenever the data have changed and rested, have a process make what readers will ask for.
    `root`: the directory with `app.py`. `renewed`: set when the program has changed, whose answers are others."""
    made: DataVersion | None = None
    last: DataVersion | None = None
    process = None
    while not stopped.wait(poll_seconds):
        try:
            now = read_version(database)
        except LagesbildError:
            continue
        if renewed is not None and renewed.is_set():
            renewed.clear()
            made = None
        if now == last != made:  # the same twice: an import of many files is over
            _end(process)
            process = multiprocessing.get_context().Process(
                target=make_all, args=(root,), name="lagesbild-ahead", daemon=True
            )
            process.start()
            made = now
        last = now
    _end(process)


def _end(process: multiprocessing.process.BaseProcess | None) -> None:
    if process is not None and process.is_alive():
        process.terminate()
        process.join(5)


def make_all(root: Path) -> None:
    """What the process does: every view of `pages.ahead` that nobody has, one at a time. Ends when all are there, when
    the shelf has no more room for them, when the data change, or with the process that started it."""
    with suppress(AttributeError, OSError):
        os.nice(_LOW)
    os.environ.pop(METRICS_DIRECTORY, None)  # what nobody asked for is no request
    from lagesbild.answers import make
    from lagesbild.pages.ahead import views_ahead

    sys.path.insert(0, str(root))
    server = import_module("app").server
    renderer, shelf = server.extensions["lagesbild"], server.extensions["lagesbild-shelf"]
    if shelf is None:
        return
    parent = multiprocessing.parent_process()
    began, version, answers = time.monotonic(), renderer.version_now(), 0
    if shelf.has_all(version):
        return
    for answers, view in enumerate(islice(views_ahead(renderer), _MOST), 1):
        started = time.monotonic()
        make(server, view)
        if answers % _LOOK_EVERY == 0 and not shelf.has_room(_SHARE):
            break
        if renderer.version_now() != version or (parent is not None and not parent.is_alive()):
            return
        time.sleep(_REST * (time.monotonic() - started))
    shelf.all_made(version)
    _log.info("%d svar är gjorda i förväg på %.0f s", answers, time.monotonic() - began)
