"""Who is treated where: sums, net and shares, and nothing small that can be worked out from what is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import WINDOW
from lagesbild.views.flow_windows import window_sums
from lagesbild.views.out_of_region import ALL, flow_matrices, flow_matrix
from lagesbild.views.published_tables import Asked, published_table
from lagesbild.views.region_flows import region_flows
from lagesbild.views.travel import read_travel
from tests.travel_world import END, MONTHLY, PERFORMED, flow_rows, one, production_rows, report, travel_world
from tests.waits_world import CODES

EXACT = Viewer("exact")
TRAVEL = read_travel(travel_world(), Selection())


def matrix(source=None, viewer=None, **chosen):
    found = read_travel(source or travel_world(), Selection(**chosen))
    assert found is not None
    made = flow_matrix(found, viewer or Viewer())
    assert made is not None
    return made


def test_twelve_months_are_summed_with_margins_net_and_share():
    m = matrix()
    assert (m.first, m.end) == (END - 11, END)
    assert m.shown("cell", "R1", "R2") == 240
    assert m.shown("cell", "R1", "R3") == 0
    assert m.shown("out", "R1") == 300
    assert m.shown("in", "", "R1") == 12 * (8 + 6 + 12)
    assert m.net("R1") == 12
    assert m.shown(*ALL) == 12 * sum(MONTHLY.values())
    assert m.share("R1") == pytest.approx(25 / PERFORMED["R1"])
    assert m.country_share == pytest.approx(sum(MONTHLY.values()) / sum(PERFORMED.values()))


def test_healthcare_regions_are_sums_of_their_regions():
    m = matrix()
    north = {a: b for a, b in MONTHLY.items() if a[0] in CODES[:3]}
    assert m.shown("sent", "Norra") == 12 * sum(north.values())
    assert m.shown("own", "Norra") == 12 * sum(n for (_, b), n in north.items() if b in CODES[:3])
    assert m.shown("away", "Norra") == 12 * 5
    assert m.shown("from", "Norra") == 12 * 12
    assert m.shown("inside") == m.shown("own", "Norra") + m.shown("own", "Södra")
    assert m.shown("inside") + m.shown("outside") == m.shown(*ALL)


def test_the_largest_flows_of_a_region_come_first_and_zero_is_no_flow():
    found = region_flows(matrix(), "R1", top=2)
    assert [(f.treating.code, f.persons) for f in found.to] == [("R2", 240), ("R4", 60)]
    assert [(f.home.code, f.persons) for f in found.origins] == [("R4", 144), ("R2", 96)]
    assert (found.out, found.into, found.net) == (300, 312, 12)
    assert (found.hidden_to, found.hidden_origins) == (0, 0)
    assert region_flows(matrix(), "LAND") is None


def test_a_small_flow_is_hidden_with_what_would_give_it_away():
    m = matrix(travel_world([*flow_rows(), one("R3", "R2", END, 3)]))
    assert m.state("cell", "R3", "R2") == "suppressed"
    assert m.shown("out", "R3") == 75
    assert m.shown("in", "", "R2") == 243
    # its row and its column each hold another hidden cell
    assert sum(s != "" for k, s in m.states.items() if k[0] == "cell" and k[1] == "R3") >= 2
    assert sum(s != "" for k, s in m.states.items() if k[0] == "cell" and k[2] == "R2") >= 2
    assert matrix(travel_world([*flow_rows(), one("R3", "R2", END, 3)]), EXACT).shown("cell", "R3", "R2") == 3


def test_what_is_known_of_other_windows_does_not_tell_a_small_one():
    """6 in the year, then fewer by one a month: windows beside each other that are shown leave two values at least."""
    rows = flow_rows()
    rows += [one("R3", "R2", END - k, 1) for k in (30, 29, 28, 27, 26, 25)]
    source = travel_world(rows)
    found = {m.end: m for m in flow_matrices(read_travel(source, Selection()), Viewer(), 36)}
    exact = {m.end: m for m in flow_matrices(read_travel(source, Selection()), EXACT, 36)}
    small = [end for end, m in exact.items() if 0 < m.shown("cell", "R3", "R2") < 5]
    assert small
    for end in small:
        at = [r.code for r in found[end].regions]
        assert found[end].shown("cell", "R3", "R2") is None
        assert found[end].differences[:, at.index("R3"), at.index("R2")].any()
    # far enough away it is shown again
    assert found[END].shown("cell", "R3", "R2") == 0


def test_what_is_hidden_does_not_hang_on_the_month_that_is_chosen():
    rows = [*flow_rows(), one("R3", "R2", END - 2, 3), one("R2", "R6", END - 20, 4), one("R2", "R6", END - 5, 30)]
    source = travel_world(rows)
    seen = {m.end: m.states for m in flow_matrices(read_travel(source, Selection()), Viewer(), 36)}
    for back in (1, 7, 14):
        alone = matrix(source, month=END - back)
        assert alone.end == END - back
        assert alone.states == seen[END - back]


def test_less_than_twelve_months_are_not_summed():
    few = [r for r in flow_rows() if r["period"] > END - 11]
    assert flow_matrix(read_travel(travel_world(few), Selection()), Viewer()) is None


def test_what_was_done_where_nothing_was_reported_is_missing_and_not_counted():
    late = [report("R2", END - 1, "missing")]
    rows = [r for r in flow_rows() if not (r["treating_region"] == "R2" and r["period"] == END - 1)]
    m = matrix(travel_world(rows, reporting=late))
    assert m.state("cell", "R1", "R2") == "missing"
    assert m.state("in", "", "R2") == "missing"
    assert m.shown("out", "R1") == 60
    assert m.travel.gone == {"R2": (END - 1,)}
    # a share of the rest would look like a fall
    assert m.partial == {"R1"}
    assert m.share("R1") is None
    assert m.share("R4") is not None


def test_a_region_that_no_row_names_is_missing_and_a_month_without_rows_too():
    rows = [r for r in flow_rows() if "R6" not in (r["home_region"], r["treating_region"])]
    m = matrix(travel_world(rows))
    assert m.state("out", "R6") == m.state("in", "", "R6") == m.state("cell", "R1", "R6") == "missing"
    assert m.shown("out", "R1") == 300
    hole = [r for r in flow_rows() if r["period"] != END - 3]
    assert matrix(travel_world(hole)).state(*ALL) == "missing"


def test_what_the_source_hides_is_hidden_for_everyone_and_its_sums_are_not_known():
    rows = [*flow_rows(), one("R3", "R2", END, np.nan, suppressed={"performed": 5}, value_status="suppressed")]
    for viewer in (Viewer(), EXACT):
        m = matrix(travel_world(rows), viewer)
        assert m.state("cell", "R3", "R2") == "secondary"
        assert m.shown("out", "R3") is None
        assert m.shown(*ALL) is None
        assert m.shown("out", "R1") == 300


def test_a_share_needs_production_in_every_month():
    rows = [r for r in production_rows() if (r["region"], r["period"]) != ("R1", END - 4)]
    m = matrix(travel_world(production=rows))
    assert m.share("R1") is None
    assert m.share_state("R1") == "missing"
    assert m.shown("out", "R1") == 300
    assert "R1" not in [r.code for r in m.with_share]
    others = [c for c in CODES if c != "R1"]
    sent = sum(n for (a, _), n in MONTHLY.items() if a != "R1")
    assert m.country_share == pytest.approx(sent / sum(PERFORMED[c] for c in others))


def test_a_share_that_would_tell_of_few_who_stayed_is_protected_and_not_missing():
    """All 300 who left are shown, and that two of the region's own were treated at home must not be."""
    rows = [
        r | {"performed": 26 if r["period"] > END - 2 else 25} if r["region"] == "R1" else r for r in production_rows()
    ]
    source = travel_world(production=rows)
    m = matrix(source)
    assert m.state("out", "R1") == ""
    assert (m.share("R1"), m.share_state("R1")) == (None, "secondary")
    assert (m.share("R2"), m.share_state("R2")) == (pytest.approx(8 / PERFORMED["R2"]), "")
    frame = published_table("out-of-region", source, Asked(first=END), Viewer()).frame
    told = frame[(frame["home_region"] == "R1") & (frame["kind"] == "sent")]
    assert told["elsewhere_share_state"].tolist() == ["secondary"]
    exact = matrix(source, EXACT)
    assert (exact.share("R1"), exact.share_state("R1")) == (pytest.approx(300 / 302), "")


