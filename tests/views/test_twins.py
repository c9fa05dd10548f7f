"""What the arithmetic of twins remembers is what it would have worked out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.care import Region
from lagesbild.domain.twin import MOST
from lagesbild.views import twins

REGIONS = [Region(str(k), f"Region {k}", f"R{k}", "Norra" if k < 2 else "Södra", sort_order=k) for k in range(4)]


@settings(deadline=None, max_examples=40)
@given(side=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_what_small_bands_can_add_up_to_is_what_trying_them_all_gives(side: list[int]) -> None:
    others = [[x for x in range(b + MOST + 1) if x != b] for b in side]
    possible = {sum(x) - sum(side) for x in product(*others)}
    costs = twins._reach(tuple(side))
    assert [c == 0.0 for c in costs] == [d in possible for d in range(-MOST, MOST + 1)]


counts = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4)


@settings(deadline=None, max_examples=40)
@given(rows=counts, more=st.integers(1, 3), place=st.integers(0, 3))
def test_another_count_region_or_threshold_is_another_question(
    rows: list[tuple[int, int]], more: int, place: int
) -> None:
    within = np.array([r[0] for r in rows], float)
    waiting = within + np.array([r[1] for r in rows], float)
    everybody = np.ones(4, bool)
    other = waiting.copy()
    other[place] += more
    fewer = everybody.copy()
    fewer[place] = False
    apart = [
        *REGIONS[:1],
        *(Region(r.code, r.name, r.short_name, "Egen", sort_order=r.sort_order) for r in REGIONS[1:]),
    ]
    questions = (
        (within, waiting, REGIONS, everybody, 5),
        (within, other, REGIONS, everybody, 5),
        (within, waiting, REGIONS, fewer, 5),
        (within, waiting, REGIONS, everybody, 9),
        (within, waiting, apart, everybody, 5),
    )
    for asked in questions:
        remembered = [twins.stock_twin(*asked) for _ in range(2)]
        afresh = twins._stock_twin(*asked, None, None)
        for found in remembered:
            np.testing.assert_array_equal(found, afresh)


def test_what_is_remembered_cannot_be_changed() -> None:
    small = np.array([3.0, 40.0, 9.0, 2.0])
    found = twins.stock_twin(small, small + 10, REGIONS, np.ones(4, bool), 5)
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 99
