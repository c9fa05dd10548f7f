"""What the pages about one region and one care area compute, beside plain reckoning of the same numbers."""

from __future__ import annotations

import doctest
from datetime import date
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION, Selection
from lagesbild.domain.source import COUNTRY, GuaranteeLimit
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_regions import area_regions, within_group
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.guarantee_limits import area_limits
from lagesbild.views.healthcare_regions import group_shares, group_signal, healthcare_regions
from lagesbild.views.pair_gaps import pair_gaps
from lagesbild.views.population import population
from lagesbild.views.provider_work import largest, provider_work
from lagesbild.views.region_lines import axis, comparison, region_lines
from lagesbild.views.region_numbers import region_numbers, total
from lagesbild.views.region_standing import standings
from lagesbild.views.share_chart import country_chart, group_chart
from lagesbild.views.signals import compared_shares, country_signal
from lagesbild.views.wait_counts import wait_counts
from lagesbild.views.wait_reading import read_waits
from tests.places_world import PEOPLE, capacity_rows, made, places, production_rows
from tests.waits_world import (
    CODES,
    END,
    OVER,
    WAITING,
    WIGGLE,
    calm_rows,
    gap,
    regions,
    row,
    slide,
    system_change,
    with_gaps,
    world,
)

PUBLIC, EXACT = Viewer(), Viewer("exact")
GROUPS = {"Norra": ("R1", "R2", "R3"), "Södra": ("R4", "R5", "R6")}


def numbers_of(source, waits, indices, region, viewer, gaps):
    counts = {a: wait_counts(waits, a, viewer) for a in indices}
    return region_numbers(source, waits, counts, region, Selection(), viewer, gaps)


def put(rows, new):
    """The rows with one of them replaced."""
    keys = ("region", "care_area", "period")
    return [new if all(r[k] == new[k] for k in keys) else r for r in rows]


def waits_of(source, viewer=PUBLIC, **chosen):
    return read_waits(source, Selection(**chosen), viewer)


@pytest.mark.parametrize("name", ["population", "cell_count"])
def test_worked_examples(name):
    result = doctest.testmod(import_module(f"lagesbild.views.{name}"))
    assert result.attempted
    assert not result.failed


def test_a_count_and_its_state_belong_together():
    assert cell_count(7.0, "") == CellCount(7.0, "")
    for value, state in ((7.0, "suppressed"), (None, "")):
        with pytest.raises(ValueError):
            CellCount(value, state)


def test_the_population_is_of_the_latest_year_up_to_the_month():
    source = places()
    assert population(source, Month(2026, 10)).year == 2023
    assert population(source, Month(2022, 12)).year == 2019
    assert population(source, Month(2010, 1)).year == 2019  # the earliest, rather than none
    found = population(source, END)
    assert found.of(["R1", "R2"]) == PEOPLE["R1"] + PEOPLE["R2"] + 2 * 2023
    assert found.of(["R1", "nowhere"]) is None
    assert found.per_100_000(None, "R1") is None
    assert population(world(), END) is None


def test_places_are_counted_on_what_is_shown():
    waits = waits_of(places())
    mine = {s.area.code: s for s in standings(waits, (0, 1), "R4")}["kna"]
    shares = {c: round(float(waits.exact_shares[0, k, -1]), 3) for k, c in enumerate(CODES)}
    assert mine.place == 1 + sum(v > shares["R4"] for v in shares.values())
    assert (mine.of, mine.lowest) == (6, True)
    assert [p.region.code for p in mine.points] == sorted(CODES, key=lambda c: -shares[c])


def test_equal_shares_have_one_place_and_a_protected_region_has_none():
    rows = put(calm_rows(), row("R1", "kna", END, over=100, waiting=1000))
    rows = put(rows, row("R2", "kna", END, over=80, waiting=800))
    rows = put(rows, row("R6", "kna", END, over=3, waiting=60))
    waits = waits_of(places(rows))
    same = [standings(waits, (0,), c)[0] for c in ("R1", "R2")]
    assert same[0].place == same[1].place
    hidden = standings(waits, (0,), "R6")[0]
    assert (hidden.place, hidden.state) == (None, "suppressed")
    assert "R6" not in [p.region.code for p in hidden.points]


