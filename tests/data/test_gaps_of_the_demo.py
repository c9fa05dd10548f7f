"""The list of gaps of the demonstration, from real PostgreSQL, read in two ways; made-up countries are tried in
`tests/disclosure/test_gap_reading.py`."""

from __future__ import annotations

import pytest

from lagesbild.data.source import PgSource
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.jobs.seeding import load_seed
from lagesbild.views.gap_list import LISTED, gap_list
from tests.data.test_briefings_of_the_demo import SEED, WithForecast

pytestmark = pytest.mark.database


def test_what_is_told_of_the_demo_s_gaps_is_the_same_however_it_is_read(database):
    load_seed(database, SEED)
    source = WithForecast(PgSource(database))
    for viewer in (Viewer(), Viewer(own="12"), Viewer("exact")):
        for order in ("", "andel", "behov-omvand"):
            whole, in_two = (gap_list(source, Selection(order=order), viewer, at_once=n) for n in (99, 0))
            assert repr(in_two) == repr(whole)
            assert 50 < len(whole.flagged) < LISTED
        assert any(s.hidden for s in whole.flagged) == (viewer.role != "exact")
