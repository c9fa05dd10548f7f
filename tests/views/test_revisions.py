"""How months have moved since they were first published, worked out again from every version."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.revisions import published_revisions, revisions
from lagesbild.views.wait_reading import read_waits
from tests.quality_world import delivered, quality_world, recorded, said, wait_rows
from tests.waits_world import CODES, END, areas, row

KNA = next(a for a in areas() if a.code == "kna")


def moved(source, role="exact", **chosen):
    found = revisions(source, Selection(**chosen), KNA, Viewer(role))
    assert found is not None
    return found


def corrected(steps, region="R2", month=END - 6, day=15):
    """The country with a month of a region given first as it was minus `steps[0]` within the limit, and so on: (less
    within the limit, months after the first report); the last version is the true one."""
    rows, earlier = delivered(wait_rows()), []
    for k, (less, after) in enumerate(steps):
        earlier += [
            r
            | {"within_limit": r["within_limit"] - less, "recorded_at": recorded(month + after, day), "batch_id": 1 + k}
            for r in rows
            if (r["region"], r["care_area"], r["period"]) == (region, "kna", month)
        ]
    final = steps[-1][1] + 1
    rows = [
        r | {"recorded_at": recorded(month + final, day), "batch_id": 99}
        if (r["region"], r["care_area"], r["period"]) == (region, "kna", month)
        else r
        for r in rows
    ]
    return quality_world(rows, earlier=earlier)


def path(found, month=END - 6):
    return next(p for p in found.paths if p.month == month)


def test_a_country_without_corrections_has_not_moved():
    found = moved(quality_world())
    assert len(found.paths) == 24
    assert found.followed == ()
    assert found.largest is None
    assert all(p.after == (0,) and p.moved == (0.0,) for p in found.paths)


def test_a_month_that_is_excluded_is_in_no_state_of_the_share_so_that_the_last_is_what_other_pages_show():
    source = corrected([(40, 0)])
    source.frames["reporting"] = pd.DataFrame([said("R3", "Väntetider", END - 6, "excluded")])
    p = path(moved(source))
    shown = read_waits(source, Selection(month=END - 6), Viewer("exact")).country_shares[0, -1]
    assert p.shares[-1] == pytest.approx(shown)
    assert p.regions == (len(CODES) - 1,) * 2
    assert END - 6 not in [q.month for q in moved(source, region="R3").paths]


def test_a_region_moves_by_what_was_corrected():
    found = moved(corrected([(40, 0), (8, 2)]), region="R2")
    p = path(found)
    assert p.after == (0, 2, 3)
    assert p.moved == pytest.approx((0, 4.0, 5.0))  # of 800
    assert np.isnan(p.since)  # three months have not yet been left behind
    assert found.largest is p
    assert len(found.followed) == 1


def test_after_three_months_means_what_came_later():
    p = path(moved(corrected([(40, 0), (8, 4)]), region="R2"))
    assert p.since == pytest.approx(5.0)
    early = path(moved(corrected([(8, 0)]), region="R2"))
    assert np.isnan(early.since)


def test_a_month_known_for_long_that_is_not_said_again_has_stayed_where_it_was():
    found = moved(quality_world())
    ages = {p.month: found.age(p) for p in found.paths}
    assert ages[END] == 0
    assert ages[END - 10] == 10
    assert found.since(path(found, END - 10)) == 0.0
    assert np.isnan(found.since(path(found, END - 2)))
    assert found.since(path(moved(corrected([(40, 0), (8, 4)]), region="R2"))) == pytest.approx(5.0)


def test_the_country_moves_with_its_regions():
    p = path(moved(corrected([(40, 0)])))
    waiting = 1000 + 800 + 600 + 400 + 700 + 500
    assert p.moved == pytest.approx((0, 40 / waiting * 100))
    assert p.regions == (6, 6)


def test_a_country_is_published_when_the_month_is_due_not_when_the_first_region_reports():
    """Each region has a day of its own: before the last of them the sum is nobody's figure."""
    rows = [
        r | {"recorded_at": recorded(r["period"], 3 + CODES.index(r["region"])), "batch_id": 1} for r in wait_rows()
    ]
    found = moved(quality_world(rows))
    assert found.followed == ()
    assert {p.regions for p in found.paths} == {(6,)}