def test_lines_are_the_regions_the_countrys_and_one_comparison():
    waits = waits_of(places())
    beside = comparison(waits, "R1", OWN_HEALTHCARE_REGION)
    assert (beside.name, beside.region) == ("Norra", None)
    assert comparison(waits, "R1", "R5").name == "Ökna"
    assert comparison(waits, "R1", "") is None
    assert comparison(waits, "R1", "R1") is None
    line = region_lines(waits, (0,), "R1", beside, EXACT, 24)[0]
    assert len(line.own) == len(line.months) == 24
    assert np.allclose(line.own, waits.exact_shares[0, 0, -24:])
    assert len(line.others) == 5
    naive = [
        sum(waits.values["within_limit"][0, k, m] for k in range(3))
        / sum(waits.values["waiting"][0, k, m] for k in range(3))
        for m in range(-24, 0)
    ]
    assert np.allclose(line.compared, naive)
    low, high = axis([line], 0.8)
    assert low <= 0.79
    assert high >= max(line.own)
    assert region_lines(waits, (0,), "LAND", None, EXACT, 24) == ()


def test_months_that_are_left_out_are_holes_in_the_line():
    told = [{"period": END - 1, "region": "R1", "register": "Väntetider", "status": "excluded", "reason": "Fel."}]
    line = region_lines(waits_of(places(frames={"reporting": pd.DataFrame(told)})), (0,), "R1", None, PUBLIC, 12)[0]
    assert np.isnan(line.own[-2])
    assert line.excluded.tolist() == [False] * 10 + [True, False]


def test_the_numbers_of_a_region_are_those_of_the_other_pages():
    source = with_gaps(
        places(),
        [gap("R1", "kna", "open", load=1.1, expected_wait_days=88.0, opens_period=np.datetime64("2026-05-01"))],
    )
    waits = waits_of(source)
    found = numbers_of(source, waits, (0, 1), "R1", PUBLIC, pair_gaps(source, Selection(), waits, PUBLIC))
    knees = found[0]
    over = round(1000 * (OVER["R1"] + WIGGLE[(35 + 5 * 2) % 12]) / 1000)
    assert (knees.waiting.value, knees.over.value) == (1000, over)
    assert (knees.added.value, knees.performed.value) == (275, 250)
    assert (knees.load, knees.expected_wait_days, knees.gap.status) == (1.1, 88.0, "open")
    assert (found[1].load, found[1].gap) == (None, None)
    assert total([n.waiting for n in found]) == 2000


def test_behind_protected_counts_the_wait_is_not_told():
    rows = [
        row("R6", "kna", r["period"], over=3, waiting=60) if (r["region"], r["care_area"]) == ("R6", "kna") else r
        for r in calm_rows()
    ]
    source = with_gaps(places(rows), [gap("R6", "kna", "none", load=1.1, expected_wait_days=88.0)])
    for viewer, wait in ((PUBLIC, None), (EXACT, 88.0)):
        waits = waits_of(source, viewer)
        pairs = pair_gaps(source, Selection(), waits, viewer)
        found = numbers_of(source, waits, (0,), "R6", viewer, pairs)[0]
        assert (found.expected_wait_days, found.over.value) == (wait, None if wait is None else 3)
        assert found.load == 1.1  # inflow over capacity says nothing of who has waited long
    pairs = pair_gaps(source, Selection(), waits_of(source), PUBLIC)
    hidden = numbers_of(source, waits_of(source), (0,), "R6", PUBLIC, pairs)[0]
    assert hidden.over.state == "suppressed"
    assert total([hidden.over, CellCount(5.0, "")]) is None


def test_production_of_another_month_is_missing_and_says_which_month_there_is():
    late = [r for r in production_rows() if r["period"] < END - 1]
    source = places(frames={"production": pd.DataFrame(late)})
    found = numbers_of(source, waits_of(source), (0,), "R1", PUBLIC, None)[0]
    assert (found.performed.state, found.produced) == ("missing", END - 2)


