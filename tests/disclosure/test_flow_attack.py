"""Who was treated where and brokering cases, attacked with a linear programme over every month that can be chosen."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.viewer import Viewer
from lagesbild.views import sliding_twin
from tests.disclosure.flow_attack import pinned_flows
from tests.disclosure.small_world import Shape, country

CASES = int(os.environ.get("ATTACKS", "6"))


@settings(max_examples=CASES, deadline=None)
@given(
    st.builds(
        Shape,
        seed=st.integers(0, 10_000),
        regions=st.integers(3, 5),
        months=st.integers(13, 20),
        size=st.sampled_from([1.0, 3.0, 8.0, 20.0]),
        providers=st.just(0),
        missing=st.just(0.0),
    )
)
def test_no_small_sum_of_any_window_is_known_to_less_than_one(shape):
    found, know, _ = pinned_flows(country(shape), "A1", Viewer())
    assert not know.unknown, "not in the codebook"
    assert not found


SOME = Shape(3, regions=4, months=15, size=8.0, providers=0, missing=0.0)


def test_without_protection_everything_is_known():
    found, _, small = pinned_flows(country(SOME), "A1", Viewer("exact"))
    assert small
    assert len(found) == small


def test_hiding_only_the_small_sums_themselves_is_not_enough(monkeypatch):
    monkeypatch.setattr(sliding_twin, "kept_twins", lambda sliding: ())
    found, _, _ = pinned_flows(country(SOME), "A1", Viewer())
    assert found
