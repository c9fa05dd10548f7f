"""Who has reported what: every state of a field, from what is there and from what is said."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month
from lagesbild.domain.registers import HISTORY_LOAD, days_late, due
from lagesbild.domain.selection import Selection
from lagesbild.views.reporting_matrix import Matrix, reporting_matrix
from tests.quality_world import delivered, quality_world, recorded, said, wait_rows, without
from tests.waits_world import CODES, END, changed

MOMENTS = st.integers(946_684_800, 2_270_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


def matrix(source, **chosen) -> Matrix:
    found = reporting_matrix(source, Selection(**chosen))
    assert found is not None
    return found


def status(m: Matrix, region: str, month: Month = END, register: str = "waits") -> str:
    return m.fields[register, region, month].status


def test_a_calm_country_has_reported_in_time():
    m = matrix(quality_world())
    assert m.registers == ("waits", "production", "capacity", "out-of-region")
    assert len(m.months) == 12
    assert m.reported("waits", END) == 6
    assert {f.status for (r, c, _), f in m.fields.items() if (r, c) != ("capacity", "R5") and c != "R6"} == {"reported"}
    assert m.undated == 0
    assert m.of("capacity", END, "not_yet") == tuple(r for r in m.regions if r.code in ("R5", "R6"))


def test_a_hole_after_reports_is_missing_with_its_reason():
    told = [said("R5", "Väntetider", END, "missing", "Byte av journalsystem.")]
    m = matrix(quality_world(without(delivered(wait_rows()), "R5", END, END - 1), reporting=told))
    assert status(m, "R5") == status(m, "R5", END - 1) == "missing"
    assert m.fields["waits", "R5", END].reason == "Byte av journalsystem."
    assert m.since("waits", "R5") == END - 1
    assert m.since("waits", "R1") is None
    assert m.reported("waits", END) == 5


def test_before_the_first_report_nothing_is_missing():
    rows = [r for r in delivered(wait_rows()) if r["region"] != "R5" or r["period"] >= END - 2]
    m = matrix(quality_world(rows))
    assert status(m, "R5", END - 3) == "not_yet"
    assert status(m, "R5", END - 2) == "reported"


def test_a_region_that_reported_before_the_window_is_missing_in_it():
    rows = [r for r in delivered(wait_rows()) if r["region"] != "R5" or r["period"] < END - 20]
    assert status(matrix(quality_world(rows)), "R5", END - 11) == "missing"


def test_excluded_whatever_is_there_and_however_it_is_named():
    told = [said("R2", "Waiting list register", END, "excluded", "Fel fil.")]
    m = matrix(quality_world(reporting=told))
    assert status(m, "R2") == "excluded"
    assert m.fields["waits", "R2", END].batch == END.ordinal  # the file that is not to be used


def test_provisional_partial_and_a_lacking_care_area_are_half():
    rows = changed(delivered(wait_rows()), "R1", "kna", END, value_status="provisional")
    rows = [{"value_status": "reported"} | r for r in rows]
    rows = [r for r in rows if (r["region"], r["care_area"], r["period"]) != ("R3", "kat", END)]
    m = matrix(quality_world(rows, reporting=[said("R2", "Väntetider", END, "partial", "Ett sjukhus fattas.")]))
    assert [status(m, c) for c in ("R1", "R2", "R3")] == ["provisional"] * 3
    assert m.fields["waits", "R3", END].lacking == ("kat",)
    assert m.fields["waits", "R1", END].lacking == ()


def test_late_is_told_with_its_days():
    rows = [
        r | {"recorded_at": recorded(END - 1, 25), "batch_id": 7}
        if (r["region"], r["period"]) == ("R4", END - 1)
        else r
        for r in delivered(wait_rows())
    ]
    m = matrix(quality_world(rows))
    assert status(m, "R4", END - 1) == "late"
    assert m.fields["waits", "R4", END - 1].late_days == 5
    assert status(m, "R4") == "reported"


def test_a_correction_after_the_last_day_is_not_late():
    """The first word counts."""
    rows = [
        r | {"recorded_at": recorded(END - 2, 28), "batch_id": 7}
        if (r["region"], r["period"]) == ("R4", END - 2)
        else r
        for r in delivered(wait_rows())
    ]
    first = [r for r in delivered(wait_rows()) if (r["region"], r["period"]) == ("R4", END - 2)]
    m = matrix(quality_world(rows, earlier=first))
    assert status(m, "R4", END - 2) == "reported"
    assert m.fields["waits", "R4", END - 2].batch == 7
    assert status(matrix(quality_world(rows)), "R4", END - 2) == "late"


def test_history_loaded_at_once_is_not_late_and_says_so():
    rows = [r | {"recorded_at": recorded(END), "batch_id": 5} for r in wait_rows()]
    m = matrix(quality_world(rows))
    assert {status(m, c, month) for c in CODES for month in m.months} == {"reported"}
    assert m.undated == 6 * 12
    assert m.fields["waits", "R1", END].late_days is None


def test_the_end_of_a_load_of_history_is_not_late_either():
    """The load ended two months into the window: what is before it must be looked at to see that it was a load."""
    rows = [
        r | {"recorded_at": recorded(END - 9, 25), "batch_id": 5} if r["period"] <= END - 10 else r
        for r in delivered(wait_rows())
    ]
    assert status(matrix(quality_world(rows)), "R1", END - 10) == "reported"


def test_a_region_that_catches_up_three_months_is_late():
    months = [END - k for k in range(1, HISTORY_LOAD + 1)]
    rows = [
        r | {"recorded_at": recorded(END), "batch_id": 7} if r["region"] == "R2" and r["period"] in months else r
        for r in delivered(wait_rows())
    ]
    m = matrix(quality_world(rows))
    assert [status(m, "R2", x) for x in months] == ["late"] * HISTORY_LOAD


def test_no_flow_elsewhere_is_no_hole_when_the_register_is_said_complete():
    sent = pd.DataFrame(
        [
            {"period": END, "home_region": "R1", "treating_region": "R2", "care_area": "kna", "performed": 3},
            {"period": END - 1, "home_region": "R3", "treating_region": "R2", "care_area": "kna", "performed": 3},
        ]
    )
    told = [said(c, "Patientregistret", END, "complete") for c in ("R1", "R2")]
    m = matrix(quality_world(reporting=told, frames={"out-of-region": sent}))
    assert status(m, "R2", END, "out-of-region") == "reported"
    assert status(m, "R3", END, "out-of-region") == "missing"
    assert status(m, "R4", END, "out-of-region") == "not_yet"


def test_the_choice_of_regions_registers_and_months_is_followed():
    source = quality_world()
    assert {r.code for r in matrix(source, healthcare_region="Södra").regions} == {"R4", "R5", "R6"}
    assert matrix(source, register="production").registers == ("production",)
    m = matrix(source, region="R2", month=END - 3, window=24, care_area="kat")
    assert [r.code for r in m.regions] == ["R2"]
    assert (m.months[0], m.end) == (END - 26, END - 3)


def test_a_row_without_its_number_is_not_reported():
    m = matrix(quality_world(changed(changed(delivered(wait_rows()), "R1", "kna", END, waiting=None), "R1", "kat", END,
                                     waiting=None)))  # fmt: skip
    assert status(m, "R1") == "missing"


def test_nobody_reports_nothing_is_shown():
    assert reporting_matrix(quality_world([]), Selection(register="waits")) is None


@settings(max_examples=200, deadline=None)
@given(st.integers(2000, 2040), st.integers(1, 12), MOMENTS)
def test_days_late_are_never_negative_and_grow_day_by_day(year, month, moment):
    m, at = Month(year, month), moment
    days = days_late(m, at)
    assert days >= 0
    assert (days > 0) == (days_late(m, at.replace(hour=12)) > 0) or at.hour >= 22
    assert due(m).day == 20
    assert Month.of(due(m)) == m + 1


@pytest.mark.parametrize(("hour", "late"), [(21, 0), (22, 1)])
def test_the_last_day_ends_by_swedish_summer_time(hour, late):
    assert days_late(Month(2026, 5), datetime(2026, 6, 20, hour, 30, tzinfo=UTC)) == late
