"""The forecast as stored, its history as observed, and the record counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_fan import SHARE, WAIT, forecast_fan
from lagesbild.views.forecast_record import forecast_record
from tests.country import LAST, country, flow_frames

B = Selection(care_area="kna", region="B")


def _found(selection=B, source=None, viewer=None):
    return forecast_fan(source or country(), selection, viewer or Viewer())


def test_history_ends_where_the_forecast_begins():
    found = _found()
    assert len(found.history) == 24
    first = found.bands[SHARE]["period"].iloc[0]
    assert (first.year * 12 + first.month) - (
        found.history["period"].iloc[-1].year * 12 + found.history["period"].iloc[-1].month
    ) == 1
    waits = flow_frames()["waits"].query("region == 'B' and care_area == 'kna'").tail(24)
    assert found.history["share"].to_numpy() == pytest.approx((waits["within_limit"] / waits["waiting"]).to_numpy())


def test_expected_wait_lasts_until_the_list_before_has_left():
    """At the outflow that came, then at that of the last twelve months again."""
    found = _found()
    frames = flow_frames()
    own = frames["production"].query("region == 'B' and care_area == 'kna'")
    outflow = (own["performed"] + own["removed_other"]).tolist()
    waiting = frames["waits"].query("region == 'B' and care_area == 'kna'")["waiting"].tolist()
    for back in (1, 3, 14):
        left, months = waiting[-back], 0.0
        for leaves in [*outflow[len(outflow) - back + 1 :], *outflow[-12:], *outflow[-12:]]:
            if leaves >= left:
                months += left / leaves
                break
            left, months = left - leaves, months + 1
        assert found.history["wait_days"].iloc[-back] == pytest.approx(months * 365.25 / 12)
    assert WAIT in found.bands


def test_default_is_the_country_in_the_first_care_area_without_a_gap_of_its_own():
    found = _found(Selection())
    assert found.region is None
    assert found.care_area.code == "kna"
    assert found.gap is None
    assert len(found.flows.counted) == 3


@pytest.mark.parametrize("before", [3, 300])
def test_the_first_care_area_with_a_forecast_is_found_behind_any_number_without(before):
    source = country()
    empty = [replace(source.area_rows[0], code=f"x{k}", sort_order=-1) for k in range(before)]
    source.area_rows = [*empty, *source.area_rows]
    assert _found(Selection(), source).care_area.code == "kna"
    assert _found(Selection(region="B"), source).care_area.code == "kna"
    assert _found(Selection(care_area="x1"), source).bands == {}


def test_the_gap_follows_the_target():
    assert _found().gap.status == "expected"
    assert _found().gap.opens == LAST + 4
    assert _found(B.with_(target=70)).gap.status == "none"


def test_an_area_without_share_is_said_to_have_none():
    found = _found(Selection(care_area="besok", region="ALL"))
    assert found.bands == {}
    assert found.observed == 0
    assert found.too_short


def test_no_run_no_forecast():
    source = country()
    source.run_rows = []
    assert _found(source=source) is None


def test_an_unknown_run_falls_back_to_the_latest():
    assert _found(B.with_(run=99)).run.run_id == 3


def test_the_limit_is_the_regions_own():
    from datetime import date

    from lagesbild.domain.source import GuaranteeLimit

    source = country()
    source.limit_rows = [GuaranteeLimit("kna", "B", date(2020, 1, 1), 60)]
    assert _found(source=source).limit_days == 60
    assert _found(B.with_(region="A"), source=source).limit_days == 90


def test_the_record_counts_outcomes_inside_the_band_as_one_would_by_hand():
    source = country()
    found = _found(source=source)
    record = forecast_record(source, found.flows, Viewer())
    waits = flow_frames()["waits"].query("region == 'B' and care_area == 'kna'").set_index("period")
    share = waits["within_limit"] / waits["waiting"]
    hits = total = 0
    for back in (12, 9, 6, 3):
        origin = LAST - back
        for h in range(1, 7):
            if origin + h > LAST:
                continue
            total += 1
            hits += abs(share[str(origin + h)] - share[str(origin)]) <= 1.3 * 0.02 * h**0.5
    assert (record.hits, record.outcomes) == (hits, total)
    assert record.expected == round(0.8 * total)
    assert [e.until for e in record.earlier] == [LAST - 12, LAST - 9, LAST - 6, LAST - 3]
    assert record.model_error > 0
    assert record.last_year_error > 0


def test_an_outcome_nobody_may_see_is_not_counted():
    source = country()
    waits = source.frames["waits"]
    last = (waits["region"] == "B") & (waits["care_area"] == "kna") & (waits["period"] == str(LAST))
    waits.loc[last, ["waiting", "within_limit"]] = [8.0, 5.0]
    found = _found(source=source)
    assert np.isnan(found.history["share"].iloc[-1])
    public = forecast_record(source, found.flows, Viewer())
    exact = forecast_record(source, found.flows, Viewer("exact"))
    assert exact.outcomes - public.outcomes == 2  # of the origins three and six months back


def test_no_replayed_runs_no_record():
    source = country()
    source.run_rows = [r for r in source.run_rows if r.kind == "forecast"]
    assert forecast_record(source, _found(source=source).flows, Viewer()) is None