def test_forecasts_of_another_month_say_nothing_of_this_one():
    source = with_gaps(places(), [gap("R1", "kna", "open")])
    assert pair_gaps(source, Selection(), waits_of(source), PUBLIC).of("R1", "kna").judged
    earlier = read_waits(source, Selection(month=END - 1), PUBLIC)
    assert pair_gaps(source, Selection(month=END - 1), earlier, PUBLIC) is None
    unknown = with_gaps(places(), [gap("R1", "kna", "none", probability_12m=None)])
    assert not pair_gaps(unknown, Selection(), waits_of(unknown), PUBLIC).of("R1", "kna").judged


def work_of(source, viewer=PUBLIC, region="R1"):
    waits = waits_of(source, viewer)
    counts = wait_counts(waits, 0, viewer)
    return provider_work(
        source, waits.areas[0], [r for r in waits.regions if r.code == region], END, counts, Selection(), viewer
    )


def test_providers_are_sums_over_a_year_and_what_they_leave_is_told():
    found = work_of(places())[0]
    assert [w.provider.code for w in found.rows] == ["P1", "P2"]
    assert [w.performed.value for w in found.rows] == [12 * 150, 12 * 75]
    assert found.performed.value == 12 * 250
    assert found.rest.value == 12 * 25
    assert found.rows[0].share == pytest.approx(0.6)
    assert found.rows[0].used == pytest.approx(150 / 188)
    assert found.rows[0].load == pytest.approx((165 - 15) / 188)
    assert found.rows[0].waiting.value == 600
    assert work_of(places(), region="R2") == ()
    assert [w.provider.code for w in largest((found,), 1)] == ["P1"]


def test_a_region_that_is_late_has_its_own_last_year():
    late = [r for r in production_rows() if r["period"] <= END - 5]
    found = work_of(places(frames={"production": pd.DataFrame(late), "capacity": pd.DataFrame(capacity_rows(late))}))[0]
    assert found.end == END - 5
    assert found.rows[0].performed.value == 12 * 150


def test_a_year_with_a_missing_month_is_missing_not_less():
    rows = [r for r in production_rows() if not (r["provider"] == "P2" and r["period"] == END - 3)]
    found = work_of(places(frames={"production": pd.DataFrame(rows)}))[0]
    part = next(w for w in found.rows if w.provider.code == "P2")
    assert (part.performed.state, part.share, found.rest) == ("missing", None, None)
    assert found.rows[-1] is part


@given(parts=st.lists(st.integers(0, 30), min_size=2, max_size=5), left=st.integers(0, 8))
@settings(max_examples=25, deadline=None)
def test_no_hidden_year_of_a_provider_is_the_rest_of_what_is_shown(parts, left):
    """Among what adds up to the region's own, nothing is hidden alone."""
    codes = [f"P{k}" for k in range(len(parts))]
    rows = []
    for month in (END - k for k in range(13)):
        rows += [
            made("R1", "kna", month, performed=12 * n + (30 if n else 0), removed=20, provider=p)
            for p, n in zip(codes, parts, strict=True)
        ]
        rows.append(
            made("R1", "kna", month, performed=sum(12 * n + (30 if n else 0) for n in parts) + left, removed=20)
        )
    small = [dict(r, performed=parts[int(r["provider"][1:])] / 12) if r["provider"] else r for r in rows]
    for used in (rows, small):
        source = places(
            [r for r in calm_rows() if r["period"] == END],
            frames={"production": pd.DataFrame(used)},
            provider_rows=[type(places().provider_rows[0])(p, p, "R1", "public") for p in codes],
        )
        for found in work_of(source):
            cells = [*(w.performed for w in found.rows), found.performed, *([found.rest] if found.rest else [])]
            hidden = [c for c in cells if c.state in ("suppressed", "secondary")]
            exact = work_of(source, EXACT)[0]
            whole = sum(w.performed.value or 0 for w in exact.rows) + (exact.rest.value if exact.rest else 0)
            if whole == exact.performed.value:
                assert len(hidden) != 1


def test_healthcare_regions_are_sums_and_say_which_regions_are_in():
    rows = [r for r in calm_rows() if not (r["region"] == "R5" and r["period"] == END)]
    source = places(rows)
    waits = waits_of(source)
    found = {g.name: g for g in healthcare_regions(waits, 0, wait_counts(waits, 0, PUBLIC))}
    assert set(found) == set(GROUPS)
    north, south = found["Norra"], found["Södra"]
    assert north.waiting.value == sum(WAITING[c] for c in GROUPS["Norra"])
    assert ([r.code for r in south.counted], [r.code for r in south.left_out]) == (["R4", "R6"], ["R5"])
    assert south.waiting.value == WAITING["R4"] + WAITING["R6"]
    assert north.share == pytest.approx(1 - north.over.value / north.waiting.value)


