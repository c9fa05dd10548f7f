"""A planner sees the own region exactly, and everything else, the country too, just as the public does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import TABLES, Asked, published_table
from lagesbild.views.published_tables.own import own_rows, with_own
from tests.disclosure.small_world import LAST, Shape, country
from tests.travel_world import travel_world

PUBLIC, EXACT = Viewer(), Viewer("exact")
SOURCE = country(Shape(3, regions=5, areas=2, months=30, size=4.0, providers=2, missing=0.08))
HIDES = {"waits", "production", "capacity", "out-of-region", "forecasts", "gaps"}  # something of the own region, here


def split(seen, public, exact, own):
    """Own rows are those of the exact table, the rest those of the public one, each in its order."""
    for table, mine in ((exact, True), (public, False)):
        parts = [t.frame[own_rows(t, own) == mine].reset_index(drop=True) for t in (seen, table)]
        pd.testing.assert_frame_equal(*parts)


def hidden(table, rows):
    """How many numbers stand there that are not shown."""
    states = [table.frame[c.state_column][rows] for c in table.measures]
    return sum(int(s.isin(["suppressed", "secondary"]).sum()) for s in states)


@pytest.mark.parametrize("own", ["R2", "R4"])
@pytest.mark.parametrize("name", TABLES)
def test_own_rows_are_exact_and_all_others_public(name, own):
    asked = Asked(first=LAST - 12, providers=None if name in ("waits", "production") else ())
    seen, public, exact = (published_table(name, SOURCE, asked, v) for v in (Viewer(own=own), PUBLIC, EXACT))
    mine = own_rows(seen, own)
    split(seen, public, exact, own)
    if name in HIDES:
        assert hidden(public, own_rows(public, own)), "nothing was hidden, so this shows nothing"
        assert hidden(seen, ~mine)
        assert not hidden(seen, mine)
    for key in ("region", "home_region", "treating_region"):
        if key in seen.frame:
            country_rows = (seen.frame[[c.name for c in seen.keys if "region" in c.name]] == "").all(axis=1)
            assert not (mine & country_rows.to_numpy()).any()


def test_flows_and_cases_from_and_to_the_own_region_are_exact_and_those_between_others_are_not():
    source = travel_world()
    own = source.regions()[1].code
    for name in ("out-of-region", "brokering"):
        seen, public, exact = (published_table(name, source, Asked(), v) for v in (Viewer(own=own), PUBLIC, EXACT))
        keys = [k for k in ("home_region", "treating_region", "region") if k in seen.frame]
        mine = np.any([(seen.frame[k] == own).to_numpy() for k in keys], axis=0)
        assert mine.any()
        assert not mine.all()
        assert (own_rows(seen, own) == mine).all()
        split(seen, public, exact, own)


def test_two_tables_of_other_rows_are_not_put_together():
    asked = Asked(first=LAST, last=LAST)
    table = published_table("waits", SOURCE, asked, PUBLIC)
    fewer = replace(table, frame=table.frame[table.frame["region"] != "R2"].reset_index(drop=True))
    with pytest.raises(ValueError, match="other rows"):
        with_own(fewer, table, "R2")
