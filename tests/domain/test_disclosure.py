"""The disclosure engine, attacked as a reader would: subtraction, chains of sums, and what is known about sizes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.disclosure import Sum, agreed_share, protect, states_of
from lagesbild.domain.viewer import Viewer

PUBLIC = Viewer()


def _table(rows):
    """Regions by columns with row totals ("t"), column totals (region "S") and a grand total; every sum among them."""
    columns = range(len(rows[0]))
    cells = {(r, c): float(v) for r, row in enumerate(rows) for c, v in enumerate(row)}
    sums = []
    for r in range(len(rows)):
        cells[r, "t"] = float(sum(rows[r]))
        sums.append(Sum((r, "t"), tuple((r, c) for c in columns)))
    for c in [*columns, "t"]:
        cells["S", c] = sum(cells[r, c] for r in range(len(rows)))
        sums.append(Sum(("S", c), tuple((r, c) for r in range(len(rows)))))
    sums.append(Sum(("S", "t"), tuple(("S", c) for c in columns)))
    return cells, sums


def _solvable(cells, sums, states):
    """Which hidden cells can be solved for, naively: a unit vector added to the equations leaves the rank as it was."""
    hidden = [k for k, s in states.items() if s in ("suppressed", "secondary")]
    rows = [[sum((c == k) * (-1 if c == s.total else 1) for c in s.cells) for k in hidden] for s in sums]
    matrix = np.array(rows, float).reshape(len(sums), len(hidden))
    rank = np.linalg.matrix_rank(matrix)
    unit = np.eye(len(hidden))
    return {k for i, k in enumerate(hidden) if np.linalg.matrix_rank(np.vstack([matrix, unit[i]])) == rank}


def test_small_counts_are_hidden_and_zero_is_a_number():
    assert protect({"a": 0, "b": 1, "c": 4, "d": 5}, [], PUBLIC) == {
        "a": "",
        "b": "suppressed",
        "c": "suppressed",
        "d": "",
    }


def test_the_threshold_is_the_viewers():
    assert protect({"a": 9}, [], Viewer(threshold=10)) == {"a": "suppressed"}


def test_exact_access_sees_everything_but_what_the_source_hid():
    assert protect({"a": 2, "b": None, "c": 3}, [], Viewer("exact"), hidden={"c"}) == {
        "a": "",
        "b": "missing",
        "c": "suppressed",
    }


def test_one_hidden_part_takes_another_with_it_the_smallest():
    states = protect({"a": 3, "b": 12, "c": 40, "all": 55}, [Sum("all", ("a", "b", "c"))], PUBLIC)
    assert states == {"a": "suppressed", "b": "secondary", "c": "", "all": ""}


def test_two_hidden_parts_whose_sum_tells_all_take_a_third():
    # 55 - 53 = 2 can only be 1 + 1
    states = protect({"a": 1, "b": 1, "c": 13, "d": 40, "all": 55}, [Sum("all", ("a", "b", "c", "d"))], PUBLIC)
    assert states["c"] == "secondary"
    # 3 + 3 = 6 could also be 2 + 4
    states = protect({"a": 3, "b": 3, "c": 13, "all": 19}, [Sum("all", ("a", "b", "c"))], PUBLIC)
    assert states["c"] == ""


def test_a_count_hidden_at_the_source_is_protected_without_its_value():
    states = protect(
        {"a": math.nan, "b": 12.0, "c": 40.0, "all": 55.0}, [Sum("all", ("a", "b", "c"))], PUBLIC, hidden={"a"}
    )
    assert states == {"a": "suppressed", "b": "secondary", "c": "", "all": ""}


def test_a_sum_with_a_missing_cell_gives_nothing_away():
    states = protect({"a": 3, "b": None, "all": 55}, [Sum("all", ("a", "b"))], PUBLIC)
    assert states == {"a": "suppressed", "b": "missing", "all": ""}


def test_what_is_concealed_is_protected_though_it_is_large():
    states = protect({"a": 30, "b": 12, "c": 40, "all": 82}, [Sum("all", ("a", "b", "c"))], PUBLIC, conceal={"a"})
    assert states["a"] == "secondary"
    assert states["b"] == "secondary"


def test_what_an_earlier_step_showed_is_kept():
    sums = [Sum("all", ("a", "b", "c"))]
    assert protect({"a": 3, "b": 12, "c": 40, "all": 55}, sums, PUBLIC, keep={"b"})["c"] == "secondary"


def test_a_whole_table_is_closed_with_few_cells():
    rows = [[30, 3], [40, 20], [50, 25], [60, 7]]
    cells, sums = _table(rows)
    states = protect(cells, sums, PUBLIC)
    hidden = {k for k, s in states.items() if s}
    assert hidden == {(0, 0), (0, 1), (3, 0), (3, 1)}
    assert not _solvable(cells, sums, states)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda w: st.lists(st.lists(st.integers(0, 40), min_size=w, max_size=w), min_size=2, max_size=7)
    )
)
def test_no_small_count_of_any_table_can_be_solved_for(rows):
    cells, sums = _table(rows)
    states = protect(cells, sums, PUBLIC)
    small = {k for k, v in cells.items() if 0 < v < 5}
    assert all(states[k] == "suppressed" for k in small)
    # a table so small that hiding everything does not help (one number in all) is not asked for here
    if any(s == "" for s in states.values()):
        assert not (_solvable(cells, sums, states) & small)


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
