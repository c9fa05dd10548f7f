"""What every page says, asked in a process of its own while this one makes the tables of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import LagesbildError
from lagesbild.domain.viewer import Viewer
from lagesbild.forecast.fanout import ProcessExecutor, cores
from lagesbild.freezing.seen import Pages, Sayings, Speaker, said_at, said_here
from lagesbild.settings import Settings

_FEW: Final = 30  # pages: starting a process takes as long as asking so many


@dataclass(frozen=True)
class _Order:
    """What can be sent to another process."""

    settings: Settings
    as_of: datetime
    viewer: Viewer


def speaker(settings: Settings, processors: int | None = None) -> Speaker:
    """Asks beside when there are `processors` for it (as many as this process may use) and enough to ask.

    Raises what the pages raise, and LagesbildError when the process is killed.
    """

    @contextmanager
    def beside(pages: Pages) -> Iterator[Callable[[], Sayings]]:
        order = _Order(settings, pages.known.as_of, pages.viewer)
        with ProcessExecutor(1).beside(_said, order) as answer:
            yield lambda: _waited(answer)

    @contextmanager
    def chosen(pages: Pages) -> Iterator[Callable[[], Sayings]]:
        many = (cores() if processors is None else processors) > 1 and len(pages.asked()) > _FEW
        with (beside if many else said_here)(pages) as said:
            yield said

    return chosen


def _waited(answer: Callable[[], Sayings]) -> Sayings:
    try:
        return answer()
    except BrokenProcessPool as error:
        raise LagesbildError(
            "En process som gjorde ögonblicksbilden avbröts. Ingen bild är sparad.",
            "Kör kommandot igen. Händer det ofta räcker minnet inte.",
        ) from error


def _said(order: _Order) -> Sayings:
    """In the other process, with a connection of its own."""
    with open_database(order.settings, role="read") as database:
        return said_at(PgSource(database), order.as_of, order.viewer)
