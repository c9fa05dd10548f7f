"""The balance adds up, is protected as an equation, and counts the same regions every month."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.balance import balance
from lagesbild.views.flows import flows
from lagesbild.views.small_counts import hide_balance, safe_total
from tests.country import LAST, country, flow_frames

EXACT, PUBLIC = Viewer("exact"), Viewer()


def test_every_month_adds_up_and_the_year_is_the_sum_of_its_months():
    found = flows(country(), Selection(care_area="kna", region="B"))
    told = balance(found, EXACT)
    assert told.closes == (23, 23)
    production = flow_frames()["production"].query("region == 'B' and care_area == 'kna'").tail(12)
    assert told.added == production["added"].sum()
    assert told.performed == production["performed"].sum()
    assert told.removed_other == production["removed_other"].sum()
    assert told.excluded == 12
    assert told.waiting_year_ago == told.frame["waiting"].iloc[-13]


def test_the_country_is_the_sum_of_its_regions_and_never_of_the_aggregate():
    frames = flow_frames()
    naive = frames["waits"].query("region in ['A', 'B', 'C'] and care_area == 'gra'").groupby("period")["waiting"].sum()
    told = balance(flows(country(), Selection(care_area="gra")), EXACT)
    assert told.frame["waiting"].tolist() == naive.tail(24).tolist()


def test_a_region_that_missed_a_month_is_left_out_of_every_month_and_named():
    source = country()
    waits = source.frames["waits"]
    missed = (waits["region"] == "C") & (waits["period"] == str(LAST - 2))
    source.frames["waits"] = waits[~missed].reset_index(drop=True)
    found = flows(source, Selection(care_area="kna"))
    assert [r.code for r in found.counted] == ["A", "B"]
    assert [r.code for r in found.left_out] == ["C"]
    assert balance(found, EXACT).closes == (23, 23)


def test_published_totals_are_shown_as_the_aggregate_regions_own():
    found = flows(country(), Selection(care_area="atgard"))
    assert found.published
    assert found.region.code == "ALL"
    told = balance(found, PUBLIC)
    assert not told.removed_reported
    assert told.removed_other is None
    assert told.closes == (12, 12)


def test_nothing_reported_gives_nothing():
    source = country()
    source.frames["production"] = source.frames["production"].iloc[:0]
    assert flows(source, Selection(care_area="kna")) is None


def test_provisional_months_are_marked():
    source = country()
    production = source.frames["production"].assign(value_status="reported")
    production.loc[(production["region"] == "A") & (production["period"] == str(LAST)), "value_status"] = "provisional"
    source.frames["production"] = production
    told = balance(flows(source, Selection(care_area="kna", region="A")), EXACT)
    assert told.frame["provisional"].tolist() == [False] * 23 + [True]


def _exposed(window: pd.DataFrame, states: pd.DataFrame) -> list[tuple[int, str]]:
    """Hidden cells that are alone in some month's equation, worked out naively."""
    hidden = states.isin(["suppressed", "secondary"])
    out = []
    for t in range(len(window)):
        cells = [(t, c) for c in ("added", "performed", "removed_other", "waiting")] + (
            [(t - 1, "waiting")] if t else []
        )
        gone = [cell for cell in cells if hidden.iloc[cell[0]][cell[1]]]
        missing = any(states.iloc[i][c] == "missing" for i, c in cells)
        if len(gone) == 1 and not missing:
            out.append(gone[0])
    return out


counts = st.integers(0, 30)


@settings(deadline=None)
@given(st.lists(st.tuples(counts, counts, counts, counts), min_size=2, max_size=24), st.booleans())
def test_no_hidden_term_is_alone_in_an_equation(rows, reported):
    window = pd.DataFrame(rows, columns=["waiting", "added", "performed", "removed_other"]).astype(float)
    if not reported:
        window["removed_other"] = np.nan
    states = hide_balance(window, PUBLIC)
    small = (window > 0) & (window < 5)
    assert (states[small] == "suppressed").to_numpy()[small.to_numpy()].all()
    if reported:
        assert _exposed(window, states) == []
    assert (hide_balance(window, EXACT).isin(["", "missing"])).all(axis=None)


def test_small_removals_hide_the_inflow_and_the_totals_that_would_give_them_away():
    source = country()
    production = source.frames["production"]
    a = (production["region"] == "A") & (production["care_area"] == "kna")
    one_month = a & (production["period"] == str(LAST))
    production.loc[one_month, "removed_other"] = 3.0
    told = balance(flows(source, Selection(care_area="kna", region="A")), PUBLIC)
    assert told.states["removed_other"].iloc[-1] == "suppressed"
    assert told.states["added"].iloc[-1] == "secondary"
    assert np.isnan(told.frame["added"].iloc[-1])
    assert told.added is None
    assert told.removed_other is None
    assert told.performed is not None


@pytest.mark.parametrize(
    "values, total",
    [
        ([10, 20, 30], 60),  # nothing hidden
        ([10, 20, 3], None),  # one hidden: by subtraction
        ([10, 1, 1], None),  # two hidden that can only be 1 and 1
        ([10, 4, 4], None),  # ... or 4 and 4
        ([10, 2, 3], 15),
    ],
)
def test_a_total_is_only_shown_when_it_gives_nothing_away(values, total):
    series = pd.Series(values, dtype=float)
    states = pd.Series(["suppressed" if 0 < v < 5 else "" for v in values])
    assert safe_total(series, states, PUBLIC) == total
