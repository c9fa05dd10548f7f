"""The line of requests: so many at once, in the order they came, and those who watch over us past all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask, request

from lagesbild.api.guard import add_guard
from lagesbild.api.patience import Patience
from lagesbild.api.turnstile import add_turnstile
from tests.faults.service import until

OWN = "test.own"


class Held:
    """An application whose pages wait until they are let go, one at a time."""

    def __init__(self, at_once: int, in_line: int) -> None:
        self.begun: list[str] = []
        self.go = threading.Semaphore(0)
        self.server = Flask("held")
        add_turnstile(self.server, ["/healthz"], OWN, at_once=at_once, in_line=in_line)
        add_guard(self.server, frozenset())

        @self.server.get("/<name>")
        def page(name: str) -> str:
            if name != "healthz" and OWN not in request.environ:
                self.begun.append(name)
                self.go.acquire()
            return name

    def get(self, name: str, **environment: object) -> tuple[int, str]:
        answer = self.server.test_client().get(f"/{name}", environ_overrides=environment)
        return answer.status_code, answer.headers.get("Retry-After", "")

    def waiting(self) -> int:
        return len(self.server.wsgi_app._waiting)  # type: ignore[attr-defined]


@contextmanager
def asking(held: Held, *names: str) -> Iterator[Callable[[], list[int]]]:
    """Ask for each, the next when the one before has begun or stands in line."""
    with ThreadPoolExecutor(len(names)) as threads:
        asked = []
        try:
            for n, name in enumerate(names, 1):
                asked.append(threads.submit(held.get, name))
                until(lambda n=n: len(held.begun) + held.waiting() == n, "it has begun or waits")
            yield lambda: [future.result(60)[0] for future in asked]
        finally:
            held.go.release(len(names))


def test_so_many_at_once_the_others_in_the_order_they_came() -> None:
    held = Held(2, 10)
    names = ["a", "b", "c", "d", "e"]
    with asking(held, *names) as answers:
        assert held.begun == ["a", "b"]
        for n in (3, 4, 5):
            held.go.release()
            until(lambda n=n: len(held.begun) == n, "the next has begun")
        held.go.release(2)
        assert answers() == [200] * 5
    assert held.begun == names
    assert held.waiting() == 0


def test_who_watches_and_what_we_ask_ourselves_passes_those_who_wait() -> None:
    held = Held(1, 10)
    with asking(held, "a", "b"):
        assert held.get("healthz") == (200, "")
        assert held.get("c", **{OWN: True}) == (200, "")


def test_where_the_line_is_full_it_is_said_at_once() -> None:
    held = Held(1, 1)
    with asking(held, "a", "b") as answers:
        assert held.get("c") == (503, "2")
        held.go.release(2)
        assert answers() == [200, 200]
    held.go.release()
    assert held.get("d") == (200, "")
    assert "c" not in held.begun


def test_a_place_is_given_back_when_the_application_fails() -> None:
    held = Held(1, 0)
    held.server.testing = True
    held.server.error_handler_spec.clear()
    held.server.wsgi_app._application = lambda *_: 1 / 0  # type: ignore[attr-defined]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            held.get("a")


def test_an_answer_that_does_not_come_is_not_waited_for_and_is_asked_for_once() -> None:
    go, asked = threading.Event(), []

    def silent() -> int:
        asked.append(1)
        go.wait(60)
        return 7

    patient = Patience(silent, 0.01)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            patient()
    assert len(asked) == 1
    go.set()
    until(lambda: patient._asking is not None and patient._asking.done(), "it has answered")
    assert Patience(lambda: 3, 60)() == 3


def test_what_was_raised_is_raised_and_asked_for_again() -> None:
    answers = iter([ValueError("nej"), 5])

    def ask() -> object:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    patient = Patience(ask, 60)
    with pytest.raises(ValueError, match="nej"):
        patient()
    assert patient() == 5
