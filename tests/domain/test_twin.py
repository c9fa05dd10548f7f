"""The twin of one sheet: small counts differ, equations and sums stay, and nothing is below zero."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.domain.twin import MOST, Sheet, difference
from tests.domain.twin_one_by_one import OneByOne

SIGNS = np.array([1, 1, -1])


def sheet(counts, groups=None, **more):
    """Parts and their whole in the last column; the country's sum is published unless told."""
    counts = np.asarray(counts, float)
    whole = np.column_stack([counts, counts.sum(axis=1)])
    n = len(whole)
    part = np.repeat(np.where(np.isfinite(whole).all(axis=1), 0, -1)[:, None], whole.shape[1], axis=1)
    found = np.ones((1, n), bool) if groups is None else groups
    return Sheet(whole, part, SIGNS, found, np.full(len(found), 1000.0), **more)


def test_nothing_small_changes_nothing():
    assert not difference(sheet([[50, 60], [70, 80]])).any()


def test_one_small_count_takes_a_neighbour_and_leaves_every_sum():
    found = difference(sheet([[3, 40], [20, 60], [9, 90]]))
    assert found[0, 0]
    assert not found.sum(axis=0).any()
    assert not found[:, 2].any()


def test_two_small_counts_cover_each_other():
    found = difference(sheet([[3, 40], [2, 60], [90, 90]]))
    assert found[0, 0] == -found[1, 0] != 0
    assert not found[2].any()


def test_a_sum_that_is_small_itself_differs_too():
    found = difference(sheet([[2, 40], [1, 60], [0, 90]]))
    assert found[:, 0].sum() != 0
    assert found[:, 2].sum() == 0


def test_a_place_alone_hides_the_sum_when_nothing_else_will_do():
    found = difference(sheet([[3, 40]]))
    assert found[0, 0]
    assert found[0, 2] == 0


def test_what_must_be_hidden_is_hidden_though_it_is_large():
    must = np.zeros((2, 3), bool)
    must[0, 0] = True
    found = difference(sheet([[30, 40], [50, 60]], must=must))
    assert found[0, 0]
    assert not found.sum(axis=0).any()


def test_what_is_needed_of_an_equation_is_kept():
    need = np.array([[2.0], [-2.0], [0.0]])
    found = difference(sheet([[30, 40], [50, 60], [3, 70]], need=need))
    assert (found @ SIGNS).tolist() == [2, -2, 0]


def test_equations_that_no_place_has_are_no_question():
    """Ireland's, whose limit lies inside a band in every region: two parts are told of, no band is in either."""
    counts = np.array([[3.0, 40.0], [20.0, 60.0]])
    free = Sheet(counts, np.full((2, 2), -1), np.ones(2, int), np.ones((1, 2), bool), np.array([1000.0]),
                 need=np.zeros((2, 2)))  # fmt: skip
    found = difference(free)
    assert found[0, 0]
    assert found.sum(axis=0).tolist() == [0, 0]


def test_a_hard_sum_differs_by_exactly_what_it_is_told():
    found = difference(sheet([[3, 4], [20, 30]], hard=np.array([True]), targets=np.array([[1.0, -1.0, 0.0]])))
    assert found.sum(axis=0).tolist() == [1, -1, 0]
    assert found[0, 0]
    assert found[0, 1]


def test_the_same_sheet_gives_the_same_twin():
    rows = [[3, 40], [2, 60], [4, 7], [0, 1]]
    assert (difference(sheet(rows)) == difference(sheet(rows))).all()


counts = arrays(
    float, st.tuples(st.integers(1, 6), st.just(2)), elements=st.sampled_from([0, 1, 2, 3, 4, 5, 7, 20, 300])
)


@settings(max_examples=80, deadline=None)
@given(counts, st.data())
def test_every_small_count_differs_in_every_sheet(rows, data):
    missing = data.draw(st.sampled_from([None, *range(len(rows))]))
    if missing is not None:
        rows[missing] = np.nan
    half = np.arange(len(rows)) < len(rows) // 2
    made = sheet(rows, np.array([half, ~half, np.ones(len(rows), bool)]))
    found = difference(made)
    known = np.isfinite(made.counts)
    small = known & (made.counts > 0) & (made.counts < 5)
    assert (found[small] != 0).all()
    assert not (found[known.all(axis=1)] @ SIGNS).any()
    assert (np.where(known, made.counts, 0) + found >= 0).all()
    assert not found[~known].any()
    sums = made.groups @ np.nan_to_num(made.counts)
    few = (sums > 0) & (sums < 5)
    assert ((made.groups @ found)[few] != 0).all()


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_the_threshold_is_the_viewers(threshold):
    rows = [[threshold - 1, 400], [threshold, 500], [90, 900]]
    found = difference(sheet(rows, threshold=threshold))
    assert found[0, 0]


@settings(max_examples=40, deadline=None)
@given(counts)
def test_no_more_sums_are_hidden_than_have_to_be(rows):
    """With two places or more that can take it, the country's sums of what is not small stay."""
    assume(len(rows) >= 3)
    rows = np.vstack([rows, [[400, 500], [450, 550]]])
    found = difference(sheet(rows))
    assert not found.sum(axis=0).any()


@st.composite
def sheets(draw):
    """Whatever a sheet can be: one part or two, unknown cells, published and hard sums, what must differ or not."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(2, 5))

    def some(values, *shape):
        return draw(arrays(float, shape, elements=values))

    counts = some(st.one_of(st.integers(0, 9), st.integers(0, 300), st.just(np.nan)), n, m)
    equations = np.where(np.isfinite(counts).all(axis=1), 0, -1)[:, None]
    if draw(st.booleans()):  # two parts, as of bands within and over the limit
        equations = np.where(equations < 0, -1, np.arange(m)[None] >= draw(st.integers(1, m - 1)))
    part = np.broadcast_to(equations, (n, m)).astype(int)
    groups = np.ones((1, n), bool)
    if draw(st.booleans()):
        groups = np.vstack([draw(arrays(bool, (draw(st.integers(0, 2)), n))), groups])
    more = {}
    offs = st.one_of(st.integers(-4, 4), st.sampled_from([-30, 30]))  # beyond what costs are kept for at first
    if draw(st.booleans()):
        more["must"] = draw(arrays(bool, (n, m)))
    if draw(st.booleans()):
        # of parts that no place has, too: where the limit lies inside a band everywhere, two are told of
        more["need"] = some(st.integers(-3, 3), n, int(part.max()) + 1 + draw(st.integers(0, 2)))
    if draw(st.booleans()):
        more |= {"hard": draw(arrays(bool, len(groups))), "targets": some(offs, len(groups), m)}
    if draw(st.booleans()):
        more["column_cost"] = some(st.sampled_from([0.0, 5.0, 150.0]), m)
    if draw(st.booleans()):
        more["locked"] = draw(arrays(bool, (n, m)))
    if draw(st.booleans()):
        more["change_cost"] = some(st.sampled_from([0.0, 25.0, 20_000.0]), n, m, 2 * MOST + 1)
    signs = draw(arrays(int, m, elements=st.sampled_from([1, -1])))
    return Sheet(counts, part, signs, groups, some(st.sampled_from([0.0, 300.0, 1500.0]), len(groups)), 5, **more)


@given(sheets())
@settings(max_examples=150)
def test_weighed_all_at_once_it_is_what_it_is_one_by_one(made):
    assert difference(made).tolist() == OneByOne(made).solve().tolist()
