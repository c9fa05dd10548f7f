"""The balance adds up, is protected as an equation, and counts the same regions every month."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.balance import balance
from lagesbild.views.flows import flows
from lagesbild.views.small_counts import BALANCE
from tests.country import LAST, country, flow_frames
from tests.disclosure.small_world import Shape
from tests.disclosure.small_world import country as country_of

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


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([2.0, 5.0, 15.0]))
def test_no_hidden_term_is_alone_in_an_equation(seed, size):
    source = country_of(Shape(seed, regions=4, months=14, size=size, providers=0))
    for region in ("", "R1", "R3"):
        found = flows(source, Selection(care_area="A1", region=region))
        if found is None:
            continue
        told = balance(found, PUBLIC)
        states = told.states
        hidden = states.isin(["suppressed", "secondary"])
        for column, total in (
            ("added", told.added),
            ("performed", told.performed),
            ("removed_other", told.removed_other),
        ):
            if hidden[column].iloc[-told.year_months :].sum() == 1:
                assert total is None, "the other months would give the hidden one away"
        for t in range(1, len(states)):
            cells = [*((t, c) for c in BALANCE), (t - 1, "waiting")]
            if not any(states[c].iloc[i] == "missing" for i, c in cells):
                assert sum(hidden[c].iloc[i] for i, c in cells) != 1


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


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000))
def test_a_year_is_only_summed_when_the_twins_year_is_the_same(seed):
    found = flows(country_of(Shape(seed, months=14, size=8.0, providers=0)), Selection(care_area="A1", region="R2"))
    if found is None or len(found.by_region["waiting"]) < 12:
        return
    told = balance(found, PUBLIC)
    for column in ("added", "performed", "removed_other"):
        real, twin = (t(column).iloc[-12:].sum(skipna=False) for t in (found.total, found.other_total))
        shown = getattr(told, column)
        assert shown == (real if real == twin and not 0 < real < 5 else None) or np.isnan(real)
