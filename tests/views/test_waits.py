"""The reading behind the wait pages: sums, absence, limits and what a viewer may see, against naive recounts."""

import math

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.views.wait_reading import read_waits
from tests.waits_world import CODES, END, MONTHS, calm_rows, changed, limit, row, world

PUBLIC, EXACT = Viewer(), Viewer("exact")


def read(source, viewer=PUBLIC, **chosen):
    return read_waits(source, Selection(**chosen), viewer)


def test_the_country_is_the_sum_over_regions_counted_naively():
    rows = calm_rows()
    waits = read(world(rows))
    k = waits.area_index("kna")
    last = [r for r in rows if r["care_area"] == "kna" and r["period"] == END]
    assert waits.country["waiting"][k, -1] == sum(r["waiting"] for r in last)
    assert waits.country_shares[k, -1] == pytest.approx(
        sum(r["within_limit"] for r in last) / sum(r["waiting"] for r in last)
    )
    assert (waits.months[0], waits.end) == (MONTHS[0], END)
    assert [a.code for a in waits.areas] == ["kna", "kat"]  # "alla" has no region of its own


def test_a_region_that_did_not_report_is_missing_and_not_counted():
    rows = [r for r in calm_rows() if not (r["region"] == "R2" and r["period"] == END)]
    waits = read(world(rows))
    assert waits.state(0, 1) == "missing"
    assert waits.covered(0) == 5
    rest = [r for r in rows if r["care_area"] == "kna" and r["region"] != "R2"]
    # the months before are summed over the same five, so that shares compare
    for at in (-1, -13):
        month = [r for r in rest if r["period"] == END + (at + 1)]
        assert waits.country["waiting"][0, at] == sum(r["waiting"] for r in month)


def test_an_excluded_region_is_left_out_with_its_reason():
    told = [
        {"period": END - k, "region": "R3", "register": "Väntetider", "status": "excluded", "reason": "Fel i filen."}
        for k in range(2)
    ]
    waits = read(world(frames={"reporting": pd.DataFrame(told)}))
    assert waits.state(0, 2) == "excluded"
    assert waits.covered() == 5
    assert waits.reasons["R3"] == f"Fel i filen, utesluten sedan {(END - 1).sv}."


def test_a_report_about_another_register_says_nothing_about_waits():
    told = [
        {"period": END, "region": "R3", "register": "Patientregistret", "status": "excluded", "reason": "x"},
        {"period": END, "region": "R1", "register": "Väntetider", "status": "complete", "reason": ""},
    ]
    assert read(world(frames={"reporting": pd.DataFrame(told)})).state(0, 2) == ""


def test_the_reason_of_a_missing_region_may_come_from_the_breaks():
    rows = [r for r in calm_rows() if not (r["region"] == "R2" and r["period"] == END)]
    b = Break("R2", "", END - 1, None, "system_change", "Byte av journalsystem")
    assert read(world(rows, break_rows=[b])).reasons == {"R2": "Byte av journalsystem."}


def test_nobody_waiting_is_not_the_same_as_missing():
    rows = changed(calm_rows(), "R4", "kna", END, waiting=0, within_limit=0)
    assert read(world(rows)).state(0, 3) == "empty"


def test_suppressed_at_the_source_is_suppressed():
    rows = changed(calm_rows(), "R4", "kna", END, waiting=np.nan, within_limit=np.nan)
    frame = pd.DataFrame(rows)
    hit = (frame["region"] == "R4") & (frame["care_area"] == "kna") & (frame["period"] == END)
    frame["suppressed"] = pd.Series([{"waiting": 5} if x else None for x in hit], dtype=object)
    waits = read(world(frames={"waits": frame}))
    assert waits.state(0, 3) == "suppressed"
    assert waits.covered(0) == 5


def test_within_the_limit_comes_from_bands_when_it_is_not_reported():
    rows = [r | {"within_limit": np.nan} for r in calm_rows()]
    waits = read(world(rows, limit_rows=[limit(60, "R1")]))
    first = next(r for r in rows if (r["region"], r["care_area"], r["period"]) == ("R1", "kna", END))
    other = next(r for r in rows if (r["region"], r["care_area"], r["period"]) == ("R2", "kna", END))
    assert waits.values["within_limit"][0, 0, -1] == first["waiting_0_30"] + first["waiting_31_60"]
    assert waits.values["within_limit"][0, 1, -1] == sum(other[f"waiting_{b}"] for b in ("0_30", "31_60", "61_90"))
    assert waits.days[0].tolist() == [60, 90, 90, 90, 90, 90]
    assert waits.usual_days(0) == 90


def test_no_band_ends_at_the_limit_then_nothing_is_made_up():
    rows = [r | {"within_limit": np.nan} for r in calm_rows()]
    waits = read(world(rows, limit_rows=[limit(84)]))
    assert waits.state(0, 0) == "missing"
    assert math.isnan(waits.country_shares[0, -1])


def test_small_counts_make_shares_coarse_for_the_public_only():
    rows = calm_rows()
    small = row("R4", "kna", END, over=3, waiting=412)
    rows = [small if (r["region"], r["care_area"], r["period"]) == ("R4", "kna", END) else r for r in rows]
    waits, exact = read(world(rows)), read(world(rows), EXACT)
    assert waits.shares[0, 3, -1] == 0.99
    assert exact.shares[0, 3, -1] == pytest.approx(409 / 412)
    assert waits.coarse[0, :, -1].sum() == 2  # another region goes with it, or it could be subtracted
    assert not exact.coarse.any()
    assert waits.shares[0, 3, -2] == exact.shares[0, 3, -2]


def test_an_earlier_month_ends_the_reading_there():
    waits = read(world(), month=Month(2026, 2))
    assert waits.end == Month(2026, 2)
    assert len(waits.months) == len(MONTHS) - 8


def test_only_the_chosen_care_area_is_read():
    assert [a.code for a in read(world(), care_area="kat").areas] == ["kat"]
    assert read(world(), care_area="alla") is None
    assert read(world([row("R1", "kna", END, over=1, waiting=2)][:0])) is None


def test_masks_and_rebases_follow_region_and_care_area():
    breaks = [
        Break("", "kna", END - 5, END - 4, "mask", "x"),
        Break("R2", "", END - 3, None, "system_change", "y"),
    ]
    waits = read(world(break_rows=breaks))
    values = np.arange(len(waits.months), dtype=float)
    assert np.isnan(waits.masked(values, "kna", "R1")).sum() == 2
    assert not np.isnan(waits.masked(values, "kat", "R1")).any()
    assert waits.rebases("kna", "R2") == [len(waits.months) - 4]
    assert waits.rebases("kna", "R1") == []


def test_every_region_has_a_place():
    waits = read(world())
    assert [waits.region_index(c) for c in CODES] == list(range(6))
    assert waits.region_index("LAND") is None
