"""Twins of sums that slide: each small sum is another in one of them, and everything shown is the same in all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lagesbild.domain.window_twin import WINDOW, Sliding, hidden_windows, members, sliding_twins


def sliding(counts, threshold=5, *, stay=False, rows_told=False):
    """Rows and columns, the whole and two blocks, all published."""
    n, m = counts.shape[1:]
    block = np.zeros((n, m), bool)
    block[: (n + 1) // 2, : (m + 1) // 2] = True
    wholes = np.array([np.ones((n, m), bool), block])
    if stay:
        wholes = wholes[1:]
    cost = np.full(len(wholes), 300.0)
    columns = np.zeros(m) if stay else np.full(m, 150.0)
    return Sliding(
        counts,
        wholes,
        np.full(n, 150.0),
        columns,
        cost,
        np.ones((n, m), bool),
        threshold,
        columns_stay=stay,
        rows_told=rows_told,
    )


def windows(counts, table):
    """Every sum of every window, added up naively; NaN where no cell is reported throughout."""
    out = []
    for t in range(WINDOW - 1, len(counts)):
        part = counts[t - WINDOW + 1 : t + 1]
        whole = np.isfinite(part).all(axis=0)
        cells = np.where(whole, np.nan_to_num(part).sum(axis=0), 0.0).ravel()
        sums = members(table)
        out.append(np.where((sums & whole.ravel()).any(axis=1), sums @ cells, np.nan))
    return np.array(out)


def turned(counts, twin):
    out = counts.copy()
    for month, i, j, step in twin.cells:
        out[month, i, j] += step
    return out


def drawn(seed, months, n, m, mean, holes=0.0):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(mean * rng.choice([0.3, 1.0, 4.0], size=(n, m)), size=(months, n, m)).astype(float)
    counts[rng.random(counts.shape) < holes] = np.nan
    return counts


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 100_000),
    st.integers(WINDOW, 30),
    st.integers(2, 5),
    st.integers(2, 5),
    st.sampled_from([0.05, 0.2, 0.6, 2.0]),
    st.sampled_from([0.0, 0.01]),
    st.integers(3, 7),
)
def test_every_small_sum_is_another_in_a_twin_that_has_all_that_is_shown(seed, months, n, m, mean, holes, threshold):
    counts = drawn(seed, months, n, m, mean, holes)
    table = sliding(counts, threshold)
    twins = sliding_twins(table)
    hidden = hidden_windows(twins, table)
    real = windows(counts, table)
    differs = np.zeros(real.shape, bool)
    for twin in twins:
        other = turned(counts, twin)
        assert (np.nan_to_num(other) >= 0).all()
        theirs = windows(other, table)
        assert np.array_equal(np.isnan(theirs), np.isnan(real))
        change = np.nan_to_num(theirs) != np.nan_to_num(real)
        assert not (change & ~hidden).any()
        differs |= change
    small = (real > 0) & (real < threshold)
    assert not (small & ~differs).any()
    assert np.array_equal(differs, hidden)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 100_000), st.sampled_from([0.1, 0.5]))
@example(7532, 0.1)  # a small group where the cheapest change of every cell was with another cell of the group
def test_columns_stay_where_another_table_has_them_too(seed, mean):
    counts = drawn(seed, 20, 4, 3, mean)
    table = sliding(counts, stay=True)
    twins = sliding_twins(table)
    for twin in twins:
        assert np.array_equal(turned(counts, twin).sum(axis=1), counts.sum(axis=1))
    real = windows(counts, table)
    small = (real > 0) & (real < 5)
    small[:, 12 + 4 : 12 + 4 + 3] = False  # the columns themselves are not this table's to tell
    assert not (small & ~hidden_windows(twins, table)).any()


def emptied_or_filled(counts, twin):
    """Whether a row has anything in a month of the one alone."""
    return not np.array_equal(turned(counts, twin).sum(axis=2) > 0, counts.sum(axis=2) > 0)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 100_000), st.integers(WINDOW, 26), st.integers(2, 5), st.sampled_from([0.02, 0.1, 0.5]))
def test_no_twin_has_a_row_s_first_or_lacks_its_last_where_months_with_any_are_told(seed, months, n, mean):
    counts = drawn(seed, months, n, n, mean)
    table = sliding(counts, rows_told=True)
    twins = sliding_twins(table)
    assert not any(emptied_or_filled(counts, twin) for twin in twins)
    real = windows(counts, table)
    assert not ((real > 0) & (real < 5) & ~hidden_windows(twins, table)).any()


def test_where_they_are_not_told_some_twin_does():
    """Or the test above would prove nothing."""
    counts = drawn(4, 20, 4, 4, 0.1)
    assert any(emptied_or_filled(counts, twin) for twin in sliding_twins(sliding(counts)))


def test_nothing_small_has_no_twin():
    assert sliding_twins(sliding(np.full((24, 3, 3), 4.0))) == ()


def test_later_months_change_no_twin_of_earlier_ones():
    counts = drawn(3, 40, 5, 5, 0.5)
    early = sliding_twins(sliding(counts[:30]))
    assert early
    assert sliding_twins(sliding(counts))[: len(early)] == early


@pytest.mark.parametrize("small", [1.0, 4.0])
def test_one_small_flow_takes_three_cells_and_no_sum(small):
    counts = np.full((WINDOW, 4, 4), 6.0)
    counts[:, 0, 1] = 0.0
    counts[5, 0, 1] = small
    table = sliding(counts)
    hidden = hidden_windows(sliding_twins(table), table)[0]
    assert hidden[1]
    assert hidden[:16].sum() == 4
    assert not hidden[16:].any()


def test_few_in_the_whole_country_hide_the_country_too():
    counts = np.zeros((WINDOW, 3, 3))
    counts[2, 0, 1] = 2.0
    table = sliding(counts)
    hidden = hidden_windows(sliding_twins(table), table)[0]
    assert hidden[1]
    assert hidden[9 + 3 + 3]  # the whole
