"""What a viewer may see of a number, given the number and its twin's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.disclosure import agreed_share, states_of
from lagesbild.domain.viewer import Viewer

PUBLIC = Viewer()


def test_the_same_in_both_is_shown_and_small_never():
    states = states_of(np.array([9.0, 9, 3, 3, 0, 0, np.nan]), np.array([9.0, 8, 3, 4, 0, 1, np.nan]), PUBLIC)
    assert states.tolist() == ["", "secondary", "suppressed", "suppressed", "", "secondary", "missing"]
    exact = states_of(np.array([3.0, np.nan]), np.array([4.0, 2]), Viewer("exact"), hidden=np.array([False, True]))
    assert exact.tolist() == ["", "suppressed"]


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(-2, 2), st.integers(-2, 2)), min_size=1),
)
def test_a_share_is_one_that_both_countries_have(rows):
    part, rest, more, less = np.array(rows, float).T
    real = (part, part + rest)
    twin = (np.maximum(part + more, 0), np.maximum(part + more, 0) + np.maximum(rest + less, 0))
    shown, coarse = agreed_share(real, twin, PUBLIC)
    for k, value in enumerate(shown):
        if np.isnan(value):
            continue
        for a, n in (real, twin):
            assert abs(a[k] / n[k] - value) <= (0.005 if coarse[k] else 0.0005) + 1e-9
    same = (real[0] == twin[0]) & (real[1] == twin[1]) & (real[1] > 0)
    np.testing.assert_allclose(shown[same], (real[0] / np.maximum(real[1], 1))[same])
    assert not coarse[same].any()


def test_exact_access_sees_exact_shares():
    shown, coarse = agreed_share((np.array(13.0), np.array(15.0)), (np.array(12.0), np.array(15.0)), Viewer("exact"))
    assert float(shown) == pytest.approx(13 / 15)
    assert not coarse