def test_a_region_that_comes_afterwards_is_a_revision_of_the_countrys_figure():
    rows = [
        r | {"recorded_at": recorded(END - 3), "batch_id": 1} if (r["region"], r["period"]) == ("R4", END - 6) else r
        for r in delivered(wait_rows())
    ]
    p = path(moved(quality_world(rows)))
    assert p.regions == (5, 6)
    assert p.after == (0, 3)


def test_a_correction_of_something_else_is_no_revision_of_the_share():
    rows = delivered(wait_rows())
    first = [r | {"excluded_medical": 0, "recorded_at": recorded(END - 6), "batch_id": 1} for r in rows
             if (r["region"], r["period"]) == ("R2", END - 6)]  # fmt: skip
    later = [
        r | {"recorded_at": recorded(END - 1)} if (r["region"], r["period"]) == ("R2", END - 6) else r for r in rows
    ]
    assert moved(quality_world(later, earlier=first)).followed == ()


def test_an_earlier_state_knows_only_what_had_been_said():
    source = corrected([(40, 0), (8, 2)])
    p = path(moved(source, region="R2", as_of=recorded(END - 4, 16)))
    assert p.after == (0, 2)


def test_small_lists_are_told_in_whole_points_or_not_at_all():
    rows = delivered(wait_rows())
    tiny = row("R3", "kna", END - 6, over=3, waiting=600)
    rows = [r | tiny if (r["region"], r["care_area"], r["period"]) == ("R3", "kna", END - 6) else r for r in rows]
    source = quality_world(rows)
    exact = path(moved(source, region="R3"))
    public = path(moved(source, "public", region="R3"))
    assert exact.shares[0] == pytest.approx(597 / 600)
    assert public.coarse
    assert public.shares == (1.0,)
    few = row("R3", "kna", END - 6, over=3, waiting=12)
    rows = [r | few if (r["region"], r["care_area"], r["period"]) == ("R3", "kna", END - 6) else r for r in rows]
    hidden = moved(quality_world(rows), "public", region="R3")
    assert hidden.hidden == (END - 6,)
    assert END - 6 not in {p.month for p in hidden.paths}


def test_nothing_reported_nothing_told():
    assert revisions(quality_world([]), Selection(month=END), KNA, Viewer()) is None
    assert revisions(quality_world(), Selection(month=END - 100), KNA, Viewer()) is None


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 3)), min_size=1, max_size=4))
def test_the_last_share_is_the_current_one_whatever_came_before(changes):
    """Naively: from the last version of every row."""
    at, steps = 0, []
    for less, gap in changes:
        steps.append((less, at))
        at += gap
    found = path(moved(corrected(steps, month=END - 14), region="R2"), END - 14)
    current = next(r for r in wait_rows() if (r["region"], r["care_area"], r["period"]) == ("R2", "kna", END - 14))
    assert found.shares[-1] == pytest.approx(current["within_limit"] / current["waiting"])
    assert found.shares[0] == pytest.approx((current["within_limit"] - steps[0][0]) / current["waiting"])
    assert list(found.after) == sorted(found.after)


def published(values, when, synthetic=False):
    about = {"recorded_at": recorded(END, when), "synthetic": synthetic, "source": "Myndigheten, sidan"}
    rows = [{"period": m, "region": "LAND", "care_area": "alla", "within_limit_pct": v} for m, v in values.items()]
    return pd.DataFrame([r | about for r in rows])


def test_the_published_series_is_told_by_counting_its_versions():
    now = published({"2018-01": 80.0, "2018-02": 81.0, "2018-03": 79.0}, 20)
    before = published({"2018-01": 80.0, "2018-02": 83.0}, 10)
    source = quality_world(frames={"published-shares": now})
    source.earlier_frames = {"published-shares": before}
    found = published_revisions(source)
    assert found is not None
    assert (found.months, found.changed, found.largest) == (3, 1, 2.0)
    assert (str(found.first), str(found.last)) == ("2018-01", "2018-03")


def test_invented_published_shares_are_no_evidence():
    source = quality_world(frames={"published-shares": published({"2018-01": 80.0}, 20, synthetic=True)})
    assert published_revisions(source) is None
    assert published_revisions(quality_world()) is None
