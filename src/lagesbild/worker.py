"""What a web process does first: it takes over the socket it listens on, and sees to it that it is never alone."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from granian._granian import SocketHolder

from lagesbild.log import configure_as_started

_PR_SET_PDEATHSIG: Final = 1
_LOADER, _SOCKET = 2, 3  # places among the arguments of Granian's own worker
LEAVING: Final = threading.Event()  # another one has taken over: whoever asks is to come back by a new connection


def begin(
    listening: socket.socket,
    backlog: int,
    ready: Connection,
    told: Connection,
    work: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    """Run Granian's worker on a socket that the starter has opened and keeps open. `ready` tells the starter that the
    application is there; by `told` the starter says that this worker is soon to leave.

    What waits in its queue when this worker dies or is exchanged is answered by the next one. With a socket that the
    worker opens itself, as Granian does on Linux, the kernel would turn away what waited.
    """
    _leave_with_starter(told)
    given = list(arguments)
    given[_LOADER] = partial(_loaded, given[_LOADER], ready)
    given[_SOCKET] = ((None, SocketHolder(listening.fileno(), False, backlog)), listening)  # type: ignore[call-arg]
    work(*given)


def _loaded(loader: Callable[[], Any], ready: Connection) -> Any:
    """The application; tells the starter when it is there. It may have been made by the process that this one was
    forked from, which has no command line of its own."""
    application = loader()
    configure_as_started()
    ready.send_bytes(b"1")
    ready.close()
    return application


def _leave_with_starter(told: Connection) -> None:
    """SIGTERM when the starter, or the process that this one was forked from, is gone, be it killed: else this one
    would answer for ever, and keep the port from a service that is started again."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    starter = multiprocessing.parent_process()
    assert starter is not None

    def watch() -> None:
        if told in wait([starter.sentinel, told]):
            LEAVING.set()  # also when there is nobody left to say it
        starter.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lagesbild-starter", daemon=True).start()