def test_no_healthcare_regions_where_there_is_one_or_one_each():
    one = [r if r.code == "LAND" else type(r)(**{**r.__dict__, "healthcare_region": "Allt"}) for r in regions()]
    each = [r if r.code == "LAND" else type(r)(**{**r.__dict__, "healthcare_region": r.code}) for r in regions()]
    for some in (one, each):
        waits = waits_of(places(region_rows=some))
        assert healthcare_regions(waits, 0, wait_counts(waits, 0, PUBLIC)) == ()


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(13, 90)), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_sum_over_regions_never_gives_a_protected_region_away(drawn):
    """A hidden region is never the one unknown of a sum, be it of a healthcare region or of the country."""
    rows = [row(c, "kna", END, over=over, waiting=n) for c, (over, n) in zip(CODES, drawn, strict=True)]
    source = world(rows)
    waits = waits_of(source)
    counts = wait_counts(waits, 0, PUBLIC)
    groups = {g.name: g for g in healthcare_regions(waits, 0, counts)}
    for column, of in (("waiting", lambda g: g.waiting), ("over", lambda g: g.over)):
        shown = {c: counts.states[c, column] == "" for c in CODES}
        for name, members in GROUPS.items():
            if of(groups[name]).value is not None:
                assert sum(not shown[c] for c in members) != 1, (name, column)
                assert of(groups[name]).value == sum(counts.values[c, column] for c in members)
        hidden = [name for name in GROUPS if of(groups[name]).value is None]
        if counts.states[COUNTRY, column] == "":
            # a hidden sum alone beside the country would be worked out, and then its region
            alone = [n for n in hidden if sum(not shown[c] for c in GROUPS[n]) == 1]
            assert not (len(hidden) == 1 and alone)


def test_the_share_of_a_healthcare_region_stays_where_a_region_is_protected():
    rows = put(calm_rows(), row("R6", "kna", END, over=3, waiting=60))
    shown, coarse, judge = group_shares(waits_of(places(rows)), 0, "Södra")
    exact, _, _ = group_shares(waits_of(places(rows), EXACT), 0, "Södra")
    # another region of the group is the other in the twin, so that the group's own share is the same
    assert shown == pytest.approx(exact)
    assert not coarse.any()
    assert judge == pytest.approx(exact)


def test_the_control_chart_judges_as_the_rest_of_the_page():
    for rows in (
        calm_rows(),
        [r for c in CODES[:4] for r in []] or slide(slide(calm_rows(), "R1", "kna"), "R2", "kna"),
    ):
        waits = waits_of(places(rows))
        found = country_chart(waits, 0)
        assert found.judgement == country_signal(waits, 0).judgement
        assert len(found.frame) == 24
    assert found.judgement == "worse"
    assert found.since is not None
    assert (found.signals[-1].last, found.signals[-1].judgement) == (END, "worse")
    assert sum(s.months for s in found.signals) == (found.frame["breach"] != "").sum()
    assert END - 9 <= found.since <= END
    assert found.frame["breach"].iloc[-1] == "worse"
    assert (
        found.frame["adjusted"].iloc[-1] < found.frame["lower"].iloc[-1] or (found.frame["breach"] == "worse").sum() > 1
    )
    group = group_chart(waits, 0, "Norra")
    assert group.judgement == next(
        g.signal.judgement for g in healthcare_regions(waits, 0, wait_counts(waits, 0, PUBLIC)) if g.name == "Norra"
    )


def test_a_short_series_has_no_limits_and_no_breach():
    waits = waits_of(places([r for r in calm_rows() if END - r["period"] < 10]))
    found = country_chart(waits, 0)
    assert (found.judgement, found.since, found.signals) == ("short", None, ())
    assert found.frame["mean"].isna().all()
    assert set(found.frame["breach"]) == {""}


