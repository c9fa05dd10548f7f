"""Web processes that share what they have imported, and who sees to it that there are as many as there should be."""

# mypy: allow-untyped-calls
# (Granian tells no types of what is its own)

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any, Final

from granian.server.mp import MPServer, WorkerProcess

from lagesbild.worker import begin

PRELOADED: Final = ["lagesbild.preload", "lagesbild.warm"]
# elsewhere than on Linux libraries of the system start threads behind our back, or there is no fork
SHARED: Final = sys.platform == "linux"
_LOAD_SECONDS: Final = 60.0  # a worker takes 0.3 s, and 3 s when what it is forked from must be started first
_YOUNG_SECONDS: Final = 10.0  # a worker that dies younger than this is one in a row of failures
_FIRST_FAILURES: Final = 3  # so many in a row before any has worked: something is wrong that waiting does not cure
# A request that meets its kept connection being closed is lost: 8 of 46 000 on eight connections, at four reloads.
# Whoever asks within this time is told to make a new one, and none was of 67 000; browsers ask again by themselves.
_FAREWELL_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 4.0  # between attempts, so that what heals is noticed within ten seconds

_log = logging.getLogger("lagesbild.serve")


class Worker(WorkerProcess):
    """A web process forked from one that has imported all it needs and done nothing else: a copy of the starter would
    inherit connections, locks and threads."""

    parent: Server

    def _spawn(self, target: Any, args: Any) -> None:
        self._heard, self._ready = multiprocessing.Pipe(False)
        self._told, self._tell = multiprocessing.Pipe(False)
        self._loaded = False
        self.inner = multiprocessing.get_context().Process(
            name="lagesbild-worker",
            target=begin,
            args=(self.parent.listening[self.idx], self.parent.backlog, self._ready, self._told, target, args),
        )

    def start(self) -> None:
        super().start()
        self._ready.close()  # the worker has its own; when it dies, reading ends
        self._told.close()

    def leave_soon(self) -> None:
        """Have it send those who keep their connection away from it, each with its next answer."""
        with suppress(OSError):  # it may have died
            self._tell.send_bytes(b"1")

    def is_loaded(self, seconds: float = 0.0) -> bool:
        """Whether it has said that it has the application, waiting so long for it to say so or die."""
        with suppress(EOFError, OSError):
            self._loaded = self._loaded or (self._heard.poll(seconds) and bool(self._heard.recv_bytes()))
        return self._loaded

    def end(self, seconds: float | None) -> None:
        """Have it finish what it has begun and leave; kill one that has not after so long."""
        self.terminate()
        self.join(seconds)
        if self.is_alive():
            self.kill()
            self.join()
        self._heard.close()
        self._tell.close()


