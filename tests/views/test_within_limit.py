"""How many of the treated had waited within the guarantee: told where no part of them can be known to be small."""

from __future__ import annotations

from collections import defaultdict
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.viewer import Viewer
from lagesbild.views.within_limit import within_limit

PUBLIC, EXACT = Viewer(), Viewer("exact")


def told(found):
    """As text, where two worlds that look the same are equal."""
    return f"{found.count} {found.count_state} {found.share:.1f} {found.share_state}"


def worlds(performed: int, share_of: str):
    """Every way to be treated within, beyond and outside the guarantee, with the share that a source would publish."""
    for within in range(performed + 1):
        for beyond in range(performed - within + 1 if share_of == "guaranteed" else 1):
            if share_of == "guaranteed" and within + beyond:
                yield within, beyond, round(100 * within / (within + beyond), 1)
            elif share_of == "treated":
                yield within, performed - within, round(100 * within / performed, 1)
            elif share_of == "none":
                yield within, performed - within, nan


@pytest.mark.parametrize("share_of", ["none", "treated", "guaranteed"])
@pytest.mark.parametrize("performed", [*range(5, 26), 37, 60])
def test_no_small_part_is_known_from_all_that_is_told(performed: int, share_of: str) -> None:
    """Who knows the rule tries every world that would be told in the same words."""
    same = defaultdict(list)
    for within, beyond, published in worlds(performed, share_of):
        parts = (within, beyond, performed - within - beyond)
        same[told(within_limit(performed, "", within, published, PUBLIC))].append(parts)
    for text, possible in same.items():
        for part in zip(*possible, strict=True):
            assert len(set(part)) > 1 or not 0 < part[0] < 5, (text, part)
    assert any(" " in text and "nan" not in text.split()[0] for text in same), "nothing is ever told"


def test_a_small_part_could_be_known_if_it_were_told() -> None:
    assert told(within_limit(40, "", 37, nan, EXACT)) == "37.0  92.5 "
    assert told(within_limit(40, "", 37, nan, PUBLIC)) == "nan secondary nan secondary"
    # 36 of 38 with a guarantee: two waited longer, and two had none
    assert told(within_limit(40, "", 36, 94.7, EXACT)) == "36.0  94.7 "
    assert told(within_limit(44, "", 36, 94.7, PUBLIC)) == "36.0  nan secondary"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((40, "", 30, nan), "30.0  75.0 "),
        ((40, "", 40, nan), "40.0  100.0 "),
        ((40, "", 0, nan), "0.0  0.0 "),
        ((0, "secondary", 0, nan), "nan secondary nan secondary"),  # as of any other hidden number
        ((0, "secondary", nan, nan), "nan missing nan missing"),
        ((0, "", 0, nan), "0.0  nan missing"),
        ((40, "", nan, nan), "nan missing nan missing"),
        ((40, "", nan, 75.0), "nan missing 75.0 "),
        ((40, "", nan, 95.0), "nan missing nan secondary"),
        ((nan, "missing", nan, 75.0), "nan missing nan secondary"),
        ((3, "suppressed", 3, nan), "nan secondary nan secondary"),
        ((40, "secondary", 30, nan), "nan secondary nan secondary"),
        ((40, "excluded", 30, nan), "nan excluded nan excluded"),
        ((30, "", 40, nan), "nan secondary nan secondary"),  # a fault of the source's
        ((40, "", 30, 50.0), "30.0  nan secondary"),  # the share is of more than were treated
    ],
)
def test_what_is_told_and_why_not(arguments, expected: str) -> None:
    assert told(within_limit(*arguments, PUBLIC)) == expected


def test_what_the_source_hid_is_hidden_from_everybody() -> None:
    assert told(within_limit(40, "", nan, 75.0, EXACT, withheld=True)) == "nan suppressed 75.0 "
    assert told(within_limit(40, "", nan, 75.0, PUBLIC, withheld=True)) == "nan suppressed nan secondary"


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from(["", "secondary", "suppressed", "missing"]))
def test_a_share_is_never_told_of_treated_that_are_not(performed: int, within: int, state: str) -> None:
    found = within_limit(performed, state, min(within, performed), nan, PUBLIC)
    assert not state or (isnan(found.count) and isnan(found.share))
    assert (found.count_state == "") >= (found.share_state == "")
