"""The tables say what the pages say: each month, place and care area has the same number, or the same reason why not.

A row of a month is compared with the views of that month's pages, for the public and for exact access.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.balance import balance
from lagesbild.views.brokering import brokering
from lagesbild.views.brokering_cases import COLUMNS as OUTCOMES
from lagesbild.views.brokering_twin import HOME, TREATING
from lagesbild.views.capacity_use import capacity_use
from lagesbild.views.excluded import excluded
from lagesbild.views.flows import flows
from lagesbild.views.forecast_fan import forecast_fan
from lagesbild.views.gap_list import gap_list
from lagesbild.views.healthcare_regions import healthcare_regions
from lagesbild.views.out_of_region import flow_matrix
from lagesbild.views.pair_gaps import pair_gaps
from lagesbild.views.published_tables import Asked, published_table
from lagesbild.views.reporting_matrix import reporting_matrix
from lagesbild.views.small_counts import BALANCE
from lagesbild.views.travel import read_travel
from lagesbild.views.wait_bands import provider_states, wait_bands
from lagesbild.views.wait_counts import EXCLUDED, QUEUE, group_code, wait_counts
from lagesbild.views.wait_reading import read_waits
from tests import country as plain_country
from tests.disclosure.small_world import LAST, Shape, country
from tests.places_world import places
from tests.travel_world import travel_world
from tests.waits_world import END, system_change, world

PUBLIC, EXACT = Viewer(), Viewer("exact")
SMALL = Shape(3, regions=5, areas=2, months=30, size=4.0, providers=2, own_limit=True, missing=0.08)
LARGE = Shape(11, regions=5, areas=1, months=28, size=25.0, providers=0, missing=0.0)
WORLDS = {"small": country(SMALL), "large": country(LARGE)}
MONTHS = [LAST - 20, LAST - 7, LAST - 1, LAST]


def rows_of(table, **keys):
    frame = table.frame
    for name, value in keys.items():
        frame = frame[frame[name] == (pd.Timestamp(value.first_day) if name == "period" else value)]
    return frame


def cell(table, column, **keys):
    """(value, state) of one row; None when there is no such row."""
    found = rows_of(table, **keys)
    assert len(found) < 2
    if found.empty:
        return None
    row = found.iloc[0]
    return (None if np.isnan(row[column]) else float(row[column])), row[f"{column}_state"]


def close(a, b, places=0.0006):
    return (a is None and b is None) or (a is not None and b is not None and abs(a - b) <= places)


@pytest.mark.parametrize("viewer", [PUBLIC, EXACT], ids=["public", "exact"])
@pytest.mark.parametrize("name", WORLDS)
def test_waits_of_every_region_healthcare_region_and_the_country(name, viewer):
    source = WORLDS[name]
    table = published_table("waits", source, Asked(), viewer)
    compared = hidden = 0
    groups = {group_code(r.healthcare_region): r.healthcare_region for r in source.regions() if r.healthcare_region}
    for month in MONTHS:
        waits = read_waits(source, Selection(month=month), viewer)
        assert waits.end == month
        for a, area in enumerate(waits.areas):
            counts = wait_counts(waits, a, viewer)
            for (region, column), state in counts.states.items():
                if column == QUEUE:
                    continue  # what `excluded_share` is of, and in no table
                level = "country" if region == COUNTRY else "region"
                at = {"period": month, "level": level, "region": region, "care_area": area.code}
                if region in groups:
                    at |= {"level": "healthcare_region", "region": "", "healthcare_region": groups[region]}
                shown = cell(table, {"over": "over_limit"}.get(column, column), **at)
                assert shown == (counts.shown(region, column), state), (month, region, column)
                compared += 1
                hidden += state in ("suppressed", "secondary")
            share = waits.shares[a, :, -1]
            for k, region in enumerate(waits.regions):
                at = {"period": month, "region": region.code, "level": "region", "care_area": area.code}
                value, state = cell(table, "within_limit_share", **at)
                assert close(value, None if np.isnan(share[k]) else share[k])
                expected = {"": "", "suppressed": "secondary", "missing": "missing", "empty": "missing"}
                assert state == expected[waits.state(a, k)]
                row = rows_of(table, **at).iloc[0]
                assert row["within_limit_share_coarse"] == (bool(waits.coarse[a, k, -1]) and state == "")
                assert row["limit_days"] == waits.days[a, k]
            whole = {"period": month, "level": "country", "care_area": area.code}
            value, _ = cell(table, "within_limit_share", **whole)
            assert close(value, None if np.isnan(waits.country_shares[a, -1]) else waits.country_shares[a, -1])
            assert rows_of(table, **whole).iloc[0]["regions_counted"] == waits.covered(a)
    assert compared > 300
    assert hidden > 50 if viewer is PUBLIC and name == "small" else True


def test_waits_of_healthcare_regions_and_how_long_they_have_waited():
    source = WORLDS["large"]
    table = published_table("waits", source, Asked(), PUBLIC)
    for month in MONTHS:
        waits = read_waits(source, Selection(month=month), PUBLIC)
        counts = wait_counts(waits, 0, PUBLIC)
        groups = healthcare_regions(waits, 0, counts)
        assert [g.name for g in groups] == ["Norra", "Södra"]
        for g in groups:
            at = {"period": month, "level": "healthcare_region", "healthcare_region": g.name, "care_area": "A1"}
            assert cell(table, "waiting", **at) == (g.waiting.value, g.waiting.state)
            assert cell(table, "over_limit", **at) == (g.over.value, g.over.state)
            assert close(cell(table, "within_limit_share", **at)[0], g.share)
            row = rows_of(table, **at).iloc[0]
            assert (row["regions_counted"], row["regions_total"]) == (
                len(g.counted),
                len(g.counted) + len(g.left_out),
            )
        told = 0
        for region in waits.regions:
            found = wait_bands(source, waits, counts, Selection(region=region.code), PUBLIC, "Riket")
            for b, level in zip(found, ("region", "country"), strict=True):
                code = region.code if level == "region" else ""
                at = {"period": month, "level": level, "region": code, "care_area": "A1"}
                for column, fraction in (("waited_days_p50", 0.5), ("waited_days_p90", 0.9)):
                    exact = b.wait_days(fraction)
                    assert close(cell(table, column, **at)[0], exact, 0.5)
                    told += exact is not None
        assert told > 2


def test_who_is_left_out_as_a_share_of_the_queue():
    source = WORLDS["large"]
    table = published_table("waits", source, Asked(), PUBLIC)
    waits = read_waits(source, Selection(), PUBLIC)
    for row in excluded(waits, wait_counts(waits, 0, PUBLIC)).rows:
        at = {"period": LAST, "level": "region" if row.region else "country", "care_area": "A1"}
        at["region"] = row.region.code if row.region else ""
        assert close(cell(table, "excluded_share", **at)[0], row.share)
        for column, value, state in zip(EXCLUDED, row.counts, row.states, strict=True):
            assert cell(table, column, **at) == (value, state)


@pytest.mark.parametrize("viewer", [PUBLIC, EXACT], ids=["public", "exact"])
def test_waits_of_providers(viewer):
    source = WORLDS["small"]
    table = published_table("waits", source, Asked(providers=None), viewer)
    compared = 0
    for month in MONTHS:
        waits = read_waits(source, Selection(month=month), viewer)
        for a, area in enumerate(waits.areas):
            counts = wait_counts(waits, a, viewer)
            rows = source.facts("waits", _month_query(area.code, month))
            for region in ("R1", "R2"):
                cells, states = provider_states(rows, counts, region, viewer)
                for (code, column), value in cells.items():
                    at = {"period": month, "provider": code, "care_area": area.code}
                    state = states[code, column]
                    assert cell(table, column, **at) == (value if state == "" else None, state)
                    compared += 1
    assert compared > 100
    only = published_table("waits", source, Asked(providers=("R1-P1",)), viewer).frame
    assert set(only["provider"]) == {"R1-P1"}
    mine = table.frame[table.frame["provider"] == "R1-P1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(only, mine)


def _month_query(area, month):
    from lagesbild.domain.source import Query

    return Query(care_areas=(area,), provider=None, first=month, last=month)


@pytest.mark.parametrize("viewer", [PUBLIC, EXACT], ids=["public", "exact"])
@pytest.mark.parametrize("name", WORLDS)
def test_production_is_the_last_row_of_each_month_s_balance(name, viewer):
    source = WORLDS[name]
    table = published_table("production", source, Asked(), viewer)
    compared = 0
    for month in MONTHS:
        for area in source.care_areas():
            for region in ("", *(r.code for r in source.regions()[1:])):
                found = flows(source, Selection(care_area=area.code, region=region, month=month), viewer=viewer)
                if found is None or found.end != month:
                    continue
                shown = balance(found, viewer)
                at = {"period": month, "care_area": area.code, "region": region}
                at["level"] = "region" if region else "country"
                for column in BALANCE:
                    value, state = shown.frame[column].iloc[-1], shown.states[column].iloc[-1]
                    assert cell(table, column, **at) == (None if np.isnan(value) else float(value), state), (at, column)
                    compared += 1
                row = rows_of(table, **at).iloc[0]
                assert row["regions_counted"] == len(found.counted)
    assert compared > 60


def test_production_of_providers_is_their_own_balance():
    source = WORLDS["small"]
    table = published_table("production", source, Asked(providers=None), PUBLIC)
    compared = hidden = 0
    for provider in source.providers():
        chosen = Selection(care_area="A1", provider=provider.code, region=provider.region, month=LAST)
        found = flows(source, chosen)
        if found is None or found.end != LAST:
            continue
        shown = balance(found, PUBLIC)
        for k, period in enumerate(shown.frame["period"]):
            for column in BALANCE[1:] if k else ():
                value, state = shown.frame[column].iloc[k], shown.states[column].iloc[k]
                told = table.frame
                told = told[(told["period"] == period) & (told["provider"] == provider.code)]
                told = told[told["care_area"] == "A1"]
                if told.empty:
                    assert np.isnan(value)
                    continue
                got = told.iloc[0]
                assert got[f"{column}_state"] == state
                assert np.isnan(value) == np.isnan(got[column])
                compared += 1
                hidden += state != ""
    assert compared > 60
    assert hidden


def test_capacity_is_the_last_row_of_each_month_s_use():
    source = WORLDS["large"]
    table = published_table("capacity", source, Asked(), PUBLIC)
    for month in MONTHS[1:]:
        for region in ("", "R1", "R3"):
            use = capacity_use(flows(source, Selection(care_area="A1", region=region, month=month)), PUBLIC)
            last = use.frame.iloc[-1]
            at = {"period": month, "region": region, "level": "region" if region else "country"}
            assert cell(table, "capacity", **at) == (last["capacity"], "")
            assert cell(table, "performed", **at) == (None if last["hidden"] else last["performed"], last["state"])
            assert close(cell(table, "used_share", **at)[0], None if last["hidden"] else last["share"])
            assert rows_of(table, **at).iloc[0]["regions_counted"] == len(use.regions)


def test_forecasts_are_told_as_far_as_their_fans():
    source = WORLDS["small"]
    table = published_table("forecasts", source, Asked(), PUBLIC)
    hidden = shown = 0
    for area in source.care_areas():
        for region in ("", *(r.code for r in source.regions()[1:])):
            fan = forecast_fan(source, Selection(care_area=area.code, region=region), PUBLIC)
            mine = rows_of(table, region=region, care_area=area.code)
            assert (fan.region.code if fan.region else "") == region
            for measure, rows in mine.groupby("measure"):
                band = fan.bands.get(measure)
                if measure in fan.protected:
                    assert band is None
                    assert (rows["p50_state"] == "secondary").all()
                    assert rows[["p50", "lo80", "hi95"]].isna().all().all()
                    hidden += 1
                    continue
                half = 0.0006 if measure == "within_limit_share" else 0.51
                for column in ("mean", "p50", "lo50", "hi80", "lo95"):
                    np.testing.assert_allclose(rows[column].to_numpy(), band[column].to_numpy(), rtol=0, atol=half)
                shown += 1
    assert hidden >= 5
    assert shown >= 5


def test_gaps_are_told_as_far_as_their_pairs():
    source = country(Shape(9, regions=5, areas=2, months=30, size=9.0, providers=0, missing=0.0))
    table = published_table("gaps", source, Asked(), PUBLIC)
    waits = read_waits(source, Selection(), PUBLIC)
    pairs = pair_gaps(source, Selection(), waits, PUBLIC)
    listed = gap_list(source, Selection(), PUBLIC)
    hidden = 0
    for region in source.regions()[1:]:
        for area in source.care_areas():
            at = {"region": region.code, "care_area": area.code, "target_share": 0.8}
            gap = pairs.of(region.code, area.code)
            assert close(cell(table, "load", **at)[0], gap.load, 0.006)
            assert close(cell(table, "expected_wait_days", **at)[0], gap.expected_wait_days, 0.5)
            hidden += gap.guarded
    for s in listed.flagged:
        at = {"region": s.region.code, "care_area": s.care_area.code, "target_share": 0.8}
        amounts = {
            "extra_per_week_to_target": s.gap.extra_per_week,
            "extra_per_week_to_stabilise": s.gap.extra_per_week_to_stabilise,
            "extra_per_week_to_target_50": s.extra_per_week_50,
        }
        for column, amount in amounts.items():
            # where the share is in whole per cent the pages have whole operations, and the table none
            assert close(cell(table, column, **at)[0], None if s.coarse else amount, 0.06)
        assert close(cell(table, "brokerable_share", **at)[0], s.gap.brokerable_share, 0.006)
        assert close(cell(table, "limit_used", **at)[0], s.limit_used, 0.006)
    assert hidden
    assert listed.flagged


def test_flows_between_regions_are_the_matrix_of_each_month():
    source = travel_world()
    table = published_table("out-of-region", source, Asked(care_areas=("kna",), first=END - 30), PUBLIC)
    for month in (END - 30, END - 3, END):
        travel = read_travel(source, Selection(care_area="kna", month=month))
        matrix = flow_matrix(travel, PUBLIC)
        for region in matrix.regions:
            at = {"period": month, "level": "region", "home_region": region.code, "kind": "sent"}
            assert cell(table, "performed", **at) == (
                matrix.shown("out", region.code),
                matrix.state("out", region.code),
            )
            assert close(cell(table, "elsewhere_share", **at)[0], matrix.share(region.code))
        flows_told = rows_of(table, period=month, level="flow")
        assert len(flows_told) == len(matrix.flows())
        for f in matrix.flows():
            at = {"period": month, "level": "flow", "home_region": f.home.code, "treating_region": f.treating.code}
            assert cell(table, "performed", **at) == (f.persons, f.state)
        whole = {"period": month, "level": "country", "kind": "all"}
        assert close(cell(table, "elsewhere_share", **whole)[0], matrix.country_share)
        for group in travel.groups:
            at = {"period": month, "healthcare_region": group, "kind": "received_outside"}
            assert cell(table, "performed", **at) == (matrix.shown("from", group), matrix.state("from", group))


def test_brokering_is_the_year_to_each_month():
    source = travel_world()
    table = published_table("brokering", source, Asked(care_areas=("kna",)), PUBLIC)
    area = source.care_areas()[0]
    assert table.frame["period"].nunique() == 13  # twenty-four months of cases
    for month in (END - 12, END):
        view = brokering(source, area, Selection(month=month), PUBLIC)
        sides = ((HOME, "home", "R1"), (TREATING, "treating", "R2"), ("all", "country", ""))
        for side, level, code in sides:
            at = {"period": month, "level": level, "region": code}
            for column in OUTCOMES if side != TREATING else OUTCOMES[:-1]:
                assert cell(table, column, **at) == (view.shown(side, code, column), view.states[side, code, column])
            assert close(cell(table, "handling_days", **at)[0], view.days[side, code], 0.5)


def test_reporting_is_the_matrix():
    source = places()
    table = published_table("reporting", source, Asked(first=END - 11), PUBLIC)
    matrix = reporting_matrix(source, Selection(window=12))
    assert len(table.frame) == len(matrix.fields)
    for (register, region, month), field in matrix.fields.items():
        row = rows_of(table, register=register, region=region, period=month).iloc[0]
        assert (row["status"], row["reason"]) == (field.status, field.reason)


def test_an_excluded_month_has_no_number_anywhere():
    told = {"register": "Väntetider", "status": "excluded", "reason": "Fel i leveransen."}
    more = [told | {"period": END, "region": "R2"}, told | {"period": END, "region": "R3", "register": "Produktion"}]
    source = places(frames={"reporting": pd.DataFrame(more)})
    table = published_table("waits", source, Asked(care_areas=("kna",), first=END), EXACT)
    row = rows_of(table, region="R2").iloc[0]
    for column in table.measures:
        assert np.isnan(row[column.name])
        assert row[column.state_column] == "excluded"
    assert rows_of(table, level="country").iloc[0]["regions_counted"] == 5
    made = published_table("production", source, Asked(care_areas=("kna",), first=END), EXACT)
    assert cell(made, "performed", region="R3") == (None, "excluded")
    assert cell(made, "waiting", region="R2") == (None, "excluded")
    assert cell(made, "performed", region="R1")[1] == ""


def test_what_a_country_published_itself_is_given_as_it_is():
    source = plain_country.country()
    table = published_table("published-totals", source, Asked(), PUBLIC)
    own = source.frames["waits"]
    mine = own[own["region"] == "ALL"].reset_index(drop=True)
    assert sorted(table.frame["waiting"]) == sorted(mine["waiting"].astype(float))
    assert set(table.frame["care_area"]) == {"besok", "atgard"}
    assert not published_table("waits", source, Asked(), PUBLIC).frame["region"].isin(["ALL"]).any()


def test_changed_limits_count_by_the_days_that_held():
    """Within the limit is taken from the wait bands where it is not reported: by each month's own limit."""
    from dataclasses import replace

    from tests.waits_world import calm_rows, limit

    rows = [r | {"within_limit": np.nan} for r in calm_rows()]
    begun = replace(limit(60), valid_from=(END - 5).first_day)
    source = world(rows, limit_rows=[limit(90), begun], break_rows=[system_change("R1", END - 9)])
    table = published_table("waits", source, Asked(care_areas=("kna",)), EXACT)
    for month, cut, days in ((END - 6, 3, 90), (END - 5, 2, 60), (END, 2, 60)):
        row = rows_of(table, period=month, region="R1", level="region").iloc[0]
        assert row["within_limit"] == sum(row[b] for b in WAIT_BANDS[:cut])
        assert row["limit_days"] == days
        waits = read_waits(source, Selection(care_area="kna", month=month), EXACT)
        assert row["within_limit"] == waits.values["within_limit"][0, 0, -1]
