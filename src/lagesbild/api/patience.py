"""An answer that is waited for no longer than so many seconds, from what may never answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Patience(Generic[T]):
    """`ask` is called in a thread of its own, by one at a time: who comes meanwhile waits for the same answer, so that
    a database that is silent for an hour holds one thread and not one for each time somebody looked."""

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._lock = threading.Lock()
        self._asking: Future[T] | None = None

    def __call__(self) -> T:
        """Raises TimeoutError, and what `ask` raises."""
        with self._lock:
            if self._asking is None or self._asking.done():
                self._asking = Future()
                threading.Thread(target=self._run, args=(self._asking,), name="lagesbild-ask", daemon=True).start()
            asking = self._asking
        return asking.result(self._seconds)

    def _run(self, asking: Future[T]) -> None:
        try:
            asking.set_result(self._ask())
        except BaseException as error:
            asking.set_exception(error)
