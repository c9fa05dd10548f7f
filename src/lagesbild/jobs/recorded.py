"""Work that leaves a trace of how it went, for those who watch over the service."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from lagesbild.domain.errors import DatabaseUnavailableError, InputError
from lagesbild.domain.job_state import JobKind, Outcome

T = TypeVar("T")
_log = logging.getLogger("lagesbild.jobs")


class Log(Protocol):
    """See `data.job_log`."""

    def begun(self, kind: JobKind, detail: str) -> str: ...

    def ended(self, job: str, kind: JobKind, outcome: Outcome, detail: str) -> None: ...


@contextmanager
def recorded(log: Log, kind: JobKind, detail: str) -> Iterator[None]:
    """Tell that work begins and how it ends: done, rejected (what was given is wrong) or failed. A process that is
    killed leaves work that never ended. A log that cannot be written to stops no work; it is said instead."""
    job = _try(lambda: log.begun(kind, detail))
    outcome: Outcome = "failed"
    told = "avbruten"
    try:
        yield
        outcome, told = "done", detail
    except InputError as error:
        outcome, told = "rejected", str(error)
        raise
    except Exception as error:
        told = str(error) or type(error).__name__
        raise
    finally:
        if job is not None:
            _try(lambda: log.ended(job, kind, outcome, told))


def _try(tell: Callable[[], T]) -> T | None:
    try:
        return tell()
    except DatabaseUnavailableError as error:
        _log.warning("hur det gick kunde inte antecknas: %s", error)
        return None