def test_a_region_that_was_away_moves_the_countrys_chart_no_more_than_its_judgement():
    """All regions that are counted now set the limits of the chart once, while the page judged those never away."""
    away = {END - k for k in range(12, 21)}
    waits = waits_of(places([r for r in calm_rows() if not (r["region"] == "R1" and r["period"] in away)]))
    few = waits_of(places([r for r in calm_rows() if not (r["region"] == "R4" and r["period"] in away)]))
    for found in (waits, few):
        chart, said = country_chart(found, 0), country_signal(found, 0)
        assert chart.judgement == said.judgement
        assert np.allclose(chart.frame["adjusted"], said.line[-24:], atol=1e-4)
        assert chart.frame["share"].iloc[-1] == said.share
    assert not np.allclose(few.country_shares[0, -24:], compared_shares(few, 0, few.country_shares[0])[0][-24:])


def test_a_region_that_was_away_a_year_ago_is_no_change_of_its_healthcare_region():
    """All that are counted now were held against the year before without R1, which has another share."""
    away = {END - k for k in range(10, 15)}
    rows = [row("R1", "kna", r["period"], over=400, waiting=1000) if r["region"] == "R1" else r for r in calm_rows()]
    rows = [r for r in rows if r["region"] != "R1" or r["period"] not in away]
    waits = waits_of(places(list({(r["region"], r["care_area"], r["period"]): r for r in rows}.values())))
    name = waits.regions[waits.region_index("R1")].healthcare_region
    mine = [k for k, r in enumerate(waits.regions) if r.healthcare_region == name and r.code != "R1"]
    assert mine
    now, before = (waits.values[c][0][mine] for c in ("within_limit", "waiting"))
    found = group_signal(waits, 0, name)
    naive = now[:, -1].sum() / before[:, -1].sum() - now[:, -13].sum() / before[:, -13].sum()
    assert found.year_change == pytest.approx(naive, abs=1e-3)
    chart = group_chart(waits, 0, name)
    assert chart.judgement == found.judgement
    assert np.allclose(chart.frame["adjusted"], found.line[-24:], atol=1e-4, equal_nan=True)
    shares = group_shares(waits, 0, name)[0]
    assert abs(float(shares[-1] - shares[-13]) - naive) > 0.1  # what was told


def test_a_change_of_the_whole_restarts_the_chart_but_a_regions_own_does_not():
    whole = system_change("", END - 30)
    own = system_change("R1", END - 5)
    waits = waits_of(places(break_rows=[own]))
    assert country_chart(waits, 0).rebases == ()
    waits = waits_of(places(break_rows=[type(whole)("", "", END - 5, None, "definition_change", "Ny definition")]))
    found = country_chart(waits, 0)
    assert [b.first for b in found.rebases] == [END - 5]
    assert found.judgement == "short"


def test_regions_stand_by_share_and_hidden_ones_last():
    rows = put(calm_rows(), row("R6", "kna", END, over=3, waiting=60))
    waits = waits_of(places(rows))
    found = area_regions(waits, 0, wait_counts(waits, 0, PUBLIC), None, PUBLIC)
    assert found.rows[0].region is None
    told = [r for r in found.regions if not r.state]
    assert [r.signal.share for r in told] == sorted((r.signal.share for r in told), reverse=True)
    assert found.of("R6").guarded
    assert [r.region.code for r in within_group(found, "Norra").regions] == [
        r.region.code for r in found.regions if r.region.code in GROUPS["Norra"]
    ]


def test_limits_of_a_care_area_with_regions_of_their_own_and_what_comes():
    rows = [
        GuaranteeLimit("kna", "", date(2010, 7, 1), 90),
        GuaranteeLimit("kna", "R3", date(2020, 11, 1), 60),
        GuaranteeLimit("kna", "", date(2027, 1, 1), 80),
        GuaranteeLimit("kat", "R1", date(2020, 1, 1), 30),
    ]
    source = places(limit_rows=rows)
    area = source.care_areas()[0]
    leaves = [r for r in source.regions() if r.code in CODES]
    found = area_limits(source, area, leaves, END)
    assert (found.days, found.since) == (90, date(2010, 7, 1))
    assert [(o.region.code, o.days, o.since) for o in found.own] == [("R3", 60, date(2020, 11, 1))]
    assert [x.days for x in found.coming] == [80]
    assert area_limits(source, area, leaves, Month(2019, 1)).own == ()
