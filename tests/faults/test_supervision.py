"""When a worker is replaced, when it is waited for, and when the service gives up; without any process."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lagesbild.cli.workers import SHARED, Server

pytestmark = pytest.mark.skipif(not SHARED, reason="workers are forked on Linux only")


class Dead:
    """A worker that has died at an age, after it had loaded the application or not."""

    def __init__(self, age: float, *, loaded: bool) -> None:
        self.birth = time.monotonic() - age
        self.loaded = loaded
        self.started = False

    def is_alive(self) -> bool:
        return False

    def is_loaded(self) -> bool:
        return self.loaded

    def start(self) -> None:
        self.started = True

    def end(self, seconds: float) -> None:
        assert seconds == 0

    def _id(self) -> int:
        return 1


class Living(Dead):
    def is_alive(self) -> bool:
        return True


class Supervised(Server):
    """Every worker is followed by `next_ones`' next."""

    def __init__(self, first: list[Dead], next_ones: list[Dead]) -> None:
        super().__init__("app:front")
        self.wrks = first  # type: ignore[assignment]
        self.next_ones = next_ones
        self.paused: list[float] = []

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        return self.next_ones.pop(0)

    def _pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def rounds(self, number: int) -> None:
        for _ in range(number):
            self._replace_dead(None, None)


def test_one_that_dies_is_replaced_at_once_and_the_other_is_left_alone() -> None:
    other, new = Living(100, loaded=True), Living(0, loaded=False)
    server = Supervised([Dead(100, loaded=True), other], [new])
    server.rounds(1)
    assert server.wrks == [new, other]
    assert new.started
    assert server.paused == []
    assert not server.gave_up


def test_those_that_die_at_the_same_time_are_all_replaced() -> None:
    new = [Living(0, loaded=False) for _ in range(2)]
    server = Supervised([Dead(100, loaded=True), Dead(100, loaded=True)], list(new))
    server.rounds(1)
    assert server.wrks == new


def test_a_service_that_has_worked_never_gives_up_and_tries_every_few_seconds() -> None:
    server = Supervised([Dead(100, loaded=True)], [Dead(1, loaded=False) for _ in range(12)])
    server.rounds(12)
    assert not server.gave_up
    assert server.paused == sorted(server.paused)
    assert server.paused[0] == 0.5
    assert server.paused[-1] == 4


def test_one_that_lived_ends_the_row_of_failures() -> None:
    young, grown = [Dead(1, loaded=False) for _ in range(4)], Dead(60, loaded=True)
    server = Supervised([Dead(100, loaded=True)], [*young, grown, Dead(1, loaded=False), Living(0, loaded=False)])
    server.rounds(5)
    paused = len(server.paused)
    server.rounds(2)
    assert len(server.paused) == paused
    assert not server.gave_up


def test_a_service_that_never_got_as_far_gives_up_after_three() -> None:
    server = Supervised([Dead(1, loaded=False), Dead(1, loaded=False)], [Dead(1, loaded=False) for _ in range(4)])
    server.rounds(1)
    assert not server.gave_up
    server.rounds(1)
    assert server.gave_up


def test_nothing_is_started_when_the_service_is_to_stop() -> None:
    server = Supervised([Dead(100, loaded=True)], [])
    server.interrupt_signal = True
    server.rounds(1)
    assert not server.gave_up