def test_a_sums_share_is_protected_where_it_differs_in_a_twin_and_missing_where_nobody_counts():
    few = [r for r in flow_rows() if r["home_region"] not in CODES[:3]]
    m = matrix(travel_world([*few, one("R3", "R2", END, 3)]))
    north = m.with_share_in("Norra")
    assert north
    assert (m.share_of(north), m.state_of(north)) == (None, "secondary")
    assert (m.share_of(()), m.state_of(())) == (None, "missing")


def test_the_register_ends_when_it_ends():
    rows = [r for r in flow_rows() if r["period"] < END]
    assert matrix(travel_world(rows)).end == END - 1
    assert matrix(travel_world(rows), month=END).end == END - 1
    assert matrix(travel_world(rows), month=END - 6).end == END - 6


def test_provisional_months_are_told():
    source = travel_world(reporting=[report("R3", END, "partial"), report("R3", END - 20, "partial")])
    assert read_travel(source, Selection()).provisional == (END,)
    rows = [r | ({"value_status": "provisional"} if r["period"] == END - 1 else {}) for r in flow_rows()]
    assert read_travel(travel_world(rows), Selection()).provisional == (END - 1,)


def test_every_window_with_a_provisional_month_in_it_is_provisional_in_the_long_table():
    source = travel_world(flow_rows(), reporting=[report("R2", END - 2, "partial")])
    frame = published_table("out-of-region", source, Asked(first=END - 4), EXACT).frame
    told = frame.groupby("period")["provisional"].agg(["all", "any"])
    assert told["any"].tolist() == told["all"].tolist() == [False, False, True, True, True]


