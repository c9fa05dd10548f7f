"""An answer that is not waited for longer than it is worth."""

from __future__ import annotations

import threading

import pytest

from lagesbild.api.patience import Patience
from tests.faults.service import until


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
