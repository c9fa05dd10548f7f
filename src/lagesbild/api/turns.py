"""How many answers of the API a process makes at a time. Each takes one of the places behind the front, some for
seconds: without a bound anybody who asks for many different answers at once holds them all, and pages wait in line
behind. Answers that are kept are handed out without a turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from lagesbild.api.problems import busy

MAKING_AT_ONCE: Final = 2  # half of what a process works on at once (`front.AT_ONCE`): the rest is for pages
_WAIT_SECONDS: Final = 0.5  # most answers are made in less; a longer wait would hold the places it is to leave free


class Turns:
    """Safe under threads."""

    def __init__(self, most: int = MAKING_AT_ONCE, seconds: float = _WAIT_SECONDS) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While something is made. Raises ProblemError (503) when nobody is done soon."""
        if not self._free.acquire(timeout=self._seconds):
            raise busy()
        try:
            yield
        finally:
            self._free.release()
