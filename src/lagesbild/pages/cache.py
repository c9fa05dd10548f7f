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
    """A bounded cache, safe under threads, that makes a missing value once however many ask for it at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
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
            if keep:
                self._kept[key] = value
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        mine.set_result((value, keep))
        return value

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
