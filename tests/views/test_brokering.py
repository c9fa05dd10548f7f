"""Brokering cases by home region and by the region asked, protected over both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.brokering import brokering
from lagesbild.views.brokering_twin import COUNTRY, HOME, OUTCOMES, TREATING
from tests.travel_world import END, MONTHS, case, case_rows, travel_world
from tests.waits_world import CODES, areas

KNEE = areas()[0]
EXACT = Viewer("exact")


def found(cases=None, viewer=None, **chosen):
    return brokering(travel_world(cases=cases), KNEE, Selection(**chosen), viewer or EXACT)


def test_a_year_of_cases_from_both_sides():
    b = found()
    assert (b.first, b.end) == (END - 11, END)
    assert [b.shown(HOME, "R1", c) for c in ("started", *OUTCOMES, "none_found")] == [132, 96, 24, 12, 84, 12]
    assert [b.shown(TREATING, "R2", c) for c in ("started", *OUTCOMES)] == [120, 96, 24, 12, 84]
    assert [b.shown(COUNTRY, "", c) for c in ("started", "asked", "none_found", "completed")] == [204, 192, 12, 156]
    assert b.shown(HOME, "R2", "started") == 0


def test_handling_time_is_weighted_by_cases():
    b = found()
    assert b.days[HOME, "R4"] == 10
    assert b.days[HOME, "R1"] == pytest.approx((10 * 20 + 1 * 30) / 11)
    assert b.days[TREATING, "R2"] == 20
    assert b.days[HOME, "R2"] is None


def test_small_counts_and_what_gives_them_away_are_hidden():
    rows = [*case_rows(), case("R5", "R6", END, started=3, accepted=3, completed=3)]
    b = found(rows, Viewer())
    for side, code in ((HOME, "R5"), (TREATING, "R6")):
        assert b.shown(side, code, "started") is None
        assert b.days[side, code] is None
    assert b.shown(COUNTRY, "", "started") == 207


def test_an_earlier_window_that_shares_a_month_hides_it_too():
    rows = [*case_rows(), case("R5", "R6", END, started=30, accepted=30, completed=30)]
    rows.append(case("R5", "R6", END - 3, started=3, accepted=3, completed=3))
    assert found(rows).shown(HOME, "R5", "started") == 33
    assert found(rows, Viewer()).shown(HOME, "R5", "started") is None


def test_the_chosen_month_and_the_registers_last():
    assert found(month=END - 2).end == END - 2
    late = [r for r in case_rows() if r["period"] < END]
    assert found(late).end == END - 1


def test_a_column_that_nobody_reports_is_missing_and_too_few_months_are_nothing():
    rows = [r | {"declined": np.nan} for r in case_rows()]
    b = found(rows)
    assert not b.reported("declined")
    assert b.reported("accepted")
    assert b.states[HOME, "R1", "declined"] == "missing"
    assert found([r for r in case_rows() if END - r["period"] < 11]) is None
    assert found([]) is None


def test_what_the_source_hides_is_hidden_for_everyone():
    rows = [*case_rows(), case("R5", "R6", END, started=np.nan) | {"suppressed": {"started": 5}}]
    b = found(rows)
    assert b.states[HOME, "R5", "started"] == "secondary"
    assert b.states[COUNTRY, "", "started"] == "secondary"
    assert b.shown(COUNTRY, "", "accepted") is not None


@st.composite
def drawn_cases(draw):
    """Two years and a half of cases between six regions, few a month."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    mean = draw(st.sampled_from([0.1, 0.3, 1.0]))
    rows = []
    for m in MONTHS[-30:]:
        for k, home in enumerate(CODES):
            for step in (1, 2):
                declined, broken, completed = (int(x) for x in rng.poisson(mean * np.array([1.0, 0.4, 2.0])))
                accepted = broken + completed
                counts = {"accepted": accepted, "declined": declined, "not_completed": broken, "completed": completed}
                rows.append(case(home, CODES[(k + step) % 6], m, started=accepted + declined, **counts))
            rows.append(case(home, "", m, started=int(rng.poisson(mean))))
    return rows


@settings(deadline=None, max_examples=8)
@given(drawn_cases(), st.integers(0, 12))
def test_no_small_count_is_shown_or_the_only_unknown_of_its_sums(rows, back):
    b = found(rows, Viewer(), month=END - back)
    hidden = {k for k, s in b.states.items() if s in ("suppressed", "secondary")}
    assert {k for k, v in b.values.items() if 0 < v < 5} <= hidden
    for column in OUTCOMES:
        for side in (HOME, TREATING):
            cells = [(COUNTRY, "", column), *((side, c, column) for c in CODES)]
            assert sum(c in hidden for c in cells) != 1
    for side in (HOME, TREATING):
        for code in CODES:
            ways = [(side, code, x) for x in ("started", "accepted", "declined", "none_found")]
            assert sum(k in hidden for k in ways if k in b.values) != 1
            parts = [(side, code, x) for x in ("accepted", "completed", "not_completed")]
            assert sum(k in hidden for k in parts) != 1
