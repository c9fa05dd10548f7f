"""The first flags and how many there are: the same as of all of them, read and sorted."""

from __future__ import annotations

import random
from collections import Counter
from copy import copy

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import overview, region
from lagesbild.pages.context import PageContext
from lagesbild.pages.overview_flags import flags_sentence, untold_words
from lagesbild.views.first_flags import FIRST, first_flags, flagged_areas
from lagesbild.views.flags import flags
from tests.country import LAST, country, gap_row
from tests.views.test_told_run import source_with

CODES = {"C": 0, "A": 1, "B": 2}
AREAS = [f"x{k:02}" for k in range(30)]
SHOWN = ("x03", "x07")
HIDDEN = frozenset({("A", "x03")})


def many():
    """Thirty care areas, half of them flagged."""
    draw, source = random.Random(3), copy(country())
    source.area_rows = [CareArea(a, a, "operation", 90, sort_order=k) for k, a in enumerate(AREAS)]
    rows = []
    for run_id in (3, 103):  # of every third pair something else is told
        for k, (r, a) in enumerate((r, a) for r in CODES for a in AREAS):
            values = {
                "probability_12m": draw.choice([None, 0.2, 0.6, 0.7]),
                "structural_share_now": draw.choice([0.5, 0.6, 0.7, None]),
                "opens_period": draw.choice([None, 2, 5]),
            }
            made = gap_row(r, a, draw.choice(["open", "expected", "watch", "none", "none"]), **values)
            if run_id == 3 or k % 3 == 0:
                rows.append(made | {"run_id": run_id})
    frame = pd.DataFrame(rows)
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        frame[c] = pd.to_datetime(frame[c])
    source.gap_rows = frame
    return source


@pytest.mark.parametrize("viewer", [Viewer("exact"), Viewer(), Viewer(own="A")], ids=["exact", "all", "own"])
@pytest.mark.parametrize("chosen", ["", "B"])
def test_they_are_the_first_of_all_and_as_many(viewer, chosen):
    source, selection = many(), Selection()
    closed = {(r, a) for r in CODES for a in AREAS if a not in SHOWN and viewer.of(r).role != "exact"}
    whole = flags(source, selection, LAST, CODES, viewer, HIDDEN | closed)
    mine = whole.in_regions({chosen}) if chosen else whole
    first = first_flags(source, selection, LAST, CODES, viewer, HIDDEN, SHOWN, chosen)
    assert len(first.found.flags) < len(mine.flags)
    for status in FLAGGED:
        assert first.found.of(status)[:FIRST] == mine.of(status)[:FIRST]
        assert first.found.count(status) == mine.count(status) == len(mine.of(status)) > 0
    assert (first.found.judged, first.found.last_expected) == (mine.judged, mine.last_expected)
    assert first.by_cell == {pair: f for pair, f in whole.by_cell.items() if pair[1] in SHOWN}
    assert flags_sentence(first.found, LAST, "") == flags_sentence(mine, LAST, "")
    codes = [chosen] if chosen else list(CODES)
    assert flagged_areas(source, selection, LAST, codes, viewer) == Counter(f.care_area for f in mine.flags)


def test_what_may_not_be_told_is_counted_as_that():
    source = source_with([], threshold=None)
    whole = flags(source, Selection(), LAST, CODES, Viewer())
    first = first_flags(source, Selection(), LAST, CODES, Viewer(), (), ("gra",))
    assert first.found.untold == len(whole.untold_series) > 0
    assert (untold_words(first.found), first.found.judged) == (untold_words(whole), whole.judged)


@pytest.mark.parametrize(("status", "risk"), [("open", "."), ("expected", ", men risken gäller tolv månader.")])
def test_none_needed_is_not_told_as_one(status, risk):
    """The list of gaps says 0."""
    source = copy(country())
    source.gap_rows = source.gap_rows.copy()
    mine = source.gap_rows["status"] == status
    assert mine.any()
    source.gap_rows.loc[mine, "extra_per_week_to_target"] = 0.0
    source.gap_rows.loc[mine & np.isclose(source.gap_rows["target_share"], 0.8), "target_period"] = pd.NaT
    text = str(overview.PAGE.build(PageContext(source, Selection(), Viewer("exact"))))
    assert f"behövs för 80\\xa0%{risk}" in text
    assert "en fler" not in text.lower()
    at = source.gap_rows.loc[mine, "region"].iloc[0]
    about = str(region.PAGE.build(PageContext(source, Selection(region=at), Viewer("exact"))))
    assert "en fler" not in about.lower()
