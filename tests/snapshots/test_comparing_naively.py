"""Comparing, the second time naively: cell by cell, by the plainest code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.difference import Difference
from tests.snapshots.made import FEBRUARY, bundle, waits


def _compare(before, after) -> Difference:
    return compare(bundle([waits(before)]), bundle([waits(after)], as_of=FEBRUARY))


VALUES = st.one_of(
    st.tuples(st.integers(0, 50), st.just("")),
    st.tuples(st.none(), st.sampled_from(["missing", "excluded", "suppressed", "secondary"])),
)
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(["2023-10", "2023-11", "2023-12"]), st.sampled_from(["", "25", "12"]), st.just("kna")),
    VALUES,
)


@given(before=TABLES, after=TABLES)
def test_every_cell_is_told_once_and_only_as_what_a_naive_reading_says(before, after):
    """The same answer by the plainest code, cell by cell."""

    def table(cells):
        return {k: (None, "missing", *v, "no") for k, v in cells.items()}

    told = _compare(table(before), table(after))
    expected = set()
    for key in {*before, *after}:
        (x, xs), (y, ys) = before.get(key, (None, None)), after.get(key, (None, None))
        if xs == "" and ys == "":
            expected |= {(key, "revision", x, y)} if x != y else set()
        elif xs is None and ys == "":
            expected.add((key, "new", None, y))
        elif ys is None and xs == "":
            before_all = bool(after) and all(key[0] < month for month, *_ in after)
            expected.add((key, "slid" if before_all else "gone", x, None))
        elif xs is None or ys is None or xs == ys:
            continue
        elif xs in ("missing", "excluded") and ys == "":
            expected.add((key, "late", None, y))
        elif xs == "" and ys in ("missing", "excluded"):
            expected.add((key, "withdrawn", x, None))
        elif xs == "":
            expected.add((key, "hidden", None, None))
        elif ys == "":
            expected.add((key, "shown", None, None))
        elif {xs, ys} != {"suppressed", "secondary"}:
            expected.add((key, "absent", None, None))
    found = [(c.key, c.kind, c.before, c.after) for c in told.changes if c.measure == "waiting"]
    assert len(found) == len(set(found))
    assert set(found) == expected
    sizes = [c.size for c in told.changes if c.kind == "revision"]
    assert sizes == sorted(sizes, reverse=True)
    for c in told.of("revision"):
        assert c.size == pytest.approx(math.sqrt(abs(c.difference) * abs(c.difference) / max(c.before, c.after)))


@given(then=st.floats(0, 1), now=st.floats(0, 1), last=st.floats(0, 1))
def test_revision_and_new_months_add_up_to_the_whole(then, now, last):
    key, new = ("2023-11", "", "kna"), ("2023-12", "", "kna")
    told = _compare(
        {key: (then, "", None, "missing", "no")},
        {key: (now, "", None, "missing", "no"), new: (last, "", None, "missing", "no")},
    )
    m = told.movements[0]
    assert m.revision + m.new_months == pytest.approx(last - then, abs=1e-12)
    assert m.whole == pytest.approx(last - then, abs=1e-12)
