"""Answers kept by (data version, arguments): a new version makes new keys, so nothing is ever invalidated."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from lagesbild.domain.source import DataVersion, Source

T = TypeVar("T")


class KeepNewest(Generic[T]):
    """A bounded cache, safe under threads, that makes a missing value once however many ask for it at a time.

    `size` bounds the sum of what `weigh` says of each kept value: their number, unless something else is given. A value
    heavier than a quarter of it is not kept, so that one of them cannot drive out everything else.
    """

    def __init__(self, size: int, weigh: Callable[[T], int] = lambda _: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._weight = 0
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Future[tuple[T, bool]]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[T, bool]]) -> T:
        """The kept value, or what `make` gives; it is kept when the second part says so. What `make` raises is raised
        for everybody who waited, and nothing is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            waiting = self._making.get(key)
            if waiting is None:
                mine = self._making[key] = Future()
        if waiting is not None:
            return waiting.result()[0]
        try:
            value, keep = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            mine.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            weight = self._weigh(value) if keep else 0
            if keep and weight <= max(1, self._size // 4):
                self._kept[key] = value
                self._weight += weight
                while self._weight > self._size:
                    self._weight -= self._weigh(self._kept.popitem(last=False)[1])
        mine.set_result((value, keep))
        return value

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)


class VersionWatch:
    """The data version, read at most once a second in a process."""

    def __init__(self, source: Source, clock: Callable[[], float] = time.monotonic, seconds: float = 1.0) -> None:
        self._source = source
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._seen: DataVersion | None = None
        self._at = float("-inf")

    def current(self) -> DataVersion:
        """Raises DatabaseUnavailableError when the database does not answer; that is not remembered."""
        with self._lock:
            if self._seen is None or self._clock() - self._at >= self._seconds:
                self._seen = None
                self._seen = self._source.version()
                self._at = self._clock()
            return self._seen
