"""Spreads work over processes, results in the order given. The seam where a cluster can take over."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any, Final, Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Executor(Protocol):
    """Runs a top-level function on every item, anywhere, and gives the answers in the items' order."""

    def map(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]: ...


class SerialExecutor:
    """In this process, one after the other."""

    def __enter__(self) -> SerialExecutor:
        return self

    def __exit__(self, *failed: Any) -> None:
        return None

    def map(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        for item in items:
            yield function(item)


class ProcessExecutor:
    """In `jobs` new processes of this machine, each with one thread for linear algebra.

    As a context manager it keeps them from one piece of work to the next: starting them takes two seconds each, most of
    it to load statsmodels.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._kept: ExitStack | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> ProcessExecutor:
        self._kept = ExitStack()
        return self

    def __exit__(self, *failed: Any) -> None:
        kept, self._kept, self._pool = self._kept, None, None
        if kept is not None:
            kept.close()

    def map(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        if self._kept is None:
            with self._started(len(items)) as pool:
                yield from _through(pool, function, items)
            return
        if self._pool is None:
            self._pool = self._kept.enter_context(self._started(self.jobs))
        yield from _through(self._pool, function, items)

    @contextmanager
    def beside(self, function: Callable[[Item], Answer], item: Item) -> Iterator[Callable[[], Answer]]:
        """`function` at work on one item while the block goes on; what is given waits for the answer, and raises what
        the work raised. The process has ended when the block has, however that ends."""
        with self._started(1) as pool:
            yield pool.submit(function, item).result

    @contextmanager
    def _started(self, items: int) -> Iterator[ProcessPoolExecutor]:
        # spawn, not fork: the same on every system, and safe beside the threads of a database connection
        with (
            _one_thread_each(),
            ProcessPoolExecutor(
                min(self.jobs, items) or 1, mp_context=get_context("spawn"), initializer=_end_with_parent
            ) as pool,
        ):
            yield pool


def _through(pool: ProcessPoolExecutor, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
    try:
        yield from pool.map(function, items)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local_executor(jobs: int | None, items: int) -> SerialExecutor | ProcessExecutor:
    """Processes for this machine: `jobs`, or one a core; none at all for work too small to pay for starting them.

    One job is a process of its own too: in ours linear algebra takes every core, and on a busy machine its threads
    waited for each other until the 252 series of the demo took 246 s instead of 33 s.
    """
    return SerialExecutor() if items < 8 else ProcessExecutor(max(cores() if jobs is None else jobs, 1))


def _end_with_parent() -> None:
    """In a new process: a parent that is killed cannot stop its children, which would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Children read these when numpy is loaded; two processes with two threads each would only wait for each other."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