class Server(MPServer):
    """Granian with workers of our own, which accept from sockets that this process holds open, and with another idea of
    when to give up: whichever process dies, a new one is started, at once or, when they keep dying, every few
    seconds. Only a service that never got as far as one working process ends."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.wrks: list[Worker]  # type: ignore[assignment]
        self.listening: list[socket.socket] = []
        self.gave_up = False
        self.on_renewed: Callable[[], None] = lambda: None
        self._worked = False
        self._failures = 0

    def _init_shared_socket(self) -> None:
        if not SHARED:
            super()._init_shared_socket()
            return
        self._ssp = self._shd = self._sso = None
        family = socket.AF_INET6 if ":" in self.bind_addr else socket.AF_INET
        for _ in range(self.workers):
            made = socket.socket(family, socket.SOCK_STREAM)
            self.listening.append(made)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # One each, among which the kernel shares out readers: of a single one 33 of 40 went to the same worker
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            made.bind((self.bind_addr, self.bind_port))
            made.listen(self.backlog)
            made.setblocking(False)  # as Granian needs it: an old worker and a new one wait for it together

    def _drop_shared_socket(self) -> None:
        super()._drop_shared_socket()
        for made in self.listening:
            made.close()

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:  # type: ignore[override]  # as Granian itself overrides it
        worker = super()._spawn_worker(idx, target, callback_loader)
        if not SHARED:
            return worker
        made = worker.inner  # not started
        return Worker(self, idx, made._target, made._args)

    def _serve_loop(self, target: Any, loader: Any) -> None:
        if not SHARED:
            super()._serve_loop(target, loader)
            return
        while not self.interrupt_signal and not self.gave_up:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            if self.reload_signal and not self.interrupt_signal:
                self.reload_signal = False
                self._renew(target, loader)
            self._replace_dead(target, loader)
            self.interrupt_children.clear()

    def _replace_dead(self, target: Any, loader: Any) -> None:
        """A new worker for each that is gone. All are looked at: two may die at once."""
        for idx, worker in enumerate(self.wrks):
            if self.interrupt_signal or worker.is_alive():
                continue
            self._worked = self._worked or worker.is_loaded()
            self._failures = self._failures + 1 if time.monotonic() - worker.birth < _YOUNG_SECONDS else 0
            if not self._worked and self._failures >= _FIRST_FAILURES:
                self.gave_up = True
                return
            _log.error("webbprocess %d (pid %s) slutade oväntat; en ny startas", idx + 1, worker._id())
            if self._failures > 2:
                self._pause(min(2.0 ** (self._failures - 4), _LONGEST_PAUSE))
            worker.end(0)
            self.wrks[idx] = self._spawn_worker(idx, target, loader)
            self.wrks[idx].start()

    def _pause(self, seconds: float) -> None:
        """Until the time is up or the service is to stop; that another worker has died meanwhile shortens nothing."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.interrupt_signal:
            time.sleep(0.1)

    def _renew(self, target: Any, loader: Any) -> None:
        """Workers of the program as it is now beside the old ones, which then answer what they have begun and leave.
        Where one of the new does not start, the old ones go on."""
        before = _use(_new_forkserver())
        new = [self._spawn_worker(idx, target, loader) for idx in range(self.workers)]
        for worker in new:
            worker.start()
        if [worker for worker in new if not worker.is_loaded(_LOAD_SECONDS)]:
            _log.error("omladdningen avbröts: de nya webbprocesserna startade inte; de gamla fortsätter")
            for worker in new:
                worker.end(0)
            _leave(_use(before))
            return
        old, self.wrks = self.wrks, new
        for worker in old:
            worker.leave_soon()
        self._pause(_FAREWELL_SECONDS)
        for worker in old:
            worker.end(self.workers_kill_timeout)
        _leave(before)  # not earlier: its children leave with it
        self.on_renewed()
        _log.info("omladdningen är klar: %d nya webbprocesser", len(new))


def start_method() -> None:
    """Decide how this process starts others. Without the path of the main script they do not run the command line's
    imports a second time (1 s of 2)."""
    multiprocessing.set_start_method("forkserver" if SHARED else "spawn", force=True)
    if SHARED:
        multiprocessing.set_forkserver_preload(PRELOADED)
    vars(sys.modules["__main__"]).pop("__file__", None)


def _new_forkserver() -> Any:
    made = forkserver.ForkServer()
    made.set_forkserver_preload(PRELOADED)
    return made


def _use(chosen: Any) -> Any:
    """Have processes forked from this one from now on; returns the one before. The standard library has one a process,
    which has imported the program as it was, and no way to exchange it."""
    before = forkserver._forkserver
    forkserver._forkserver = chosen
    for name in ("ensure_running", "get_inherited_fds", "connect_to_new_process", "set_forkserver_preload"):
        setattr(forkserver, name, getattr(chosen, name))
    return before


def _leave(chosen: Any) -> None:
    """End a process that others were forked from. It would wait for all of them, also for one that makes answers
    ahead."""
    if chosen._forkserver_pid is not None:
        with suppress(ProcessLookupError):
            os.kill(chosen._forkserver_pid, signal.SIGTERM)
        chosen._stop()
