"""A whole column at once gives what each cell gives."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.data.importers.cells import Suppressed, Unreadable, parse_cell
from lagesbild.data.importers.columns import parse_column
from lagesbild.domain.dataset_spec import Column
from lagesbild.domain.datasets import DATASETS

TODAY = date(2026, 11, 22)
columns = st.sampled_from([c for d in DATASETS.values() for c in d.columns])
likely = st.one_of(
    st.sampled_from(["", "0", "12", "1 234", "<5", "2024-01", "2024M02", "45292", "12,5", "-1", "01", "x", "privat"]),
    st.integers(0, 10**17).map(str),
    st.text(max_size=6),
)


@given(columns, st.lists(likely, max_size=30))
@settings(max_examples=150, deadline=None)
def test_a_column_is_read_as_its_cells(column: Column, texts: list[str]) -> None:
    try:
        cells = pa.array(texts, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair cannot come from a file
        return
    parsed = parse_column(column, cells, TODAY)
    unreadable = {row: why for row, _, why in parsed.unreadable}
    for row, text in enumerate(texts):
        expected = parse_cell(column, text, TODAY)
        below = 0 if parsed.below is None else int(parsed.below[row])
        if isinstance(expected, Suppressed):
            assert (below, parsed.values[row].as_py()) == (expected.below, None)
        elif isinstance(expected, Unreadable):
            assert unreadable.pop(row) == expected
            assert parsed.values[row].as_py() is None
        else:
            assert below == 0
            assert parsed.values[row].as_py() == expected
    assert not unreadable