def test_inhabitants_are_of_the_last_year_that_all_have():
    found = read_travel(travel_world(), Selection())
    assert found.population_year == 2025
    assert found.population.tolist() == [100_000 * (k + 1) for k in range(6)]
    assert read_travel(travel_world(), Selection(month=END - 24)).population_year == 2024


def test_no_flows_and_an_unknown_area_give_nothing():
    assert read_travel(travel_world([]), Selection()) is None
    assert read_travel(travel_world(), Selection(care_area="kat")) is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=WINDOW, max_size=40))
def test_window_sums_are_plain_sums(values):
    found = window_sums(np.array(values, float))
    assert found.tolist() == [sum(values[k : k + WINDOW]) for k in range(len(values) - WINDOW + 1)]


@st.composite
def small_countries(draw):
    """A year in which every flow is drawn: zeros, small counts and large ones; 3 to 6 regions in two groups."""
    n = draw(st.integers(3, 6))
    yearly = np.array(
        draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 6, 9, 15, 40]), min_size=n * n, max_size=n * n))
    )
    moved = np.zeros((WINDOW, n, n))
    moved[-1] = yearly.reshape(n, n)
    moved[:, range(n), range(n)] = np.nan
    travel = TRAVEL
    return replace(
        travel,
        regions=travel.regions[:2] + travel.regions[3 : n + 1] if n < 6 else travel.regions,
        months=travel.months[-WINDOW:],
        moved=moved,
        register=moved,
        before=0,
        hidden=np.zeros(moved.shape, bool),
        performed=np.full((WINDOW, n), 50.0),
        population=travel.population[:n],
    )


@settings(deadline=None, max_examples=60)
@given(small_countries())
def test_no_hidden_count_is_the_only_unknown_of_any_sum(travel):
    m = flow_matrix(travel, Viewer())
    hidden = {k for k, s in m.states.items() if s in ("suppressed", "secondary")}
    assert {k for k, v in m.values.items() if 0 < v < 5} <= hidden
    for total, parts in sums_of(travel):
        known = [k for k in (total, *parts) if not np.isnan(m.values[k])]
        assert sum(c in hidden for c in known) != 1, total


@settings(deadline=None, max_examples=60)
@given(small_countries())
def test_margins_are_sums_of_the_cells(travel):
    m = flow_matrix(travel, EXACT)
    for total, parts in sums_of(travel):
        assert m.values[total] == pytest.approx(sum(m.values[p] for p in parts))


def sums_of(travel):
    """What adds up to what, told without the engine's masks."""
    codes = [r.code for r in travel.regions]
    cells = [("cell", a, b) for a in codes for b in codes if a != b]
    out = [(("out", c, ""), [k for k in cells if k[1] == c]) for c in codes]
    out += [(("in", "", c), [k for k in cells if k[2] == c]) for c in codes]
    out += [(ALL, [("out", c, "") for c in codes]), (ALL, [("in", "", c) for c in codes])]
    out.append((ALL, [("inside", "", ""), ("outside", "", "")]))
    for g, places in travel.groups.items():
        mine = {codes[k] for k in places}
        out.append((("sent", g, ""), [("out", c, "") for c in mine]))
        out.append((("sent", g, ""), [("own", g, ""), ("away", g, "")]))
        out.append((("received", g, ""), [("own", g, ""), ("from", g, "")]))
        if len(mine) > 1:
            out.append((("own", g, ""), [k for k in cells if k[1] in mine and k[2] in mine]))
    return out
