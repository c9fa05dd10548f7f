"""The sentence about the queue on `/produktion`: a change is said only where the rules call it one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import produktion
from lagesbild.pages.context import PageContext
from tests.country import LAST, MONTHS, country


def sentence(at: int = -1, **changes: Any) -> str:
    """About A's knees when their queue is `queue` (one value a month, oldest first), else as it is."""
    source = country(breaks=changes.pop("breaks", ()))
    waits = source.frames["waits"]
    mine = (waits["region"] == "A") & (waits["care_area"] == "kna")
    queue = changes.pop("queue", None)
    if queue is not None:
        waits["waiting"] = waits["waiting"].astype(float)
        waits.loc[mine, "waiting"] = np.asarray(queue, float)
    selection = Selection(care_area="kna", region="A")
    return produktion.PAGE.build(PageContext(source, selection, Viewer())).sentences[at]


def first_sentence(**changes: Any) -> str:
    return sentence(at=0, **changes)


CALM = [200 + (k * 7) % 11 for k in range(MONTHS)]
UP = [*CALM[:-9], *(v + 60 for v in CALM[-9:])]
DOWN = [*CALM[:-9], *(v - 60 for v in CALM[-9:])]


def test_noise_is_said_as_noise_although_the_number_differs() -> None:
    assert CALM[-1] != CALM[-13]
    assert sentence(queue=CALM) == f"{CALM[-1]} personer väntar."
    assert first_sentence(queue=CALM) == "Produktionen och kön ligger inom den normala variationen."


@pytest.mark.parametrize(("queue", "way"), [(UP, "fler"), (DOWN, "färre")])
def test_a_signal_is_said_with_the_difference(queue: list[int], way: str) -> None:
    n = abs(queue[-1] - queue[-13])
    assert sentence(queue=queue) == f"{queue[-1]} personer väntar, {n} {way} än för ett år sedan."


def test_a_signal_the_other_way_than_a_year_ago_is_not_told_by_the_year() -> None:
    queue = [*CALM[:-13], CALM[-13] + 150, *CALM[-12:-9], *(v + 60 for v in CALM[-9:])]
    assert queue[-1] < queue[-13]
    assert sentence(queue=queue) == f"{queue[-1]} personer väntar, fler än normalt."


def test_a_new_record_system_is_too_short_to_judge() -> None:
    change = Break("A", "", LAST - 5, None, "system_change", "Nytt system")
    assert sentence(queue=UP, breaks=(change,)) == f"{UP[-1]} personer väntar."


def test_a_protected_queue_says_nothing() -> None:
    assert "väntar" not in sentence(queue=[*CALM[:-1], 3])
